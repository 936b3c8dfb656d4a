// A store of the state on a disk in memory, for its tests.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/count/crc32c.h"
#include "daemon/count/state_slot.h"
#include "daemon/count/state_store.h"
#include "tests/daemon/system/memory_fs.h"

namespace bouncesight {

inline const std::string kLog = "/state/state.0.log";

inline std::string Text(int number, std::size_t size) {
  return "commit " + std::to_string(number) + " " +
         std::string(size, static_cast<char>('a' + number % 26));
}

inline std::string Slot(std::uint32_t version, std::uint64_t generation,
                        const std::string& payload) {
  return SlotHeader(version, generation, payload.size(), Crc32c(payload)) + payload;
}

// What a start finds: the record and its changes, one behind the other.
inline std::vector<std::string> LoadFrom(MemoryFs& fs) {
  StateStore store(fs, "/state");
  auto load = store.Load();
  if (!load) return {"error: " + load.error().message};
  std::vector<std::string> all = load->changes;
  if (load->record) all.insert(all.begin(), *load->record);
  return all;
}

// A store on `fs` that holds a record and so many changes of a size.
struct World {
  explicit World(int changes = 0, std::size_t size = 100) {
    EXPECT_TRUE(store.Load());
    EXPECT_TRUE(store.WriteRecord(Text(0, size)));
    expected = {Text(0, size)};
    for (int i = 1; i <= changes; ++i) {
      EXPECT_TRUE(store.WriteChange(Text(i, size)));
      expected.push_back(Text(i, size));
    }
  }
  MemoryFs fs;
  StateStore store{fs, "/state"};
  std::vector<std::string> expected;
};

}  // namespace bouncesight
