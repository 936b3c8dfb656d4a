// A strict reader of what a scrape returns: the text format 0.0.4 and OpenMetrics 1.0. Stricter
// than Prometheus: one HELP and TYPE before a family's samples, no family twice, no series twice,
// label values of our own alphabet, histograms that add up.
#pragma once

#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metrics/label.h"
#include "parsers/text/utf8.h"

namespace bouncesight {

struct ScrapedSample {
  std::string name;
  std::map<std::string, std::string> labels;
  double value = 0;
  std::map<std::string, std::string> exemplar;  // its labels
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

namespace strict {

inline bool IsName(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

class ExpositionReader {
 public:
  explicit ExpositionReader(bool openmetrics) : openmetrics_(openmetrics) {}

  Scrape Read(std::string_view body) {
    if (body.empty() || body.back() != '\n') Fail("no newline at the end");
    if (ToUtf8(body) != body) Fail("not UTF-8");
    while (!body.empty() && scrape_.error.empty()) {
      const std::size_t end = body.find('\n');
      ReadLine(body.substr(0, end));
      body.remove_prefix(end + 1);
    }
    if (openmetrics_ && !eof_) Fail("no # EOF");
    CheckFamilies();
    return std::move(scrape_);
  }

 private:
  void Fail(std::string why) {
    if (scrape_.error.empty()) scrape_.error = std::move(why);
  }

  void ReadLine(std::string_view line) {
    if (eof_) return Fail("text after # EOF");
    if (line == "# EOF" && openmetrics_) {
      eof_ = true;
    } else if (line.starts_with("# HELP ")) {
      ReadHelp(line.substr(7));
    } else if (line.starts_with("# TYPE ")) {
      ReadType(line.substr(7));
    } else if (line.starts_with('#') || line.empty()) {
      Fail("an odd line: " + std::string(line));
    } else {
      ReadSample(line);
    }
  }

  void ReadHelp(std::string_view rest) {
    const std::size_t blank = rest.find(' ');
    family_ = rest.substr(0, blank);
    if (blank == std::string_view::npos || !IsName(family_)) return Fail("HELP without a name");
    if (!scrape_.families.emplace(family_, ScrapedFamily{}).second) Fail("twice: " + family_);
    scrape_.families[family_].help = rest.substr(blank + 1);
  }

  void ReadType(std::string_view rest) {
    const std::size_t blank = rest.find(' ');
    if (rest.substr(0, blank) != family_) return Fail("TYPE of another family");
    ScrapedFamily& family = scrape_.families[family_];
    if (!family.type.empty() || !family.samples.empty()) return Fail("TYPE too late");
    family.type = rest.substr(blank + 1);
    if (family.type != "counter" && family.type != "gauge" && family.type != "histogram") {
      Fail("unknown type " + family.type);
    }
  }

  void ReadSample(std::string_view line) {
    ScrapedSample sample;
    const std::size_t end = line.find_first_of("{ ");
    sample.name = line.substr(0, end);
    if (end == std::string_view::npos || !IsName(sample.name)) return Fail("no name");
    line.remove_prefix(end);
    if (line.front() == '{' && !ReadLabels(line, sample)) return Fail("labels of " + sample.name);
    if (!line.starts_with(' ')) return Fail("no value: " + sample.name);
    if (!TakeExemplar(line, sample)) return Fail("exemplar of " + sample.name);
    if (!ReadNumber(line.substr(1), sample.value)) return Fail("no number: " + std::string(line));
    if (scrape_.families.empty()) return Fail("a sample before its family");
    ScrapedFamily& family = scrape_.families[family_];
    if (!Fits(sample.name, family.type)) return Fail(sample.name + " in " + family_);
    std::string key = sample.name;
    for (const auto& [name, value] : sample.labels) key += '\n' + name + '=' + value;
    if (!series_.insert(key).second) return Fail("twice: " + key);
    family.samples.push_back(std::move(sample));
  }

  bool Fits(const std::string& name, const std::string& type) const {
    if (type == "histogram") {
      return name == family_ + "_bucket" || name == family_ + "_sum" || name == family_ + "_count";
    }
    if (type == "counter") {
      return openmetrics_ ? name == family_ + "_total" && !family_.ends_with("_total")
                          : name == family_ && name.ends_with("_total");
    }
    return type == "gauge" && name == family_;
  }

  // {name="value",…}, of our own alphabet: nothing in it needs an escape.
  static bool ReadLabels(std::string_view& line, ScrapedSample& sample) {
    while (line.front() != '}') {
      line.remove_prefix(1);  // the bracket or a comma
      const std::size_t equals = line.find("=\"");
      if (equals == std::string_view::npos) return false;
      const std::string name(line.substr(0, equals));
      line.remove_prefix(equals + 2);
      const std::size_t quote = line.find('"');
      if (quote == std::string_view::npos || !IsName(name)) return false;
      const std::string value(line.substr(0, quote));
      if (!IsLabel(value) && value != "+Inf") return false;
      if (!sample.labels.emplace(name, value).second) return false;
      line.remove_prefix(quote + 1);
      if (line.empty() || (line.front() != ',' && line.front() != '}')) return false;
    }
    line.remove_prefix(1);
    return true;
  }

  // " # {name="value"} 1" behind a counter's value in OpenMetrics.
  bool TakeExemplar(std::string_view& line, ScrapedSample& sample) const {
    const std::size_t mark = line.find(" # ");
    if (mark == std::string_view::npos) return true;
    std::string_view rest = line.substr(mark + 3);
    line = line.substr(0, mark);
    ScrapedSample exemplar;
    if (!openmetrics_ || !sample.name.ends_with("_total")) return false;
    if (!rest.starts_with('{') || !ReadLabels(rest, exemplar) || rest != " 1") return false;
    std::size_t characters = 0;
    for (const auto& [name, value] : exemplar.labels) characters += name.size() + value.size();
    sample.exemplar = std::move(exemplar.labels);
    return characters <= 128 && !sample.exemplar.empty();
  }

  static bool ReadNumber(std::string_view text, double& value) {
    const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
    return end.ec == std::errc() && end.ptr == text.data() + text.size() && std::isfinite(value);
  }

  void CheckFamilies() {
    for (const auto& [name, family] : scrape_.families) {
      if (family.help.empty() || family.type.empty()) Fail("no HELP or TYPE: " + name);
      if (family.samples.empty()) Fail("no sample: " + name);
      if (family.type == "histogram") CheckHistogram(name, family);
      if (family.type == "counter") {
        for (const auto& sample : family.samples) {
          if (sample.value < 0) Fail("a negative counter: " + name);
        }
      }
    }
  }

  void CheckHistogram(const std::string& name, const ScrapedFamily& family) {
    double last = -1, last_bound = -1;
    for (const ScrapedSample& sample : family.samples) {
      const bool is_bucket = sample.name == name + "_bucket";
      if (is_bucket && !sample.labels.contains("le")) return Fail("a bucket without le");
      if (is_bucket) {
        const std::string& le = sample.labels.at("le");
        if (openmetrics_ && le.find_first_of(".I") == std::string::npos) Fail("le=" + le);
        double bound = HUGE_VAL;
        if (le != "+Inf") ReadNumber(le, bound);
        if (bound <= last_bound || sample.value < last) Fail("buckets out of order: " + name);
        last = sample.value;
        last_bound = bound;
        if (le == "+Inf") last_bound = -1;
      } else if (sample.name == name + "_count") {
        if (!openmetrics_) continue;  // there the count stands before the buckets
        if (sample.value != last) Fail("count and +Inf differ: " + name);
        last = -1;
      }
      if (!is_bucket) last = -1;
    }
  }

  bool openmetrics_;
  bool eof_ = false;
  std::string family_;
  std::set<std::string> series_;
  Scrape scrape_;
};

}  // namespace strict

inline double Scrape::Value(const std::string& name,
                            const std::map<std::string, std::string>& labels) const {
  double value = -1;
  for (const auto& [family_name, family] : families) {
    for (const ScrapedSample& sample : family.samples) {
      bool fits = sample.name == name;
      for (const auto& [label, wanted] : labels) {
        const auto found = sample.labels.find(label);
        fits = fits && found != sample.labels.end() && found->second == wanted;
      }
      if (fits) value = sample.value;
    }
  }
  return value;
}

inline Scrape ReadText(std::string_view body) { return strict::ExpositionReader(false).Read(body); }
inline Scrape ReadOpenMetrics(std::string_view body) {
  return strict::ExpositionReader(true).Read(body);
}

}  // namespace bouncesight
