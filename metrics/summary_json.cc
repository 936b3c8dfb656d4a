#include "metrics/json_text.h"
#include "metrics/summary.h"

namespace bouncesight {
namespace {

using Counts = std::vector<std::pair<std::string, std::uint64_t>>;

void WriteCounts(JsonText& json, std::string_view key, const Counts& counts) {
  json.Key(key);
  json.Open('{');
  for (const auto& [name, count] : counts) json.Field(name, count);
  json.Close('}');
}

void WriteRanking(JsonText& json, std::string_view key, const std::vector<Ranked>& ranking,
                  std::string_view detail) {
  json.Key(key);
  json.Open('[');
  for (const Ranked& one : ranking) {
    json.Open('{');
    json.Field("name", one.name);
    json.Field("count", one.count);
    json.Field("permanent", one.permanent);
    if (!one.detail.empty()) json.Field(detail, one.detail);
    json.Close('}');
  }
  json.Close(']');
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
  json.Field("example", one.example);
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
  json.Key("blocklists");
  json.Open('[');
  for (const Ranked& one : refusals.blocklists) {
    json.Open('{');
    json.Field("name", one.name);
    json.Field("count", one.count);
    json.Close('}');
  }
  json.Close(']');
  WriteTemplates(json, refusals.unclassified_templates);
  json.Close('}');
}

}  // namespace

std::string RenderSummaryJson(const Summary& summary) {
  JsonText json;
  json.Open('{');
  WriteCounts(json, "outcomes", summary.outcomes);
  json.Field("failures", summary.failures);
  json.Field("unclassified", summary.unclassified);
  WriteRanking(json, "causes", summary.causes, "family");
  WriteRanking(json, "domains", summary.domains, "top_cause");
  WriteRanking(json, "codes", summary.codes, "top_cause");
  WriteRanking(json, "providers", summary.providers, "top_cause");
  WriteRanking(json, "blocklists", summary.blocklists, "listed_ip");
  WriteRefusals(json, summary.refusals);
  json.Key("sources");
  json.Open('[');
  for (const SourceSummary& source : summary.sources) WriteSource(json, source);
  json.Close(']');
  WriteTemplates(json, summary.unclassified_templates);
  json.Close('}');
  return json.Take() + '\n';
}

}  // namespace bouncesight
