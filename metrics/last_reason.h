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

#include "metrics/names.h"
#include "parsers/event/delivery_event.h"
#include "parsers/event/result.h"
#include "rules/verdict.h"

namespace bouncesight {

class LastReasons {
 public:
  static constexpr std::size_t kDefaultCapacity = 16384;  // entries, 32 bytes each

  explicit LastReasons(std::size_t capacity = kDefaultCapacity);

  // Remembers why a message was put off; gives an expiry without a cause of its own the remembered
  // one (and its codes, where the event has none), or kMessageExpired where it has no words either.
  void Apply(DeliveryEvent& event, Verdict& verdict);

  // The rules were loaded anew: translates causes, rules and providers by name. What no longer
  // exists is forgotten.
  void Rename(const RuleNames& from, const RuleNames& to);

  // For the state record. The same bytes for the same table; Decode refuses what it did not write.
  std::string Encode(const RuleNames& names) const;
  Status Decode(std::string_view bytes, const RuleNames& names);

  // Counts up with each change: an unchanged table need not be encoded again.
  std::uint64_t version() const { return version_; }
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

  void Remember(std::uint64_t key, const DeliveryEvent& event, const Verdict& verdict);
  const Entry* Find(std::uint64_t key) const;
  void Put(const Entry& entry);

  std::vector<Entry> entries_;
  std::uint32_t clock_ = 0;
  std::uint64_t version_ = 0;
  std::size_t size_ = 0;
};

}  // namespace bouncesight
