#include "daemon/daemon.h"

#include <csignal>
#include <filesystem>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>

#include "daemon/batch/explainer.h"
#include "daemon/config/certificate_sight.h"
#include "daemon/config/config_changes.h"
#include "daemon/config/default_sources.h"
#include "daemon/count/commit_loop.h"
#include "daemon/count/rule_keeper.h"
#include "daemon/history/history.h"
#include "daemon/journal/journal_names.h"
#include "daemon/overlap_watch.h"
#include "daemon/source_keeper.h"
#include "daemon/source_maker.h"
#include "daemon/status_line.h"
#include "daemon/system/clock.h"
#include "daemon/system/descriptor_limit.h"
#include "daemon/system/log.h"
#include "daemon/system/net/socket_pool.h"
#include "daemon/system/process_stats.h"
#include "daemon/system/systemd.h"
#include "daemon/system/version.h"
#include "daemon/web/http_routes.h"
#include "daemon/web/http_server.h"
#include "daemon/web/page_access.h"
#include "daemon/web/web_guard.h"

namespace bouncesight {
namespace {

// So long may the last commit take: a service that ends is expected to be gone in 2 s.
constexpr std::chrono::milliseconds kFarewell{1500};

// The last rows are written by then, or nearly.
constexpr std::chrono::milliseconds kHistoryFarewell{300};

// So long does whoever asks for a reload wait for its answer; the scrape waits with him. Rules are
// compiled in a second.
constexpr std::chrono::seconds kReloadPatience{20};

TotalsLimits LimitsOf(const MetricsConfig& config) {
  TotalsLimits limits;
  limits.domains.max_domains = config.max_domains;
  limits.max_series = config.max_series;
  limits.all_rules = config.all_rules;
  limits.domains.pinned = config.pinned_domains;
  limits.domains.groups.assign(config.domain_groups.begin(), config.domain_groups.end());
  return limits;
}

TallyLimits TallyLimitsOf(const MetricsConfig& config) {
  TallyLimits limits;
  limits.exemplars = config.exemplars;
  limits.accounts = config.accounts;
  return limits;
}

}  // namespace

class Daemon::Impl {
 public:
  Impl(Config config, std::function<Result<Config>()> reread)
      : config_(std::move(config)),
        reread_(std::move(reread)),
        rules_({config_.rules.files, config_.rules.catalog}, clock_),
        store_(fs_, config_.state.path),
        page_(box_, clock_, [this](Live& live) { Describe(live); }),
        api_(PageHooks(), box_, page_, clock_),
        guard_(config_.web.config_file, fs_, clock_),
        names_sources_(!config_.sources.empty()) {
    std::signal(SIGPIPE, SIG_IGN);
    AddDefaultSources(fs_, config_, LastJournalMail);
  }

  Status LoadRules() { return rules_.Load(); }
  Status LoadWeb() {
    Status status = guard_.Load();
    if (!status) return status;
    if (const std::string web = guard_.CertificateWarning(); !web.empty()) LogWarning("{}", web);
    for (const auto& warning : CertificateWarnings(config_.sources, clock_.Wall())) {
      LogWarning("{}", warning);
    }
    return status;
  }

  Status Open() {
    RaiseDescriptorLimit();
    started_ = clock_.Steady();
    auto restored = OpenState();
    if (!restored) return restored.error();
    if (Status status = MakeHistory(); !status) return status;
    if (Status status = MakeWorkers(*restored); !status) return status;
    MakeCommitter(std::move(*restored));
    return OpenHttp();
  }

  bool Run() {
    WaitForSignal();
    rules_.Start([this](auto rules, auto names) { Replace(rules, names); },
                 [this] { return PrepareReload(); }, [this] { sources_.Forget(); });
    if (history_) history_->Start();
    for (auto& worker : workers_) worker->Start();
    commits_->Start();
    const std::size_t sources = config_.sources.size();
    LogInfo("following {} {}; {}://{}{}", sources, sources == 1 ? "source" : "sources",
            guard_.Access()->tls ? "https" : "http",
            http_->addresses().empty() ? "-" : http_->addresses().front(),
            config_.web.telemetry_path);
    io_.run();
    NotifyStopping();
    http_->Stop();
    for (auto& worker : workers_) worker->Farewell();
    commits_->Stop(kFarewell);
    const bool history_ended = !history_ || history_->Stop(kHistoryFarewell);
    LogInfo("ended");
    if (rules_.busy() || overlaps_.busy() || commits_->has_hung_worker() || !history_ended)
      return false;
    rules_.Stop();
    for (auto& worker : workers_) worker->Stop();
    return true;
  }

 private:
  Result<StateRecord> OpenState() {
    std::error_code ignored;
    std::filesystem::create_directories(config_.state.path, ignored);
    auto load = store_.Load();
    if (!load) return load.error();
    if (!load->note.empty()) LogWarning("{}", load->note);
    state_lost_commits_ = load->lost;
    if (load->reset) {
      ++state_resets_;
      LogError("no state can be read in {}; counters start at zero", config_.state.path);
    }
    if (!load->record) {
      // At every start without one: a state that is lost each time is seen by this line.
      LogInfo("no state in {}: counters begin at 0, logs at their end or as `start:` says",
              config_.state.path);
      return StateRecord{};
    }
    auto record = DecodeState(*load->record, load->changes);
    if (!record) return Error{config_.state.path + ": " + record.error().message};
    return record;
  }

  Status MakeHistory() {
    if (!config_.history.on) return Ok{};
    Result<AddressVeil> veil = MakeAddressVeil(config_.privacy.addresses, "");
    if (!veil) return veil.error();
    const auto keep = std::chrono::duration_cast<std::chrono::seconds>(config_.history.keep);
    history_ = std::make_unique<History>(fs_, clock_, HistoryPath(config_.state.path),
                                         HistoryBounds{keep.count(), config_.history.max_size},
                                         std::move(*veil), store_.generation());
    return Ok{};
  }

  EventWorld EventsWorld() const {
    return {[this] { return rules_.rules(); }, config_.privacy.addresses};
  }

  Status MakeWorkers(const StateRecord& restored) {
    const auto followed = WithShipments(config_.sources, config_.outputs);
    const std::size_t count = SourceKeeper::WorkersFor(config_.workers, followed.size());
    const auto queues = std::make_shared<MemoryBudget>(MessageTable::Limits{}.bytes);
    for (std::size_t i = 0; i < count; ++i) {
      workers_.push_back(
          std::make_unique<Worker>(rules_.rules(), rules_.names(), TallyLimitsOf(config_.metrics),
                                   history_ ? history_->maker() : HistoryBatchMaker(), queues));
    }
    overlaps_.Watch(config_.sources);
    return sources_.Open(followed, restored);
  }

  void MakeCommitter(StateRecord record) {
    const Snapshot& restored = record.snapshot;
    const TotalsLimits limits = LimitsOf(config_.metrics);
    Totals totals = restored.generation > 0 ? Totals(restored, limits) : Totals(limits);
    for (const SourceConfig& source : config_.sources) {
      totals.AddSource(source.name, MtaOf(source.lines.format));
    }
    totals.AddNames(*rules_.names());
    for (const auto& worker : workers_) totals.Merge(worker->RestoredRows());
    committer_ = std::make_unique<Committer>(store_, std::move(totals), clock_, box_,
                                             std::move(record), history_.get());
    const CommitLoop::Times times{config_.state.interval,
                                  PulseOf(config_.state.interval, WatchdogInterval())};
    commits_ = std::make_unique<CommitLoop>(
        *committer_, workers_, clock_, times,
        CommitLoop::Calls{[this] { AfterCommit(); }, [] { NotifyWatchdog(); }});
  }

  ApiHooks PageHooks() {
    return {.telemetry_path = config_.web.telemetry_path,
            .history = config_.history.on ? HistoryPath(config_.state.path) : "",
            .ready = [this] { return Ready(); },
            .rules = [this] { return rules_.rules(); },
            .explain =
                [this](std::string_view text, Language language) {
                  const auto rules = rules_.rules();
                  return ExplanationsJson(Explainer(rules).ExplainText(text), *rules, language);
                }};
  }

  Status OpenHttp() {
    RouteHooks hooks;
    hooks.telemetry_path = config_.web.telemetry_path;
    hooks.lifecycle = config_.web.enable_lifecycle;
    hooks.ready = [this] { return Ready(); };
    hooks.reload = [this] { return rules_.ReloadNow(kReloadPatience); };
    hooks.quit = [this] { io_.stop(); };
    http_ = std::make_unique<HttpServer>(io_, MakeRoutes(std::move(hooks), page_, api_), guard_);
    if (config_.web.systemd_socket) {
      const std::vector<int> sockets = sockets_.TakeHttp();
      for (const int socket : sockets) {
        if (Status status = http_->Adopt(socket); !status) return status;
      }
      if (sockets.empty()) {
        return Error{
            "--web.systemd-socket: systemd has handed over no socket named `http`; is "
            "bouncesight-http.socket started?"};
      }
    }
    for (const std::string& name : sockets_.Unused()) {
      LogWarning(
          "systemd has handed over the socket {}, which nothing reads; a source does with "
          "`listen: systemd:{}`",
          name, name);
    }
    for (const std::string& address : config_.web.listen_addresses) {
      if (config_.web.systemd_socket) break;
      if (Status status = http_->Listen(address); !status) return status;
    }
    const bool guarded = !guard_.Access()->config.users.empty();
    const std::string off = PageOffWarning(http_->addresses(), guarded);
    if (!off.empty()) LogWarning("{}", off);
    return Ok{};
  }

  void WaitForSignal() {
    signals_.async_wait([this](boost::system::error_code error, int signal) {
      if (error) return;
      if (signal != SIGHUP) return io_.stop();
      rules_.Reload();
      WaitForSignal();
    });
  }

  // These two on the thread that reloads.
  Result<RuleKeeper::Prepared> PrepareReload() {
    auto next = reread_();
    if (!next) return next.error();
    // An empty file is a configuration, too: who overwrites it in place has one for a moment.
    if (names_sources_ && next->sources.empty()) {
      return Error{
          "the configuration names no sources any more: is it being written just now? To follow "
          "the logs of the default, restart"};
    }
    names_sources_ = !next->sources.empty();
    AddDefaultSources(fs_, *next, LastJournalMail);
    const auto followed = WithShipments(next->sources, next->outputs);
    if (Status status = sources_.Prepare(followed); !status) return status.error();
    auto for_restart = KeysForRestart(config_, *next);
    for (const std::string& key : for_restart) {
      LogWarning("{} has changed: that needs a restart", key);
    }
    next_sources_ = std::move(next->sources);
    return RuleKeeper::Prepared{{next->rules.files, next->rules.catalog}, std::move(for_restart)};
  }

  void Replace(const std::shared_ptr<const RuleSet>& rules,
               const std::shared_ptr<const RuleNames>& names) {
    committer_->AddNames(names);
    for (auto& worker : workers_) worker->SetRules(rules, names);
    for (const SourceConfig& source : next_sources_)
      committer_->AddSource(source.name, MtaOf(source.lines.format));
    overlaps_.Watch(next_sources_);
    const std::size_t touched = sources_.Apply();
    if (touched > 0) {
      LogInfo("sources changed: {}; followed: {}", touched, next_sources_.size());
    }
  }

  // Counters may be shown once the files are read up to where they stood at the start.
  bool Ready() const {
    return box_.Get()->caught_up || clock_.Steady() - started_ >= config_.state.catch_up;
  }

  // On the commit loop's thread.
  void AfterCommit() {
    overlaps_.Tick();
    if (box_.Get()->ended) boost::asio::post(io_, [this] { io_.stop(); });
    if (announced_) {
      if (const auto status = status_.Next(*box_.Get(), clock_.Steady())) NotifyStatus(*status);
    }
    if (announced_ || !Ready()) return;
    announced_ = true;
    NotifyReady("following the logs");
    LogInfo("ready: all that was written before the start is counted");
  }

  void Describe(Live& live) const {
    const BuildInfo& build = GetBuildInfo();
    live.version = build.version;
    live.revision = build.revision;
    live.compiler = build.compiler;
    live.state_resets = state_resets_;
    live.state_lost_commits = state_lost_commits_;
    if (history_) live.history = history_->Describe();
    live.process = ReadProcessStats();
    rules_.Describe(live);
  }

  Config config_;
  std::function<Result<Config>()> reread_;
  SystemClock clock_;
  RealFileSystem fs_;
  RuleKeeper rules_;
  StateStore store_;
  OverlapWatch overlaps_{std::make_shared<RealFileSystem>(), clock_};
  PublishedBox box_;
  MetricsPage page_;
  Api api_;
  WebGuard guard_;
  bool names_sources_;  // the configuration that was taken last; of the thread that reloads
  SocketPool sockets_{InheritedSockets()};
  boost::asio::io_context io_{1};
  // From the first moment on: a SIGHUP while the rules are compiled must not end the process.
  boost::asio::signal_set signals_{io_, SIGTERM, SIGINT, SIGHUP};
  std::unique_ptr<History> history_;  // null: none is kept
  CommitLoop::Workers workers_;
  SourceKeeper sources_{workers_, [this](const SourceConfig& source) {
                          return MakerOf(source, {fs_, clock_, sockets_, EventsWorld()});
                        }};
  std::vector<SourceConfig> next_sources_;  // of the latest reload
  std::unique_ptr<Committer> committer_;
  std::unique_ptr<CommitLoop> commits_;
  std::unique_ptr<HttpServer> http_;
  std::chrono::steady_clock::time_point started_;
  std::uint64_t state_resets_ = 0;
  std::uint64_t state_lost_commits_ = 0;
  StatusLine status_;
  bool announced_ = false;
};

Daemon::Daemon(Config config, std::function<Result<Config>()> reread)
    : impl_(std::make_unique<Impl>(std::move(config), std::move(reread))) {}
Daemon::~Daemon() = default;
Status Daemon::LoadRules() { return impl_->LoadRules(); }
Status Daemon::LoadWeb() { return impl_->LoadWeb(); }
Status Daemon::Open() { return impl_->Open(); }
bool Daemon::Run() { return impl_->Run(); }

}  // namespace bouncesight
