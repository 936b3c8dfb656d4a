#include "parsers/text/word8.h"

#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(AllAlnum, SaysOfEveryByteAtEveryPlaceWhatIsAlnumSays) {
  for (const std::size_t size : {1U, 5U, 7U, 8U, 9U, 11U, 15U, 16U, 17U, 20U}) {
    for (std::size_t at = 0; at < size; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text = std::string("3TQfw81BcdzZ09aAyY5x").substr(0, size);
        text[at] = static_cast<char>(byte);
        EXPECT_EQ(AllAlnum(text), IsAlnum(text[at])) << size << " at " << at << ": " << byte;
      }
    }
  }
  EXPECT_TRUE(AllAlnum(""));
}

}  // namespace
}  // namespace bouncesight
