#include "daemon/config/alike_files.h"

#include <gmock/gmock.h>

#include "tests/daemon/system/memory_fs.h"

namespace bouncesight {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

SourceConfig Files(const std::string& name, std::vector<std::string> paths) {
  SourceConfig source;
  source.name = name;
  source.paths = std::move(paths);
  return source;
}

std::string Line(int number) { return "line " + std::to_string(number) + " of mail\n"; }

TEST(AlikeFiles, AreFoundInOneSource) {
  const SourceConfig source = Files("mail", {"/log/mail.*"});
  for (const int lines : {1, 3, 30000}) {
    MemoryFs fs;
    for (int i = 0; i < lines; ++i) {
      fs.Append("/log/mail.log", Line(i));
      fs.Append("/log/mail.info", Line(i));
    }
    const auto told = ElementsAre(
        HasSubstr("source mail: /log/mail.info and /log/mail.log end alike: they seem to hold"));
    EXPECT_THAT(AlikeFiles({source}, fs), told) << lines;
    if (lines > 1) fs.Append("/log/mail.log", "one more, which the other has in a moment\n");
    EXPECT_THAT(AlikeFiles({source}, fs), told) << lines;
    fs.Remove("/log/mail.info");
    fs.Link("/log/mail.log", "/log/mail.info");  // counted once
    EXPECT_THAT(AlikeFiles({source}, fs), IsEmpty()) << lines;
  }
}

TEST(AlikeFiles, AreFoundAcrossSourcesWhereOneHoldsMoreThanMail) {
  MemoryFs fs;
  for (int i = 0; i < 500; ++i) {
    fs.Append("/log/mail.log", Line(i));
    fs.Append("/log/syslog", "a word of cron " + std::to_string(i) + "\n" + Line(i));
  }
  for (int i = 0; i < 500; ++i)
    fs.Append("/log/syslog", "more of cron " + std::to_string(i) + "\n");
  const auto told = ElementsAre(HasSubstr("/log/mail.log and /log/syslog end alike"));
  EXPECT_THAT(AlikeFiles({Files("mail", {"/log/mail.log"}), Files("all", {"/log/syslog"})}, fs),
              AllOf(told, ElementsAre(HasSubstr("sources mail and all: "))));
  EXPECT_THAT(AlikeFiles({Files("all", {"/log/mail.log", "/log/syslog"})}, fs), told);
}

TEST(AlikeFiles, AreNotThoseOfOtherLines) {
  MemoryFs fs;
  for (int i = 0; i < 50; ++i) {
    fs.Append("/log/a.log", Line(i));
    fs.Append("/log/b.log", (i == 49 ? "" : "other ") + Line(i));
    fs.Append("/log/a.log.1", Line(i));  // a copy that was put aside: the source knows it
  }
  fs.Append("/log/begun.log", "line 49 of");
  EXPECT_THAT(AlikeFiles({Files("one", {"/log/*"})}, fs), IsEmpty());
  EXPECT_THAT(AlikeFiles({Files("one", {"/log/a.log"}), Files("two", {"/log/b.log"})}, fs),
              IsEmpty());
  EXPECT_THAT(AlikeFiles({Files("one", {"/log/a.log"}), Files("two", {"/log/a.log.1"})}, fs),
              ElementsAre(HasSubstr("sources one and two: /log/a.log and /log/a.log.1")));
}

}  // namespace
}  // namespace bouncesight
