// The body of a scrape, rendered once per commit and format however many ask for it; once more when
// it is kMaxAge old and no commit came.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>

#include "daemon/count/published.h"
#include "daemon/system/clock.h"
#include "daemon/system/mutex.h"
#include "metrics/exposition.h"

namespace bouncesight {

// "" for what zlib cannot do.
std::string Gzip(const std::string& text);

// Thread-safe.
class MetricsPage {
 public:
  // Fills in all that is not in Published.
  using DescribeProcess = std::function<void(Live& live)>;
  // The health of the process may be this old in a body; so state_age_seconds rises though no new
  // snapshot comes.
  static constexpr std::chrono::milliseconds kMaxAge{1000};

  MetricsPage(const PublishedBox& box, const Clock& clock, DescribeProcess describe);

  std::shared_ptr<const std::string> Body(ExpositionFormat format, bool gzip);
  // The health of the process beside what was published, as of now.
  Live LiveOf(const Published& published) const;

 private:
  struct Cached {
    std::shared_ptr<const Published> published;  // what it was made from
    std::chrono::steady_clock::time_point made;
    std::shared_ptr<const std::string> plain;
    std::shared_ptr<const std::string> gzip;
  };

  std::string Render(const Published& published, ExpositionFormat format) const;

  const PublishedBox& box_;
  const Clock& clock_;
  DescribeProcess describe_;
  Mutex mutex_;
  std::array<Cached, 2> cached_ GUARDED_BY(mutex_);  // by ExpositionFormat
};

}  // namespace bouncesight
