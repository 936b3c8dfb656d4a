// What was last wrong with a queued message. "status=expired, returned to sender" and "retry
// timeout exceeded" name no cause of their own: the one of the attempt before is the cause.
//
// A bounded table, (host, queue id, recipient) -> last verdict, and (host, queue id) -> last
// verdict of any recipient. Each key has eight places; where they are full the oldest entry gives
// way. Apply allocates nothing. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/byte_codec.h"
#include "metrics/dirty_slots.h"
#include "metrics/journalled_table.h"
#include "metrics/name_translation.h"
#include "metrics/names.h"
#include "parsers/event/delivery_event.h"
#include "parsers/event/result.h"
#include "rules/verdict.h"

namespace bouncesight {

class LastReasons final : public JournalledTable {
 public:
  static constexpr std::size_t kDefaultCapacity = 16384;  // entries, 32 bytes each

  explicit LastReasons(std::size_t capacity = kDefaultCapacity);

  // Remembers why a message was put off; gives an expiry without a cause of its own the remembered
  // one (and its codes, where the event has none), or kMessageExpired where it has no words either.
  void Apply(DeliveryEvent& event, Verdict& verdict);

  // The piece of the state record; metrics/STATE.md has its layout. Rules and providers are left
  // out: only a count of rule hits and a label would need them, and a cause must survive another
  // rule set.
  TablePiece Take(const RuleNames& names, bool whole) override;
  // Takes over the table of older programs, too.
  Status Restore(const std::vector<std::string>& pieces, const RuleNames& names) override;
  // What no longer exists is forgotten.
  void Rename(const RuleNames& from, const RuleNames& to) override;

  std::size_t size() const { return size_; }

 private:
  struct Entry {
    std::uint64_t key = 0;  // 0: free
    std::uint32_t rule = 0;
    std::uint32_t stamp = 0;
    std::uint16_t provider = 0;
    std::uint16_t cause = 0;
    std::uint16_t code = 0;
    EnhancedCode enhanced;
  };

  static bool SameReason(const Entry& a, const Entry& b);
  void Remember(std::uint64_t key, const DeliveryEvent& event, const Verdict& verdict);
  const Entry* Find(std::uint64_t key) const;
  void Put(const Entry& entry);
  // The entries of these slots that are of use, from the oldest to the youngest.
  std::vector<const Entry*> InOrder(const std::vector<std::uint32_t>& slots) const;
  bool RestorePiece(std::string_view piece, const RuleNames& names, NameTranslation& known);
  static Entry ReadReason(ByteReader& in, const NameTranslation& known);
  void PutRestored(Entry entry);
  void RestoreOld(ByteReader& in, const NameTranslation& known);
  void RestoreRuns(ByteReader& in, const NameTranslation& known);

  std::vector<Entry> entries_;
  std::uint32_t clock_ = 0;
  std::size_t size_ = 0;
  DirtySlots dirty_;
};

}  // namespace bouncesight
