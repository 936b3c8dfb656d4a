#include "daemon/web/api_status.h"

#include <algorithm>
#include <string_view>

#include "metrics/joined_sums.h"
#include "metrics/json_text.h"
#include "metrics/moment.h"
#include "metrics/outcomes.h"

namespace bouncesight {
namespace {

std::string UtcText(double seconds) { return Rfc3339({static_cast<std::int64_t>(seconds), 0}); }

void WriteHead(const StatusFacts& facts, JsonText& json) {
  const Live& live = *facts.live;
  json.Field("version", live.version);
  json.Field("revision", live.revision);
  json.Field("telemetry_path", facts.telemetry_path);
  json.Field("time", Rfc3339({facts.now, 0}));
  json.Field("started", UtcText(live.process.start_time_seconds));
  json.Flag("ready", facts.ready);
  json.Flag("history", facts.has_history);
  json.Field("generation", facts.published->snapshot->generation);
  json.Field("counted_seconds", facts.published->snapshot->active_seconds);
  json.Key("state_age_seconds");
  json.Decimal(live.state_age_seconds);
  json.Field("state_commit_failures", live.state_commit_failures);
  json.Key("rules");
  json.Open('{');
  json.Field("catalogue", live.rules_builtin);
  json.Field("operator", live.rules_operator);
  json.Flag("last_reload_successful", live.config_last_reload_successful);
  json.Close('}');
}

void WriteTotals(const Snapshot& snapshot, JsonText& json) {
  DeliveryCounts deliveries{};
  std::uint64_t rejected = 0;
  for (const InstanceTotals& one : snapshot.instances) {
    Add(deliveries, one.deliveries);
    for (const RejectionCounts& counts : one.rejections) {
      for (const std::uint64_t count : counts) rejected += count;
    }
  }
  json.Key("totals");
  json.Open('{');
  for (std::size_t i = 0; i < kDeliveryOutcomeCount; ++i) {
    json.Field(OutcomeName(kDeliveryOutcomes[i]), deliveries[i]);
  }
  json.Field("unclassified", snapshot.unclassified);
  json.Field("rejected", rejected);
  json.Close('}');
}

void WriteWaiting(const Snapshot& snapshot, JsonText& json) {
  std::vector<WaitingRow> rows = SummedWaiting(snapshot);
  std::ranges::stable_sort(rows, std::greater{}, &WaitingRow::recipients);
  std::uint64_t recipients = 0;
  std::uint64_t oldest = 0;
  for (const WaitingRow& row : rows) {
    recipients += row.recipients;
    oldest = std::max(oldest, row.oldest_seconds);
  }
  json.Key("waiting");
  json.Open('{');
  json.Field("recipients", recipients);
  json.Field("oldest_seconds", oldest);
  json.Objects("rows", rows, [&](const WaitingRow& row) {
    json.Field("provider", snapshot.providers[row.provider]);
    json.Field("cause", snapshot.causes[row.cause]);
    json.Field("recipients", row.recipients);
    json.Field("oldest_seconds", row.oldest_seconds);
  });
  json.Close('}');
}

void WriteFiles(const SourceFiles& files, JsonText& json) {
  json.Key("files");
  json.Open('{');
  json.Field("open", files.open);
  json.Field("missing", files.missing);
  json.Field("denied", files.denied);
  json.Field("hung", files.hung);
  json.Close('}');
}

void WriteFormats(const LiveSource& source, JsonText& json) {
  json.Strings("formats", source.formats);
}

void WriteSource(const LiveSource& source, const Snapshot& snapshot, JsonText& json) {
  json.Open('{');
  json.Field("name", source.name);
  json.Field("state", SourceState(source));
  const auto counted = std::ranges::find(snapshot.sources, source.name, &SourceTotals::name);
  if (counted != snapshot.sources.end()) {
    json.Field("bytes", counted->bytes);
    json.Field("lines", counted->lines());
    json.Field("counted", counted->counted);
  }
  if (source.lag_bytes) json.Field("lag_bytes", *source.lag_bytes);
  if (source.lost_bytes) json.Field("lost_bytes", *source.lost_bytes);
  if (source.gaps) json.Field("gaps", *source.gaps);
  if (source.kernel_drops) json.Field("kernel_drops", *source.kernel_drops);
  if (source.last_line_timestamp_seconds > 0) {
    json.Field("last_line", UtcText(source.last_line_timestamp_seconds));
  }
  if (source.files) WriteFiles(*source.files, json);
  WriteFormats(source, json);
  json.Close('}');
}

}  // namespace

std::string_view SourceState(const LiveSource& source) {
  const SourceFiles files = source.files.value_or(SourceFiles{.open = 1});
  if (files.hung > 0) return "hung";
  if (files.denied > 0) return "denied";
  if (files.open == 0 && files.missing > 0) return "missing";
  if (source.lost_bytes.value_or(0) > 0 || source.gaps.value_or(0) > 0) return "lost";
  return "ok";
}

std::string StatusJson(const StatusFacts& facts) {
  const Snapshot& snapshot = *facts.published->snapshot;
  JsonText json;
  json.Open('{');
  WriteHead(facts, json);
  WriteTotals(snapshot, json);
  WriteWaiting(snapshot, json);
  json.Key("sources");
  json.Open('[');
  for (const LiveSource& source : facts.published->sources) WriteSource(source, snapshot, json);
  json.Close(']');
  json.Close('}');
  return json.Take() + '\n';
}

}  // namespace bouncesight
