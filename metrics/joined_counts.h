// What the join by queue id lets count, of one source: by the sender's domain, by login, and the
// recipients that were put off for the first time.
//
// The counters live in the worker and in the state (journalled_table.h); at each hand-over the
// tally carries a copy of them, so that a scrape shows what a restart restores. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "metrics/joined_rows.h"
#include "metrics/journalled_table.h"
#include "metrics/label_book.h"
#include "metrics/message_join.h"

namespace bouncesight {

class JoinedCounts : public JournalledTable {
 public:
  static constexpr std::size_t kMostSenders = 200, kMostAccounts = 200;

  // `accounts`: count logins, too, which then are label values.
  explicit JoinedCounts(bool accounts = false);

  // `event` as MessageJoin::Complete left it; what is not an attempt is not counted.
  void Count(const DeliveryEvent& event, const Verdict& verdict);
  void CountFirstDeferral(ProviderId provider, std::uint32_t repeat);

  // All that was counted, and what waits now.
  JoinedRows RowsWith(const MessageJoin& join) const;

  TablePiece Take(const RuleNames& names, bool whole) override;
  Status Restore(const std::vector<std::string>& pieces, const RuleNames& names) override;
  void Rename(const RuleNames& from, const RuleNames& to) override;

 private:
  bool RestorePiece(std::string_view piece, const RuleNames& names);

  bool with_accounts_;
  LabelBook senders_, accounts_;
  std::vector<std::uint64_t> first_deferrals_;
  bool deferrals_changed_ = false;
  bool whole_next_ = true;
  std::vector<std::uint16_t> causes_, providers_;  // while restoring: of the last whole piece
};

}  // namespace bouncesight
