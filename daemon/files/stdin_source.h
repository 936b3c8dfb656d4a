// Lines from a pipe: standard input. Read as fast as they are counted and no faster; who writes
// waits meanwhile. What was read is gone: nothing can be read again after a restart.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/count/line_stream.h"
#include "daemon/count/source.h"
#include "daemon/system/clock.h"
#include "daemon/system/input_stream.h"
#include "daemon/system/readiness.h"

namespace boost::asio {
class io_context;
}

namespace bouncesight {

class StdinSource final : public Source {
 public:
  // Reads `fd`, which stays the caller's and must be open as long as the source. With `io`, data
  // that comes between two turns wakes the worker; without, it is read at the next turn.
  StdinSource(std::string name, int fd, const Clock& clock, StreamFactory& streams,
              boost::asio::io_context* io);
  ~StdinSource() override;

  bool Turn() override;
  bool caught_up() const override { return caught_up_; }
  bool ended() const override { return ended_; }
  std::string SaveState() override { return {}; }
  bool RestoreState(std::string_view) override { return true; }
  void OnNews(const std::function<void()>& wake) override { wake_ = wake; }
  void Farewell() override;
  void Describe(LiveSource& live) override;

 private:
  void End();

  std::string name_;
  InputStream input_;
  const Clock& clock_;
  std::unique_ptr<LineStream> stream_;
  std::optional<Readiness> readiness_;  // none: without `io`, or where nothing can be waited for
  std::function<void()> wake_;
  std::vector<char> buffer_;
  double last_line_timestamp_ = 0;
  bool caught_up_ = false;
  bool ended_ = false;
};

}  // namespace bouncesight
