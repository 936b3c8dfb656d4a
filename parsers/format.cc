#include "parsers/format.h"

#include "parsers/coremail.h"
#include "parsers/exim.h"
#include "parsers/haraka.h"
#include "parsers/kumomta.h"
#include "parsers/opensmtpd.h"
#include "parsers/postfix.h"
#include "parsers/qmail.h"
#include "parsers/sendmail.h"
#include "parsers/syslog_header.h"
#include "parsers/zonemta.h"

namespace bouncesight {
namespace {

constexpr FormatRow kFormats[] = {
    {Mta::kPostfix, &ParsePostfix},     {Mta::kExim, &ParseExim},
    {Mta::kCoremail, &ParseCoremail},   {Mta::kSendmail, &ParseSendmail},
    {Mta::kOpensmtpd, &ParseOpensmtpd}, {Mta::kQmail, &ParseQmail},
    {Mta::kKumomta, &ParseKumomta},     {Mta::kZonemta, &ParseZonemta},
    {Mta::kHaraka, &ParseHaraka},
};

}  // namespace

std::span<const FormatRow> AllFormats() { return kFormats; }

std::string_view FormatName(Format format) {
  for (const FormatRow& row : kFormats) {
    if (row.format == format) return row.name;
  }
  return "auto";
}

std::optional<Mta> MtaOf(Format format) {
  if (format == Format::kAuto) return std::nullopt;
  return static_cast<Mta>(static_cast<int>(format) -
                          1);  // in the same order; a test compares names
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
