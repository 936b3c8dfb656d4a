#include "parsers/wrap/container_log.h"

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(ContainerLog, ReadsTheHeadOfACriLine) {
  const struct {
    std::string_view line, stream, text;
    bool ends_line;
  } kCases[] = {
      {"2026-11-21T16:49:30.123456789Z stdout F text here", "stdout", "text here", true},
      {"2026-11-21T16:49:30.123456789+08:00 stderr P te", "stderr", "te", false},
      {"2026-11-21T16:49:30Z stdout F ", "stdout", "", true},
      {"2026-11-21T16:49:30Z stdout P:new text", "stdout", "text", false},
      {"2026-11-21T16:49:30Z stdout F  indented", "stdout", " indented", true},
  };
  for (const auto& c : kCases) {
    const std::optional<CriLine> cri = ParseCriLine(c.line);
    ASSERT_TRUE(cri.has_value()) << c.line;
    EXPECT_EQ(cri->stream, c.stream) << c.line;
    EXPECT_EQ(cri->text, c.text) << c.line;
    EXPECT_EQ(cri->ends_line, c.ends_line) << c.line;
  }
}

TEST(ContainerLog, LeavesOtherLinesAlone) {
  for (const std::string_view line :
       {"2026-11-21T16:49:30Z stdout X text", "2026-11-21T16:49:30Z mx1 exim: text",
        "stdout F text", "2026-11-21T16:49:30Z stdout", ""}) {
    EXPECT_FALSE(ParseCriLine(line).has_value()) << line;
  }
}

TEST(PieceJoiner, JoinsPiecesAndStartsAnew) {
  PieceJoiner joiner;
  const std::string_view alone = "alone";
  EXPECT_EQ(joiner.Finish(alone).data(), alone.data());
  joiner.Add("a");
  joiner.Add("b");
  EXPECT_EQ(joiner.Finish("c"), "abc");
  EXPECT_TRUE(joiner.empty());
  EXPECT_EQ(joiner.Finish("d"), "d");
}

TEST(PieceJoiner, HoldsABoundedLine) {
  PieceJoiner joiner;
  const std::string piece(10'000, 'x');
  for (int i = 0; i < 100; ++i) joiner.Add(piece);
  EXPECT_EQ(joiner.Finish("end").size(), PieceJoiner::kMaxBytes);
}

}  // namespace
}  // namespace bouncesight
