#include "daemon/batch/trace.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "rules/cause.h"

namespace bouncesight {
namespace {

// Two messages that have a queue id in common, one a day after the other, are strangers.
constexpr std::int64_t kFurthest = 86400;

// Services of one Postfix log by other names; only "postfix-out" is another one.
std::string_view OwnInstance(const TraceStep& step) {
  const std::string_view name = step.instance;
  if (step.mta != Mta::kPostfix || !name.starts_with("postfix-")) return {};
  return name.substr(0, name.find('/'));
}

bool IsResult(const TraceStep& step) { return !step.note; }

// Does `step` belong to another message than `life`, which has the same queue id?
bool BeginsAnother(const TracedMessage& life, const TraceStep& step) {
  const bool other_id =
      !step.message_id.empty() && !life.message_id.empty() && step.message_id != life.message_id;
  if (other_id || step.note != NoteKind::kArrival) return other_id;
  return life.End() != nullptr || !life.sender.empty() || std::ranges::any_of(life.steps, IsResult);
}

void Fill(std::string& to, const std::string& from) {
  if (to.empty()) to = from;
}

void Append(TracedMessage& life, TraceStep step) {
  Fill(life.sender, step.sender);
  Fill(life.account, step.account);
  Fill(life.client_ip, step.client_ip);
  Fill(life.client_host, step.client_host);
  Fill(life.message_id, step.message_id);
  if (life.size == 0) life.size = step.size;
  life.steps.push_back(std::move(step));
}

// `steps` are those of one queue id, in order of time.
void CutIntoLives(std::vector<TraceStep> steps, std::vector<TracedMessage>& lives) {
  bool fresh = true;
  for (TraceStep& step : steps) {
    if (fresh || BeginsAnother(lives.back(), step)) {
      TracedMessage& life = lives.emplace_back();
      life.mta = step.mta;
      life.host = step.host;
      life.instance = step.instance;
      life.queue_id = step.queue_id;
    }
    fresh = false;
    Append(lives.back(), std::move(step));
  }
}

// An expiry names no cause of its own: the attempt before does, of that recipient or else of any.
void NameExpiries(TracedMessage& life) {
  const TraceStep* any = nullptr;
  std::map<std::string_view, const TraceStep*> last;
  for (TraceStep& step : life.steps) {
    if (step.note) continue;
    const bool put_off = step.outcome == Outcome::kDeferred || step.outcome == Outcome::kSuspended;
    const bool named =
        !step.cause.empty() && step.cause != BuiltinCause(CauseId::kUnclassified).name;
    if (put_off && named) last[step.recipient] = any = &step;
    const bool expired = step.cause == BuiltinCause(CauseId::kMessageExpired).name ||
                         (step.outcome == Outcome::kExpired && !named);
    if (put_off || !expired || any == nullptr) continue;
    const auto found = last.find(step.recipient);
    const TraceStep& before = found == last.end() ? *any : *found->second;
    step.cause = before.cause;
    step.rule = before.rule;
    if (step.provider.empty()) step.provider = before.provider;
  }
}

std::int64_t Distance(const TracedMessage& life, std::int64_t when) {
  const std::int64_t begin = life.steps.front().when, end = life.steps.back().when;
  return when < begin ? begin - when : std::max<std::int64_t>(when - end, 0);
}

class MessageTies {
 public:
  explicit MessageTies(std::vector<TracedMessage>& lives) : lives_(lives), wanted_(lives.size()) {
    for (std::size_t i = 0; i < lives.size(); ++i) by_id_[lives[i].queue_id].push_back(i);
    for (std::size_t i = 0; i < lives.size(); ++i) {
      for (std::size_t step = 0; step < lives[i].steps.size(); ++step) Tie(i, step);
    }
  }

  // What was asked for, and all that hangs together with it.
  std::vector<bool> Wanted() {
    for (std::size_t i = 0; i < lives_.size(); ++i) {
      const auto& steps = lives_[i].steps;
      const bool asked = std::ranges::any_of(steps, [](const auto& one) { return one.asked_for; });
      if (asked) Want(i);
    }
    while (!open_.empty()) {
      const std::size_t at = open_.back();
      open_.pop_back();
      for (const std::size_t other : ties_[at]) Want(other);
    }
    return wanted_;
  }

 private:
  void Want(std::size_t life) {
    if (wanted_[life]) return;
    wanted_[life] = true;
    open_.push_back(life);
  }

  void Tie(std::size_t life, std::size_t number) {
    const TraceStep& step = lives_[life].steps[number];
    const std::size_t other = Nearest(step.other_id, life, step.when);
    if (other == lives_.size()) return;
    ties_[life].push_back(other);
    ties_[other].push_back(life);
    if (step.requeued) lives_[other].requeued = step.time;
    // An arrival looks back: the message it came out of has the link.
    if (step.note == NoteKind::kArrival) return;
    const bool notice = step.note == NoteKind::kNotice;
    lives_[life].links.push_back(
        {notice ? TraceLink::Kind::kNotice : TraceLink::Kind::kHandedOn, number, other});
  }

  std::size_t Nearest(const std::string& id, std::size_t but, std::int64_t when) const {
    std::size_t best = lives_.size();
    const auto found = id.empty() ? by_id_.end() : by_id_.find(id);
    if (found == by_id_.end()) return best;
    for (const std::size_t one : found->second) {
      if (one == but || Distance(lives_[one], when) > kFurthest) continue;
      if (best == lives_.size() || Distance(lives_[one], when) < Distance(lives_[best], when)) {
        best = one;
      }
    }
    return best;
  }

  std::vector<TracedMessage>& lives_;
  std::vector<bool> wanted_;
  std::vector<std::size_t> open_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_id_;
  std::map<std::size_t, std::vector<std::size_t>> ties_;
};

// Keeps the wanted ones by time, the youngest `most`, and renumbers the links among them.
void Keep(std::vector<TracedMessage> lives, const std::vector<bool>& wanted, std::size_t most,
          Trace& trace) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < lives.size(); ++i) {
    if (wanted[i]) order.push_back(i);
  }
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return lives[i].steps.front().when; });
  if (most != 0 && order.size() > most) {
    trace.left_out = order.size() - most;
    order.erase(order.begin(), order.end() - static_cast<std::ptrdiff_t>(most));
  }
  std::map<std::size_t, std::size_t> place;
  for (const std::size_t i : order) place.emplace(i, place.size());
  for (const std::size_t i : order) {
    TracedMessage& message = trace.messages.emplace_back(std::move(lives[i]));
    std::erase_if(message.links,
                  [&](const TraceLink& one) { return !place.contains(one.message); });
    for (TraceLink& link : message.links) link.message = place.at(link.message);
  }
}

}  // namespace

const TraceStep* TracedMessage::Arrival() const {
  for (const TraceStep& step : steps) {
    if (step.note == NoteKind::kArrival) return &step;
  }
  return nullptr;
}

const TraceStep* TracedMessage::End() const {
  for (const TraceStep& step : steps) {
    if (step.note == NoteKind::kEnd) return &step;
  }
  return nullptr;
}

std::vector<TraceRecipient> RecipientsOf(const TracedMessage& message) {
  std::vector<TraceRecipient> all;
  std::unordered_map<std::string_view, std::size_t> places;  // in `all`, by address
  const bool ended = message.End() != nullptr || !message.requeued.empty();
  for (const TraceStep& step : message.steps) {
    if (step.note) continue;
    if (step.recipient.empty()) {  // the expiry of the whole message
      for (TraceRecipient& one : all) {
        if (one.waits && step.outcome == Outcome::kExpired) one.last = step.outcome;
        if (step.outcome == Outcome::kExpired) one.waits = false;
      }
      continue;
    }
    const auto [place, fresh] = places.try_emplace(step.recipient, all.size());
    if (fresh) all.push_back({step.recipient, {}, false, 0});
    TraceRecipient& one = all[place->second];
    one.last = step.outcome;
    one.waits = step.outcome == Outcome::kDeferred || step.outcome == Outcome::kSuspended;
    ++one.attempts;
  }
  for (TraceRecipient& one : all) one.waits = one.waits && !ended;
  return all;
}

Trace BuildTrace(std::string what, std::vector<TraceStep> steps, std::size_t most) {
  Trace trace;
  trace.what = std::move(what);
  std::ranges::stable_sort(
      steps, {}, [](const TraceStep& step) { return std::tuple(step.when, step.log, step.line); });
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<TraceStep>> by_id;
  for (TraceStep& step : steps) {
    if (step.queue_id.empty()) {
      if (step.asked_for) trace.refusals.push_back(std::move(step));
      continue;
    }
    const auto key = std::tuple(step.host, std::string(OwnInstance(step)), step.queue_id);
    by_id[key].push_back(std::move(step));
  }
  std::vector<TracedMessage> lives;
  for (auto& [key, of_one] : by_id) CutIntoLives(std::move(of_one), lives);
  std::ranges::for_each(lives, NameExpiries);
  const std::vector<bool> wanted = MessageTies(lives).Wanted();
  Keep(std::move(lives), wanted, most, trace);
  return trace;
}

}  // namespace bouncesight
