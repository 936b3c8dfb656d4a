#include "daemon/syslog/syslog_endpoint.h"

#include "daemon/system/log.h"

namespace bouncesight {
namespace {

constexpr std::chrono::minutes kBetweenLogs{1};

}  // namespace

const char* DatagramResultName(DatagramResult result) {
  constexpr std::array<const char*, kDatagramResults> kNames = {
      "accepted", "denied", "rate_limited", "truncated", "empty"};
  return kNames[static_cast<std::size_t>(result)];
}

const char* ConnectionEndName(ConnectionEnd end) {
  constexpr std::array<const char*, kConnectionEnds> kNames = {
      "closed", "denied", "no_handshake", "bad_frame", "idle", "crowded_out"};
  return kNames[static_cast<std::size_t>(end)];
}

bool SyslogShared::Allows(const PeerAddress& peer) {
  if (networks.Holds(peer)) return true;
  if (MayLog()) {
    LogWarning("source {}: {} may not send; to let it, add it to `allow` of the source", name,
               peer.Text());
  }
  return false;
}

bool SyslogShared::MayLog() {
  if (now < next_log_) return false;
  next_log_ = now + kBetweenLogs;
  return true;
}

}  // namespace bouncesight
