#include "parsers/wrap/journal_export.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "parsers/mta/format_reader.h"

namespace bouncesight {
namespace {

using Step = JournalExport::Step;

std::string Length(std::uint64_t length) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(length >> (8 * i));
  return bytes;
}

TEST(JournalExport, GathersTheFieldsOfARecord) {
  JournalExport journal;
  Record record;
  for (int round = 0; round < 2; ++round) {
    for (const std::string_view line :
         {"__CURSOR=s=1;i=2", "__REALTIME_TIMESTAMP=1795280970000000", "_HOSTNAME=mx1",
          "PRIORITY=6", "SYSLOG_IDENTIFIER=postfix/smtp", "MESSAGE=a = b", "MESSAGE=second"}) {
      EXPECT_EQ(journal.Take(line, record), Step::kField) << line;
    }
    EXPECT_EQ(journal.Take("", record), Step::kEnd);
    EXPECT_EQ(record.time, "1795280970000000");
    EXPECT_EQ(record.host, "mx1");
    EXPECT_EQ(record.program, "postfix/smtp");
    EXPECT_EQ(record.message, "a = b");
    EXPECT_FALSE(journal.active());
  }
}

TEST(JournalExport, ReadsFieldsOfOtherBytesAcrossTheirNewlines) {
  for (const std::string& text :
       {std::string("a\nMESSAGE=b\n\n\xD3\xC3"), std::string("ten bytes."), std::string(2560, 'x'),
        std::string()}) {
    JournalExport journal;
    Record record;
    const std::string field = Length(text.size()) + text;
    journal.Take("__CURSOR=1", record);
    EXPECT_EQ(journal.Take("MESSAGE", record), Step::kField);
    for (std::size_t at = 0; at <= field.size();) {  // as a line splitter cuts it
      const std::size_t end = std::min(field.find('\n', at), field.size());
      EXPECT_EQ(journal.Take(field.substr(at, end - at), record), Step::kField);
      at = end + 1;
    }
    EXPECT_EQ(journal.Take("_HOSTNAME=mx1", record), Step::kField);
    ASSERT_EQ(journal.Take("", record), Step::kEnd);
    EXPECT_EQ(record.message, text);
    EXPECT_EQ(record.host, "mx1");
  }
}

TEST(JournalExport, LetsGoOfWhatTurnsOutToBeSomethingElse) {
  JournalExport journal;
  Record record;
  EXPECT_EQ(journal.Take("MESSAGE=text", record), Step::kNone);
  EXPECT_EQ(journal.Take("", record), Step::kNone);
  EXPECT_EQ(journal.Take("__CURSOR=1", record), Step::kField);
  EXPECT_EQ(journal.Take("Nov 21 16:49:30 mx1 exim: text", record), Step::kNone);
  EXPECT_FALSE(journal.active());
}

TEST(JournalExport, HoldsABoundedFieldWhateverItsLengthSays) {
  JournalExport journal;
  Record record;
  journal.Take("__CURSOR=1", record);
  journal.Take("MESSAGE", record);
  journal.Take(Length(~0ULL) + "x", record);
  const std::string line(1000, 'x');
  for (int i = 0; i < 100; ++i) journal.Take(line, record);
  journal.Take("__CURSOR=1", record);
  journal.Take("MESSAGE=anew", record);
  ASSERT_EQ(journal.Take("", record), Step::kEnd);
  EXPECT_EQ(record.message, "anew");
}

TEST(JournalExport, GivesTheEventAtTheRecordsEnd) {
  FormatReader reader;
  const auto skipped = [&reader](std::string_view line) {
    const Parsed parsed = reader.Parse(line);
    const Skip* skip = std::get_if<Skip>(&parsed);
    return skip == nullptr ? "event" : SkipReasonName(skip->reason);
  };
  EXPECT_EQ(skipped("__CURSOR=1"), "partial");
  EXPECT_EQ(skipped("SYSLOG_IDENTIFIER=postfix/smtp"), "partial");
  EXPECT_EQ(
      skipped("MESSAGE=4F1A2B3C4D: to=<u@example.net>, relay=none, delay=1, status=bounced (x)"),
      "partial");
  EXPECT_EQ(skipped(""), "event");
  EXPECT_EQ(skipped(""), "empty");
}

}  // namespace
}  // namespace bouncesight
