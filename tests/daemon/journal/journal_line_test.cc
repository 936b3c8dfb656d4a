#include "daemon/journal/journal_line.h"

#include <gmock/gmock.h>

#include "daemon/system/journal_access.h"
#include "tests/daemon/system/memory_fs.h"

namespace bouncesight {
namespace {

using testing::AllOf;
using testing::HasSubstr;

JournalEntry Entry() {
  JournalEntry entry;
  entry.realtime_us = 1'763'744'400'000'001;
  entry.host = "mx1";
  entry.identifier = "postfix/smtp";
  entry.pid = "9";
  entry.message = "removed";
  return entry;
}

std::string LineOf(const JournalEntry& entry) {
  std::string line;
  AppendJournalLine(entry, line);
  return line;
}

TEST(JournalLine, LooksAsASyslogDaemonWritesIt) {
  EXPECT_EQ(LineOf(Entry()), "2025-11-21T17:00:00.000001+00:00 mx1 postfix/smtp[9]: removed\n");
}

// What a container's log driver puts into an entry is a line of the program in the container.
TEST(JournalLine, OfAContainerIsALineOrAPieceOfOne) {
  JournalEntry entry = Entry();
  entry.container = "1f2e3d4c5b6a";
  entry.message = "Nov 21 17:00:00 mail postfix/smtp[9]: cut he";
  entry.partial = "true";
  EXPECT_EQ(LineOf(entry),
            "2025-11-21T17:00:00.000001+00:00 stdout P Nov 21 17:00:00 mail postfix/smtp[9]: cut "
            "he\n");
  entry.message = "re";
  entry.partial = "";
  EXPECT_EQ(LineOf(entry), "2025-11-21T17:00:00.000001+00:00 stdout F re\n");
}

TEST(JournalLine, StaysOneLineWithOneHeaderWhateverTheFieldsHold) {
  JournalEntry entry = Entry();
  entry.host = "mx1 postfix/smtp[1]: forged\n";
  entry.identifier = "a b:\n]";
  entry.pid = "1]: x";
  entry.message = std::string("tab\there\nnul\0del\x7F", 17);
  EXPECT_EQ(LineOf(entry),
            "2025-11-21T17:00:00.000001+00:00 mx1_postfix/smtp_1___forged_ a_b___: "
            "tab here nul del \n");
}

TEST(JournalLine, NamesTheCommandWhereThereIsNoIdentifier) {
  JournalEntry entry = Entry();
  entry.identifier.clear();
  entry.pid.clear();
  EXPECT_THAT(LineOf(entry), HasSubstr(" mx1 unknown: removed"));
  entry.command = "exim4";
  EXPECT_THAT(LineOf(entry), HasSubstr(" mx1 exim4: removed"));
}

TEST(JournalLine, MarksJsonAsSyslogDoes) {
  JournalEntry entry = Entry();
  entry.message = "{\"type\":\"Bounce\"}";
  EXPECT_THAT(LineOf(entry), HasSubstr("]: @cee: {\"type\":\"Bounce\"}\n"));
}

TEST(JournalAccess, NamesTheRemedyWhenTheJournalMayNotBeRead) {
  MemoryFs fs;
  fs.Append("/var/log/journal/0123/system.journal", "x");
  EXPECT_TRUE(LookAtJournal(fs, "").usable);
  EXPECT_EQ(LookAtJournal(fs, "").complaint, "");
  fs.Append("/var/log/journal/0123/user-1000.journal", "x");
  fs.fault = [](const std::string& call, const std::string& path) {
    return call == "open" && path.ends_with("system.journal") ? -EACCES : 0;
  };
  const JournalAccess denied = LookAtJournal(fs, "");
  EXPECT_FALSE(denied.usable) << "a user's own journal holds no mail";
  EXPECT_THAT(denied.complaint, HasSubstr("system.journal: permission denied"));
}

// As a container sees it that has the host's journal mounted; images come without an id of their
// own, or with an empty one.
TEST(JournalAccess, NamesTheJournalOfAnotherMachine) {
  const std::string host(32, 'a');
  for (const std::string& id : {std::string(32, 'b') + "\n", std::string(), std::string("none")}) {
    MemoryFs fs;
    fs.Append("/var/log/journal/" + host + "/system.journal", "x");
    if (id != "none") fs.Append("/etc/machine-id", id);
    const JournalAccess access = LookAtJournal(fs, "");
    EXPECT_FALSE(access.usable);
    EXPECT_TRUE(access.others);
    EXPECT_EQ(access.files.missing, 1u);
    EXPECT_THAT(access.complaint,
                AllOf(HasSubstr(id.size() > 32 ? "says bbbb" : "names none"),
                      HasSubstr("write `directory: /var/log/journal/" + host + "`")));
    EXPECT_TRUE(LookAtJournal(fs, "/var/log/journal/" + host).usable);
    EXPECT_TRUE(LookAtJournal(fs, "/var/log/journal").usable);
  }
}

TEST(JournalAccess, SaysThatThereIsNone) {
  MemoryFs fs;
  fs.Append("/var/log/journal/README", "x");
  EXPECT_THAT(LookAtJournal(fs, "").complaint,
              HasSubstr("no journal in /var/log/journal or /run/"));
  EXPECT_THAT(LookAtJournal(fs, "/srv/j").complaint, HasSubstr("no journal in /srv/j;"));
}

}  // namespace
}  // namespace bouncesight
