#include "daemon/system/net/listen_address.h"

#include <gmock/gmock.h>

namespace bouncesight {
namespace {

using testing::HasSubstr;

TEST(ListenAddress, ReadsEveryKind) {
  struct Case {
    const char* text;
    Transport transport;
    const char* host_or_name;
    int port;
  };
  for (const auto& [text, transport, host_or_name, port] : {
           Case{"udp://127.0.0.1:5514", Transport::kUdp, "127.0.0.1", 5514},
           Case{"udp://[::1]:514", Transport::kUdp, "::1", 514},
           Case{"tcp://localhost:0", Transport::kTcp, "127.0.0.1", 0},
           Case{"tls://[2001:db8::1]:6514", Transport::kTls, "2001:db8::1", 6514},
           Case{"unix:///run/x/log", Transport::kUnixDatagram, "/run/x/log", 0},
           Case{"unix-stream:///run/x", Transport::kUnixStream, "/run/x", 0},
           Case{"systemd:syslog", Transport::kSystemd, "syslog", 0},
       }) {
    const auto address = ParseListenAddress(text);
    ASSERT_TRUE(address) << text << ": " << address.error().message;
    EXPECT_EQ(address->transport, transport) << text;
    EXPECT_EQ(address->host.empty() ? address->name : address->host, host_or_name) << text;
    EXPECT_EQ(address->port, port) << text;
    EXPECT_EQ(address->text, text);
  }
}

TEST(ListenAddress, SaysWhatToWriteInstead) {
  for (const auto& [text, remedy] : {
           std::pair{"127.0.0.1:514", "write udp://HOST:PORT"},
           {"udp://:514", "name the address to bind"},
           {"udp://mail.example.com:514", "an address, not a name"},
           {"tcp://127.0.0.1", "write HOST:PORT"},
           {"tcp://127.0.0.1:65536", "write HOST:PORT"},
           {"unix://run/x", "write an absolute path"},
           {"systemd:", "FileDescriptorName="},
           {"systemd:a b", "FileDescriptorName="},
       }) {
    const auto address = ParseListenAddress(text);
    ASSERT_FALSE(address) << text;
    EXPECT_THAT(address.error().message, HasSubstr(remedy)) << text;
  }
  const auto longest = ParseListenAddress("unix:///" + std::string(107, 'x'));
  ASSERT_FALSE(longest);
  EXPECT_THAT(longest.error().message, HasSubstr("at most 107 bytes"));
}

}  // namespace
}  // namespace bouncesight
