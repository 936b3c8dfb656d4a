// What one text means and what to do: the work of `explain`, without its flags.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/event/delivery_event.h"
#include "parsers/mta/format_reader.h"
#include "parsers/reason/notice_kind.h"
#include "parsers/reason/queue_hold.h"
#include "parsers/text/text_room.h"
#include "rules/advice.h"
#include "rules/classifier.h"

namespace bouncesight {

struct AdvicePlaces;
struct ReportedFailure;

// Everything that is known of a text; owns its strings, all of them valid UTF-8. Empty or 0:
// unknown.
struct ExplainedText {
  std::string input;
  std::string file;         // of ExplainText's caller, who knows what it read
  std::size_t message = 0;  // which one of an mbox, from 1; 0: the text is one
  std::uint16_t code = 0;
  std::string enhanced_code;
  std::string phase;
  std::string reply;
  std::string family;
  std::string outcome_hint;  // of the log line or report, else "deferred" or "bounced" by the codes
  std::string recipient;
  std::string remote;
  std::string delisting_link;
  NoticeKind notice = NoticeKind::kNone;  // a delay, or what the text is in place of a bounce
  std::string tried_again;                // how long a delayed mail is: "until …"
  QueueHold hold;                         // who keeps it back; of kHeld
  bool failed = true;                     // false: the text is not a bounce, and there is no cause
  bool silent = false;                    // nothing says why; `advice` tells of the notice
  Explanation verdict;
  Advice advice;
};

// Nothing in the text says why mail failed.
bool TellsNothing(const ExplainedText& explained);

// One thread.
class Explainer {
 public:
  explicit Explainer(std::shared_ptr<const RuleSet> rules);

  // Whatever `bytes` are, they are one text: a reply, log lines, a whole bounce as a person pastes
  // it or a mail program saves it, a queue listing (failure_report.h). An answer for each
  // recipient, or for each log line that reports a failure. A text that is plainly a list of
  // replies (reply_list.h) has an answer per line. Each message of an mbox is explained as if
  // alone. Objects of JSON are read each for itself
  // (json_reply.h). A text that is not a bounce (notice_kind.h) has one answer that says what it
  // is. Empty: there is nothing to explain.
  std::vector<ExplainedText> ExplainText(std::string_view bytes);

  // `line` is one reply, log line or bounce text: one answer, whatever it holds.
  ExplainedText ExplainLine(std::string_view line);

  const RuleSet& rules() const { return classifier_.rules(); }

 private:
  struct Found;
  std::vector<ExplainedText> ExplainMessage(std::string_view bytes);
  ExplainedText Judge(std::string_view input, Found found);
  static AdvicePlaces PlacesOf(const Found& found, CauseId cause);
  std::vector<ExplainedText> ExplainLog(std::string_view text);
  std::vector<ExplainedText> ExplainEach(const std::vector<std::string>& lines);
  std::vector<ExplainedText> ExplainFailures(std::string_view bytes);
  std::optional<ExplainedText> ExplainEvent(std::string_view line, bool& log_line);
  ExplainedText ExplainReport(const ReportedFailure& failure);

  Classifier classifier_;
  FormatReader reader_;
  TextRoom texts_;
};

// One JSON object without a newline; its keys are a contract.
std::string ExplanationJson(const ExplainedText& explained, const RuleSet& rules,
                            Language language);

// Of a pasted text: {"answers": [those objects], "more": N}, where N of them were left out.
inline constexpr std::size_t kMostAnswers = 100;
std::string ExplanationsJson(const std::vector<ExplainedText>& all, const RuleSet& rules,
                             Language language);

struct ExplanationStyle {
  Language language = Language::kEnglish;
  bool colour = false;
  std::size_t width = 100;
};
// A line above an answer: the name of its input, and which message of an mbox it is. Empty: neither
// is given.
std::string ExplanationHead(std::string_view name, const ExplainedText& explained,
                            const ExplanationStyle& style);

// For people: a few lines, ending with a newline.
std::string ExplanationText(const ExplainedText& explained, const RuleSet& rules,
                            const ExplanationStyle& style);

}  // namespace bouncesight
