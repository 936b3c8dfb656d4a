#include "parsers/mta/format.h"

#include "parsers/mta/coremail.h"
#include "parsers/mta/exim.h"
#include "parsers/mta/haraka.h"
#include "parsers/mta/kumomta.h"
#include "parsers/mta/opensmtpd.h"
#include "parsers/mta/postfix.h"
#include "parsers/mta/qmail.h"
#include "parsers/mta/sendmail.h"
#include "parsers/mta/zonemta.h"
#include "parsers/wrap/syslog_header.h"

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
