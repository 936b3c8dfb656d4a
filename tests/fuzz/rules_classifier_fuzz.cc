#include "parsers/reason/reason.h"
#include "rules/classifier.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::fuzz::Inside;
using bouncesight::fuzz::Require;

// Any bytes through the shipped catalogue; the second time, from memory, the verdict is the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static bouncesight::Classifier classifier(
      bouncesight::RuleSet::Load(bouncesight::EmbeddedSources()).value());
  const std::string_view text = bouncesight::fuzz::Text(data, size);
  const bouncesight::Reason reason = bouncesight::ParseReason(text);
  const bouncesight::Evidence evidence{reason.reply, reason.remote_host, reason.remote_ip, ""};
  const bouncesight::Verdict first = classifier.Classify(evidence);
  Require(Inside(first.listed_ip, text), "the listed address is part of the reply");
  const bouncesight::Verdict second = classifier.Classify(evidence);
  Require(first.cause == second.cause && first.rule == second.rule, "one verdict for one reply");
  Require((first.rule == bouncesight::RuleId::kNone) ==
              (first.cause == bouncesight::CauseId::kUnclassified),
          "a cause has a rule");
  return 0;
}
