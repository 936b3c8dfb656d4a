#include <algorithm>
#include <utility>

#include "metrics/html_parts.h"
#include "metrics/summary_text.h"
#include "metrics/summary_who.h"
#include "metrics/summary_words.h"
#include "metrics/text_table.h"

namespace bouncesight {
namespace {

bool Holds(const std::vector<SenderRank>& ranks, const std::string& name) {
  return std::ranges::find(ranks, name, &SenderRank::name) != ranks.end();
}

// Is there somebody in the ranking by spam who is not in that by failures?
bool AddsNames(const std::vector<SenderRank>& spam, const std::vector<SenderRank>& failures) {
  return std::ranges::any_of(spam,
                             [&](const SenderRank& one) { return !Holds(failures, one.name); });
}

const std::string& KnownOr(const std::string& name, const std::string& unknown) {
  return name.empty() ? unknown : name;
}

// The tables in their order, for a renderer with Senders, Waiting and Retries.
template <typename Tables>
void ForEachTable(const WhoSummary& who, const SummaryWords& words, Tables& tables) {
  tables.Senders(words.senders, who.senders);
  if (AddsNames(who.spam_senders, who.senders))
    tables.Senders(words.spam_senders, who.spam_senders);
  tables.Senders(words.accounts, who.accounts);
  if (AddsNames(who.spam_accounts, who.accounts)) {
    tables.Senders(words.spam_accounts, who.spam_accounts);
  }
  tables.Waiting(who.waiting);
  tables.Retries(who.retries);
}

class TextTables {
 public:
  explicit TextTables(const SummaryStyle& style) : style_(style), words_(WordsOf(style.language)) {}

  void Senders(std::string_view title, const std::vector<SenderRank>& ranks) {
    TextTable table({{title},
                     {words_.failures, true},
                     {words_.of_traffic, true},
                     {words_.permanent, true},
                     {words_.as_spam, true},
                     {words_.commonest}});
    for (const SenderRank& one : ranks) {
      table.Row({one.name, std::to_string(one.failures), ShareText(one.failures, one.attempts),
                 std::to_string(one.permanent), std::to_string(one.spam),
                 std::string(ShortName(one.cause, style_.language))});
    }
    Print(table);
  }

  void Waiting(const std::vector<WaitingRank>& ranks) {
    TextTable table(
        {{words_.waits}, {words_.last_cause}, {words_.number, true}, {words_.oldest, true}});
    for (const WaitingRank& one : ranks) {
      table.Row({std::string(ShortName(KnownOr(one.provider, "-"), style_.language)),
                 std::string(ShortName(one.cause, style_.language)), std::to_string(one.recipients),
                 DelayText(static_cast<double>(one.oldest_seconds))});
    }
    Print(table);
  }

  void Retries(const std::vector<RetryRank>& ranks) {
    TextTable table({{words_.retries},
                     {words_.settled, true},
                     {words_.retry_helped, true},
                     {words_.median, true},
                     {words_.waiting, true}});
    for (const RetryRank& one : ranks) {
      table.Row({std::string(ShortName(one.cause, style_.language)), std::to_string(one.settled()),
                 RetryText(one, style_.language), DelayText(one.median),
                 std::to_string(one.waiting)});
    }
    Print(table);
  }

  std::string out;

 private:
  void Print(const TextTable& table) {
    if (!table.empty()) out += '\n' + table.Render(style_.width, style_.colour);
  }

  const SummaryStyle& style_;
  const SummaryWords& words_;
};

class HtmlTables {
 public:
  explicit HtmlTables(Language language) : language_(language), words_(WordsOf(language)) {}

  void Senders(std::string_view title, const std::vector<SenderRank>& ranks) {
    if (ranks.empty()) return;
    HtmlTable table(title, {{words_.name},
                            {words_.failures, true},
                            {words_.of_traffic, true},
                            {words_.permanent, true},
                            {words_.as_spam, true},
                            {words_.commonest}});
    for (const SenderRank& one : ranks) {
      table.Row();
      table.Cell(one.name, SvgBar({{one.failures, "bad"}, {one.attempts - one.failures, "ok"}},
                                  one.attempts));
      table.Number(one.failures);
      table.Cell(ShareText(one.failures, one.attempts));
      table.Number(one.permanent);
      table.Number(one.spam);
      table.Cell(ShortName(one.cause, language_));
    }
    out += table.Take();
  }

  void Waiting(const std::vector<WaitingRank>& ranks) {
    if (ranks.empty()) return;
    HtmlTable table(
        words_.waits,
        {{words_.providers}, {words_.last_cause}, {words_.number, true}, {words_.oldest, true}});
    for (const WaitingRank& one : ranks) {
      table.Row();
      table.Cell(ShortName(KnownOr(one.provider, "-"), language_));
      table.Cell(ShortName(one.cause, language_));
      table.Number(one.recipients);
      table.Cell(DelayText(static_cast<double>(one.oldest_seconds)));
    }
    out += table.Take();
  }

  void Retries(const std::vector<RetryRank>& ranks) {
    if (ranks.empty()) return;
    HtmlTable table(words_.retries, {{words_.name},
                                     {words_.settled, true},
                                     {words_.retry_helped, true},
                                     {words_.median, true},
                                     {words_.waiting, true}});
    for (const RetryRank& one : ranks) {
      table.Row();
      table.Cell(FullName(one.cause, language_),
                 SvgBar({{one.delivered, "ok"}, {one.failed, "bad"}, {one.waiting, "wait"}},
                        one.settled() + one.waiting));
      table.Number(one.settled());
      table.Cell(RetryText(one, language_));
      table.Cell(DelayText(one.median));
      table.Number(one.waiting);
    }
    out += table.Take();
  }

  std::string out;

 private:
  Language language_;
  const SummaryWords& words_;
};

}  // namespace

std::string WhoText(const WhoSummary& who, const SummaryStyle& style) {
  TextTables tables(style);
  ForEachTable(who, WordsOf(style.language), tables);
  return std::move(tables.out);
}

std::string WhoHtml(const WhoSummary& who, Language language) {
  HtmlTables tables(language);
  ForEachTable(who, WordsOf(language), tables);
  return std::move(tables.out);
}

}  // namespace bouncesight
