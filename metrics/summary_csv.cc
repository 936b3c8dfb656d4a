#include <string>

#include "metrics/safe_text.h"
#include "metrics/summary.h"

namespace bouncesight {
namespace {

// One table for all rankings: the first column tells them apart.
class CsvTable {
 public:
  void Row(std::string_view section, std::string_view name, std::uint64_t count,
           std::string_view permanent, std::string_view detail) {
    out_.append(section).append(1, ',').append(CsvField(name)).append(1, ',');
    out_.append(std::to_string(count)).append(1, ',').append(permanent).append(1, ',');
    out_.append(CsvField(detail)).append("\r\n");
  }

  void Ranking(std::string_view section, const std::vector<Ranked>& ranking) {
    for (const Ranked& one : ranking) {
      Row(section, one.name, one.count, std::to_string(one.permanent), one.detail);
    }
  }

  std::string Take() { return std::move(out_); }

 private:
  std::string out_ = "section,name,count,permanent,detail\r\n";
};

}  // namespace

std::string RenderSummaryCsv(const Summary& summary) {
  CsvTable table;
  for (const auto& [name, count] : summary.outcomes) table.Row("outcome", name, count, "", "");
  table.Ranking("cause", summary.causes);
  table.Ranking("domain", summary.domains);
  table.Ranking("code", summary.codes);
  table.Ranking("provider", summary.providers);
  table.Ranking("blocklist", summary.blocklists);
  table.Ranking("rejection_cause", summary.refusals.causes);
  for (const Ranked& one : summary.refusals.blocklists) {
    table.Row("rejection_blocklist", one.name, one.count, "", "");
  }
  for (const MinedTemplate& one : summary.refusals.unclassified_templates) {
    table.Row("rejection_unclassified", one.text, one.count, "", one.example);
  }
  for (const MinedTemplate& one : summary.unclassified_templates) {
    table.Row("unclassified", one.text, one.count, "", one.example);
  }
  for (const SourceSummary& source : summary.sources) {
    table.Row("source", source.name, source.counted, "", "counted");
    for (const auto& [reason, count] : source.skipped) {
      table.Row("source", source.name, count, "", reason);
    }
  }
  return table.Take();
}

}  // namespace bouncesight
