#include "daemon/config/source_overlap.h"

#include <gmock/gmock.h>

#include "tests/daemon/system/memory_fs.h"

namespace bouncesight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

SourceConfig Files(const std::string& name, std::vector<std::string> paths) {
  SourceConfig source;
  source.name = name;
  source.paths = std::move(paths);
  return source;
}

SourceConfig Folder(SourceType type, const std::string& directory) {
  SourceConfig source;
  source.name = "folder";
  source.type = type;
  source.directory = directory;
  return source;
}

SourceConfig Journal(std::vector<std::string> units, std::vector<std::string> identifiers) {
  SourceConfig source = Folder(SourceType::kJournal, "");
  source.units = std::move(units);
  source.identifiers = std::move(identifiers);
  return source;
}

TEST(SourceOverlap, IsFoundInWhatTheConfigurationSays) {
  const SourceConfig mail = Files("mail", {"/var/log/mail.log", "/var/log/mail/*.log"});
  struct Case {
    SourceConfig one, other;
    std::string shared;  // empty: none
  };
  const Case cases[] = {
      {mail, Files("b", {"/var/log/exim4/mainlog"}), ""},
      {mail, Files("b", {"/var/log/mail.log"}), "/var/log/mail.log"},
      {mail, Files("b", {"/var/log//./mail.log"}), "mail.log"},
      {mail, Files("b", {"/var/log/mail/a.log"}), "/var/log/mail/a.log"},
      {mail, Files("b", {"/var/log/*"}), "/var/log/mail.log"},
      {mail, Files("b", {"/var/log/mail/sub/a.log"}), ""},
      {mail, Folder(SourceType::kDirectory, "/var/log/mail/"), "/var/log/mail/*.log"},
      {mail, Folder(SourceType::kDirectory, "/var"), ""},
      {Folder(SourceType::kDirectory, "/in"), Folder(SourceType::kDirectory, "/in/"), "/in"},
      {Folder(SourceType::kDirectory, "/in"), Folder(SourceType::kJournal, "/in"), ""},
      {Folder(SourceType::kStdin, ""), Folder(SourceType::kStdin, ""), "standard input"},
      {Journal({}, {}), Journal({"postfix"}, {}), "a part of the journal"},
      {Journal({}, {"exim4"}), Journal({}, {"exim4", "sendmail"}), "a part of the journal"},
      {Journal({"exim4"}, {}), Journal({"postfix"}, {}), ""},
      {Journal({"exim4"}, {"x"}), Journal({"exim4"}, {"y"}), ""},
      {Journal({"exim4"}, {}), Journal({}, {"sendmail"}), ""},
      {Journal({}, {}), Folder(SourceType::kJournal, "/remote"), ""},
  };
  for (const Case& each : cases) {
    for (const bool swapped : {false, true}) {
      const std::string found =
          swapped ? OverlapOf(each.other, each.one) : OverlapOf(each.one, each.other);
      const std::string name = testing::PrintToString(each.one.paths) + each.one.directory + " " +
                               testing::PrintToString(each.other.paths) + each.other.directory;
      if (each.shared.empty()) {
        EXPECT_EQ(found, "") << name;
      } else {
        EXPECT_THAT(found, HasSubstr(each.shared)) << name;
      }
    }
  }
}

TEST(SourceOverlap, IsAnAddressThatTwoListenOn) {
  SourceConfig one;
  one.type = SourceType::kSyslog;
  SourceConfig other = one;
  one.listen = {"udp://127.0.0.1:5514", "tcp://127.0.0.1:5514"};
  other.listen = {"tcp://127.0.0.1:5515"};
  EXPECT_EQ(OverlapOf(one, other), "");
  other.listen.push_back("tcp://127.0.0.1:5514");
  EXPECT_THAT(OverlapOf(one, other), HasSubstr("tcp://127.0.0.1:5514"));
}

TEST(SourceOverlap, IsFoundOnTheDisk) {
  MemoryFs fs;
  fs.Append("/log/a.log", "x");
  fs.Append("/log/b.log", "x");
  fs.SymbolicLink("/log/b.log", "/other/link.log");
  EXPECT_THAT(SharedFiles({Files("one", {"/log/a*"}), Files("two", {"/log/b*"})}, fs), IsEmpty());
  EXPECT_THAT(SharedFiles({Files("one", {"/log/a*", "/log/*.log"})}, fs), IsEmpty())
      << "one source counts a file once, whatever finds it";
  EXPECT_THAT(SharedFiles({Files("one", {"/log/a*"}), Files("two", {"/log/*.log"})}, fs),
              ElementsAre(HasSubstr("sources one and two both follow /log/a.log")));
  EXPECT_THAT(SharedFiles({Files("one", {"/log/b.log"}), Files("two", {"/other/link.log"})}, fs),
              ElementsAre(HasSubstr("both follow /other/link.log")));
}

}  // namespace
}  // namespace bouncesight
