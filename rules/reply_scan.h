// One reply against all patterns: which rules were touched, which provider and block list the words
// and links speak of.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "rules/compiled_rules.h"
#include "rules/match_memo.h"
#include "rules/place_sets.h"
#include "rules/reply_memo.h"
#include "rules/reply_text.h"
#include "rules/verdict.h"

namespace bouncesight {

// What was found of one rule.
struct RuleHit {
  bool word = false;  // one of its patterns in the words
  bool link = false;
  std::uint32_t word_pattern = 0;  // the longest one: its id
  std::uint32_t link_pattern = 0;
  std::uint32_t weight = 0;  // of both together
};

// One per classifier; `rules` must outlive it. Run does not allocate.
class ReplyScan {
 public:
  // Throws std::bad_alloc if there is no memory for the scratch.
  explicit ReplyScan(const CompiledRules& rules);
  ~ReplyScan();
  ReplyScan(const ReplyScan&) = delete;
  ReplyScan& operator=(const ReplyScan&) = delete;

  // Names that are no evidence (names.yaml) are masked before rules count.
  void Run(std::string_view reply);

  // All of what follows is about the last Run.
  std::string_view words() const { return text_.words(); }
  std::string_view links() const { return text_.links(); }
  std::span<const std::uint32_t> touched() const { return touched_; }  // rules, each once
  RuleHit hit(std::uint32_t rule) const;
  ProviderId provider() const { return provider_; }
  // The name of the list found, in the order of blocklists.yaml; lists of addresses come first
  // unless `domain`. Empty: none.
  std::string_view blocklist(bool domain) const;

 private:
  struct RuleMark {
    std::uint32_t word_run = 0;  // the run in which it was touched last
    std::uint32_t link_run = 0;
    std::uint32_t word_pattern = 0;
    std::uint32_t link_pattern = 0;
  };

  using ListsByKind = std::array<std::uint32_t, 2>;  // index + 1; 0: none

  void StartRun();
  void NoteList(std::uint32_t list, ListsByKind& lists) const;
  void Scan(const PatternTable& table, std::string_view text, bool link);
  void TakeSteps(const PatternTable& table, std::uint32_t pattern, std::uint32_t program,
                 bool link);
  void Report(const PatternTable& table, std::uint32_t pattern, bool link);
  void OnMatch(const PatternTable& table, std::uint32_t pattern, bool link);
  void TouchRule(const PatternTable& table, std::uint32_t pattern, bool link);
  template <bool link>
  static int Callback(unsigned id, unsigned long long, unsigned long long, unsigned, void* self);

  static constexpr std::size_t kMemoSlots = 1024;
  static constexpr std::size_t kReplySlots = 256;

  const CompiledRules& rules_;
  hs_scratch* scratch_ = nullptr;
  ReplyMemo replies_{kReplySlots};
  ReplyText text_;
  FoldedText folded_;
  PlaceSets places_;        // of folded_, once a pattern needs them
  std::uint64_t scan_ = 0;  // of which scan they are, and the programs below
  std::uint64_t places_scan_ = 0;
  std::vector<std::uint64_t> taken_;  // by program: the scan in which it was run last
  MatchMemo word_memo_{kMemoSlots};
  MatchMemo link_memo_{kMemoSlots};
  MatchMemo::Entry* entry_ = nullptr;  // of the scan that is running
  std::uint32_t run_ = 0;
  std::vector<RuleMark> marks_;
  std::vector<std::uint32_t> touched_;
  ProviderId provider_ = ProviderId::kNone;
  std::uint16_t provider_weight_ = 0;
  bool named_ = false;   // a name that is not evidence was found
  ListsByKind lists_{};  // that patterns found
};

}  // namespace bouncesight
