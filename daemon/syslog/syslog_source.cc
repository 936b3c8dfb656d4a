#include "daemon/syslog/syslog_source.h"

#include <algorithm>

#include "daemon/system/log.h"

namespace bouncesight {
namespace {

// What a full receive buffer of the kernel can hold, and a moment: the service must be gone soon.
constexpr std::size_t kFarewellBytes = 64 * 1024 * 1024;
constexpr std::chrono::milliseconds kFarewellTime{400};

// Of a socket that nobody can find any more: a sender that has it open may go on for ever.
constexpr int kLastSlices = 1024;

Result<std::optional<RenewedTls>> LoadTls(const SourceConfig& config, FileSystem& fs) {
  if (config.cert_file.empty()) return std::optional<RenewedTls>();
  TlsConfig tls;
  tls.cert_file = config.cert_file;
  tls.key_file = config.key_file;
  tls.client_ca_file = config.client_ca_file;
  if (!tls.client_ca_file.empty()) tls.client_auth = ClientAuth::kRequireAndVerifyClientCert;
  auto loaded = RenewedTls::Load(std::move(tls), fs);
  if (!loaded) return loaded.error();
  return std::optional<RenewedTls>(std::move(*loaded));
}

}  // namespace

Result<SyslogSetup> SetUpSyslog(const SourceConfig& config, SocketPool& pool, FileSystem& fs) {
  const std::string who = "source " + config.name + ": ";
  auto networks = PeerNetworks::Parse(config.allow);
  if (!networks) return Error{who + "allow: " + networks.error().message};
  auto tls = LoadTls(config, fs);
  if (!tls) return Error{who + tls.error().message};
  SyslogSetup setup{config.name,
                    {},
                    std::move(*networks),
                    config.rate_limit,
                    config.max_connections,
                    std::move(*tls),
                    [&pool](const ListenSocket& lost) { return pool.Renew(lost); }};
  for (const std::string& text : config.listen) {
    const auto address = ParseListenAddress(text);
    if (!address) return Error{who + text + ": " + address.error().message};
    if (address->transport == Transport::kTls && !setup.tls) {
      return Error{who + text + ": name the certificate as cert_file and key_file"};
    }
    auto sockets = pool.Open(*address);
    if (!sockets) return Error{who + sockets.error().message};
    setup.sockets.insert(setup.sockets.end(), sockets->begin(), sockets->end());
  }
  return setup;
}

SyslogSource::SyslogSource(SyslogSetup setup, const Clock& clock, StreamFactory& streams,
                           boost::asio::io_context& io)
    : clock_(clock),
      streams_(streams),
      shared_(std::move(setup.name), std::move(setup.networks), setup.rate_limit),
      max_connections_(setup.max_connections),
      tls_(std::move(setup.tls)),
      renew_(std::move(setup.renew)),
      readiness_(io),
      next_later_(clock.Steady()),
      next_expiry_(clock.Steady()),
      silence_due_(clock.Steady() + kPatience) {
  shared_.now = clock.Steady();
  for (auto& socket : setup.sockets) {
    LogInfo("source {}: listening on {}", shared_.name, socket->text());
    if (socket->is_stream()) {
      listeners_.push_back(std::make_unique<StreamListener>(
          std::move(socket), shared_, [this] { return HasRoom(); },
          [this](OwnedFd accepted, const PeerAddress& peer, bool tls) {
            Accept(std::move(accepted), peer, tls);
          }));
      Watch(*listeners_.back());
    } else {
      datagrams_.push_back(
          std::make_unique<DatagramEndpoint>(std::move(socket), streams_, batch_, shared_));
      Watch(*datagrams_.back());
    }
  }
}

SyslogSource::~SyslogSource() = default;

void SyslogSource::Watch(SyslogEndpoint& endpoint) {
  const Status status = readiness_.Add(endpoint.fd(), &endpoint);
  endpoint.watched = static_cast<bool>(status);
  if (status) return;
  Queue(endpoint);
  if (std::exchange(told_of_unwatched_, true)) return;
  LogWarning("source {}: {}; it is asked a few times a second, until it can be watched",
             shared_.name, status.error().message);
}

bool SyslogSource::TryToWatch(SyslogEndpoint& endpoint) {
  endpoint.watched = endpoint.watched || readiness_.Add(endpoint.fd(), &endpoint);
  if (endpoint.watched) told_of_unwatched_ = false;
  return endpoint.watched;
}

void SyslogSource::Queue(SyslogEndpoint& endpoint) {
  if (endpoint.queued) return;
  endpoint.queued = true;
  ready_.push_back(&endpoint);
}

bool SyslogSource::Turn() {
  if (over_) return false;
  shared_.now = clock_.Steady();
  readiness_.Poll([this](void* tag) { Queue(*static_cast<SyslogEndpoint*>(tag)); });
  Requeue();
  Expire();
  shared_.heard = false;
  for (std::size_t bytes = 0; !ready_.empty() && bytes < kTurnBytes;) bytes += ReadNext();
  RemoveEnded();
  if (silence_due_) TellOfSilence();
  if (shared_.heard) {
    const std::chrono::duration<double> since = clock_.Wall().time_since_epoch();
    last_line_timestamp_ = since.count();
  }
  if (!ready_.empty()) return true;
  readiness_.WakeOnNews(wake_);
  return false;
}

bool SyslogSource::NothingCame() const {
  const auto none = [](const auto& counts) {
    return std::ranges::all_of(counts, [](std::uint64_t count) { return count == 0; });
  };
  return connections_.empty() && none(shared_.datagrams) && none(shared_.ends);
}

// Once, a minute after the start: a port or an address that the sender does not know makes no
// noise.
void SyslogSource::TellOfSilence() {
  const bool nothing = NothingCame();
  if (nothing && clock_.Steady() < *silence_due_) return;
  silence_due_.reset();
  if (!nothing) return;
  std::string where;
  const auto add = [&](const auto& endpoint) {
    where += (where.empty() ? "" : ", ") + endpoint->socket().text();
  };
  std::ranges::for_each(datagrams_, add);
  std::ranges::for_each(listeners_, add);
  LogWarning(
      "source {}: a minute after the start: nothing has come by {}; does the sender send there, "
      "and does a firewall let it through?",
      shared_.name, where);
}

// A slice of the socket whose turn it is.
std::size_t SyslogSource::ReadNext() {
  SyslogEndpoint& next = *ready_.front();
  ready_.pop_front();
  next.queued = false;
  const Slice slice = next.Read();
  switch (slice.remaining) {
    case Remaining::kDry:
      if (!next.watched) Defer(next);
      break;
    case Remaining::kMore:
      Queue(next);
      break;
    case Remaining::kLater:
      Defer(next);
      break;
    case Remaining::kGone:
      some_ended_ = true;
      break;
  }
  return slice.bytes;
}

void SyslogSource::Defer(SyslogEndpoint& endpoint) {
  endpoint.queued = true;
  later_.push_back(&endpoint);
}

// Those that had to wait get another chance.
void SyslogSource::Requeue() {
  if (later_.empty() || shared_.now < next_later_) return;
  next_later_ = shared_.now + kLater;
  for (SyslogEndpoint* endpoint : later_) {
    if (!TryToWatch(*endpoint)) break;
  }
  ready_.insert(ready_.end(), later_.begin(), later_.end());
  later_.clear();
}

void SyslogSource::Accept(OwnedFd fd, const PeerAddress& peer, bool tls) {
  const TlsContext context =
      tls && tls_ ? tls_->Get(shared_.now, "source " + shared_.name) : TlsContext();
  connections_.push_back(std::make_unique<StreamConnection>(std::move(fd), peer, context,
                                                            streams_.NewStream(0), shared_));
  Watch(*connections_.back());
  Queue(*connections_.back());  // most have sent something by now
}

bool SyslogSource::HasRoom() {
  RemoveEnded();
  if (connections_.size() < max_connections_) return true;
  if (shared_.MayLog()) {
    LogWarning(
        "source {}: {} connections, as many as max_connections allows; idle ones give way, and "
        "while there are none, more senders wait",
        shared_.name, connections_.size());
  }
  return CrowdOut();
}

bool SyslogSource::CrowdOut() {
  while (true) {
    const auto oldest =
        std::min_element(connections_.begin(), connections_.end(),
                         [](const auto& a, const auto& b) { return a->since() < b->since(); });
    StreamConnection& idle = **oldest;
    if (shared_.now - idle.since() < kMayGiveWay) return false;
    const Slice slice = idle.Read();  // what has come meanwhile is not lost
    if (slice.remaining == Remaining::kLater) return false;
    if (slice.bytes > 0) continue;  // it is not idle after all
    idle.End(ConnectionEnd::kCrowdedOut);
    some_ended_ = true;
    RemoveEnded();
    return true;
  }
}

void SyslogSource::Expire() {
  if (shared_.now < next_expiry_) return;
  next_expiry_ = shared_.now + kExpiryInterval;
  for (auto& connection : connections_) {
    const auto silent = shared_.now - connection->since();
    const bool stuck = connection->in_handshake() && silent > kHandshakeTime;
    if (!stuck && silent <= kIdleTime) continue;
    connection->End(stuck ? ConnectionEnd::kNoHandshake : ConnectionEnd::kIdle);
    some_ended_ = true;
  }
  RemoveEnded();
  KeepSocketFiles();
}

// Another program may remove the file of a unix socket, or put its own in its place, as a syslog
// daemon does that starts anew: nothing would ever come again.
void SyslogSource::KeepSocketFiles() {
  for (auto& endpoint : datagrams_) KeepSocketFile(*endpoint);
  for (auto& endpoint : listeners_) KeepSocketFile(*endpoint);
}

template <typename Endpoint>
void SyslogSource::KeepSocketFile(Endpoint& endpoint) {
  if (!endpoint.socket().HasLostItsFile()) return;
  const std::string name = endpoint.socket().text();
  auto renewed = renew_(endpoint.socket());
  if (!renewed) {
    if (!std::exchange(told_of_loss_, true)) {
      LogWarning("source {}: the socket {} was taken away: {}; until then nothing comes by it",
                 shared_.name, name, renewed.error().message);
    }
    return;
  }
  told_of_loss_ = false;
  LogWarning("source {}: the socket {} was taken away and is made anew", shared_.name, name);
  for (int slices = 0; slices < kLastSlices && endpoint.Read().remaining == Remaining::kMore;
       ++slices) {
  }  // what was sent to the old one
  endpoint.Replace(std::move(*renewed));
  Watch(endpoint);
}

void SyslogSource::RemoveEnded() {
  if (!std::exchange(some_ended_, false)) return;
  for (auto& connection : connections_) {
    if (!connection->ended()) continue;
    if (connection->queued) {
      std::erase(ready_, connection.get());
      std::erase(later_, connection.get());
    }
    connection.reset();
  }
  std::erase(connections_, nullptr);
}

void SyslogSource::Farewell() {
  const auto until = clock_.Steady() + kFarewellTime;
  std::size_t turns = kFarewellBytes / kTurnBytes;
  while (turns-- > 0 && Turn() && clock_.Steady() < until) {
  }
  if (!ready_.empty()) {
    LogWarning(
        "source {}: its sockets hold more than could be read in the last {} ms; the rest is lost "
        "when they close",
        shared_.name, kFarewellTime.count());
  }
  over_ = true;
  for (auto& connection : connections_) connection->End(ConnectionEnd::kClosed);
  some_ended_ = true;
  RemoveEnded();
}

void SyslogSource::Describe(LiveSource& live) {
  live.last_line_timestamp_seconds = last_line_timestamp_;
  if (!datagrams_.empty()) {
    std::uint64_t drops = 0;
    for (auto& endpoint : datagrams_) drops += endpoint->Drops();
    live.kernel_drops = drops;
    for (std::size_t i = 0; i < kDatagramResults; ++i) {
      live.datagrams.emplace_back(DatagramResultName(static_cast<DatagramResult>(i)),
                                  shared_.datagrams[i]);
    }
  }
  if (listeners_.empty()) return;
  live.open_connections = connections_.size();
  for (std::size_t i = 0; i < kConnectionEnds; ++i) {
    live.connections.emplace_back(ConnectionEndName(static_cast<ConnectionEnd>(i)),
                                  shared_.ends[i]);
  }
}

}  // namespace bouncesight
