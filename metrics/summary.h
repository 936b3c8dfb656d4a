// What `report` prints: the counters of a snapshot, summed up and ranked. As data, and as text,
// JSON or CSV (summary_html.h has the web page). Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "metrics/snapshot.h"
#include "metrics/template_miner.h"

namespace bouncesight {

struct Ranked {
  std::string name;
  std::uint64_t count = 0;      // failures
  std::uint64_t permanent = 0;  // of them, by PermanenceOf
  // A cause's family; the commonest cause of a domain, code or provider; a block list's address.
  std::string detail;
};

struct SourceSummary {
  std::string name;
  std::uint64_t bytes = 0, lines = 0, counted = 0, truncated = 0;
  // By reason, all reasons; the last is "excluded": events outside --since and --until.
  std::vector<std::pair<std::string, std::uint64_t>> skipped;
};

// What our own server refused on the way in.
struct RefusalSummary {
  std::uint64_t count = 0, permanent = 0;
  std::vector<Ranked> causes;      // detail: the cause's family
  std::vector<Ranked> blocklists;  // `permanent` is not known of these
  std::vector<MinedTemplate> unclassified_templates;
};

// What we tried to deliver, and apart from it what our own server refused.
struct Summary {
  std::vector<std::pair<std::string, std::uint64_t>> outcomes;  // of kDeliveryOutcomes
  std::uint64_t failures = 0;                                   // deferred + bounced + expired
  std::uint64_t unclassified = 0;
  std::vector<Ranked> causes;
  std::vector<Ranked> domains;
  std::vector<Ranked> codes;  // "550 5.1.1"
  std::vector<Ranked> providers;
  std::vector<Ranked> blocklists;  // detail: the listed address
  RefusalSummary refusals;
  std::vector<SourceSummary> sources;
  std::vector<MinedTemplate> unclassified_templates;
};

// At most `top` entries in each ranking; equal counts in the order of names.
Summary Summarise(const Snapshot& snapshot, std::size_t top,
                  std::vector<MinedTemplate> templates = {},
                  std::vector<MinedTemplate> refusal_templates = {});

struct SummaryStyle {
  bool colour = false;
  std::size_t width = 100;
};
std::string RenderSummaryText(const Summary& summary, SummaryStyle style = {});
std::string RenderSummaryJson(const Summary& summary);  // one object, with a newline
// One table: section,name,count,permanent,detail. Fields as safe_text.h has them.
std::string RenderSummaryCsv(const Summary& summary);

}  // namespace bouncesight
