#include "daemon/system/permission_hint.h"

#include <gmock/gmock.h>

namespace bouncesight {
namespace {

using testing::HasSubstr;
using testing::Not;

FileInfo FileOf(std::uint32_t owner, std::uint32_t group, std::uint32_t mode) {
  FileInfo info;
  info.owner = owner;
  info.group = group;
  info.mode = mode;
  return info;
}

constexpr std::uint32_t kStranger = 54321;  // no user or group of ours

TEST(PermissionHint, AdvisesTheGroupThatMayReadTheFile) {
  const FileInfo info = FileOf(kStranger, kStranger, 0640);
  const std::string hint = PermissionHint("/log/mail.log", &info);
  EXPECT_THAT(hint, HasSubstr("group 54321 may read it"));
  EXPECT_THAT(hint, HasSubstr("usermod -aG 54321"));
}

TEST(PermissionHint, AdvisesNoGroupThatMayNotReadTheFile) {
  const FileInfo info = FileOf(kStranger, kStranger, 0600);
  const std::string hint = PermissionHint("/log/mail.log", &info);
  EXPECT_THAT(hint, Not(HasSubstr("usermod")));
  EXPECT_THAT(hint, HasSubstr("only its owner 54321"));
  EXPECT_THAT(hint, HasSubstr("chmod g+r /log/mail.log"));
}

TEST(PermissionHint, SendsNobodyIntoTheGroupRoot) {
  for (const std::uint32_t mode : {0640U, 0600U}) {
    const FileInfo info = FileOf(kStranger, 0, mode);
    // A process of the group root itself is told of a sandbox instead, which is not advice to join.
    const std::string hint = PermissionHint("/log/mail.log", &info);
    EXPECT_THAT(hint, Not(HasSubstr("usermod")));
    EXPECT_THAT(hint, Not(HasSubstr("SupplementaryGroups")));
  }
}

TEST(PermissionHint, SuspectsASandboxWhereTheModeLetsEverybodyRead) {
  const FileInfo info = FileOf(kStranger, kStranger, 0644);
  EXPECT_THAT(PermissionHint("/log/mail.log", &info), HasSubstr("a sandbox forbids it"));
}

TEST(NoLogHint, NamesWhatToWriteInstead) {
  FileInfo folder;
  folder.directory = true;
  EXPECT_THAT(NoLogHint("/var/log", folder), HasSubstr("/var/log/*.log"));
  FileInfo pipe;
  pipe.stream = true;
  EXPECT_THAT(NoLogHint("/run/pipe", pipe), HasSubstr("use `type: stdin`"));
  EXPECT_THAT(NoLogHint("/run/pipe", pipe), HasSubstr("< /run/pipe"));
}

}  // namespace
}  // namespace bouncesight
