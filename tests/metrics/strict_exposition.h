// A strict reader of what a scrape returns: the text format 0.0.4 and OpenMetrics 1.0. Stricter
// than Prometheus: one HELP and TYPE before a family's samples, no family twice, no series twice,
// label values of our own alphabet, histograms that add up.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace bouncesight {

struct ScrapedSample {
  std::string name;
  std::map<std::string, std::string> labels;
  double value = 0;
};

struct ScrapedFamily {
  std::string type, help;
  std::vector<ScrapedSample> samples;
};

struct Scrape {
  std::string error;  // empty: the text is well formed
  std::map<std::string, ScrapedFamily> families;

  // The value of the one series with this name and, among others, these labels; -1: there is none.
  double Value(const std::string& name, const std::map<std::string, std::string>& labels) const;
};

Scrape ReadText(std::string_view body);
Scrape ReadOpenMetrics(std::string_view body);

}  // namespace bouncesight
