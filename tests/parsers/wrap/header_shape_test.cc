#include "parsers/wrap/header_shape.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "parsers/wrap/syslog_header.h"

namespace bouncesight {
namespace {

constexpr std::string_view kLine =
    "2026-11-21T16:49:30.123456+00:00 mx1 postfix/smtpd[902]: connect from a.example.com";

HeaderShape ShapeOf(std::string_view line) {
  HeaderShape shape;
  shape.Learn(line, *ParseSyslogHeader(line));
  return shape;
}

std::string Read(const HeaderShape& shape, std::string_view line) {
  Record record;
  if (!shape.Read(line, record)) return "unknown";
  std::string text;
  for (const std::string_view part : {record.time, record.host, record.program, record.message}) {
    text.append(part).push_back('|');
  }
  return text;
}

TEST(HeaderShape, KnowsALineThatDiffersInDigitsAndTag) {
  EXPECT_EQ(Read(ShapeOf(kLine),
                 "2026-12-01T09:00:00.000001+00:00 mx2 postfix-out/qmgr[1]: 3xYz: removed"),
            "2026-12-01T09:00:00.000001+00:00|mx2|postfix-out/qmgr|3xYz: removed|");
  EXPECT_EQ(Read(ShapeOf("Nov 21 16:49:30 mx postfix/smtpd[9]: connect from a.example.com"),
                 "Nov 22 00:00:00 mx postfix/anvil[12345]: statistics: max"),
            "Nov 22 00:00:00|mx|postfix/anvil|statistics: max|");
}

TEST(HeaderShape, LeavesWhatItDoesNotKnowToTheReaderOfHeaders) {
  const HeaderShape shape = ShapeOf(kLine);
  for (const std::string_view line : {
           "2026-11-21T16:49:30.123456-00:00 mx1 postfix/smtpd[902]: another sign of the zone",
           "2026-11-21T16:49:30.123456+00:00 mxa postfix/smtpd[902]: a letter for a digit",
           "2026-11-21T16:49:30.123456+00:00 mx1 postfix/smtpd[902]:  two blanks before the text",
           "2026-11-21T16:49:30.123456+00:00 mx1 postfix/smtpd[902]: [ID 197553 mail.info] Solaris",
           "2026-11-21T16:49:30.123456+00:00 mx1 postfix/smtpd[]: no process in the brackets",
           "2026-11-21T16:49:30.123456+00:00 mx1 postfix/smtpd: no process at all, and more text",
           "2026-11-21T16:49:30.123456+00:00 mx1 postfix/smtpd[9x2]: a letter in the process",
           "2026-11-21T16:49:30.123456+00:00 mx1 [4711]: no program, but a process and more text",
           "2026-11-21T16:49:30.123456+00:00 mx1 a-tag-that-is-longer-than-any-postfix-has[1]: x",
           "2026-11-21T16:49:30.123456+00:00 mx1 postfix/x[1]: short",
           "",
       }) {
    EXPECT_EQ(Read(shape, line), "unknown") << line;
  }
}

TEST(HeaderShape, DoesNotLearnAHeaderThatIsNotPlain) {
  for (const std::string_view line : {
           "<22>Nov 21 16:49:30 mx1 postfix/smtpd[9]: connect from mail.example.com[192.0.2.1]",
           "2026-11-21T16:49:30Z mx1 postfix/smtpd[9]: connect from mail.example.com[192.0.2.1]",
           "Nov 21 16:49:30 mx1 postfix/smtpd: connect from mail.example.com[192.0.2.1]",
       }) {
    ASSERT_TRUE(ParseSyslogHeader(line)) << line;
    EXPECT_EQ(Read(ShapeOf(line), line), "unknown") << line;
  }
}

TEST(HeaderShape, GuessesTheWordBehindTheHeaderOfALineOfThatShape) {
  const HeaderShape shape = ShapeOf(kLine);
  const std::string head = "2026-12-01T09:00:00.000001+00:00 mx2 ";
  const std::string tail(64, 'x');  // lines that follow
  for (const auto& [text, word] : std::to_array<std::pair<std::string_view, std::string_view>>({
           {"postfix/qmgr[1]: 3xYzABCDEF: removed\n", "3xYzABCDEF"},
           {"postfix-out/cleanup[123456]: A1B2C: message-id=<1@example.com>\n", "A1B2C"},
           {"postfix/smtpd[9]: connect from mail.example.com[192.0.2.1]\n", ""},
           {"a-tag-that-is-longer-than-any-postfix-has[1]: A1B2C: x\n", ""},
       })) {
    EXPECT_EQ(shape.GuessFirstWord(head + std::string(text) + tail), word) << text;
  }
}

TEST(HeaderShape, GuessesNothingOfTooFewBytesOrWithoutAShape) {
  const std::string lines =
      "2026-12-01T09:00:00.000001+00:00 mx2 postfix/qmgr[1]: 3xYz: removed\n"
      "2026-12-01T09:00:00.000002+00:00 mx2 postfix/qmgr[1]: 3xYz: removed\n";
  EXPECT_EQ(HeaderShape().GuessFirstWord(lines), "");
  const HeaderShape shape = ShapeOf(kLine);
  for (std::size_t size = 0; size < lines.size(); ++size) {
    const std::string cut = lines.substr(0, size);
    const std::string_view guess = shape.GuessFirstWord(cut);
    EXPECT_TRUE(guess.empty() || guess == "3xYz") << size;
  }
  EXPECT_EQ(shape.GuessFirstWord(lines), "3xYz");
}

}  // namespace
}  // namespace bouncesight
