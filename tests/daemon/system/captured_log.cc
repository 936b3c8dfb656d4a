#include "tests/daemon/system/captured_log.h"

#include <sstream>
#include <utility>

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

namespace bouncesight {

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
