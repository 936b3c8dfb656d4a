#include "daemon/config/source_sight.h"

#include <cerrno>

#include <gmock/gmock.h>

#include "tests/daemon/system/memory_fs.h"

namespace bouncesight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

SourceConfig Paths(std::vector<std::string> paths) {
  SourceConfig source;
  source.name = "mail";
  source.paths = std::move(paths);
  return source;
}

TEST(SourceSight, NamesWhatIsNotThereAndTheNearestThingThatIs) {
  MemoryFs fs;
  fs.Append("/var/log/mail.log", "x");
  fs.Append("/var/log/exim4/mainlog", "x");
  fs.Append("/var/log/syslog", "x");
  const struct {
    const char* path;
    const char* says;
  } cases[] = {
      {"/var/log/mial.log", "/var/log/mial.log is not there; the nearest is /var/log/mail.log"},
      {"/var/logs/mail.log", "the nearest is /var/log/mail.log"},
      {"/var/log/exim/mainlog", "the nearest is /var/log/exim4/mainlog"},
      {"/srv/logs/mail.log", "there is no /srv"},
      {"/var/log/mail/*.log", "nothing matches /var/log/mail/*.log"},
      {"/var/log/postfix*.log", "nothing matches /var/log/postfix*.log"},
  };
  for (const auto& [path, says] : cases) {
    const SourceSight sight = LookAtSource(Paths({path}), fs);
    EXPECT_THAT(sight.complaint, HasSubstr(says));
    EXPECT_EQ(sight.files.missing, 1u) << path;
    EXPECT_EQ(sight.files.open, 0u) << path;
  }
}

TEST(SourceSight, SaysHowAFileIsNamedWhoseNameReadsAsAPattern) {
  MemoryFs fs;
  fs.Append("/var/log/mail [1].log", "x");
  EXPECT_THAT(LookAtSource(Paths({"/var/log/mail [1].log"}), fs).complaint, HasSubstr("write \\"));
  EXPECT_EQ(LookAtSource(Paths({"/var/log/mail \\[1].log"}), fs).complaint, "");
}

TEST(SourceSight, TellsALinkThatLeadsNowhereFromANameThatIsNotThere) {
  MemoryFs fs;
  fs.SymbolicLink("/pods/0.log", "/log/mail.log");
  EXPECT_EQ(LookAtSource(Paths({"/log/mail.log"}), fs).complaint,
            "/log/mail.log is not there; /log/mail.log is a link that leads nowhere: "
            "`ls -l` shows where to");
}

TEST(SourceSight, SaysNothingWhereAllIsThere) {
  MemoryFs fs;
  fs.Append("/var/log/mail.log", "x");
  const SourceSight sight = LookAtSource(Paths({"/var/log/mail.log", "/var/log/m*.log"}), fs);
  EXPECT_EQ(sight.complaint, "");
  EXPECT_EQ(sight.files.open, 2u);
}

TEST(SourceSight, NamesAFewOfManyThingsThatAreMissing) {
  MemoryFs fs;
  fs.Append("/log/here", "x");
  const SourceSight sight = LookAtSource(Paths({"/log/a1", "/log/b1", "/log/c1", "/log/d1"}), fs);
  EXPECT_EQ(sight.files.missing, 4u);
  EXPECT_THAT(sight.complaint, HasSubstr("/log/c1 is not there"));
  EXPECT_THAT(sight.complaint, Not(HasSubstr("/log/d1")));
  EXPECT_THAT(sight.complaint, HasSubstr("So it is with 1 more"));
}

TEST(SourceSight, TellsADeniedFileFromAMissingOne) {
  MemoryFs fs;
  fs.Append("/var/log/mail.log", "x");
  fs.fault = [](const std::string& call, const std::string&) {
    return call == "open" ? -EACCES : 0;
  };
  const SourceSight sight = LookAtSource(Paths({"/var/log/mail.log"}), fs);
  EXPECT_EQ(sight.files.denied, 1u);
  EXPECT_THAT(sight.complaint, HasSubstr("/var/log/mail.log: permission denied"));
}

TEST(SourceSight, TakesAnotherMachinesJournalForNoneOfOurs) {
  MemoryFs fs;
  const std::string theirs(32, 'a');
  fs.Append("/etc/machine-id", std::string(32, 'b') + "\n");
  fs.Append("/var/log/journal/" + theirs + "/system.journal", "x");
  SourceConfig source;
  source.type = SourceType::kJournal;
  const SourceSight sight = LookAtSource(source, fs);
  EXPECT_EQ(sight.files.open, 0u);
  EXPECT_THAT(sight.complaint, HasSubstr("/var/log/journal/" + theirs + " is another machine's"));
  EXPECT_THAT(sight.complaint, HasSubstr("directory: /var/log/journal/" + theirs));
  source.directory = "/var/log/journal/" + theirs;  // the remedy
  EXPECT_EQ(LookAtSource(source, fs).complaint, "");
}

}  // namespace
}  // namespace bouncesight
