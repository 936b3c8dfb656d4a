#include "daemon/files/position_codec.h"

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

FileSourceState Sample() {
  FileSourceState state;
  state.patterns = {"/log/a"};
  for (const std::uint64_t inode : {9, 10}) {
    FilePosition position;
    position.path = "/log/a";
    position.identity = {{7, inode}, 3, 4, 2, 5};
    position.offset = 3;
    position.modified_ns = 6;
    position.size = 8;
    state.positions.push_back(position);
  }
  state.counts = {1, 2, 3, 4, 0};
  return state;
}

// As the versions before wrote it, byte by byte.
std::string Golden(char version) {
  const std::string size = version >= 3 ? "\x08" : "";
  const auto position = [&](char inode) {
    return std::string("\x06/log/a\x07") + inode + std::string("\x03\x04\x02\x05\x03\x06") + size +
           std::string(1, '\0');
  };
  return std::string(1, version) + "\x01\x06/log/a\x02" + position(9) + position(10) +
         "\x01\x02\x03" + (version >= 3 ? "\x04" : "");
}

TEST(PositionCodec, GivesBackWhatItWasGiven) {
  FileSourceState state = Sample();
  state.positions[1].current = true;
  state.positions[1].true_path = "/far/a";
  state.positions[0].finished = true;
  state.counts.gaps = 12;
  const auto read = DecodeFileState(EncodeFileState(state));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, state);
}

// The last one of a path was the one that it named.
TEST(PositionCodec, TakesOverTheRecordsOfEarlierVersions) {
  for (const char version : {'\x02', '\x03'}) {
    FileSourceState expected = Sample();
    expected.positions[1].current = true;
    if (version == 2) {
      for (auto& position : expected.positions) position.size = position.offset;
      expected.counts.lost_bytes = 0;
    }
    const auto read = DecodeFileState(Golden(version));
    ASSERT_TRUE(read) << int{version};
    EXPECT_EQ(*read, expected) << int{version};
  }
}

TEST(PositionCodec, RefusesOtherVersionsAndTornRecords) {
  const std::string bytes = EncodeFileState(Sample());
  EXPECT_FALSE(DecodeFileState(""));
  EXPECT_FALSE(DecodeFileState("\x01" + bytes.substr(1)));
  EXPECT_FALSE(DecodeFileState("\x05" + bytes.substr(1)));
  for (std::size_t n = 1; n < bytes.size(); ++n) EXPECT_FALSE(DecodeFileState(bytes.substr(0, n)));
}

}  // namespace
}  // namespace bouncesight
