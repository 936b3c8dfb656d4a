// Takes syslog from the network and from programs of this host: datagrams and streams, RFC 3164 and
// RFC 5424 or bare lines. The sockets are read in turns, a slice each, so that a busy one starves
// none. What is not read waits in the kernel: streams slow their senders down, datagrams are
// dropped there, and counted.
//
// One worker reads all of a source, so that what its queued messages said last is in one place;
// several sources go to several workers.
//
// There is no position to save: what came is counted once and never again, and what was read after
// the last commit is lost with a crash.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/count/source.h"
#include "daemon/syslog/datagram_endpoint.h"
#include "daemon/syslog/stream_connection.h"
#include "daemon/syslog/stream_listener.h"
#include "daemon/system/clock.h"
#include "daemon/system/net/renewed_tls.h"
#include "daemon/system/net/socket_pool.h"
#include "daemon/system/readiness.h"

namespace bouncesight {

// What can fail has been done: sockets are bound, certificates read.
struct SyslogSetup {
  std::string name;
  SocketPool::Sockets sockets;
  PeerNetworks networks;
  std::uint32_t rate_limit = 0;
  std::optional<RenewedTls> tls;
};

// An Error names the source, the address or file, and the remedy.
Result<SyslogSetup> SetUpSyslog(const SourceConfig& config, SocketPool& pool, FileSystem& fs);

class SyslogSource final : public Source {
 public:
  static constexpr std::size_t kMaxConnections = 256;
  static constexpr std::chrono::seconds kHandshakeTime{10};
  // Long: a forwarder that finds its connection closed may lose the message that it was about.
  static constexpr std::chrono::hours kIdleTime{1};

  // References outlive it.
  SyslogSource(SyslogSetup setup, const Clock& clock, StreamFactory& streams,
               boost::asio::io_context& io);
  ~SyslogSource() override;

  bool Turn() override;
  bool caught_up() const override { return true; }
  std::string SaveState() override { return {}; }
  bool RestoreState(std::string_view) override { return true; }
  void OnNews(const std::function<void()>& wake) override { wake_ = wake; }
  void Farewell() override;
  void Describe(LiveSource& live) override;

 private:
  static constexpr std::chrono::milliseconds kLater{50};
  static constexpr std::chrono::seconds kExpiryInterval{1};

  void Watch(SyslogEndpoint& endpoint, int fd);
  void Accept(OwnedFd fd, const PeerAddress& peer, bool tls);
  void Queue(SyslogEndpoint& endpoint);
  std::size_t ReadNext();
  void Requeue();
  void Expire();
  void CrowdOut();
  void RemoveEnded();

  const Clock& clock_;
  StreamFactory& streams_;
  SyslogShared shared_;
  std::optional<RenewedTls> tls_;
  DatagramBatch batch_;
  Readiness readiness_;
  std::vector<std::unique_ptr<DatagramEndpoint>> datagrams_;
  std::vector<std::unique_ptr<StreamListener>> listeners_;
  std::vector<std::unique_ptr<StreamConnection>> connections_;
  std::deque<SyslogEndpoint*> ready_;
  std::vector<SyslogEndpoint*> later_;
  std::chrono::steady_clock::time_point next_later_;
  std::chrono::steady_clock::time_point next_expiry_;
  std::function<void()> wake_;
  bool some_ended_ = false;
  bool over_ = false;
  double last_line_timestamp_ = 0;
};

}  // namespace bouncesight
