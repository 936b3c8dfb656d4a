#include "parsers/text/text.h"

#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(SameBytes, SeesEveryByteOfEveryLength) {
  for (std::size_t size = 0; size <= 40; ++size) {
    const std::string text =
        std::string("a.host-name.of.some-length.example.org!!").substr(0, size);
    EXPECT_TRUE(SameBytes(text, std::string(text))) << size;
    EXPECT_FALSE(SameBytes(text, text + "x")) << size;
    EXPECT_FALSE(SameBytes(text + "x", text)) << size;
    for (std::size_t at = 0; at < size; ++at) {
      std::string other = text;
      other[at] = static_cast<char>(other[at] ^ 0x80);
      EXPECT_FALSE(SameBytes(text, other)) << size << " at " << at;
    }
  }
}

}  // namespace
}  // namespace bouncesight
