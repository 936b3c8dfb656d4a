// One connection that sends syslog, plain or under TLS. Never writes but what TLS needs.
#pragma once

#include <chrono>
#include <memory>

#include "daemon/count/line_stream.h"
#include "daemon/syslog/syslog_endpoint.h"
#include "daemon/syslog/syslog_framer.h"
#include "daemon/system/net/tls_context.h"
#include "daemon/system/owned_fd.h"

struct ssl_st;

namespace bouncesight {

class StreamConnection final : public SyslogEndpoint {
 public:
  // A null `tls`: plain. `shared` outlives it; the peer has been allowed.
  StreamConnection(OwnedFd fd, const PeerAddress& peer, const TlsContext& tls,
                   std::unique_ptr<LineStream> lines, SyslogShared& shared);
  ~StreamConnection() override;

  // kGone: it has ended, and has been counted.
  Slice Read() override;
  int fd() const override { return fd_.get(); }
  // Ends it from our side: what stands half is counted, and why it ended.
  void End(ConnectionEnd why);

  bool ended() const { return ended_; }
  // Since when it waits for bytes, or for its handshake.
  std::chrono::steady_clock::time_point since() const { return since_; }
  bool in_handshake() const { return tls_ != nullptr && !greeted_; }

 private:
  struct FreeSsl {
    void operator()(ssl_st* ssl) const;
  };
  // Like recv: bytes, 0 at the end, or -1, and then what to do.
  std::ptrdiff_t Receive(char* to, std::size_t size, Remaining& instead);
  std::ptrdiff_t ReceiveTls(char* to, std::size_t size, Remaining& instead);
  Remaining Greet();
  Slice Gone(ConnectionEnd why);
  void TellWrongCounts(std::uint64_t how_many);

  OwnedFd fd_;
  PeerAddress peer_;
  TlsContext context_;  // outlives tls_
  std::unique_ptr<ssl_st, FreeSsl> tls_;
  bool greeted_ = false;
  bool ended_ = false;
  SyslogFramer framer_;
  std::unique_ptr<LineStream> lines_;
  SyslogShared& shared_;
  std::chrono::steady_clock::time_point since_;
};

}  // namespace bouncesight
