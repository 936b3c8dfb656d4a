// The calls on a connected stream socket that reads without waiting.
#pragma once

#include <cstddef>
#include <span>

namespace bouncesight {

// The kernel asks after a peer of TCP that is silent, so that one that has vanished is known for it
// within three minutes.
void KeepAlive(int fd);

enum class Received : unsigned char { kBytes, kNothingYet, kAgain, kLater, kEnd };

// What is at hand, up to the buffer's size. kEnd: the peer has closed or reset the connection.
// kAgain: a signal came in between. kLater: the kernel has no memory for it now.
Received ReceiveNow(int fd, std::span<char> buffer, std::size_t& count);

// Whether a listening socket is one of IPv6; false also when it is not a socket at all.
bool IsIpv6Socket(int fd);

}  // namespace bouncesight
