#include "daemon/files/directory_source.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include <gmock/gmock.h>

#include "tests/daemon/files/drop_world.h"
#include "tests/daemon/files/gzip.h"
#include "tests/daemon/system/captured_log.h"

namespace bouncesight {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class DirectorySourceTest : public testing::Test {
 protected:
  MemoryFs fs_;
  DropWorld world_{fs_};
};

TEST_F(DirectorySourceTest, ReadsEachFileOnceFromItsStart) {
  fs_.Append("/in/a.log", Numbers(1, 3));
  world_.Start();
  world_.Poll();
  EXPECT_TRUE(world_.source().caught_up());
  fs_.Append("/tmp/b.log", Numbers(4, 6));
  fs_.Rename("/tmp/b.log", "/in/b.log");
  world_.PollFor(milliseconds(3000));
  EXPECT_THAT(world_.lines, ElementsAre("1", "2", "3", "4", "5", "6"));
}

TEST_F(DirectorySourceTest, ReadsTheOldestFirst) {
  fs_.Append("/in/z.log", Numbers(1, 1));
  fs_.Append("/in/a.log", Numbers(2, 2));
  world_.Start();
  world_.Poll();
  EXPECT_THAT(world_.lines, ElementsAre("1", "2"));
}

TEST_F(DirectorySourceTest, KnowsAFileAgainUnderAnotherName) {
  fs_.Append("/in/a.log", Numbers(1, 3));
  world_.Start();
  world_.Poll();
  fs_.Rename("/in/a.log", "/in/b.log");
  fs_.Append("/in/a.log", Numbers(4, 5));  // another file by the old name
  world_.Poll();
  fs_.Rename("/in/b.log", "/in/c.log");
  fs_.Rename("/in/a.log", "/in/b.log");
  world_.Poll();
  world_.Commit();
  world_.KillAndStart();
  world_.Poll();
  world_.ExpectCounted(5);
}

TEST_F(DirectorySourceTest, B8CountsAFileOnceUnderAllItsNames) {
  fs_.Append("/in/m.log", Numbers(1, 3));
  fs_.Link("/in/m.log", "/in/z.log");
  world_.Start();
  world_.PollFor(milliseconds(3000));
  fs_.Link("/in/m.log", "/in/a.log");  // comes before the name that is known
  world_.PollFor(milliseconds(3000));
  world_.Commit();
  world_.KillAndStart();
  world_.PollFor(milliseconds(3000));
  fs_.Remove("/in/m.log");  // "ln, then unlink" is how some move a file
  fs_.Append("/in/a.log", Numbers(4, 5));
  world_.PollFor(milliseconds(3000));
  world_.ExpectCounted(5);
}

TEST_F(DirectorySourceTest, KnowsByItsContentThatAnInodeIsAnotherFilesNow) {
  fs_.Append("/in/a.log", Numbers(1, 3));
  world_.Start();
  world_.Poll();
  const auto inode = fs_.Find("/in/a.log")->inode;
  fs_.Remove("/in/a.log");
  fs_.Append("/in/b.log", Numbers(4, 6));
  ASSERT_EQ(fs_.Find("/in/b.log")->inode, inode);
  world_.Poll();
  world_.ExpectCounted(6);
}

TEST_F(DirectorySourceTest, NeverReadsAFileAgainThatWasOnlyTouched) {
  fs_.Append("/in/a.log", Numbers(1, 3));
  world_.Start();
  world_.Poll();
  fs_.Append("/in/a.log", "");
  world_.Poll();
  world_.Commit();
  fs_.Append("/in/a.log", "");
  world_.KillAndStart();
  world_.Poll();
  world_.ExpectCounted(3);
}

TEST_F(DirectorySourceTest, ReadsOnInAFileThatIsStillBeingCopied) {
  fs_.Append("/in/a.log", "1\n2\n3");
  world_.Start();
  world_.Poll();
  EXPECT_THAT(world_.lines, SizeIs(2));
  fs_.Append("/in/a.log", "\n" + Numbers(4, 5));
  fs_.Append("/in/b.log", Numbers(6, 7));
  world_.Poll();
  EXPECT_THAT(world_.lines, SizeIs(4)) << "b.log must not wait for a.log";
  world_.PollFor(DirectorySource::kPatience);
  fs_.Append("/in/a.log", Numbers(8, 9));
  world_.PollFor(DirectorySource::kPatience);
  world_.ExpectCounted(9);
}

TEST_F(DirectorySourceTest, TakesTheLastLineOfAFileThatHasNoNewline) {
  fs_.Append("/in/a.log", "1\n2\n3");
  world_.Start();
  world_.PollFor(2 * DirectorySource::kPatience);
  world_.ExpectCounted(3);
  world_.Commit();
  world_.KillAndStart();
  world_.PollFor(2 * DirectorySource::kPatience);
  world_.ExpectCounted(3);
}

TEST_F(DirectorySourceTest, GoesOnInTheMiddleOfAFileAfterAKill) {
  fs_.Append("/in/a.log", Numbers(1, 40'000));  // more than three turns
  world_.Start();
  world_.clock.Advance(DirectorySource::kScanInterval);
  EXPECT_TRUE(world_.source().Turn());
  EXPECT_TRUE(world_.source().Turn());
  world_.Commit();
  const auto counted = world_.lines.size();
  EXPECT_GT(counted, 1000u);
  EXPECT_LT(counted, 39'000u);
  world_.source().Turn();
  world_.KillAndStart();
  world_.Poll();
  world_.ExpectCounted(40'000);
}

TEST_F(DirectorySourceTest, ForgetsWhatLeftTheFolder) {
  world_.Start();
  for (int i = 1; i <= 50; ++i) {
    fs_.Append("/in/a" + std::to_string(i), Numbers(i, i));
    world_.Poll();
    fs_.Remove("/in/a" + std::to_string(i));
  }
  world_.Poll();
  world_.ExpectCounted(50);
  EXPECT_LT(world_.source().SaveState().size(), 50u);
}

TEST_F(DirectorySourceTest, ReadsAFileToItsEndThoughItIsTakenAway) {
  fs_.Append("/in/a.log", Numbers(1, 40'000));
  world_.Start();
  world_.clock.Advance(DirectorySource::kScanInterval);
  world_.source().Turn();
  fs_.Remove("/in/a.log");
  fs_.Append("/in/a.log", Numbers(40'001, 40'002));
  world_.Poll();
  world_.Poll();
  world_.ExpectCounted(40'002);
}

TEST_F(DirectorySourceTest, PassesOverHiddenNames) {
  fs_.Append("/in/.a.log.part", Numbers(1, 3));
  world_.Start();
  world_.Poll();
  EXPECT_THAT(world_.lines, IsEmpty());
  fs_.Rename("/in/.a.log.part", "/in/a.log");
  world_.Poll();
  world_.ExpectCounted(3);
}

TEST_F(DirectorySourceTest, LetsFilesWaitWhenThereAreTooMany) {
  for (int i = 1; i <= 5; ++i) fs_.Append("/in/" + std::to_string(i), Numbers(i, i));
  world_.Start(3);
  world_.Poll();
  world_.ExpectCounted(3);
  fs_.Remove("/in/1");
  fs_.Remove("/in/2");
  world_.Poll();
  world_.Poll();
  world_.ExpectCounted(5);
}

TEST_F(DirectorySourceTest, ForgetsNothingWhileTheFolderCannotBeListed) {
  fs_.Append("/in/a.log", Numbers(1, 3));
  world_.Start();
  world_.Poll();
  for (const char* call : {"stat", "open"}) {
    fs_.fault = [call](const std::string& name, const std::string&) {
      return name == call ? -EACCES : 0;
    };
    world_.Poll();
    fs_.fault = nullptr;
    world_.PollFor(DirectorySource::kPatience);
  }
  world_.ExpectCounted(3);
}

TEST_F(DirectorySourceTest, TellsWhatItHasYetToRead) {
  fs_.Append("/in/a.log", Numbers(1, 3));
  fs_.Append("/in/b.log", "x");
  world_.Start();
  world_.Poll();
  LiveSource live;
  world_.source().Describe(live);
  EXPECT_EQ(live.lag_bytes, 1u) << "the line without its newline";
}

TEST_F(DirectorySourceTest, RefusesAStateThatIsNotItsOwn) {
  world_.Start();
  const std::string good = world_.source().SaveState();
  EXPECT_TRUE(world_.source().RestoreState(good));
  EXPECT_FALSE(world_.source().RestoreState(good.substr(0, good.size() - 1)));
  EXPECT_FALSE(world_.source().RestoreState(good.substr(1)));
  EXPECT_FALSE(world_.source().RestoreState(""));
}

// Compressed files, on a real file system.
class CompressedDropTest : public testing::Test {
 protected:
  CompressedDropTest() {
    char name[] = "/tmp/bouncesight-drop-XXXXXX";
    folder_ = ::mkdtemp(name);
    world_ = std::make_unique<DropWorld>(fs_, folder_.string());
  }
  ~CompressedDropTest() override {
    world_.reset();
    std::filesystem::remove_all(folder_);
  }
  void Put(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  void Run(const std::string& command) {
    ASSERT_EQ(std::system(("cd " + folder_.string() + " && " + command).c_str()), 0) << command;
  }

  RealFileSystem fs_;
  std::filesystem::path folder_;
  std::unique_ptr<DropWorld> world_;
};

TEST_F(CompressedDropTest, ReadsEveryKind) {
  Put("a", Numbers(1, 10));
  Put("b", Numbers(11, 20));
  Put("c", Numbers(21, 30));
  Run("gzip a && xz b && bzip2 c");
  world_->Start();
  world_->Poll();
  world_->ExpectCounted(30);
  world_->Commit();
  world_->KillAndStart();
  world_->Poll();
  world_->ExpectCounted(30);
}

TEST_F(CompressedDropTest, GoesOnInTheMiddleAfterAKill) {
  Put("a", Numbers(1, 400'000));  // more than what is skipped in a turn
  Run("gzip -1 a");
  world_->Start();
  world_->clock.Advance(DirectorySource::kScanInterval);
  for (int turn = 0; turn < 30; ++turn) EXPECT_TRUE(world_->source().Turn());
  world_->Commit();
  EXPECT_GT(world_->lines.size(), 200'000u);
  world_->source().Turn();
  world_->KillAndStart();
  world_->clock.Advance(DirectorySource::kScanInterval);
  EXPECT_TRUE(world_->source().Turn());
  const auto before = world_->lines.size();
  world_->Commit();  // on its way to the place
  world_->KillAndStart();
  EXPECT_EQ(world_->lines.size(), before);
  world_->Poll();
  world_->ExpectCounted(400'000);
}

TEST_F(CompressedDropTest, ReadsOnInAFileThatIsStillBeingCopied) {
  std::mt19937 random(1);
  std::string text;
  for (int i = 1; i <= 20'000; ++i) {
    text += std::to_string(i) + " " + std::to_string(random()) + "\n";
  }
  Put("a", text);
  Run("gzip a && mv a.gz .whole && head -c 100000 .whole > a.gz");
  world_->Start();
  world_->Poll();
  EXPECT_GT(world_->lines.size(), 1000u);
  Run("tail -c +100001 .whole >> a.gz");
  world_->PollFor(2 * DirectorySource::kPatience);
  world_->ExpectCounted(20'000);
}

TEST_F(CompressedDropTest, ReadsWhatStandsBehindAPackedPartAndGoesOnInItAfterAKill) {
  Put("a", Numbers(1, 1000));
  Put("b", Numbers(1001, 300'000));
  Run("xz -0 a && cat b >> a.xz && rm b");
  world_->Start();
  world_->clock.Advance(DirectorySource::kScanInterval);
  for (int turn = 0; turn < 8; ++turn) EXPECT_TRUE(world_->source().Turn());
  world_->Commit();
  EXPECT_GT(world_->lines.size(), 1000u);
  EXPECT_LT(world_->lines.size(), 300'000u);
  world_->KillAndStart();
  world_->Poll();
  world_->ExpectCounted(300'000);
}

TEST_F(CompressedDropTest, CountsAllThatATornFileGives) {
  Put("a", Numbers(1, 100));
  Run("xz a && head -c -30 a.xz > b.xz && rm a.xz");  // without its index
  world_->Start();
  world_->PollFor(3 * DirectorySource::kPatience);
  world_->ExpectCounted(100);
  LiveSource live;
  world_->source().Describe(live);
  EXPECT_EQ(live.files_abandoned, 1u);
}

TEST_F(CompressedDropTest, GivesUpATornFileAndSaysSo) {
  Put("a", Numbers(1, 20'000));
  Run("gzip a && head -c 20000 a.gz > b.gz && rm a.gz");
  world_->Start();
  world_->PollFor(3 * DirectorySource::kPatience);
  const auto counted = world_->lines.size();
  LiveSource live;
  world_->source().Describe(live);
  EXPECT_EQ(live.files_abandoned, 1u);
  EXPECT_EQ(live.lag_bytes, 0u);
  world_->PollFor(3 * DirectorySource::kPatience);
  EXPECT_EQ(world_->lines.size(), counted);
}

TEST_F(CompressedDropTest, SaysWhyAFileIsRefusedAndCountsTheRestOnceItIsUnpackedInItsPlace) {
  const std::string asks_for_1_gib("\x28\xb5\x2f\xfd\x00\xa0", 6);  // a frame of zstd
  Put("a.zst", Gzip(Numbers(1, 30)) + asks_for_1_gib);
  CapturedLog log;
  world_->Start();
  world_->PollFor(3 * DirectorySource::kPatience);
  world_->ExpectCounted(30);
  EXPECT_THAT(log.text(), testing::HasSubstr("a.zst: asks for more than 128 MiB of memory"));
  EXPECT_THAT(log.text(), testing::HasSubstr("unpacked in its place, under the same name"));
  EXPECT_THAT(log.text(), testing::Not(testing::HasSubstr("torn")));
  LiveSource live;
  world_->source().Describe(live);
  EXPECT_EQ(live.files_abandoned, 1u);
  Put(".a", Numbers(1, 100));
  Run("mv .a a.zst");
  world_->PollFor(3 * DirectorySource::kPatience);
  world_->ExpectCounted(100);
}

TEST_F(CompressedDropTest, SaysWhatATornFileIsTornBy) {
  Put("a", Numbers(1, 20'000));
  Run("gzip a && head -c 20000 a.gz > b.gz && rm a.gz");
  CapturedLog log;
  world_->Start();
  world_->PollFor(3 * DirectorySource::kPatience);
  EXPECT_THAT(log.text(), testing::HasSubstr("b.gz: is torn (cut short): what stands after"));
  EXPECT_THAT(log.text(), testing::Not(testing::HasSubstr("Input/output error")));
}

}  // namespace
}  // namespace bouncesight
