#include "parsers/format.h"

#include "parsers/coremail.h"
#include "parsers/exim.h"
#include "parsers/postfix.h"

namespace bouncesight {
namespace {

constexpr FormatRow kFormats[] = {
    {Format::kPostfix, "postfix", &ParsePostfix},
    {Format::kExim, "exim", &ParseExim},
    {Format::kCoremail, "coremail", &ParseCoremail},
};

}  // namespace

std::span<const FormatRow> AllFormats() { return kFormats; }

std::string_view FormatName(Format format) {
  for (const FormatRow& row : kFormats) {
    if (row.format == format) return row.name;
  }
  return "auto";
}

std::optional<Format> FormatFromName(std::string_view name) {
  if (name == "auto") return Format::kAuto;
  for (const FormatRow& row : kFormats) {
    if (row.name == name) return row.format;
  }
  return std::nullopt;
}

std::vector<std::string_view> FormatNames() {
  std::vector<std::string_view> names{"auto"};
  for (const FormatRow& row : kFormats) names.push_back(row.name);
  return names;
}

}  // namespace bouncesight
