#include "daemon/count/format_watch.h"

#include "daemon/system/log.h"
#include "parsers/text/utf8.h"
#include "parsers/wrap/syslog_header.h"

namespace bouncesight {
namespace {

constexpr std::size_t kSampleLine = 512;
constexpr std::size_t kSampleShown = 100;

}  // namespace

void FormatWatch::NoteFit(Format format) {
  const auto index = static_cast<std::size_t>(format);
  if (format == Format::kAuto || found_[index]) return;
  found_[index] = true;
  LogInfo("source {}: its lines fit the format {}", source_, FormatName(format));
}

void FormatWatch::NoteForeign(std::string_view line) {
  if (ever_mail_ || !sample_.empty()) return;
  const auto record = ParseSyslogHeader(line.substr(0, kSampleLine));
  if (record && !record->program.empty()) sample_ = record->program.substr(0, 32);
}

void FormatWatch::NoteUnknown(std::string_view line) {
  if (ever_mail_ || looked_back_ || !unknown_.empty()) return;
  unknown_ = ToUtf8(line.substr(0, kSampleShown));
}

void FormatWatch::LookBack(std::chrono::steady_clock::time_point now) {
  if (looked_back_ || foreign_ + strange_ == 0) return;
  if (!look_back_due_) look_back_due_ = now + kPatience;
  if (now < *look_back_due_) return;
  looked_back_ = true;
  if (ever_mail_ || worried_ || foreign_ >= kWorry) return;
  std::string sample;
  if (!sample_.empty()) sample = ", as of `" + sample_ + "`";
  if (strange_ > 0 && !unknown_.empty()) sample += "; one is: " + unknown_;
  LogWarning(
      "source {}: a minute after its first line: {} of its lines are of other programs than mail "
      "servers, {} fit no known format, and none is of mail{}; does the mail server send here?",
      source_, foreign_, strange_, sample);
}

// A log of all programs may be long without mail: a source that had mail is the right one.
void FormatWatch::NoteOthers(const SourceTally& lines) {
  ever_mail_ = ever_mail_ || lines.counted + lines.excluded + UnderstoodSkips(lines.skipped) > 0;
  if (ever_mail_ || foreign_ >= kWorry) return;
  foreign_ += lines.skipped[static_cast<std::size_t>(SkipReason::kForeign)];
  if (foreign_ < kWorry) return;
  LogWarning(
      "source {}: all of its {} lines are of other programs than mail servers{}; is this the mail "
      "log?",
      source_, foreign_, sample_.empty() ? "" : ", as of `" + sample_ + "`");
}

void FormatWatch::NoteLines(const SourceTally& lines) {
  NoteOthers(lines);
  const std::uint64_t good = lines.counted + lines.excluded + UnderstoodSkips(lines.skipped);
  if (good > 0) {
    strange_ = 0;
    if (worried_) LogInfo("source {}: its lines are understood again", source_);
    worried_ = false;
    return;
  }
  strange_ += StrangeSkips(lines.skipped);
  if (worried_ || strange_ < kWorry) return;
  worried_ = true;
  LogWarning(
      "source {}: none of its last {} lines fits a known format; is this a mail log, and `format` "
      "right?",
      source_, strange_);
}

void FormatWatch::NoteMalformed(std::string_view line) {
  constexpr std::size_t kShown = 300;
  if (shown_ || formats().empty()) return;
  shown_ = true;
  LogWarning(
      "source {}: a line speaks of a delivery and is not understood; it and others like it count "
      "as malformed: {}",
      source_, ToUtf8(line.substr(0, kShown)));
}

std::vector<std::string> FormatWatch::formats() const {
  std::vector<std::string> names;
  for (const FormatRow& row : AllFormats()) {
    if (found_[static_cast<std::size_t>(row.format)]) names.emplace_back(row.name);
  }
  return names;
}

}  // namespace bouncesight
