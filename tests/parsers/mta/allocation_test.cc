#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "parsers/mta/format_reader.h"
#include "tests/parsers/mta/counting_new.h"
#include "tests/parsers/mta/wrappers.h"

namespace bouncesight {
namespace {

TEST(Allocation, IsNotNeededForALineOfAnyFormatInAnyWrapper) {
  LineGenerator generator(7);
  std::vector<std::string> lines;
  for (int i = 0; i < 300; ++i) {
    const GeneratedLine line = generator.Next();
    for (const Wrapper& wrapper : AllWrappers()) {
      for (const std::string& wrapped : wrapper.wrap(line)) lines.push_back(wrapped);
    }
  }
  FormatReader reader;
  std::size_t events = 0;
  const auto parse_all = [&] {
    for (const std::string& line : lines) {
      if (std::holds_alternative<DeliveryEvent>(reader.Parse(line))) ++events;
    }
  };
  const std::size_t at_start = AllocationsSoFar();
  parse_all();  // buffers grow to what these lines need
  EXPECT_GT(AllocationsSoFar(), at_start) << "the count does not count";
  const std::size_t before = AllocationsSoFar();
  parse_all();
  EXPECT_EQ(AllocationsSoFar(), before);
  EXPECT_EQ(events, 2 * 300 * AllWrappers().size());
}

}  // namespace
}  // namespace bouncesight
