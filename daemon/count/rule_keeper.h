// The rules in force, and their replacement while the daemon runs: the new set is read, compiled
// and tried on its own examples on a thread of its own; a bad one leaves the old one in force. The
// configuration is read anew with them: both are good, or nothing changes.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "daemon/config/rule_files.h"
#include "daemon/system/clock.h"
#include "metrics/live.h"
#include "metrics/names.h"

namespace bouncesight {

class RuleKeeper {
 public:
  using Replace =
      std::function<void(std::shared_ptr<const RuleSet>, std::shared_ptr<const RuleNames>)>;

  // Reads the configuration anew and prepares what it asks for. An Error: it cannot be used.
  using Prepare = std::function<Result<RuleLocations>()>;

  RuleKeeper(RuleLocations locations, const Clock& clock);
  ~RuleKeeper();

  // The first load: an Error means that there are no rules.
  Status Load();
  // After it: what later loads call, on the keeper's thread: first `prepare`, and `replace` when
  // the rules are good, too.
  void Start(Replace replace, Prepare prepare = {});

  // From any thread; returns at once. Calls while a reload runs lead to one more.
  void Reload();
  // The same, and waits for its end, at most `patience`. An Error: nothing was reloaded, or not
  // yet.
  Status ReloadNow(std::chrono::seconds patience);
  // Waits for a reload that is under way.
  void Stop();
  bool busy() const;

  std::shared_ptr<const RuleSet> rules() const;
  std::shared_ptr<const RuleNames> names() const;
  // Fills in what the metrics say of rules and reloads.
  void Describe(Live& live) const;

 private:
  void Run();
  void Ask();  // with the mutex held
  Status ReloadOnce();
  Result<std::shared_ptr<const RuleSet>> LoadAnew();
  void Note(bool successful);

  RuleLocations locations_;
  const Clock& clock_;
  Replace replace_;
  Prepare prepare_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::shared_ptr<const RuleSet> rules_;
  std::shared_ptr<const RuleNames> names_;
  bool last_successful_ = true;
  double last_success_ = 0;
  std::uint64_t wanted_reloads_ = 0;  // asked for, and
  std::uint64_t ended_reloads_ = 0;   // answered by an end
  std::string last_fault_;            // of the last one; empty: it went well
  bool wanted_ = false;
  bool busy_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace bouncesight
