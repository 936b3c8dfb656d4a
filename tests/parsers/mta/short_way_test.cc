// The differential test of the reader's short way: on every line it says what the long way says.
//
// Ten million lines take some minutes:
//
//   DIFFERENTIAL_LINES=10000000 build/dev/tests/parsers_tests --gtest_filter='ShortWay.*'
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "parsers/mta/format_reader.h"
#include "parsers/wrap/line_splitter.h"
#include "tests/parsers/mta/mixed_log.h"
#include "tests/parsers/mta/parsed_text.h"

namespace bouncesight {
namespace {

constexpr std::uint32_t kSeed = 20261128;

std::size_t LinesToRead() {
  const char* const asked = std::getenv("DIFFERENTIAL_LINES");
  return asked == nullptr ? 20'000 : std::strtoull(asked, nullptr, 10);
}

// What a reader said of one line.
struct Told {
  std::string text;
  Format fit = Format::kAuto;
  bool truncated = false;

  friend bool operator==(const Told&, const Told&) = default;
};

void PrintTo(const Told& told, std::ostream* out) {
  *out << told.text << ", " << FormatName(told.fit) << (told.truncated ? ", cut" : "");
}

Told Tell(FormatReader& reader, std::string_view line, bool truncated) {
  std::string text = ParsedText(reader.Parse(line));
  return {std::move(text), reader.last_fit(), truncated};
}

// What was read, for who asks how much a run has seen.
class Ledger {
 public:
  void Add(const Told& told) {
    ++lines_;
    const bool skip = told.text.starts_with("skip: ");
    ++counts_[skip ? told.text.substr(0, told.text.find(' ', 6))
                   : "event: " + std::string(FormatName(told.fit))];
  }
  std::size_t lines() const { return lines_; }
  const std::map<std::string, std::size_t>& counts() const { return counts_; }
  void Print() const {
    std::cout << lines_ << " lines\n";
    for (const auto& [name, count] : counts_) std::cout << "  " << name << ": " << count << "\n";
  }

 private:
  std::size_t lines_ = 0;
  std::map<std::string, std::size_t> counts_;
};

// The oracle's: one line by itself, and the long way. `text` has no newline.
Told TellAlone(FormatReader& reader, std::string_view text) {
  if (text.ends_with('\r')) text.remove_suffix(1);
  const bool truncated = text.size() > LineSplitter::kMaxLineBytes;
  return Tell(reader, text.substr(0, LineSplitter::kMaxLineBytes), truncated);
}

// Some lines of a log in one, and what the oracle says of each.
struct Batch {
  std::string bytes;
  std::vector<std::string> lines;
  std::vector<Told> expected;
};

Batch NextBatch(MixedLog& log, FormatReader& oracle) {
  Batch batch;
  while (batch.lines.size() < 500) {
    for (const std::string& text : log.Next()) {
      const std::string whole = text + std::string(log.NextEnd());
      batch.bytes += whole;
      for (std::size_t at = 0; at < whole.size();) {  // a record of bytes may hold newlines
        const std::size_t end = whole.find('\n', at);
        batch.lines.push_back(whole.substr(at, end - at));
        batch.expected.push_back(TellAlone(oracle, batch.lines.back()));
        at = end + 1;
      }
    }
  }
  return batch;
}

TEST(ShortWay, SaysOfAStreamWhatTheLongWaySaysOfItsLines) {
  MixedLog log(kSeed);
  FormatReader short_way;
  FormatReader long_way({}, FormatReader::Way::kLong);
  LineSplitter splitter;
  Ledger ledger;
  while (ledger.lines() < LinesToRead()) {
    const Batch batch = NextBatch(log, long_way);
    std::size_t at = 0;
    for (std::size_t fed = 0; fed < batch.bytes.size();) {
      const std::size_t size = std::min(log.NextPiece(), batch.bytes.size() - fed);
      // Of its own memory, which is gone when the next piece is read.
      const auto piece = std::make_unique<char[]>(size);
      batch.bytes.copy(piece.get(), size, fed);
      fed += size;
      splitter.Feed({piece.get(), size}, [&](const Line& line) {
        if (HasFatalFailure()) return;
        ASSERT_LT(at, batch.expected.size());
        ASSERT_EQ(Tell(short_way, line.text, line.truncated), batch.expected[at])
            << batch.lines[at];
        ledger.Add(batch.expected[at++]);
      });
      ASSERT_FALSE(HasFatalFailure());
    }
    ASSERT_EQ(at, batch.expected.size());
  }
  for (const FormatRow& row : AllFormats()) {
    EXPECT_GT(ledger.counts().count("event: " + std::string(row.name)), 0U) << row.name;
  }
  if (std::getenv("DIFFERENTIAL_LINES") != nullptr) ledger.Print();
}

TEST(ShortWay, IsTheSameForAnOperatorWhoNamesTheFormat) {
  for (const FormatRow& row : AllFormats()) {
    MixedLog log(7);
    FormatReader short_way(row.format);
    FormatReader long_way(row.format, FormatReader::Way::kLong);
    for (std::size_t i = 0; i < LinesToRead() / 10;) {
      for (const std::string& line : log.Next()) {
        ++i;
        ASSERT_EQ(Tell(short_way, line, false), Tell(long_way, line, false)) << line;
      }
    }
  }
}

TEST(ShortWay, IsTheSameWhereNoRelayIsInternal) {
  ReaderOptions options;
  options.internal_relays.clear();
  MixedLog log(9);
  FormatReader short_way(options);
  FormatReader long_way(options, FormatReader::Way::kLong);
  for (std::size_t i = 0; i < LinesToRead() / 10;) {
    for (const std::string& line : log.Next()) {
      ++i;
      ASSERT_EQ(Tell(short_way, line, false), Tell(long_way, line, false)) << line;
    }
  }
}

}  // namespace
}  // namespace bouncesight
