#include "daemon/journal/journal_names.h"

#include <gmock/gmock.h>

#include "tests/daemon/journal/journal_world.h"

namespace bouncesight {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class JournalNamesTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(JournalWorld::Writer())) {
      GTEST_SKIP() << "systemd-journal-remote is not installed";
    }
    world_.Write({PostfixEntry("one"), PostfixEntry("two", "ssh.service")});
  }
  std::string Missing(std::vector<std::string> units, std::vector<std::string> identifiers = {}) {
    world_.config.units = std::move(units);
    world_.config.identifiers = std::move(identifiers);
    return MissingJournalNames(world_.config);
  }

  JournalWorld world_;
};

TEST_F(JournalNamesTest, NamesAUnitThatHasNoEntryAndTheNearestThatHas) {
  EXPECT_THAT(Missing({"postfix.service"}),
              testing::AllOf(HasSubstr("no entry of the unit postfix.service"),
                             HasSubstr("the nearest is postfix@-.service")));
  EXPECT_THAT(Missing({"postfx@-.service"}), HasSubstr("the nearest is postfix@-.service"));
  EXPECT_THAT(Missing({"zzz.service"}), HasSubstr("no entry of the unit zzz.service"));
  EXPECT_THAT(Missing({}, {"postfix/stmp"}), HasSubstr("the nearest is postfix/smtp"));
}

TEST_F(JournalNamesTest, SaysNothingOfUnitsThatAreThere) {
  EXPECT_THAT(Missing({}), IsEmpty());
  EXPECT_THAT(Missing({"postfix@-.service"}), IsEmpty());
  EXPECT_THAT(Missing({"postfix@*", "nowhere.service"}), IsEmpty()) << "one of them is enough";
  EXPECT_THAT(Missing({"ssh"}, {"postfix/*"}), IsEmpty());
}

}  // namespace
}  // namespace bouncesight
