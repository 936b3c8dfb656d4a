#include "parsers/text/ip_network.h"

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(IpNetwork, HoldsTheAddressesWithinItAndNoOthers) {
  const struct {
    std::string_view network, address;
    bool held;
  } kCases[] = {
      {"127.0.0.0/8", "127.200.3.4", true},
      {"127.0.0.0/8", "128.0.0.1", false},
      {"192.0.2.128/25", "192.0.2.200", true},
      {"192.0.2.128/25", "192.0.2.127", false},
      {"192.0.2.7", "192.0.2.7", true},
      {"192.0.2.7", "192.0.2.8", false},
      {"192.0.2.0/24", "::ffff:192.0.2.9", true},
      {"0.0.0.0/0", "203.0.113.1", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"2001:db8::/32", "2001:db8:1:2:3:4:5:6", true},
      {"2001:db8::/32", "2001:db9::1", false},
      {"::1", "::1", true},
      {"::1", "::2", false},
      {"::/0", "2001:DB8::A", true},
  };
  for (const auto& c : kCases) {
    const auto network = ReadIpNetwork(c.network);
    const auto address = ReadIpAddress(c.address);
    ASSERT_TRUE(network && address) << c.network << " " << c.address;
    EXPECT_EQ(network->Holds(*address), c.held) << c.network << " " << c.address;
  }
}

TEST(IpNetwork, IsNotReadFromWhatIsNone) {
  for (const std::string_view text :
       {"", "127.0.0", "127.0.0.256", "1.2.3.4.5", "1.2.3.", "a.b.c.d", "1.2.3.4/33", "1.2.3.4/",
        "::1/129", "1:2:3", "1:2:3:4:5:6:7:8:9", ":::", "::1::", "12345::", "fe80::1%eth0",
        "mx.example.com", "1:2:3:4:5:6:7::8:9", "-1.2.3.4", "1:"}) {
    EXPECT_FALSE(ReadIpNetwork(text)) << text;
  }
}

TEST(IpNetwork, OfTheLoopbackIsBothFamilies) {
  const auto loopback = LoopbackNetworks();
  ASSERT_EQ(loopback.size(), 2U);
  EXPECT_TRUE(loopback[0].Holds(*ReadIpAddress("127.0.0.1")));
  EXPECT_TRUE(loopback[1].Holds(*ReadIpAddress("::1")));
}

}  // namespace
}  // namespace bouncesight
