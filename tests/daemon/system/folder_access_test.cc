#include "daemon/system/folder_access.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <unistd.h>

namespace bouncesight {
namespace {

using testing::HasSubstr;

class FolderAccess : public testing::Test {
 protected:
  FolderAccess() { std::filesystem::create_directories(folder_); }
  ~FolderAccess() override { std::filesystem::remove_all(folder_); }

  std::string folder_ = testing::TempDir() + "folder_access." + std::to_string(::getpid());
};

TEST_F(FolderAccess, IsContentWithAFolderThatIsThereOrCanBeMade) {
  EXPECT_EQ(FolderComplaint(folder_), "");
  EXPECT_EQ(FolderComplaint(folder_ + "/new/deeper"), "");
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/new")) << "nothing is made";
}

TEST_F(FolderAccess, NamesWhatStandsInTheWay) {
  std::ofstream(folder_ + "/file") << "x";
  for (const char* end : {"/file", "/file/state"}) {
    EXPECT_THAT(FolderComplaint(folder_ + end), HasSubstr(folder_ + "/file is not a folder"))
        << end;
  }
}

TEST_F(FolderAccess, NamesAFolderThatThisUserMayNotWrite) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  std::filesystem::permissions(
      folder_, std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  EXPECT_THAT(FolderComplaint(folder_), HasSubstr("cannot be written: Permission denied"));
  EXPECT_THAT(FolderComplaint(folder_ + "/new"), HasSubstr("cannot be made: "));
  std::filesystem::permissions(folder_, std::filesystem::perms::owner_all);
}

}  // namespace
}  // namespace bouncesight
