#include "daemon/count/format_watch.h"

#include <spdlog/spdlog.h>

namespace bouncesight {
void FormatWatch::NoteFit(Format format) {
  const auto index = static_cast<std::size_t>(format);
  if (format == Format::kAuto || found_[index]) return;
  found_[index] = true;
  spdlog::info("source {}: its lines fit the format {}", source_, FormatName(format));
}

void FormatWatch::NoteLines(const SourceTally& lines) {
  const std::uint64_t good = lines.counted + lines.excluded + UnderstoodSkips(lines.skipped);
  if (good > 0) {
    strange_ = 0;
    if (worried_) spdlog::info("source {}: its lines are understood again", source_);
    worried_ = false;
    return;
  }
  strange_ += StrangeSkips(lines.skipped);
  if (worried_ || strange_ < kWorry) return;
  worried_ = true;
  spdlog::warn(
      "source {}: none of its last {} lines fits a known format; is this a mail log, and `format` "
      "right?",
      source_, strange_);
}

std::vector<std::string> FormatWatch::formats() const {
  std::vector<std::string> names;
  for (const FormatRow& row : AllFormats()) {
    if (found_[static_cast<std::size_t>(row.format)]) names.emplace_back(row.name);
  }
  return names;
}

}  // namespace bouncesight
