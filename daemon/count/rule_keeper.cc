#include "daemon/count/rule_keeper.h"

#include <algorithm>

#include <fmt/format.h>
#include <malloc.h>

#include "daemon/system/log.h"
#include "daemon/system/systemd.h"
#include "rules/rule_check.h"

namespace bouncesight {
namespace {

// The first reason not to use these rules; empty: they are good.
std::string FirstFault(const std::shared_ptr<const RuleSet>& rules) {
  for (const Finding& finding : CheckExamples(rules)) {
    if (finding.kind == FindingKind::kError || finding.kind == FindingKind::kExample ||
        finding.kind == FindingKind::kCounterExample) {
      return finding.message;
    }
  }
  return {};
}

// Reading and compiling takes several times the memory of what remains; the daemon lives for months
// with what remains.
void GiveMemoryBack() { ::malloc_trim(0); }

}  // namespace

RuleKeeper::RuleKeeper(RuleLocations locations, const Clock& clock)
    : locations_(std::move(locations)), clock_(clock) {}

RuleKeeper::~RuleKeeper() { Stop(); }

Status RuleKeeper::Load() {
  auto rules = LoadRules(locations_);
  if (!rules) return rules.error();
  {
    const MutexLock lock(mutex_);
    rules_ = *rules;
    names_ = NamesOf(*rules_);
  }
  GiveMemoryBack();
  Note(true);
  return Ok{};
}

void RuleKeeper::Start(Replace replace, Prepare prepare, std::function<void()> give_up) {
  replace_ = std::move(replace);
  prepare_ = std::move(prepare);
  give_up_ = std::move(give_up);
  thread_ = std::thread([this] { Run(); });
}

void RuleKeeper::Reload() {
  const MutexLock lock(mutex_);
  Ask();
}

void RuleKeeper::Ask() {
  wanted_ = true;
  ++wanted_reloads_;
  wake_.NotifyAll();
}

Result<std::vector<std::string>> RuleKeeper::ReloadNow(std::chrono::seconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  const MutexLock lock(mutex_);
  Ask();
  const std::uint64_t mine = wanted_reloads_;
  while (ended_reloads_ < mine && !stopping_ && wake_.WaitUntil(mutex_, end)) {
  }
  if (ended_reloads_ < mine || stopping_) {
    return Error{"it takes long; config_last_reload_successful will tell how it went"};
  }
  return last_end_;
}

void RuleKeeper::Stop() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    wake_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

void RuleKeeper::Run() {
  while (const auto asked = NextAsk()) {
    auto end = ReloadOnce();
    GiveMemoryBack();
    const MutexLock lock(mutex_);
    busy_ = false;
    ended_reloads_ = *asked;
    last_end_ = std::move(end);
    wake_.NotifyAll();
  }
}

std::optional<std::uint64_t> RuleKeeper::NextAsk() {
  const MutexLock lock(mutex_);
  while (!wanted_ && !stopping_) wake_.Wait(mutex_);
  if (stopping_) return std::nullopt;
  wanted_ = false;
  busy_ = true;
  return wanted_reloads_;
}

Result<std::shared_ptr<const RuleSet>> RuleKeeper::LoadAnew() {
  if (prepare_) {
    auto prepared = prepare_();
    if (!prepared) return prepared.error();
    locations_ = std::move(prepared->rules);
    for_restart_ = std::move(prepared->for_restart);
  }
  auto loaded = LoadRules(locations_);
  if (!loaded) return loaded;
  if (const std::string fault = FirstFault(*loaded); !fault.empty()) return Error{fault};
  return loaded;
}

Result<std::vector<std::string>> RuleKeeper::ReloadOnce() {
  NotifyReloading();
  auto loaded = LoadAnew();
  if (!loaded) {
    if (give_up_) give_up_();
    LogError("nothing was reloaded: {}", loaded.error().message);
    Note(false);
    NotifyReady("reload refused: all stays in force as it was");
    return loaded.error();
  }
  auto names = NamesOf(**loaded);
  {
    const MutexLock lock(mutex_);
    rules_ = *loaded;
    names_ = names;
  }
  replace_(*loaded, std::move(names));
  Note(true);
  LogInfo("{} rules are in force", (*loaded)->rule_count());
  NotifyReady(for_restart_.empty() ? "reloaded"
                                   : fmt::format("reloaded; in force after a restart only: {}",
                                                 fmt::join(for_restart_, ", ")));
  return for_restart_;
}

void RuleKeeper::Note(bool successful) {
  const MutexLock lock(mutex_);
  last_successful_ = successful;
  const std::chrono::duration<double> now = clock_.Wall().time_since_epoch();
  if (successful) last_success_ = now.count();
}

bool RuleKeeper::busy() const {
  const MutexLock lock(mutex_);
  return busy_;
}

std::shared_ptr<const RuleSet> RuleKeeper::rules() const {
  const MutexLock lock(mutex_);
  return rules_;
}

std::shared_ptr<const RuleNames> RuleKeeper::names() const {
  const MutexLock lock(mutex_);
  return names_;
}

void RuleKeeper::Describe(Live& live) const {
  const MutexLock lock(mutex_);
  live.rules_hash = fmt::format("{:016x}", rules_->fingerprint());
  const auto rules = rules_->rules();
  live.rules_operator = static_cast<std::uint64_t>(std::count_if(
      rules.begin(), rules.end(), [](const Rule& rule) { return rule.rank == Rank::kOperator; }));
  live.rules_builtin = rules.size() - live.rules_operator;
  live.config_last_reload_successful = last_successful_;
  live.config_last_reload_success_timestamp_seconds = last_success_;
}

}  // namespace bouncesight
