// The rules in force, and their replacement while the daemon runs: the new set is read, compiled
// and tried on its own examples on a thread of its own; a bad one leaves the old one in force. The
// configuration is read anew with them: both are good, or nothing changes.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "daemon/config/rule_files.h"
#include "daemon/system/clock.h"
#include "daemon/system/mutex.h"
#include "metrics/live.h"
#include "metrics/names.h"

namespace bouncesight {

class RuleKeeper {
 public:
  using Replace =
      std::function<void(std::shared_ptr<const RuleSet>, std::shared_ptr<const RuleNames>)>;

  struct Prepared {
    RuleLocations rules;
    std::vector<std::string> for_restart;  // keys that changed and that no reload puts in force
  };
  // Reads the configuration anew and prepares what it asks for. An Error: it cannot be used.
  using Prepare = std::function<Result<Prepared>()>;

  RuleKeeper(RuleLocations locations, const Clock& clock);
  ~RuleKeeper();

  // The first load: an Error means that there are no rules.
  Status Load();
  // After it: what later loads call, on the keeper's thread: first `prepare`, and `replace` when
  // the rules are good, too; else `give_up`, for what was prepared is not put in force.
  void Start(Replace replace, Prepare prepare = {}, std::function<void()> give_up = {});

  // From any thread; returns at once. Calls while a reload runs lead to one more.
  void Reload();
  // The same, and waits for its end, at most `patience`. The keys that still need a restart; an
  // Error: nothing was reloaded, or not yet.
  Result<std::vector<std::string>> ReloadNow(std::chrono::seconds patience);
  // Waits for a reload that is under way.
  void Stop();
  bool busy() const;

  std::shared_ptr<const RuleSet> rules() const;
  std::shared_ptr<const RuleNames> names() const;
  // Fills in what the metrics say of rules and reloads.
  void Describe(Live& live) const;

 private:
  void Run();
  // Waits until a reload is asked for: the number of asks that it will answer. None: it is time to
  // end.
  std::optional<std::uint64_t> NextAsk();
  void Ask() REQUIRES(mutex_);
  Result<std::vector<std::string>> ReloadOnce();
  Result<std::shared_ptr<const RuleSet>> LoadAnew();
  void Note(bool successful);

  RuleLocations locations_;
  std::vector<std::string> for_restart_;  // by the last Prepare; on the keeper's thread
  const Clock& clock_;
  Replace replace_;
  Prepare prepare_;
  std::function<void()> give_up_;
  mutable Mutex mutex_;
  Signal wake_;
  std::shared_ptr<const RuleSet> rules_ GUARDED_BY(mutex_);
  std::shared_ptr<const RuleNames> names_ GUARDED_BY(mutex_);
  bool last_successful_ GUARDED_BY(mutex_) = true;
  double last_success_ GUARDED_BY(mutex_) = 0;
  std::uint64_t wanted_reloads_ GUARDED_BY(mutex_) = 0;  // asked for, and
  std::uint64_t ended_reloads_ GUARDED_BY(mutex_) = 0;   // answered by an end
  // How the last one went, as ReloadNow says it.
  Result<std::vector<std::string>> last_end_ GUARDED_BY(mutex_) = std::vector<std::string>{};
  bool wanted_ GUARDED_BY(mutex_) = false;
  bool busy_ GUARDED_BY(mutex_) = false;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace bouncesight
