#include "tests/daemon/system/captured_log.h"

#include <sstream>
#include <utility>

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

namespace bouncesight {
namespace {

// The log library makes its registry at the first use, behind a guard of its own code, which the
// thread sanitizer does not see: Debian's library is not built with it. `serve` sets the log up
// before any thread begins, and so do the tests.
class LogBeforeThreads final : public testing::Environment {
  void SetUp() override { spdlog::default_logger_raw(); }
};
[[maybe_unused]] const auto* const kLogBeforeThreads =
    testing::AddGlobalTestEnvironment(new LogBeforeThreads);

}  // namespace

struct CapturedLog::State {
  std::ostringstream text;
  std::shared_ptr<spdlog::logger> before = spdlog::default_logger();
};

CapturedLog::CapturedLog() : state_(std::make_unique<State>()) {
  auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(state_->text);
  auto logger = std::make_shared<spdlog::logger>("captured", std::move(sink));
  logger->set_pattern("%l: %v");
  spdlog::set_default_logger(std::move(logger));
}

CapturedLog::~CapturedLog() { spdlog::set_default_logger(state_->before); }

std::string CapturedLog::text() const { return state_->text.str(); }

}  // namespace bouncesight
