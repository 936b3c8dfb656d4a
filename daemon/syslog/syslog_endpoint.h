// What the parts of a syslog source share: one socket that is read in slices, and the figures and
// gates of the source that it belongs to. All on the source's thread.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "daemon/syslog/peer_rates.h"
#include "daemon/system/net/peer_address.h"

namespace bouncesight {

// What became of a datagram: the label `result` of syslog_datagrams_total. Each has one.
enum class DatagramResult : std::uint8_t { kAccepted, kDenied, kRateLimited, kTruncated, kEmpty };
inline constexpr std::size_t kDatagramResults = 5;

// Why a connection ended: the label `result` of syslog_connections_total. Each has one, but for
// kBadFrame, which counts slips and ends nothing.
enum class ConnectionEnd : std::uint8_t {
  kClosed,       // by the peer, or the daemon ended
  kDenied,       // by the allow-list, before a byte was read
  kNoHandshake,  // TLS failed, or took too long
  kBadFrame,     // an octet count was wrong: it goes on at the next message
  kIdle,         // silent for too long
  kCrowdedOut,   // silent, when there were too many
};
inline constexpr std::size_t kConnectionEnds = 6;

const char* DatagramResultName(DatagramResult result);
const char* ConnectionEndName(ConnectionEnd end);

struct SyslogShared {
  SyslogShared(std::string source_name, PeerNetworks allowed, std::uint32_t rate_limit)
      : name(std::move(source_name)), networks(std::move(allowed)), rates(rate_limit) {}

  // Whether the peer may send. Says so in our log where not, as MayLog allows.
  bool Allows(const PeerAddress& peer);
  void Count(DatagramResult result) { ++datagrams[static_cast<std::size_t>(result)]; }
  void Count(ConnectionEnd end) { ++ends[static_cast<std::size_t>(end)]; }
  // Whether something that strangers can provoke may be logged: one such message per minute.
  bool MayLog();

  std::string name;
  PeerNetworks networks;
  PeerRates rates;
  std::chrono::steady_clock::time_point now;  // of this turn
  std::array<std::uint64_t, kDatagramResults> datagrams{};
  std::array<std::uint64_t, kConnectionEnds> ends{};
  bool heard = false;  // something was read since this was last false

 private:
  std::chrono::steady_clock::time_point next_log_{};
};

enum class Remaining : std::uint8_t {
  kDry,    // nothing is left: wait for the socket
  kMore,   // there may be more at once
  kLater,  // may not be read now, though there may be more: try again in a moment
  kGone,   // has ended
};

struct Slice {
  std::size_t bytes = 0;
  Remaining remaining = Remaining::kDry;
};

class SyslogEndpoint {
 public:
  // So much of a stream is read at a time at most; of datagrams one batch.
  static constexpr std::size_t kSliceBytes = 16 * 1024;

  virtual ~SyslogEndpoint() = default;
  virtual Slice Read() = 0;
  virtual int fd() const = 0;

  // For the source:
  bool queued = false;   // it stands in a queue
  bool watched = false;  // its news are told; else it is asked every now and then
};

}  // namespace bouncesight
