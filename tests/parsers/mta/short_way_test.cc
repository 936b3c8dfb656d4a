// The differential test of the reader's short way: on every line it says what the long way says.
#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "parsers/mta/format_reader.h"
#include "parsers/text/ascii.h"
#include "tests/parsers/mta/generated_line.h"
#include "tests/parsers/mta/parsed_text.h"

namespace bouncesight {
namespace {

// DIFFERENTIAL_LINES=10000000 makes it as long as one likes.
std::size_t LinesToRead() {
  const char* const asked = std::getenv("DIFFERENTIAL_LINES");
  return asked == nullptr ? 20'000 : std::strtoull(asked, nullptr, 10);
}

// Lines of every kind, in stretches of one header and wrapper as a log has them, some of them
// damaged.
class MixedLog {
 public:
  explicit MixedLog(std::uint32_t seed) : lines_(seed), random_(seed) {}

  std::vector<std::string> Next() {
    if (Below(200) == 0) wrapper_ = Below(AllWrappers().size());
    if (Below(60) == 0) header_ = Below(kHeaders.size());
    const GeneratedLine line = Below(4) == 0 ? lines_.Next() : lines_.NextNoise();
    std::vector<std::string> all;
    constexpr std::size_t kWorthCutting = 80;  // some wrappers cut a line into pieces
    if (Below(4) == 0 && line.message.size() > kWorthCutting) {
      all = AllWrappers()[wrapper_].wrap(line);
    } else {
      const std::string pid = std::to_string(Below(2) == 0 ? 4711 : Below(2000000));
      all.push_back(Stamp() + line.program + "[" + pid + "]: " + line.message);
    }
    if (Below(10) == 0) Damage(all[Below(all.size())]);
    return all;
  }

 private:
  inline static const std::vector<std::string> kHeaders = {
      "Nov 21 16:49:30 mx1 ",
      "Nov  1 16:49:30 mx2 ",
      "2026-11-21T16:49:30.123456+00:00 mx1 ",
      "2026-11-21T16:49:30.123456-05:30 relay-3.mail.example.org ",
      "2026-11-21T16:49:30.123456+00:00 a-host-whose-name-takes-more-room-than-a-shape-has ",
      "Nov 21 16:49:30 m ",
      "Nov 21 16:49:30 mx: ",
      "2026-11-21T16:49:30+00:00 mx1 "};

  std::size_t Below(std::size_t bound) { return random_() % bound; }

  // The header with other digits, now and then with one that is none.
  std::string Stamp() {
    std::string stamp = kHeaders[header_];
    for (char& c : stamp) {
      if (IsDigit(c) && Below(4) == 0) c = static_cast<char>('0' + Below(10));
    }
    return stamp;
  }

  void Damage(std::string& line) {
    constexpr std::string_view kBytes = " []:/#<>@0a\t\x01\xE4m\r\"{";
    switch (line.empty() ? 3 : Below(4)) {
      case 0:
        return line.resize(Below(line.size() + 1));
      case 1:
        line[Below(std::min<std::size_t>(line.size(), 64))] = kBytes[Below(kBytes.size())];
        return;
      case 2:
        line[Below(line.size())] = kBytes[Below(kBytes.size())];
        return;
      default:
        line.insert(Below(line.size() + 1), 1, kBytes[Below(kBytes.size())]);
    }
  }

  LineGenerator lines_;
  std::mt19937 random_;
  std::size_t wrapper_ = 0, header_ = 0;
};

TEST(ShortWay, SaysOfEachLineWhatTheLongWaySays) {
  const std::size_t wanted = LinesToRead();
  MixedLog log(20261128);
  FormatReader short_way;
  FormatReader long_way({}, FormatReader::Way::kLong);
  for (std::size_t lines = 0; lines < wanted;) {
    for (const std::string& line : log.Next()) {
      ++lines;
      const std::string expected = ParsedText(long_way.Parse(line));
      ASSERT_EQ(ParsedText(short_way.Parse(line)), expected) << line;
      ASSERT_EQ(short_way.last_fit(), long_way.last_fit()) << line;
    }
  }
}

TEST(ShortWay, IsTheSameForAnOperatorWhoNamesTheFormat) {
  for (const Format format : {FormatOf(Mta::kPostfix), FormatOf(Mta::kExim)}) {
    MixedLog log(7);
    FormatReader short_way(format);
    FormatReader long_way(format, FormatReader::Way::kLong);
    for (int i = 0; i < 2000; ++i) {
      for (const std::string& line : log.Next()) {
        const std::string expected = ParsedText(long_way.Parse(line));
        ASSERT_EQ(ParsedText(short_way.Parse(line)), expected) << line;
      }
    }
  }
}

}  // namespace
}  // namespace bouncesight
