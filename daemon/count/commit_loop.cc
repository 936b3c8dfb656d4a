#include "daemon/count/commit_loop.h"

#include <algorithm>

#include "daemon/system/log.h"

namespace bouncesight {
namespace {

// Until the sources have caught up: to be ready soon.
constexpr std::chrono::milliseconds kEager{100};
// Between two looks at the clock while an answer is waited for.
constexpr std::chrono::milliseconds kLook{20};

}  // namespace

std::chrono::milliseconds PulseOf(std::chrono::milliseconds commit_interval,
                                  std::chrono::microseconds watchdog) {
  if (watchdog.count() == 0) return commit_interval;
  const auto third = std::chrono::duration_cast<std::chrono::milliseconds>(watchdog / 3);
  return std::clamp(third, std::chrono::milliseconds(1), commit_interval);
}

CommitLoop::CommitLoop(Committer& committer, Workers& workers, const Clock& clock, Times times,
                       Calls calls)
    : committer_(committer),
      workers_(workers),
      clock_(clock),
      times_(times),
      calls_(std::move(calls)),
      pending_(workers.size()) {}

CommitLoop::~CommitLoop() { Stop(std::chrono::milliseconds(0)); }

void CommitLoop::Start() {
  thread_ = std::thread([this] { Run(); });
}

void CommitLoop::Stop(std::chrono::milliseconds patience) {
  if (!thread_.joinable()) return;
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    last_call_ = clock_.Steady() + patience;
  }
  wake_.NotifyAll();
  thread_.join();
}

bool CommitLoop::has_hung_worker() const {
  return std::any_of(pending_.begin(), pending_.end(),
                     [](const PendingAnswer& pending) { return pending.late; });
}

void CommitLoop::Run() {
  while (!IsStopping(std::chrono::steady_clock::now())) {
    CommitOnce();
    const auto wait = committer_.caught_up() ? times_.interval : std::min(times_.interval, kEager);
    const auto next = std::chrono::steady_clock::now() + wait;
    while (std::chrono::steady_clock::now() < next) {
      Pulse();
      // Half of it: the look before may have come just too early to call.
      const auto look = std::max(times_.pulse / 2, std::chrono::milliseconds(1));
      if (IsStopping(std::min(next, std::chrono::steady_clock::now() + look))) break;
    }
  }
  CommitOnce();
}

bool CommitLoop::IsStopping(Time until) {
  const MutexLock lock(mutex_);
  while (!stopping_ && wake_.WaitUntil(mutex_, until)) {
  }
  return stopping_;
}

void CommitLoop::Pulse() {
  if (clock_.Steady() < next_pulse_) return;
  next_pulse_ = clock_.Steady() + times_.pulse / 2;
  calls_.alive();
}

void CommitLoop::CommitOnce() {
  Pulse();
  const bool whole = committer_.wants_whole_tables();
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    if (!pending_[i].answer.valid()) pending_[i].answer = workers_[i]->Collect(whole);
  }
  const Time deadline = clock_.Steady() + kAnswerTime;
  std::vector<WorkerAnswer> answers;
  for (std::size_t i = 0; i < workers_.size(); ++i) answers.push_back(AnswerOf(i, deadline));
  committer_.Commit(std::move(answers));
  calls_.committed();
}

WorkerAnswer CommitLoop::AnswerOf(std::size_t worker, Time deadline) {
  PendingAnswer& pending = pending_[worker];
  WorkerAnswer answer;
  // One that was late already is not waited for again: it would hold up every commit.
  if (Waits(pending.answer, pending.late ? clock_.Steady() : deadline)) {
    answer.over = pending.answer.get();
    if (std::exchange(pending.late, false)) {
      LogInfo("source {}: answers again; it goes on where it stood", pending.in_hand);
    }
    return answer;
  }
  if (!std::exchange(pending.late, true)) NoteLate(worker);
  answer.hung = pending.in_hand;
  return answer;
}

void CommitLoop::NoteLate(std::size_t worker) {
  std::string& in_hand = pending_[worker].in_hand;
  in_hand = workers_[worker]->InHand();
  LogWarning(
      "source {}: has not answered for {} ms: a read of it hangs; is its disk or file server "
      "well? The other workers' sources go on, and this one does when it can",
      in_hand, kAnswerTime.count());
}

bool CommitLoop::Waits(std::future<HandOver>& answer, Time deadline) {
  while (answer.wait_for(std::chrono::milliseconds(0)) != std::future_status::ready) {
    const Time now = clock_.Steady();
    if (now >= deadline) return false;
    {
      const MutexLock lock(mutex_);
      if (stopping_ && now >= last_call_) return false;
    }
    Pulse();
    answer.wait_for(std::min(kLook, times_.pulse));
  }
  return true;
}

}  // namespace bouncesight
