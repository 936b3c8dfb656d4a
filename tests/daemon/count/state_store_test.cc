#include "daemon/count/state_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/count/state_world.h"

namespace bouncesight {
namespace {

using testing::HasSubstr;

// RFC 3720, B.4, and the check value of the catalogues.
TEST(Crc32c, IsCastagnolis) {
  EXPECT_EQ(Crc32c(""), 0u);
  EXPECT_EQ(Crc32c("123456789"), 0xE3069283u);
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8A9136AAu);
  EXPECT_EQ(Crc32c(std::string(32, '\xff')), 0x62A8AB43u);
}

TEST(StateStore, StartsWithNothing) {
  MemoryFs fs;
  StateStore store(fs, "/state");
  const auto load = store.Load();
  ASSERT_TRUE(load);
  EXPECT_FALSE(load->record);
  EXPECT_FALSE(load->reset);
  EXPECT_TRUE(store.wants_record());
}

TEST(StateStore, GivesTheRecordAndAllChangesBehindIt) {
  for (const std::size_t size : {0, 100, 4000, 4072, 4073, 10000}) {
    World world(5, size);
    EXPECT_EQ(LoadFrom(world.fs), world.expected) << size;
    EXPECT_EQ(world.store.generation(), 6U);
  }
}

TEST(StateStore, BeginsEachRunWithAWholeRecord) {
  World world(3);
  StateStore store(world.fs, "/state");
  ASSERT_TRUE(store.Load());
  EXPECT_EQ(store.generation(), 4U) << "of all runs";
  EXPECT_EQ(store.need(), StateStore::Need::kRecord);
  ASSERT_TRUE(store.WriteRecord("folded"));
  EXPECT_EQ(store.need(), StateStore::Need::kFold) << "so that two ways lead on";
  EXPECT_EQ(LoadFrom(world.fs), std::vector<std::string>{"folded"});
  ASSERT_TRUE(store.WriteChange("and on"));
  EXPECT_EQ(LoadFrom(world.fs), (std::vector<std::string>{"folded", "and on"}));
}

TEST(StateStore, WantsAWholeRecordWhenTheLogHasGrown) {
  World world;
  ASSERT_TRUE(world.store.Fold(Text(0, 100)));
  int changes = 0;
  const std::uint64_t began = world.store.bytes_written();
  EXPECT_EQ(began, 2 * (kSlotHeaderBytes + Text(0, 100).size()));
  for (; !world.store.wants_record(); ++changes) {
    ASSERT_TRUE(world.store.WriteChange(Text(changes, 100)));
  }
  EXPECT_EQ(world.store.need(), StateStore::Need::kFold);
  EXPECT_EQ(changes, StateStore::kMinLog / kLogPage - 1) << "one more has room";
  EXPECT_TRUE(world.store.WriteChange("one more"));
  const std::uint64_t before = world.store.bytes_written();
  EXPECT_EQ(before - began, static_cast<std::size_t>(changes + 1) * kLogPage);
  ASSERT_TRUE(world.store.Fold("folded"));
  EXPECT_EQ(world.store.bytes_written() - before, kSlotHeaderBytes + 6U);
  EXPECT_FALSE(world.store.wants_record());
  EXPECT_EQ(LoadFrom(world.fs), std::vector<std::string>{"folded"});
}

// Power is lost in the middle of a change, at every byte.
TEST(StateStore, T20CutsTheLogAtTheLastWholeRecord) {
  for (const std::size_t size : {40, 4060}) {
    World world(3, size);
    const auto node = world.fs.Find(kLog);
    const std::string log = node->bytes;
    const std::size_t pages = (kLogHeaderBytes + Text(1, size).size() + kLogPage - 1) / kLogPage;
    const std::size_t page = pages * kLogPage;
    for (std::size_t cut = 0; cut <= 3 * page; cut += cut % kLogPage < 120 ? 1 : 61) {
      node->bytes = log.substr(0, cut);
      const auto found = LoadFrom(world.fs);
      std::size_t whole = cut / page;
      if (cut % page >= kLogHeaderBytes + Text(1, size).size()) ++whole;  // but for its NULs
      const std::vector<std::string> expected(
          world.expected.begin(), world.expected.begin() + static_cast<std::ptrdiff_t>(whole) + 1);
      ASSERT_EQ(found, expected) << cut;
      // The same with zeros in place of what was not written, as in a log that was made larger.
      node->bytes.resize(log.size());
      ASSERT_EQ(LoadFrom(world.fs), expected) << cut;
    }
  }
}

TEST(StateStore, T20CutsTheLogAtAnyBitThatFlipped) {
  World world(3, 40);
  const auto node = world.fs.Find(kLog);
  const std::size_t used = kLogHeaderBytes + Text(1, 40).size();
  for (std::size_t record = 0; record < 3; ++record) {
    for (std::size_t bit = 0; bit < 8 * used; ++bit) {
      char& byte = node->bytes[record * kLogPage + bit / 8];
      byte = static_cast<char>(byte ^ (1 << bit % 8));
      const auto found = LoadFrom(world.fs);
      byte = static_cast<char>(byte ^ (1 << bit % 8));
      ASSERT_EQ(found, std::vector<std::string>(
                           world.expected.begin(),
                           world.expected.begin() + static_cast<std::ptrdiff_t>(record) + 1))
          << record << ' ' << bit;
    }
  }
  EXPECT_EQ(LoadFrom(world.fs), world.expected);
}

TEST(StateStore, T20SaysWhereTheLogIsTorn) {
  World world(3);
  world.fs.Find(kLog)->bytes[kLogPage + 50] ^= 1;
  StateStore store(world.fs, "/state");
  EXPECT_THAT(store.Load()->note, HasSubstr("/state/state.0.log is torn at byte 4096"));
}

// Also where another log lay in the same place, and records of it are whole.
TEST(StateStore, NeverTakesWhatAnEarlierLogHeldForItsContinuation) {
  World world(6);
  ASSERT_TRUE(world.store.Fold("folded"));
  ASSERT_TRUE(world.store.WriteChange("behind it"));
  ASSERT_TRUE(world.store.Fold("folded"));  // where six changes lay
  for (int i = 0; i < 3; ++i) {
    StateStore store(world.fs, "/state");
    EXPECT_EQ(store.Load()->note, "");
    ASSERT_TRUE(world.store.WriteChange("change " + std::to_string(i)));
    EXPECT_EQ(LoadFrom(world.fs).size(), 2U + static_cast<std::size_t>(i));
  }
}

// Programs before had one log for both slots.
TEST(StateStore, TakesOverTheSlotsAndTheLogOfVersion2) {
  MemoryFs fs;
  fs.Append("/state/state.0", Slot(2, 4, "older"));
  fs.Append("/state/state.1", Slot(2, 8, "newer"));
  LogPlace place{8, Crc32c("newer"), 0};
  fs.Append("/state/state.log", LogRecord(place, "one"));
  fs.Append("/state/state.log", LogRecord(place, "two"));
  EXPECT_EQ(LoadFrom(fs), (std::vector<std::string>{"newer", "one", "two"}));
  StateStore store(fs, "/state");
  ASSERT_TRUE(store.Load());
  ASSERT_TRUE(store.WriteRecord("ours"));
  ASSERT_TRUE(store.WriteChange("three"));
  EXPECT_EQ(LoadFrom(fs), (std::vector<std::string>{"ours", "three"}));
}

// Power is lost in the middle of a whole record, at every 512 bytes and some others.
TEST(StateStore, T20SurvivesATornRecordAnywhere) {
  for (std::size_t cut = 0; cut < 3000; cut += cut % 512 == 0 ? 1 : 511) {
    World world(2, 2000);
    const std::string path = "/state/state.1";
    const std::string before = world.fs.Find(path)->bytes;
    ASSERT_TRUE(world.store.WriteRecord(Text(9, 2000)));
    std::string& bytes = world.fs.Find(path)->bytes;
    const std::string after = bytes;
    for (const bool front_first : {true, false}) {
      const std::size_t at = std::min(cut, after.size());
      bytes = front_first ? after.substr(0, at) + before.substr(at)
                          : before.substr(0, at) + after.substr(at);
      const auto loaded = LoadFrom(world.fs);
      EXPECT_TRUE(loaded == world.expected || loaded == std::vector<std::string>{Text(9, 2000)})
          << cut;
    }
  }
}

TEST(StateStore, T20KeepsWhatWasSyncedOverAPowerLoss) {
  World world(2, 5000);
  world.fs.fault = [](const std::string& call, const std::string&) {
    return call == "sync" ? -EIO : 0;
  };
  EXPECT_FALSE(world.store.WriteChange(Text(3, 5000)));
  EXPECT_FALSE(world.store.WriteRecord(Text(4, 5000)));
  world.fs.fault = nullptr;
  for (const char* file : {"/state/state.0", "/state/state.1", "/state/state.0.log"}) {
    world.fs.Find(file)->bytes = world.fs.Find(file)->synced;
  }
  EXPECT_EQ(LoadFrom(world.fs), world.expected);
  ASSERT_TRUE(world.store.WriteRecord(Text(5, 5000)));
  EXPECT_EQ(LoadFrom(world.fs), std::vector<std::string>{Text(5, 5000)});
}

TEST(StateStore, T20CountsFromZeroWhenBothSlotsAreTorn) {
  MemoryFs fs;
  fs.Append("/state/state.0", "rubbish");
  fs.Append("/state/state.1", std::string(5000, 'x'));
  StateStore store(fs, "/state");
  const auto load = store.Load();
  ASSERT_TRUE(load);
  EXPECT_FALSE(load->record);
  EXPECT_TRUE(load->reset);
  EXPECT_THAT(load->note, HasSubstr("/state/state.0 is torn"));
  EXPECT_TRUE(store.WriteRecord("new"));
  EXPECT_EQ(LoadFrom(fs), std::vector<std::string>{"new"});
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
    EXPECT_THAT(store.WriteRecord("x").error().message, HasSubstr(each.remedy));
  }
}

TEST(StateStore, TakesOverTheSlotsOfVersion1) {
  MemoryFs fs;
  fs.Append("/state/state.0", Slot(1, 8, "older"));
  fs.Append("/state/state.1", Slot(1, 9, "newer"));
  EXPECT_EQ(LoadFrom(fs), std::vector<std::string>{"newer"});
  StateStore store(fs, "/state");
  ASSERT_TRUE(store.Load());
  EXPECT_EQ(store.generation(), 9U);
  ASSERT_TRUE(store.WriteRecord("ours"));
  ASSERT_TRUE(store.WriteChange("and a change"));
  EXPECT_EQ(LoadFrom(fs), (std::vector<std::string>{"ours", "and a change"}));
  EXPECT_EQ(ReadSlot(fs.Find("/state/state.1")->bytes).payload, "newer")
      << "until the next whole record, in case that this one is torn";
}

TEST(StateStore, T22RefusesAStateOfAnotherVersion) {
  for (const std::uint32_t version : {0U, kSlotVersion + 1}) {
    MemoryFs fs;
    fs.Append("/state/state.0", Slot(version, 9, "payload"));
    StateStore store(fs, "/state");
    const auto load = store.Load();
    ASSERT_FALSE(load);
    EXPECT_THAT(load.error().message, HasSubstr("has version " + std::to_string(version) +
                                                ", this program reads up to version 3"));
  }
}

TEST(StateStore, T21WritesAgainWhatFailedForAWhile) {
  for (const char* failing : {"open", "write", "sync"}) {
    World world;
    StateStore& store = world.store;
    world.fs.fault = [&](const std::string& call, const std::string&) {
      return call == failing ? -ENOSPC : 0;
    };
    if (std::string(failing) != "open") {  // the log is open
      const Status status = store.WriteChange("change");
      ASSERT_FALSE(status) << failing;
      EXPECT_THAT(status.error().message, HasSubstr(kLog));
      EXPECT_EQ(store.need(), StateStore::Need::kRecord);
      for (int i = 0; i < 3; ++i) {
        const Status again = store.WriteRecord("record");
        ASSERT_FALSE(again) << failing;
        EXPECT_THAT(again.error().message, HasSubstr("/state/state.1"));
      }
    }
    world.fs.fault = nullptr;
    if (std::string(failing) != "sync") {  // what was not synced may be there all the same
      EXPECT_EQ(LoadFrom(world.fs).front(), world.expected.front());
    }
    EXPECT_TRUE(store.WriteRecord("record again"));
    EXPECT_TRUE(store.WriteChange("change again"));
    EXPECT_EQ(LoadFrom(world.fs), (std::vector<std::string>{"record again", "change again"}));
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
TEST(StateStore, WritesAllAnewWhenAFileWasDeletedWhileOpen) {
  for (const char* deleted : {"/state/state.0", "/state/state.0.log"}) {
    World world(3);
    world.fs.Remove(deleted);
    EXPECT_TRUE(world.store.wants_record()) << deleted;
    EXPECT_FALSE(world.store.WriteChange("lost"));
    ASSERT_TRUE(world.store.WriteRecord("all anew"));
    ASSERT_TRUE(world.store.WriteChange("and on"));
    EXPECT_EQ(LoadFrom(world.fs), (std::vector<std::string>{"all anew", "and on"}));
  }
}

// A full disk gives no new blocks; what is reserved is enough, around and around.
TEST(StateStore, T21GoesOnWithoutNewBlocks) {
  World world(1, 3000);
  world.fs.fault = [&](const std::string& call, const std::string&) {
    return call == "reserve" ? -ENOSPC : 0;
  };
  const std::size_t room = world.fs.Find("/state/state.0")->bytes.size();
  const std::size_t log = world.fs.Find(kLog)->bytes.size();
  int records = 0;
  for (int i = 2; i < 100; ++i) {
    const bool whole = world.store.wants_record();
    records += whole ? 1 : 0;
    ASSERT_TRUE(world.store.WriteChange(Text(i, 3000)));
    EXPECT_EQ(LoadFrom(world.fs).back(), Text(i, 3000));
    ASSERT_TRUE(!whole || world.store.Fold(Text(i, 5000)));
    EXPECT_EQ(LoadFrom(world.fs).back(), Text(i, whole ? 5000 : 3000));
  }
  EXPECT_GT(records, 3);
  EXPECT_EQ(world.fs.Find("/state/state.0")->bytes.size(), room);
  EXPECT_EQ(world.fs.Find("/state/state.1")->bytes.size(), room);
  EXPECT_EQ(world.fs.Find(kLog)->bytes.size(), log);
}

}  // namespace
}  // namespace bouncesight
