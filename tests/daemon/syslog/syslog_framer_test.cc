#include "daemon/syslog/syslog_framer.h"

#include <gmock/gmock.h>

#include "tests/daemon/files/log_world.h"

namespace bouncesight {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

using Lines = std::vector<std::string>;

struct Read {
  Lines lines;
  std::uint64_t messages = 0;
  std::uint64_t wrong_counts = 0;
};

// `stream` in pieces of `step` bytes, to its end.
Read ReadIn(std::string_view stream, std::size_t step) {
  Read read;
  RecordingStreams streams(read.lines);
  const auto lines = streams.NewStream(0);
  SyslogFramer framer;
  for (std::size_t at = 0; at < stream.size(); at += step) {
    framer.Feed(stream.substr(at, step), *lines);
  }
  framer.Finish(*lines);
  read.messages = framer.messages();
  read.wrong_counts = framer.wrong_counts();
  return read;
}

struct Stream {
  const char* what;
  std::string bytes;
  Lines lines;
};

TEST(SyslogFramer, FindsTheMessagesHoweverTheStreamIsCut) {
  const std::string nul(1, '\0');
  for (const auto& [what, bytes, lines] : {
           Stream{"newlines", "<22>one\n<22>two\r\nthree\n", {"<22>one", "<22>two", "three"}},
           Stream{"no newline at the end", "<22>one\n<22>two", {"<22>one", "<22>two"}},
           Stream{"counts", "7 <22>one7 <22>two", {"<22>one", "<22>two"}},
           Stream{"both",
                  "7 <22>one<22>two\n9 <22>three<22>x\n",
                  {"<22>one", "<22>two", "<22>three", "<22>x"}},
           Stream{
               "several lines in one", "11 <22>one\ntwo7 <22>six", {"<22>one", "two", "<22>six"}},
           Stream{"newline within the count", "8 <22>one\n7 <22>two", {"<22>one", "<22>two"}},
           Stream{"NULs", "<22>one" + nul + "<22>two" + nul, {"<22>one", "<22>two"}},
           Stream{"NULs and newlines",
                  "<22>one\n" + nul + nul + "7 <22>two<22>six" + nul + "x\n",
                  {"<22>one", "<22>two", "<22>six", "x"}},
           Stream{"NUL within the count", "8 <22>one" + nul + "7 <22>two", {"<22>one", "<22>two"}},
           Stream{"NULs",
                  "<22>one" + nul + "<22>two" + nul + nul + "7 <22>six" + nul + "<22>x",
                  {"<22>one", "<22>two", "<22>six", "<22>x"}},
           Stream{"a newline and a NUL",
                  "<22>one\n" + nul + "<22>two" + nul + "\n<22>x" + nul,
                  {"<22>one", "<22>two", "<22>x"}},
           Stream{"NULs, then a newline",
                  "<22>one" + nul + nul + "\n" + nul + "<22>two\n" + nul + "\n<22>x",
                  {"<22>one", "<22>two", "", "<22>x"}},
           Stream{"dates are no counts",
                  "2026-11-21T18:00:00 a\n21 Nov b\n1732200000 c\n",
                  {"2026-11-21T18:00:00 a", "21 Nov b", "1732200000 c"}},
           Stream{"long numbers are no counts", "12345678901 <22>one\n", {"12345678901 <22>one"}},
           Stream{"a number alone", "83", {"83"}},
           Stream{"a number and a blank", "<22>one\n83 ", {"<22>one", "83 "}},
           Stream{"a message cut short", "9 <22>one", {"partial: <22>one"}},
           Stream{"cut after a line", "20 <22>one\ntwo", {"<22>one", "partial: two"}},
           Stream{"an empty line between", "7 <22>one\n7 <22>two", {"<22>one", "", "<22>two"}},
           Stream{"nothing", "", {}},
       }) {
    for (std::size_t step = 1; step <= bytes.size() + 1; ++step) {
      const Read read = ReadIn(bytes, step);
      EXPECT_EQ(read.wrong_counts, 0u) << what;
      EXPECT_THAT(read.lines, ElementsAreArray(lines)) << what << ", in pieces of " << step;
    }
  }
}

TEST(SyslogFramer, FindsTheNextMessageWhereACountIsWrong) {
  for (const auto& [what, bytes, lines] : {
           Stream{"none", "7 <22>one0 <22>two\n7 <22>six", {"<22>one", "0 <22>two", "<22>six"}},
           Stream{"padded", "007 <22>one7 <22>two", {"007 <22>one", "<22>two"}},
           Stream{
               "too large to be meant", "1048577 <22>one7 <22>two", {"1048577 <22>one", "<22>two"}},
           Stream{"too small", "5 <22>one7 <22>two", {"<22>o", "ne", "<22>two"}},
           Stream{"too small, then lines", "5 <22>one\n<22>two\n", {"<22>o", "ne", "<22>two"}},
           Stream{"too small, a NUL",
                  "5 <22>one" + std::string(1, '\0') + "7 <22>two",
                  {"<22>o", "ne", "<22>two"}},
           Stream{"too large",
                  "14 <22>one7 <22>two9 <22>three",
                  {"<22>one7 <22>t", "wo", "<22>three"}},
           Stream{"none behind a count, then a line",
                  "7 <22>one0 <22>two\n 7 <22>six\n",
                  {"<22>one", "0 <22>two", " 7 <22>six"}},
           Stream{"a long number",
                  "5 <22>one123456789012 <22>x 7 <22>two",
                  {"<22>o", "ne123456789012 <22>x ", "<22>two"}},
       }) {
    for (std::size_t step = 1; step <= bytes.size() + 1; ++step) {
      const Read read = ReadIn(bytes, step);
      EXPECT_THAT(read.lines, ElementsAreArray(lines)) << what << ", in pieces of " << step;
      EXPECT_EQ(read.wrong_counts, 1u) << what << ", in pieces of " << step;
    }
  }
}

TEST(SyslogFramer, ReadsOverAMessageThatIsTooLongAndGoesOnBehindIt) {
  const std::string text = "<22>" + std::string(200'000, 'x');
  const Read read = ReadIn(std::to_string(text.size()) + " " + text + "7 <22>one", 16 * 1024);
  EXPECT_THAT(read.lines, ElementsAre(text.substr(0, LineSplitter::kMaxLineBytes), "<22>one"));
}

TEST(SyslogFramer, CountsMessagesForTheRateLimit) {
  EXPECT_EQ(ReadIn("<22>one\n2026 two\n7 <22>six7 <22>six", 1000).messages, 4u);
  EXPECT_EQ(ReadIn("<22>one\n<22>unfinished", 3).messages, 1u);
}

TEST(DatagramText, T30IsTheMessageWithoutWhatSendersPutAroundIt) {
  using namespace std::string_view_literals;
  for (const auto& [datagram, text] : {
           std::pair{"<22>one"sv, "<22>one"sv},
           {"<22>one\n"sv, "<22>one"sv},
           {"<22>one\r\n\0"sv, "<22>one"sv},
           {"<22>one\0\0\0"sv, "<22>one"sv},
           {"<22>one\n<22>two\n"sv, "<22>one\n<22>two"sv},
           {"<22>on\0e"sv, "<22>on\0e"sv},
           {"7 <22>one"sv, "<22>one"sv},
           {"8 <22>one\n"sv, "<22>one"sv},
           {"99 <22>one"sv, "<22>one"sv},
           {"2026-11-21T18:00:00 one"sv, "2026-11-21T18:00:00 one"sv},
           {"7 one"sv, "7 one"sv},
           {"one"sv, "one"sv},
           {"<22>"sv, "<22>"sv},
           {""sv, ""sv},
           {"\0"sv, ""sv},
           {"\n\r\n\0"sv, ""sv},
       }) {
    EXPECT_EQ(DatagramText(datagram), text);
  }
}

}  // namespace
}  // namespace bouncesight
