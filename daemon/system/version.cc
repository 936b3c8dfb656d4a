#include "daemon/system/version.h"

namespace bouncesight {
namespace {

#if defined(__clang__)
constexpr std::string_view kCompiler = "Clang " __clang_version__;
#else
constexpr std::string_view kCompiler = "GCC " __VERSION__;
#endif

}  // namespace

const BuildInfo& GetBuildInfo() {
  static constexpr BuildInfo kInfo{BOUNCESIGHT_VERSION, BOUNCESIGHT_REVISION, kCompiler,
                                   BOUNCESIGHT_HAS_KAFKA != 0};
  return kInfo;
}

std::string VersionText() {
  const BuildInfo& info = GetBuildInfo();
  std::string text = "bouncesight, version ";
  text.append(info.version)
      .append(" (revision ")
      .append(info.revision)
      .append(")\n  built with ")
      .append(info.compiler);
  if (!info.has_kafka) text.append(", without Kafka");
  return text;
}

}  // namespace bouncesight
