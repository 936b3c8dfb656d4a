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
//
// The room daemon/syslog:
//
// * syslog_source.h: the source, its turns and limits, and the sockets it reads.
// * syslog_endpoint.h: one socket read in slices, and the figures and gates of the source.
// * datagram_endpoint.h: datagrams in batches.
// * stream_listener.h, stream_connection.h: TCP, TLS and unix streams.
// * syslog_framer.h: where a message ends in a stream.
// * peer_rates.h: a token bucket for each sender.
//
// The sockets themselves are made in daemon/system/net.
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
  std::size_t max_connections = 0;
  std::optional<RenewedTls> tls;
  // Binds anew a socket whose file somebody has taken away; an Error says why it cannot be.
  std::function<Result<std::shared_ptr<ListenSocket>>(const ListenSocket& lost)> renew;
};

// An Error names the source, the address or file, and the remedy.
Result<SyslogSetup> SetUpSyslog(const SourceConfig& config, SocketPool& pool, FileSystem& fs);

class SyslogSource final : public Source {
 public:
  // A connection that was silent for so long gives way when there are too many.
  static constexpr std::chrono::seconds kMayGiveWay{60};
  static constexpr std::chrono::seconds kHandshakeTime{10};
  // Nothing came by then, refused or not: worth a word.
  static constexpr std::chrono::seconds kPatience{60};
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

  void Watch(SyslogEndpoint& endpoint);
  bool TryToWatch(SyslogEndpoint& endpoint);
  void Accept(OwnedFd fd, const PeerAddress& peer, bool tls);
  void Queue(SyslogEndpoint& endpoint);
  void Defer(SyslogEndpoint& endpoint);
  std::size_t ReadNext();
  void Requeue();
  void Expire();
  // Whether one more connection may be taken. At the limit, one that is idle gives way, read to its
  // last byte first; while none is, who wants to connect waits in the kernel, and loses nothing.
  bool HasRoom();
  bool CrowdOut();
  void TellOfSilence();
  bool NothingCame() const;
  void KeepSocketFiles();
  template <typename Endpoint>
  void KeepSocketFile(Endpoint& endpoint);
  void RemoveEnded();

  const Clock& clock_;
  StreamFactory& streams_;
  SyslogShared shared_;
  std::size_t max_connections_;
  std::optional<RenewedTls> tls_;
  std::function<Result<std::shared_ptr<ListenSocket>>(const ListenSocket& lost)> renew_;
  bool told_of_loss_ = false;
  DatagramBatch batch_;
  Readiness readiness_;
  std::vector<std::unique_ptr<DatagramEndpoint>> datagrams_;
  std::vector<std::unique_ptr<StreamListener>> listeners_;
  std::vector<std::unique_ptr<StreamConnection>> connections_;
  std::deque<SyslogEndpoint*> ready_;
  std::vector<SyslogEndpoint*> later_;
  bool told_of_unwatched_ = false;
  std::chrono::steady_clock::time_point next_later_;
  std::chrono::steady_clock::time_point next_expiry_;
  std::optional<std::chrono::steady_clock::time_point> silence_due_;  // none: something came
  std::function<void()> wake_;
  bool some_ended_ = false;
  bool over_ = false;
  double last_line_timestamp_ = 0;
};

}  // namespace bouncesight
