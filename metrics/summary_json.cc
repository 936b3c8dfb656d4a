#include "metrics/json_text.h"
#include "metrics/summary_compare.h"

namespace bouncesight {
namespace {

void WriteCounts(JsonText& json, std::string_view key, const NamedCounts& counts) {
  json.Key(key);
  json.Open('{');
  for (const auto& [name, count] : counts) json.Field(name, count);
  json.Close('}');
}

// Nothing where they are not known.
void WriteDelays(JsonText& json, double median, double p95) {
  if (median < 0) return;
  json.Key("median_seconds");
  json.Decimal(median);
  json.Key("p95_seconds");
  json.Decimal(p95);
}

void WriteRanking(JsonText& json, std::string_view key, const std::vector<Ranked>& ranking,
                  std::string_view detail) {
  json.Objects(key, ranking, [&](const Ranked& one) {
    json.Field("name", one.name);
    json.Field("count", one.count);
    json.Field("permanent", one.permanent);
    if (!one.detail.empty()) json.Field(detail, one.detail);
    if (one.attempts != 0) json.Field("attempts", one.attempts);
    WriteDelays(json, one.median, one.p95);
    if (!one.act.empty()) json.Field("act", one.act);
    if (one.first) json.Field("first", Rfc3339(*one.first));
    if (one.last) json.Field("last", Rfc3339(*one.last));
    if (!one.link.empty()) json.Field("delisting", one.link);
  });
}

void WriteSource(JsonText& json, const SourceSummary& source) {
  json.Open('{');
  json.Field("name", source.name);
  json.Field("bytes", source.bytes);
  json.Field("lines", source.lines);
  json.Field("counted", source.counted);
  json.Field("oversize", source.truncated);
  WriteCounts(json, "skipped", source.skipped);
  json.Close('}');
}

void WriteTemplate(JsonText& json, const MinedTemplate& one) {
  json.Open('{');
  json.Field("template", one.text);
  json.Field("count", one.count);
  if (one.code != 0) json.Field("code", one.code);
  EnhancedCodeText buffer;
  const std::string_view enhanced = FormatEnhancedCode(one.enhanced, buffer);
  if (!enhanced.empty()) json.Field("enhanced_code", enhanced);
  if (!one.domain.empty()) json.Field("domain", one.domain);
  json.Field("example", one.example);
  if (!one.text.empty()) json.Field("draft_rule", DraftRules({one}));
  json.Close('}');
}

void WriteTemplates(JsonText& json, const std::vector<MinedTemplate>& templates) {
  json.Key("unclassified_templates");
  json.Open('[');
  for (const MinedTemplate& one : templates) WriteTemplate(json, one);
  json.Close(']');
}

void WriteRefusals(JsonText& json, const RefusalSummary& refusals) {
  json.Key("rejections");
  json.Open('{');
  json.Field("count", refusals.count);
  json.Field("temporary", refusals.count - refusals.permanent);
  json.Field("permanent", refusals.permanent);
  WriteRanking(json, "causes", refusals.causes, "family");
  json.Objects("blocklists", refusals.blocklists, [&](const Ranked& one) {
    json.Field("name", one.name);
    json.Field("count", one.count);
  });
  WriteTemplates(json, refusals.unclassified_templates);
  json.Close('}');
}

void WritePeriod(JsonText& json, const std::optional<Moment>& first,
                 const std::optional<Moment>& last) {
  if (!first) return;
  json.Key("period");
  json.Open('{');
  json.Field("first", Rfc3339(*first));
  json.Field("last", Rfc3339(*last));
  json.Close('}');
}

void WriteRecipients(JsonText& json, const RecipientSummary& recipients) {
  json.Key("recipients");
  json.Open('{');
  json.Field("delivered", recipients.delivered);
  json.Field("failed", recipients.failed);
  json.Key("waiting");
  recipients.waiting ? json.Number(*recipients.waiting) : json.Null();
  json.Close('}');
}

void WriteSenders(JsonText& json, std::string_view key, const std::vector<SenderRank>& ranks) {
  json.Objects(key, ranks, [&](const SenderRank& one) {
    json.Field("name", one.name);
    json.Field("count", one.failures);
    json.Field("permanent", one.permanent);
    json.Field("spam", one.spam);
    json.Field("attempts", one.attempts);
    if (!one.cause.empty()) json.Field("top_cause", one.cause);
  });
}

void WriteWho(JsonText& json, const WhoSummary& who) {
  WriteSenders(json, "senders", who.senders);
  WriteSenders(json, "senders_by_spam", who.spam_senders);
  WriteSenders(json, "accounts", who.accounts);
  WriteSenders(json, "accounts_by_spam", who.spam_accounts);
  json.Objects("waiting", who.waiting, [&](const WaitingRank& one) {
    json.Field("provider", one.provider);
    json.Field("cause", one.cause);
    json.Field("recipients", one.recipients);
    json.Field("oldest_seconds", one.oldest_seconds);
  });
  json.Objects("retries", who.retries, [&](const RetryRank& one) {
    json.Field("cause", one.cause);
    json.Field("delivered", one.delivered);
    json.Field("failed", one.failed);
    json.Field("waiting", one.waiting);
    WriteDelays(json, one.median, one.p95);
  });
}

void WriteTimeline(JsonText& json, const Summary& summary) {
  json.Key("timeline");
  json.Open('{');
  json.Field("step", TimelineStepName(summary.step));
  json.Objects("rows", summary.timeline, [&](const TimelineRow& row) {
    json.Field("begin", Rfc3339(row.begin));
    for (std::size_t i = 0; i < kAttemptOutcomeCount; ++i) {
      json.Field(OutcomeName(kDeliveryOutcomes[i]), row.counts.attempts[i]);
    }
    json.Field("rejected", row.counts.rejections);
  });
  json.Close('}');
}

void WriteDelayRanks(JsonText& json, std::string_view key, const std::vector<DelayRank>& ranks) {
  json.Objects(key, ranks, [&](const DelayRank& one) {
    json.Field("name", one.name);
    json.Field("count", one.count);
    WriteDelays(json, one.median, one.p95);
  });
}

void WriteCompared(JsonText& json, std::string_view key, const std::vector<ComparedRow>& rows) {
  json.Objects(key, rows, [&](const ComparedRow& one) {
    json.Field("name", one.name);
    json.Field("before", one.before);
    json.Field("now", one.now);
    json.Key("before_percent");
    json.Decimal(one.before_share);
    json.Key("now_percent");
    json.Decimal(one.now_share);
  });
}

void WriteComparison(JsonText& json, const Comparison& then) {
  json.Key("compared_with");
  json.Open('{');
  json.Field("asked", then.period);
  WritePeriod(json, then.first, then.last);
  json.Field("attempts_before", then.attempts_before);
  json.Field("attempts_now", then.attempts_now);
  WriteCompared(json, "outcomes", then.outcomes);
  WriteCompared(json, "causes", then.causes);
  WriteCompared(json, "providers", then.providers);
  json.Close('}');
}

void WriteAdvice(JsonText& json, const Summary& summary) {
  json.Objects("advice", summary.advice, [&](const AdviceSummary& one) {
    json.Field("cause", one.cause);
    json.Field("act", one.act);
    json.Field("retry", one.retry);
    json.Field("explanation", one.text.why);
    json.Strings("remedy", one.text.steps);
  });
}

void WriteHead(JsonText& json, const Summary& summary) {
  WritePeriod(json, summary.first, summary.last);
  if (!summary.version.empty()) {
    json.Field("made", Rfc3339(summary.made));
    json.Field("version", summary.version);
  }
  json.Field("untimed", summary.untimed);
  WriteCounts(json, "hosts", summary.hosts);
}

}  // namespace

std::string RenderSummaryJson(const Summary& summary, const Comparison* then) {
  JsonText json;
  json.Open('{');
  WriteHead(json, summary);
  WriteRecipients(json, summary.recipients);
  WriteCounts(json, "outcomes", summary.outcomes);
  json.Field("failures", summary.failures);
  json.Field("unclassified", summary.unclassified);
  WriteRanking(json, "causes", summary.causes, "family");
  WriteRanking(json, "domains", summary.domains, "top_cause");
  WriteRanking(json, "codes", summary.codes, "top_cause");
  WriteRanking(json, "providers", summary.providers, "top_cause");
  WriteRanking(json, "blocklists", summary.blocklists, "listed_ip");
  WriteWho(json, summary.who);
  WriteTimeline(json, summary);
  WriteDelayRanks(json, "delays", summary.delays);
  WriteDelayRanks(json, "delay_steps", summary.steps);
  WriteRefusals(json, summary.refusals);
  json.Key("sources");
  json.Open('[');
  for (const SourceSummary& source : summary.sources) WriteSource(json, source);
  json.Close(']');
  WriteTemplates(json, summary.unclassified_templates);
  WriteAdvice(json, summary);
  if (then != nullptr) WriteComparison(json, *then);
  json.Close('}');
  return json.Take() + '\n';
}

}  // namespace bouncesight
