#include "daemon/count/state_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/count/crc32c.h"
#include "daemon/count/state_slot.h"
#include "tests/daemon/system/memory_fs.h"

namespace bouncesight {
namespace {

using testing::HasSubstr;

std::string Record(int number, std::size_t size) {
  return "record " + std::to_string(number) + " " +
         std::string(size, static_cast<char>('a' + number));
}

std::optional<std::string> LoadFrom(MemoryFs& fs) {
  StateStore store(fs, "/state");
  auto load = store.Load();
  return load ? load->payload : std::optional<std::string>("error: " + load.error().message);
}

TEST(Crc32c, IsCastagnolis) { EXPECT_EQ(Crc32c("123456789"), 0xE3069283u); }

TEST(StateStore, StartsWithNothing) {
  MemoryFs fs;
  StateStore store(fs, "/state");
  const auto load = store.Load();
  ASSERT_TRUE(load);
  EXPECT_FALSE(load->payload);
  EXPECT_FALSE(load->reset);
}

TEST(StateStore, GivesTheNewestRecord) {
  MemoryFs fs;
  for (int i = 0; i < 5; ++i) {
    StateStore store(fs, "/state");
    ASSERT_TRUE(store.Load());
    ASSERT_TRUE(store.Write(Record(i, 100)));
    EXPECT_EQ(LoadFrom(fs), Record(i, 100));
  }
}

// Power is lost in the middle of a write, at every 512 bytes and some others.
TEST(StateStore, T20SurvivesATornWriteAnywhere) {
  for (std::size_t cut = 0; cut < 3000; cut += cut % 512 == 0 ? 1 : 511) {
    MemoryFs fs;
    StateStore store(fs, "/state");
    ASSERT_TRUE(store.Load());
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(store.Write(Record(i, 2000)));
    const std::string path = "/state/state.0";
    const std::string before = fs.Find(path)->bytes;
    ASSERT_TRUE(store.Write(Record(4, 2000)));
    std::string& bytes = fs.Find(path)->bytes;
    const std::string after = bytes;
    for (const bool front_first : {true, false}) {
      const std::size_t at = std::min(cut, after.size());
      bytes = front_first ? after.substr(0, at) + before.substr(at)
                          : before.substr(0, at) + after.substr(at);
      const auto loaded = LoadFrom(fs);
      EXPECT_TRUE(loaded == Record(3, 2000) || loaded == Record(4, 2000)) << cut;
    }
  }
}

TEST(StateStore, T20PassesOverASlotWithAnyByteFlipped) {
  MemoryFs fs;
  StateStore store(fs, "/state");
  ASSERT_TRUE(store.Load());
  ASSERT_TRUE(store.Write(Record(0, 100)));
  ASSERT_TRUE(store.Write(Record(1, 100)));
  std::string& bytes = fs.Find("/state/state.1")->bytes;
  const std::size_t used = StateStore::kHeaderBytes + Record(1, 100).size();
  for (std::size_t i = 0; i < used; ++i) {
    bytes[i] = static_cast<char>(bytes[i] ^ 0x10);
    EXPECT_EQ(LoadFrom(fs), Record(0, 100)) << i;
    bytes[i] = static_cast<char>(bytes[i] ^ 0x10);
  }
}

// Nothing unsynced is left, and slots are cut short at every 512 bytes.
TEST(StateStore, T20KeepsWhatWasSyncedOverAPowerLoss) {
  MemoryFs fs;
  StateStore store(fs, "/state");
  ASSERT_TRUE(store.Load());
  ASSERT_TRUE(store.Write(Record(0, 5000)));
  ASSERT_TRUE(store.Write(Record(1, 5000)));
  fs.fault = [](const std::string& call, const std::string&) { return call == "sync" ? -EIO : 0; };
  EXPECT_FALSE(store.Write(Record(2, 5000)));
  fs.fault = nullptr;
  auto lost = fs.Find("/state/state.0");
  lost->bytes = lost->synced;
  EXPECT_EQ(LoadFrom(fs), Record(1, 5000));
  for (std::size_t size = 0; size < lost->synced.size(); size += 512) {
    lost->bytes = lost->synced.substr(0, size);
    EXPECT_EQ(LoadFrom(fs), Record(1, 5000)) << size;
  }
}

TEST(StateStore, T20CountsFromZeroWhenBothSlotsAreTorn) {
  MemoryFs fs;
  fs.Append("/state/state.0", "rubbish");
  fs.Append("/state/state.1", std::string(5000, 'x'));
  StateStore store(fs, "/state");
  const auto load = store.Load();
  ASSERT_TRUE(load);
  EXPECT_FALSE(load->payload);
  EXPECT_TRUE(load->reset);
  EXPECT_THAT(load->note, HasSubstr("/state/state.0 is torn"));
  EXPECT_TRUE(store.Write("new"));
  EXPECT_EQ(LoadFrom(fs), "new");
}

TEST(StateStore, T20TakesASlotWithoutAHeaderForTornIfItHoldsBytes) {
  MemoryFs fs;
  fs.Append("/state/state.0", std::string(100, '\0') + "what was a record");
  fs.Append("/state/state.1", std::string(4096, '\0'));  // only reserved
  StateStore store(fs, "/state");
  const auto load = store.Load();
  ASSERT_TRUE(load);
  EXPECT_TRUE(load->reset);
  EXPECT_THAT(load->note, HasSubstr("/state/state.0 is torn"));
}

TEST(StateStore, SaysWhatHelpsByWhatTheSystemSays) {
  struct Case {
    int error;
    const char* remedy;
  };
  for (const Case& each : {Case{-ENOSPC, "make room on its disk"}, Case{-EACCES, "make the folder"},
                           Case{-EROFS, "make the folder"}, Case{-EIO, "is its disk well?"}}) {
    MemoryFs fs;
    StateStore store(fs, "/state");
    ASSERT_TRUE(store.Load());
    fs.fault = [&](const std::string& call, const std::string&) {
      return call == "write" ? each.error : 0;
    };
    EXPECT_THAT(store.Write("x").error().message, HasSubstr(each.remedy));
  }
}

TEST(StateStore, T22RefusesAStateOfAnotherVersion) {
  MemoryFs fs;
  fs.Append("/state/state.0", SlotHeader(StateStore::kVersion + 1, 9, "payload") + "payload");
  StateStore store(fs, "/state");
  const auto load = store.Load();
  ASSERT_FALSE(load);
  EXPECT_THAT(load.error().message, HasSubstr("has version 2, this program reads version 1"));
}

TEST(StateStore, T21WritesAgainWhatFailedForAWhile) {
  for (const char* failing : {"open", "write", "sync"}) {
    MemoryFs fs;
    StateStore store(fs, "/state");
    ASSERT_TRUE(store.Load());
    ASSERT_TRUE(store.Write(Record(0, 100)));
    fs.fault = [&](const std::string& call, const std::string&) {
      return call == failing ? -ENOSPC : 0;
    };
    for (int i = 0; i < 3; ++i) {
      const Status status = store.Write(Record(1, 100));
      ASSERT_FALSE(status) << failing;
      EXPECT_THAT(status.error().message, HasSubstr("/state/state.1"));
    }
    fs.fault = nullptr;
    EXPECT_EQ(LoadFrom(fs).value().substr(0, 6), "record");
    EXPECT_TRUE(store.Write(Record(2, 100)));
    EXPECT_EQ(LoadFrom(fs), Record(2, 100));
  }
}

// B1: two daemons that wrote one folder in turn each lost what the other had counted.
TEST(StateStore, LetsNoSecondDaemonIntoTheFolder) {
  MemoryFs fs;
  fs.fault = [](const std::string& call, const std::string&) {
    return call == "lock" ? -EWOULDBLOCK : 0;
  };
  StateStore store(fs, "/state");
  const auto load = store.Load();
  ASSERT_FALSE(load);
  EXPECT_THAT(load.error().message, HasSubstr("/state/lock: another bouncesight"));
}

TEST(StateStore, T21GoesOnWhereNoLockCanBeHad) {
  MemoryFs fs;
  fs.fault = [](const std::string& call, const std::string& path) {
    return call == "open" && path == "/state/lock" ? -EROFS : call == "lock" ? -ENOLCK : 0;
  };
  StateStore store(fs, "/state");
  EXPECT_TRUE(store.Load());
}

// B2: records went on into deleted files, and the next start found nothing.
TEST(StateStore, WritesASlotAnewThatWasDeletedWhileOpen) {
  MemoryFs fs;
  StateStore store(fs, "/state");
  ASSERT_TRUE(store.Load());
  ASSERT_TRUE(store.Write(Record(0, 100)));
  ASSERT_TRUE(store.Write(Record(1, 100)));
  fs.Remove("/state/state.0");
  fs.Remove("/state/state.1");
  ASSERT_TRUE(store.Write(Record(2, 100)));
  EXPECT_EQ(LoadFrom(fs), Record(2, 100));
}

// A full disk gives no new blocks; what is reserved is enough.
TEST(StateStore, T21GoesOnWithoutNewBlocks) {
  MemoryFs fs;
  StateStore store(fs, "/state");
  ASSERT_TRUE(store.Load());
  ASSERT_TRUE(store.Write(Record(0, 3000)));
  ASSERT_TRUE(store.Write(Record(1, 3000)));
  int asked = 0;
  fs.fault = [&](const std::string& call, const std::string&) {
    asked += call == "reserve";
    return call == "reserve" ? -ENOSPC : 0;
  };
  for (int i = 2; i < 9; ++i) ASSERT_TRUE(store.Write(Record(i, 5000)));
  EXPECT_EQ(asked, 0);
}

}  // namespace
}  // namespace bouncesight
