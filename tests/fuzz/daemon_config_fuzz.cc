// The configuration, and that of the web server. An error is one line that names the file.
#include "daemon/config/config.h"
#include "daemon/web/web_config.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::fuzz::Require;

namespace {

template <typename Read>
void CheckError(const Read& read) {
  if (read) return;
  Require(read.error().message.starts_with("/etc/f.yaml:"), "an error names the file");
  Require(read.error().message.find('\n') == std::string::npos, "an error is one line");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = bouncesight::fuzz::Text(data, size);
  CheckError(bouncesight::ParseConfig(text, "/etc/f.yaml"));
  CheckError(bouncesight::ParseWebConfig(text, "/etc/f.yaml"));
  return 0;
}
