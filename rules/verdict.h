// What the rules say of a reply.
#pragma once

#include <cstdint>
#include <string_view>

#include "rules/cause.h"

namespace bouncesight {

// Numbers within one RuleSet; its accessors give names and texts. 0 is "none" for each.
enum class RuleId : std::uint32_t { kNone = 0 };
enum class ProviderId : std::uint16_t { kNone = 0 };

struct Verdict {
  CauseId cause = CauseId::kUnclassified;
  RuleId rule = RuleId::kNone;
  ProviderId provider = ProviderId::kNone;
  // The block list that the reply names: a known list's name ("spamhaus_zen", static storage) or an
  // unknown one's zone, and the address that the reply calls listed. Views of the evidence or of
  // the classifier's scratch, valid until its next call.
  std::string_view blocklist;
  std::string_view listed_ip;
};

}  // namespace bouncesight
