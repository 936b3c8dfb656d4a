#include "parsers/text/hash.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(HashBytes, TellsLengthsPrefixesAndSeedsApart) {
  std::set<std::uint64_t> hashes;
  for (std::size_t length = 0; length < 40; ++length) {
    hashes.insert(HashBytes(std::string(length, '\0'), 1));
    hashes.insert(HashBytes(std::string(length, 'a'), 1));
    hashes.insert(HashBytes(std::string(length, 'a'), 2));
  }
  EXPECT_EQ(hashes.size(), 119U) << "only the two empty strings under seed 1 are the same";
}

TEST(StableHash, IsTheOneOfThePublishedVectors) {
  EXPECT_EQ(StableHash(""), 0xcbf29ce484222325ULL);
  EXPECT_EQ(StableHash("a"), 0xaf63dc4c8601ec8cULL);
  EXPECT_EQ(StableHash("foobar"), 0x85944171f73967e8ULL);
  Fnv1a parts;
  parts.Add("foo");
  for (const char c : {'b', 'a', 'r'}) parts.Add(c);
  EXPECT_EQ(parts.value(), StableHash("foobar"));
}

}  // namespace
}  // namespace bouncesight
