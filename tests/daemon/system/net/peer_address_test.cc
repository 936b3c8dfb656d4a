#include "daemon/system/net/peer_address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace bouncesight {
namespace {

PeerAddress Peer(const std::string& text) {
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  v4.sin_family = AF_INET;
  v6.sin6_family = AF_INET6;
  if (::inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    return PeerAddress::Of(reinterpret_cast<const sockaddr*>(&v4));
  }
  EXPECT_EQ(::inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr), 1) << text;
  return PeerAddress::Of(reinterpret_cast<const sockaddr*>(&v6));
}

bool Holds(const std::vector<std::string>& networks, const std::string& peer) {
  const auto parsed = PeerNetworks::Parse(networks);
  EXPECT_TRUE(parsed);
  return parsed->Holds(Peer(peer));
}

TEST(PeerAddress, IsTheSameThroughASocketOfEitherFamily) {
  EXPECT_EQ(Peer("192.0.2.7"), Peer("::ffff:192.0.2.7"));
  EXPECT_EQ(Peer("::ffff:192.0.2.7").Text(), "192.0.2.7");
  EXPECT_EQ(Peer("2001:db8::7").Text(), "2001:db8::7");
  EXPECT_NE(Peer("192.0.2.7"), Peer("192.0.2.8"));
}

TEST(PeerNetworks, HoldTheLoopbackWhenNoneIsNamed) {
  for (const char* peer : {"127.0.0.1", "127.255.0.3", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(Holds({}, peer)) << peer;
  }
  for (const char* peer : {"192.0.2.1", "128.0.0.1", "::2", "2001:db8::1"}) {
    EXPECT_FALSE(Holds({}, peer)) << peer;
  }
}

TEST(PeerNetworks, CompareAsManyBitsAsTheyName) {
  struct Case {
    const char* network;
    const char* inside;
    const char* outside;
  };
  for (const auto& [network, inside, outside] : {
           Case{"192.0.2.0/24", "192.0.2.255", "192.0.3.0"},
           Case{"192.0.2.129/25", "192.0.2.200", "192.0.2.127"},
           Case{"192.0.2.7", "192.0.2.7", "192.0.2.6"},
           Case{"198.51.100.0/23", "198.51.101.9", "198.51.102.0"},
           Case{"2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::1"},
           Case{"2001:db8::1", "2001:db8::1", "2001:db8::2"},
           Case{"0.0.0.0/0", "203.0.113.1", "2001:db8::1"},
       }) {
    EXPECT_TRUE(Holds({network}, inside)) << network;
    EXPECT_FALSE(Holds({network}, outside)) << network;
  }
  EXPECT_TRUE(Holds({"::/0"}, "203.0.113.1")) << "all of IPv6 holds the mapped ones";
  EXPECT_FALSE(Holds({"192.0.2.0/24"}, "127.0.0.1")) << "what is named stands in place of loopback";
}

TEST(PeerNetworks, LetProgramsOfThisHostThroughUnixSockets) {
  PeerAddress local;
  local.local = true;
  const auto networks = PeerNetworks::Parse({"192.0.2.0/24"});
  ASSERT_TRUE(networks);
  EXPECT_TRUE(networks->Holds(local));
}

TEST(PeerNetworks, RefuseWhatIsNoNetwork) {
  for (const char* text : {"192.0.2.0/33", "192.0.2/24", "2001:db8::/129", "example.com", "",
                           "::1/", "192.0.2.0/2x"}) {
    EXPECT_FALSE(PeerNetworks::Parse({text})) << text;
  }
}

}  // namespace
}  // namespace bouncesight
