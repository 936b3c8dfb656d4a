#include "daemon/system/unpacker.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "tests/daemon/system/packed_text.h"

namespace bouncesight {
namespace {

TEST(Unpacker, RunsNoOtherProgram) {
  for (const std::string& magic : {std::string("GRZipII\0\2\4:)", 12), std::string("LRZI\0\6", 6),
                                   std::string("\x89LZO\0\r\n\x1a\n", 9)}) {
    const std::string packed = magic + std::string(100, '\0');
    Unpacker unpacker(PullFrom(packed));
    ASSERT_TRUE(unpacker.Open());
    std::string plain(packed.size() + 10, 'x');
    const std::int64_t n = unpacker.Read(plain);
    EXPECT_EQ(plain.substr(0, static_cast<std::size_t>(std::max<std::int64_t>(n, 0))), packed)
        << "taken as it stands";
  }
}

}  // namespace
}  // namespace bouncesight
