#include "parsers/wrap/line_splitter.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace bouncesight {
namespace {

using ::testing::ElementsAre;

struct Kept {
  std::string text;
  std::uint64_t end_offset;
  bool truncated;
  bool terminated;
  friend bool operator==(const Kept&, const Kept&) = default;
};

std::vector<Kept> Split(const std::vector<std::string>& chunks, std::uint64_t start = 0) {
  std::vector<Kept> lines;
  const auto sink = [&lines](const Line& line) {
    lines.push_back({std::string(line.text), line.end_offset, line.truncated, line.terminated});
  };
  LineSplitter splitter(start);
  for (const std::string& chunk : chunks) splitter.Feed(chunk, sink);
  splitter.Finish(sink);
  return lines;
}

TEST(LineSplitter, GivesEachLineWithTheOffsetBehindItsNewline) {
  EXPECT_THAT(Split({"ab\nc\n\nd\n"}, 100),
              ElementsAre(Kept{"ab", 103, false, true}, Kept{"c", 105, false, true},
                          Kept{"", 106, false, true}, Kept{"d", 108, false, true}));
}

TEST(LineSplitter, HandsOnALineThatLiesWholeInItsChunkWithoutACopy) {
  const std::string chunk = "whole line\n";
  LineSplitter splitter;
  splitter.Feed(chunk, [&chunk](const Line& line) {
    EXPECT_EQ(line.text.data() == chunk.data(), !kLendsCopies);
  });
  EXPECT_EQ(splitter.line_offset(), chunk.size());
}

// What the address sanitizer is given to find in every other test that reads lines.
TEST(LineSplitter, LetsNobodyLookAtALineThatIsGoneOrBehindItsEnd) {
  if (!kLendsCopies) GTEST_SKIP() << "lines are lent as copies under the address sanitizer only";
  const std::string chunk = "first\nsecond\n";
  const auto look_back = [&chunk] {
    LineSplitter splitter;
    std::string_view kept;
    splitter.Feed(chunk, [&kept](const Line& line) { kept = line.text; });
    return *static_cast<const volatile char*>(kept.data());
  };
  const auto look_behind = [&chunk] {
    LineSplitter splitter;
    char seen = 0;
    splitter.Feed(chunk, [&seen](const Line& line) {
      seen = *static_cast<const volatile char*>(line.text.data() + line.text.size());
    });
    return seen;
  };
  EXPECT_DEATH(look_back(), "heap-use-after-free");
  EXPECT_DEATH(look_behind(), "heap-buffer-overflow");
}

TEST(LineSplitter, JoinsALineWhereverTheChunksCutIt) {
  const std::string stream = "first line\r\nsecond\n\nlast";
  const std::vector<Kept> whole = Split({stream});
  for (std::size_t size = 1; size < stream.size(); ++size) {
    std::vector<std::string> chunks;
    for (std::size_t at = 0; at < stream.size(); at += size)
      chunks.push_back(stream.substr(at, size));
    EXPECT_EQ(Split(chunks), whole) << "chunks of " << size;
  }
}

TEST(LineSplitter, DropsACarriageReturnBeforeTheNewlineOnly) {
  EXPECT_THAT(Split({"a\rb\r\r\n\r\nc\r"}),
              ElementsAre(Kept{"a\rb\r", 6, false, true}, Kept{"", 8, false, true},
                          Kept{"c\r", 10, false, false}));
}

TEST(LineSplitter, CutsAnOversizeLineAndResumesAtTheNextNewline) {
  constexpr std::size_t kMax = LineSplitter::kMaxLineBytes;
  const std::string longest(kMax, 'x');
  for (const std::size_t piece : {std::size_t{1000}, kMax, 4 * kMax}) {
    const std::string stream = longest + "yyy\nnext\n";
    std::vector<std::string> chunks;
    for (std::size_t at = 0; at < stream.size(); at += piece)
      chunks.push_back(stream.substr(at, piece));
    EXPECT_THAT(Split(chunks), ElementsAre(Kept{longest, kMax + 4, true, true},
                                           Kept{"next", kMax + 9, false, true}));
  }
}

TEST(LineSplitter, TakesALineOfTheGreatestLengthWhole) {
  const std::string longest(LineSplitter::kMaxLineBytes, 'x');
  for (const std::string end : {"\n", "\r\n"}) {
    const Kept whole{longest, longest.size() + end.size(), false, true};
    EXPECT_THAT(Split({longest + end}), ElementsAre(whole));
    EXPECT_THAT(Split({longest.substr(0, 10), longest.substr(10) + end}), ElementsAre(whole));
  }
}

TEST(LineSplitter, KeepsABoundedPartOfAnEndlessLineAndCountsTheRest) {
  LineSplitter splitter(7);
  const std::string chunk(100'000, 'x');
  for (int i = 0; i < 50; ++i) splitter.Feed(chunk, [](const Line&) { FAIL(); });
  EXPECT_EQ(splitter.pending_bytes(), 5'000'000U);
  EXPECT_EQ(splitter.line_offset(), 7U);
  splitter.Finish([](const Line& line) {
    EXPECT_EQ(line.text.size(), LineSplitter::kMaxLineBytes);
    EXPECT_TRUE(line.truncated);
    EXPECT_EQ(line.end_offset, 5'000'007U);
  });
}

TEST(LineSplitter, GivesNothingForAnEmptyStream) { EXPECT_TRUE(Split({"", ""}).empty()); }

}  // namespace
}  // namespace bouncesight
