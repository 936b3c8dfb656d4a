#include "parsers/mta/format.h"

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(Format, HasTheNameOfItsMtaAndIsFoundByIt) {
  ASSERT_EQ(AllFormats().size(), kMtaCount);
  for (const FormatRow& row : AllFormats()) {
    ASSERT_TRUE(MtaOf(row.format)) << row.name;
    EXPECT_EQ(MtaName(*MtaOf(row.format)), row.name);
    EXPECT_EQ(FormatFromName(row.name), row.format);
  }
  EXPECT_FALSE(MtaOf(Format::kAuto));
  EXPECT_EQ(FormatFromName("auto"), Format::kAuto);
  EXPECT_FALSE(FormatFromName("nosuch"));
}

}  // namespace
}  // namespace bouncesight
