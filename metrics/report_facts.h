// What a report tells beyond the counters of a scrape: when it happened, on which hosts, how all
// traffic of each domain went, since when an address is listed, who sent it, and who
// still waits.
//
// One for each stretch of a log that is read. Merged in the order of the stretches they hold the
// same as one that saw it all, but where a table is full. Memory is bounded by the constants below.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metrics/counters.h"
#include "metrics/message_join.h"
#include "metrics/moment.h"
#include "metrics/name_table.h"
#include "metrics/named_traffic.h"
#include "metrics/waiting_set.h"
#include "parsers/event/delivery_event.h"
#include "rules/verdict.h"

namespace bouncesight {

// What happened in a quarter of an hour, or at one domain.
struct TrafficCounts {
  AttemptCounts attempts{};
  std::uint64_t rejections = 0;

  std::uint64_t all() const;  // attempts
  std::uint64_t failures() const { return all() - attempts[0]; }
  void Add(const TrafficCounts& other);
  friend bool operator==(const TrafficCounts&, const TrafficCounts&) = default;
};

struct DomainTraffic {
  AttemptCounts attempts{};
  DelayHistogram delays;  // at final status
};

struct ListedSpan {
  std::string list, ip;
  TimeSpan span;
};

class ReportFacts {
 public:
  static constexpr std::int64_t kQuarter = 900;          // seconds
  static constexpr std::size_t kMostQuarters = 400'000;  // eleven years
  static constexpr std::size_t kMostHosts = 1000;
  static constexpr std::size_t kMostDomains = 65536;
  static constexpr std::size_t kMostLists = 10'000;

  ReportFacts() : domain_names_(kMostDomains) {}
  ReportFacts(ReportFacts&&) = default;
  ReportFacts& operator=(ReportFacts&&) = default;
  ReportFacts(const ReportFacts&) = delete;
  ReportFacts& operator=(const ReportFacts&) = delete;

  // `whole`: there is no other stretch, so what this one does not tell of a message nobody does.
  void BeginStretch(bool whole = true);
  // What is noted from here on comes behind what other facts of its log hold.
  void BeginAfterwards();
  // Deliveries are not told one by one: who still waits cannot be said.
  void GiveUpWaiting() { waiting_.GiveUp(); }
  // This event will be noted soon.
  void Expect(const DeliveryEvent& event) { waiting_.Expect(event); }
  // `time`: seconds since 1970; none: it cannot be told. `origin`: of its message, as the join of
  // the stretch has it; null: nobody is asked who sent it.
  void Note(const DeliveryEvent& event, const Verdict& verdict, std::optional<std::int64_t> time,
            const MessageJoin::Origin* origin = nullptr);
  // Somebody took this message out of the queue, or put it back under another id.
  void NoteTakenAway(std::string_view host, std::string_view queue_id,
                     std::optional<std::int64_t> time) {
    waiting_.TakeAway(host, queue_id, time);
  }
  // Messages of the stretch may go on in the next one.
  void EndStretch(MessageJoin& join);
  // `log`: stretches of one log have the same number.
  void Merge(const ReportFacts& other, std::size_t log = 0);

  const TimeSpan& span() const { return span_; }
  std::uint64_t untimed() const { return untimed_; }  // results without a time
  // By the number of the quarter since 1970.
  const std::map<std::int64_t, TrafficCounts>& quarters() const { return quarters_; }
  // Results by the host that logged them; empty: the header names none.
  const std::map<std::string, std::uint64_t, std::less<>>& hosts() const { return hosts_; }
  // By the label that the counters have for it (label.h); not those for which there was no room.
  std::map<std::string, DomainTraffic> Domains() const;
  // Of failures, by the cause's number.
  TimeSpan Cause(std::size_t cause) const { return causes_.Of(cause); }
  // By the labels of list and address.
  std::map<std::pair<std::string, std::string>, TimeSpan> Lists() const;
  const WaitingSet& waiting() const { return waiting_; }
  // By the sender's domain, as metrics/METRICS.md has it, and by login.
  std::vector<LabelRow> Senders() const;
  std::vector<LabelRow> Accounts() const;

 private:
  void NoteQuarter(std::int64_t quarter, const TrafficCounts& counts);
  void NoteHost(std::string_view host, std::uint64_t count);
  void NoteDomain(std::size_t attempt, const DeliveryEvent& event);
  void NoteSender(std::size_t attempt, const DeliveryEvent& event, CauseId cause,
                  const MessageJoin::Origin& origin);
  TimeSpan* ListSpan(std::string_view list, std::string_view ip);

  TimeSpan span_;
  std::uint64_t untimed_ = 0;
  std::map<std::int64_t, TrafficCounts> quarters_;
  std::pair<std::int64_t, TrafficCounts*> last_quarter_{0, nullptr};
  std::map<std::string, std::uint64_t, std::less<>> hosts_;
  std::pair<const std::string, std::uint64_t>* last_host_ = nullptr;  // of those
  NameTable domain_names_;                                            // lower case
  std::vector<DomainTraffic> domains_;
  By<NameKind::kCause, TimeSpan> causes_;
  std::vector<ListedSpan> lists_;
  WaitingSet waiting_;
  NamedTraffic senders_{"unknown"}, accounts_{""};
  bool whole_ = true, afterwards_ = false;
};

}  // namespace bouncesight
