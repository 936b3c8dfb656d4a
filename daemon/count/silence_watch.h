// What a source looks for and cannot read is said once, a minute after its start, in one warning:
// whether it reads something else or not. So it is with a log that is empty, or whose last lines
// are none of mail. source_sight.h and log_sample.h have the words, and `check` says the same.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "daemon/config/config.h"
#include "daemon/system/clock.h"
#include "daemon/system/fs.h"

namespace bouncesight {

// One source's; on its thread. All references must outlive the watch.
class SilenceWatch {
 public:
  // A log may come with the service that writes it, which starts when we do.
  static constexpr std::chrono::seconds kPatience{60};
  // A further reason why nothing comes; empty: none.
  using Reason = std::function<std::string()>;

  SilenceWatch(const SourceConfig& config, FileSystem& fs, const Clock& clock);

  // Cheap; call it at each turn. `reason` is asked when the minute is over, if all can be read.
  void Look(const Reason& reason = nullptr);

 private:
  const SourceConfig& config_;
  FileSystem& fs_;
  const Clock& clock_;
  std::optional<std::chrono::steady_clock::time_point> due_;  // none: it has been said
};

}  // namespace bouncesight
