// The words around the figures of a report, in the reader's language.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/advice.h"

namespace bouncesight {

struct SummaryWords {
  std::string_view title, from_to, host, hosts, file, files, line, lines, results, untimed;
  std::string_view recipients, delivered, failed, waiting, waiting_unknown;
  std::string_view attempts, number, share, bar;
  std::string_view causes, failures, permanent, act, since, last;
  std::string_view domains, providers, codes, name, of_traffic, median, p95, commonest;
  std::string_view blocklists, address, first_seen, last_seen, delisting;
  std::string_view when, quarter, hour, day, month, failing;
  std::string_view delays, result, steps;
  std::string_view refusals, refusals_for_good, refusal_causes, refusal_lists, refused, family;
  std::string_view unknown, unknown_refusals, of, example, no_words, draft_hint;
  std::string_view advice, retry, sources, read, counted, cut, legend, made, by;
  std::string_view senders, accounts, spam_senders, spam_accounts, as_spam, waits, last_cause;
  std::string_view oldest, retries, settled, retry_helped, within;
  std::string_view compare, before, now, change, nothing_then;
};
const SummaryWords& WordsOf(Language language);

// "deferred" and the like for a reader; English has the names as they are.
std::string_view OutcomeWord(std::string_view outcome, Language language);
std::string_view StepWord(std::string_view step, Language language);
std::string_view ActWord(std::string_view act, Language language);
std::string_view RetryWord(std::string_view retry, Language language);
// Why lines were not counted.
std::string_view SkipWord(std::string_view reason, Language language);

// What stands in a column of names, beside its words where the reader's language has some:
// "mailbox_full 邮箱已满", "tencent 腾讯", "退信". An outcome, a cause, a provider, a row for the
// rest.
std::string FullName(std::string_view name, Language language);
// The words alone, where there is little room; of a family, too. Without words the name.
std::string_view ShortName(std::string_view name, Language language);

// What the words mean, for somebody who meets them for the first time: term and meaning.
struct LegendEntry {
  std::string_view term, meaning;
};
const std::vector<LegendEntry>& LegendOf(Language language);

}  // namespace bouncesight
