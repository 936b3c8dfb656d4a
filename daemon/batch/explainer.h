// What one text means and what to do: the work of `explain`, without its flags.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/event/delivery_event.h"
#include "parsers/mta/format_reader.h"
#include "parsers/mta/parse_context.h"
#include "rules/advice.h"
#include "rules/classifier.h"

namespace bouncesight {

// Everything that is known of a text; owns its strings, all of them valid UTF-8. Empty or 0:
// unknown.
struct ExplainedText {
  std::string input;
  std::uint16_t code = 0;
  std::string enhanced_code;
  std::string phase;
  std::string reply;
  std::string family;
  std::string outcome_hint;  // "deferred" or "bounced", by the line or the code's class
  std::string recipient;
  std::string remote;
  std::string delisting_link;
  Explanation verdict;
  Advice advice;
};

// One thread.
class Explainer {
 public:
  explicit Explainer(std::shared_ptr<const RuleSet> rules);

  // `text` may be a bare reply, a log line of any format, or a bounce text in any known wrapping.
  ExplainedText Explain(std::string_view text);

  // `message` is a whole bounce message: one answer a recipient of its delivery status (RFC 3464).
  // Without one, its body is read as a bounce text.
  std::vector<ExplainedText> ExplainMessage(std::string_view message);

  const RuleSet& rules() const { return classifier_.rules(); }

 private:
  struct Found;
  ExplainedText Judge(std::string_view input, const Found& found);

  Classifier classifier_;
  FormatReader reader_;
  ParseContext context_;
};

// One JSON object without a newline; its keys are a contract.
std::string ExplanationJson(const ExplainedText& explained, const RuleSet& rules,
                            Language language);

struct ExplanationStyle {
  Language language = Language::kEnglish;
  bool colour = false;
  std::size_t width = 100;
};
// For people: a few lines, ending with a newline.
std::string ExplanationText(const ExplainedText& explained, const RuleSet& rules,
                            const ExplanationStyle& style);

}  // namespace bouncesight
