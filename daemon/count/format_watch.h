// What one source's lines are, as far as they have shown: says so in our own log when a format is
// first found, when lines no longer fit any, and when they fit again; once, when the first kWorry
// lines are all of other programs, or when fewer than that have come in a minute; and shows the
// first line of a known format that it could not read.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/tally.h"
#include "parsers/mta/format.h"

namespace bouncesight {

// One thread.
class FormatWatch {
 public:
  // So many lines in a row that nobody understands are worth a word.
  static constexpr std::uint64_t kWorry = 100;
  // A few lines are, too, when they are all that came in so long.
  static constexpr std::chrono::seconds kPatience{60};

  explicit FormatWatch(std::string source) : source_(std::move(source)) {}

  // A line fitted `format` last; kAuto: none has yet. Cheap.
  void NoteFit(Format format);
  // A line was `foreign`; its program's name serves as a sample. Cheap once there is one.
  void NoteForeign(std::string_view line);
  // A line fitted no format: the first serves as a sample. Cheap once there is one.
  void NoteUnknown(std::string_view line);
  // Says once, kPatience after the first line, that no line so far was of mail. For sources that
  // are sent their lines: of files, silence_watch.h says it.
  void LookBack(std::chrono::steady_clock::time_point now);
  // What was counted since the last call.
  void NoteLines(const SourceTally& lines);

  // `line` speaks of a delivery and cannot be read to its end. The first such line of a run is
  // shown with all that stands in it, addresses too, once per source: an unknown state word, or a
  // version that writes its lines in another way, may hide failures.
  void NoteMalformed(std::string_view line);

  // Names of all formats found so far.
  std::vector<std::string> formats() const;
  // False after kWorry or more lines, over any number of calls, none of which was understood.
  bool understood() const { return !worried_; }

 private:
  void NoteOthers(const SourceTally& lines);

  std::string source_;
  std::array<bool, 32> found_{};  // by Format
  std::uint64_t strange_ = 0;     // lines since one was understood
  bool worried_ = false;
  std::uint64_t foreign_ = 0;  // lines of other programs, as long as there was none of mail
  bool ever_mail_ = false;     // a line of mail was read; there will be no word of other programs
  std::string sample_;         // the name of such a program
  std::string unknown_;        // a line that fitted no format
  bool shown_ = false;         // a malformed line
  std::optional<std::chrono::steady_clock::time_point> look_back_due_;  // none: no line yet
  bool looked_back_ = false;
};

}  // namespace bouncesight
