#include "metrics/exposition.h"

#include <fstream>
#include <random>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

#include "metrics/families.h"
#include "tests/metrics/fixtures.h"
#include "tests/metrics/strict_exposition.h"

namespace bouncesight {
namespace {

constexpr ExpositionFormat kBoth[] = {ExpositionFormat::kText, ExpositionFormat::kOpenMetrics};

Scrape Read(const std::string& body, ExpositionFormat format) {
  return format == ExpositionFormat::kText ? ReadText(body) : ReadOpenMetrics(body);
}

TEST(Exposition, IsWellFormedInBothFormats) {
  for (const ExpositionFormat format : kBoth) {
    EXPECT_EQ(Read(RenderMetrics(ShownSnapshot(), FullLive(), format), format).error, "");
    EXPECT_EQ(Read(RenderLogMetrics(ShownSnapshot(), format), format).error, "");
    EXPECT_EQ(Read(RenderMetrics(Snapshot{}, Live{}, format), format).error, "");
  }
}

Scrape ScrapeOf(const Tally& tally, ExpositionFormat format) {
  Totals totals;
  totals.Merge(tally);
  const std::string body = RenderMetrics(*totals.Publish(), Live{}, format);
  return format == ExpositionFormat::kText ? ReadText(body) : ReadOpenMetrics(body);
}

std::vector<std::map<std::string, std::string>> ExemplarsOf(const Scrape& scrape) {
  std::vector<std::map<std::string, std::string>> all;
  for (const auto& [name, family] : scrape.families) {
    for (const ScrapedSample& sample : family.samples) {
      if (!sample.exemplar.empty()) all.push_back(sample.exemplar);
    }
  }
  return all;
}

TEST(Exposition, ShowsTheLastEventOfAFailureInOpenMetricsWhenAskedTo) {
  const std::pair<std::string, std::map<std::string, std::string>> kCases[] = {
      {"4XyZ12345", {{"queue_id", "4XyZ12345"}, {"rule", "no-such-user"}}},
      {"\"} 1\n# EOF", {{"queue_id", "___1___EOF"}, {"rule", "no-such-user"}}},
      {std::string(300, 'x'), {{"rule", "no-such-user"}}},
  };
  for (const auto& [queue_id, wanted] : kCases) {
    Tally tally(TestNames(), TallyLimits{.exemplars = true});
    Verdict verdict = Because(CauseId::kUserUnknown);
    verdict.rule = static_cast<RuleId>(1);
    for (const std::string& id : {std::string("earlier"), queue_id}) {
      DeliveryEvent event = Bounce("example.com");
      event.queue_id = id;
      tally.CountEvent(tally.Source("mail"), event, verdict);
    }
    const Scrape open = ScrapeOf(tally, ExpositionFormat::kOpenMetrics);
    EXPECT_EQ(open.error, "");
    EXPECT_THAT(ExemplarsOf(open), testing::ElementsAre(wanted));
    const Scrape text = ScrapeOf(tally, ExpositionFormat::kText);
    EXPECT_EQ(text.error, "");
    EXPECT_THAT(ExemplarsOf(text), testing::IsEmpty());
  }
}

TEST(Exposition, ShowsNoEventUnlessAskedTo) {
  Tally tally(TestNames());
  DeliveryEvent event = Bounce("example.com");
  event.queue_id = "4XyZ12345";
  tally.CountEvent(tally.Source("mail"), event, Because(CauseId::kUserUnknown));
  EXPECT_THAT(ExemplarsOf(ScrapeOf(tally, ExpositionFormat::kOpenMetrics)), testing::IsEmpty());
}

TEST(Exposition, BeginsWithZerosForClosedSets) {
  Totals totals;
  totals.AddSource("mail");
  totals.AddNames(*TestNames());
  const Scrape scrape = ReadText(RenderMetrics(*totals.Publish(), Live{}, ExpositionFormat::kText));
  ASSERT_EQ(scrape.error, "");
  const std::string p = "bouncesight_";
  EXPECT_EQ(scrape.Value(p + "deliveries_total", {{"source", "mail"}, {"outcome", "expired"}}), 0);
  for (std::size_t i = 0; i < kBuiltinCauseCount; ++i) {
    const std::string cause(BuiltinCause(static_cast<CauseId>(i)).name);
    EXPECT_EQ(scrape.Value(p + "failures_total", {{"source", "mail"}, {"cause", cause}}), 0);
  }
  EXPECT_EQ(scrape.Value(p + "source_lines_total", {{"source", "mail"}, {"result", "counted"}}), 0);
  EXPECT_EQ(scrape.Value(p + "source_lines_total", {{"result", "malformed"}}), 0);
  EXPECT_EQ(scrape.Value(p + "source_bytes_total", {{"source", "mail"}}), 0);
  EXPECT_EQ(scrape.Value(p + "unclassified_replies_total", {}), 0);
  EXPECT_EQ(scrape.Value(p + "label_overflow_total", {{"label", "domain"}}), 0);
}

TEST(Exposition, ShowsAnInstanceWithAllItsOutcomesAndCauses) {
  const Snapshot snapshot = ShownSnapshot();
  const Scrape scrape = ReadText(RenderMetrics(snapshot, Live{}, ExpositionFormat::kText));
  const std::map<std::string, std::string> mail = {
      {"source", "mail"}, {"mta", "postfix"}, {"mta_instance", "postfix"}};
  auto labels = mail;
  labels["outcome"] = "bounced";
  EXPECT_EQ(scrape.Value("bouncesight_deliveries_total", labels), kBuiltinCauseCount);
  labels["cause"] = "virus";
  EXPECT_EQ(scrape.Value("bouncesight_failures_total", labels), 1);
  EXPECT_EQ(scrape.Value("bouncesight_domain_failures_total", {{"domain", "other"},
                                                               {"cause", "greylisted"},
                                                               {"code", "451"},
                                                               {"enhanced_code", "4.7.1"},
                                                               {"provider", "bigmail"}}),
            2);
  EXPECT_EQ(scrape.Value("bouncesight_delivery_delay_seconds_bucket",
                         {{"mta", "postfix"}, {"outcome", "delivered"}, {"le", "2.5"}}),
            3);
  EXPECT_EQ(scrape.Value("bouncesight_delivery_delay_seconds_sum", {{"outcome", "delivered"}}),
            4.5);
}

TEST(Exposition, IsExactUpToTwoToThe53) {
  Snapshot snapshot = ShownSnapshot();
  snapshot.sources[0].bytes = (std::uint64_t{1} << 53) - 1;
  for (const ExpositionFormat format : kBoth) {
    EXPECT_THAT(RenderMetrics(snapshot, Live{}, format),
                testing::HasSubstr("bouncesight_source_bytes_total{source=\"mail\"} "
                                   "9007199254740991\n"));
  }
}

TEST(Exposition, SaysTheSameInBothFormatsAndAsThePackagedSerialiserDoes) {
  const Snapshot snapshot = ShownSnapshot();
  const Live live = FullLive();
  const Scrape text = ReadText(RenderMetrics(snapshot, live, ExpositionFormat::kText));
  const Scrape open =
      ReadOpenMetrics(RenderMetrics(snapshot, live, ExpositionFormat::kOpenMetrics));
  std::ostringstream packaged;
  prometheus::TextSerializer().Serialize(packaged, MetricsCollectable(snapshot, live).Collect());
  const auto samples = [](const Scrape& scrape) {
    std::multiset<std::string> all;
    for (const auto& [name, family] : scrape.families) {
      for (const ScrapedSample& sample : family.samples) {
        std::string line = sample.name;
        for (auto [label, value] : sample.labels) {
          if (label == "le" && value.ends_with(".0")) value.resize(value.size() - 2);
          line += " " + label + "=" + value;
        }
        all.insert(line + " " + std::to_string(sample.value));
      }
    }
    return all;
  };
  EXPECT_EQ(samples(text), samples(open));
  EXPECT_EQ(samples(text), samples(ReadText(packaged.str())));
}

// Torture matrix T34. Names that are unique before they are made inert may be the same after it, so
// each gets a number that survives.
TEST(Exposition, T34IsWellFormedWhateverBytesTheNamesHold) {
  std::mt19937 random(34);
  const std::string hostile[] = {"\"",
                                 "\\",
                                 "\n",
                                 "\r",
                                 std::string(1, '\0'),
                                 "\x80",
                                 "\xff",
                                 "\xc0\xaf",
                                 "\xed\xa0\x80",
                                 "\xb0\xcb",
                                 "\x1b[2J",
                                 "</script>",
                                 "{",
                                 "}",
                                 ",",
                                 "=",
                                 " ",
                                 "# EOF\n",
                                 "a"};
  int number = 0;
  const auto spoil = [&](std::string& name) {
    name = std::to_string(++number) + "x";
    for (std::uint32_t pieces = random() % 6; pieces > 0; --pieces) {
      name += hostile[random() % std::size(hostile)];
    }
  };
  for (int round = 0; round < 40; ++round) {
    Snapshot snapshot = ShownSnapshot();
    Live live = FullLive();
    for (auto& one : snapshot.causes) spoil(one);
    for (auto& one : snapshot.providers) spoil(one);
    for (auto& one : snapshot.domains) spoil(one.name);
    for (auto& one : snapshot.sources) spoil(one.name);
    for (auto& one : snapshot.instances) spoil(one.name);
    for (auto& one : snapshot.rules) spoil(one);
    for (auto& one : snapshot.lists) spoil(one.list), spoil(one.ip);
    for (auto& one : live.sources) spoil(one.name);
    for (auto* one : {&live.version, &live.revision, &live.compiler, &live.rules_hash}) spoil(*one);
    spoil(live.sources[1].datagrams[0].first);
    for (const ExpositionFormat format : kBoth) {
      ASSERT_EQ(Read(RenderMetrics(snapshot, live, format), format).error, "") << round;
    }
  }
}

TEST(Exposition, HasNoMoreSeriesThanItsCapWhateverTheLogsHold) {
  TotalsLimits limits;
  limits.max_series = 4000;
  Totals totals(limits);
  std::mt19937 random(6);
  for (int interval = 0; interval < 30; ++interval) {
    Tally tally(TestNames());
    const SourceId mail = tally.Source("mail");
    for (int i = 0; i < 2000; ++i) {
      const std::string instance = "i" + std::to_string(random() % 500);
      const std::string domain = "d" + std::to_string(random() % 3000) + ".example";
      const std::string list = "l" + std::to_string(random() % 500);
      DeliveryEvent event = random() % 2 == 0 ? Bounce(domain) : Deferral(domain);
      event.instance = instance;
      event.mta = static_cast<Mta>(random() % kMtaCount);
      event.reply.code = static_cast<std::uint16_t>(400 + random() % 200);
      event.reply.enhanced.detail = static_cast<std::uint16_t>(random());
      Verdict verdict = Because(static_cast<CauseId>(random() % kBuiltinCauseCount));
      verdict.blocklist = list;
      tally.CountEvent(mail, event, verdict);
    }
    totals.Merge(tally);
  }
  const auto snapshot = totals.Publish();
  EXPECT_EQ(AllDomainFailures(*snapshot), 60000U);
  const std::string body = RenderLogMetrics(*snapshot, ExpositionFormat::kText);
  std::size_t series = 0;
  for (const auto& [name, family] : ReadText(body).families) series += family.samples.size();
  // What is always there: "other" of each MTA, block lists, and each outcome and cause.
  const std::size_t always = (kMtaCount + 1) * (kDeliveryOutcomeCount + 3 * kBuiltinCauseCount) +
                             kMtaCount * 3 * (kDelayBounds.size() + 3);
  EXPECT_LE(series, limits.max_series + always);
}

TEST(Exposition, UsesNoLabelThatBelongsToTheTargetOrSaysNothing) {
  const std::set<std::string> refused = {"service", "instance", "job",   "zone",     "region",
                                         "cluster", "env",      "stage", "owner",    "customer",
                                         "dc",      "type",     "name",  "queue_id", "recipient"};
  const Scrape scrape =
      ReadText(RenderMetrics(ShownSnapshot(), FullLive(), ExpositionFormat::kText));
  for (const auto& [family_name, family] : scrape.families) {
    for (const ScrapedSample& sample : family.samples) {
      for (const auto& [label, value] : sample.labels) {
        EXPECT_FALSE(refused.contains(label)) << sample.name << " " << label;
        EXPECT_EQ(value.find('@'), std::string::npos) << value;
      }
    }
  }
}

// Rows of metrics/METRICS.md: | `name` | type | `label`, `label` | meaning |
std::map<std::string, std::pair<std::string, std::set<std::string>>> Documented() {
  std::ifstream file(std::string(SOURCE_DIR) + "/metrics/METRICS.md");
  const std::regex row(R"(^\| `([a-z_]+)` \| (counter|gauge|histogram) \|([^|]*)\|.*)");
  const std::regex word("`([a-z_]+)`");
  std::map<std::string, std::pair<std::string, std::set<std::string>>> all;
  for (std::string line; std::getline(file, line);) {
    std::smatch found;
    if (!std::regex_match(line, found, row)) continue;
    auto& [type, labels] = all[found[1]];
    type = found[2];
    const std::string list = found[3];
    for (std::sregex_iterator it(list.begin(), list.end(), word), end; it != end; ++it) {
      labels.insert((*it)[1]);
    }
  }
  return all;
}

TEST(Exposition, IsWhatItsReferenceSays) {
  std::map<std::string, std::pair<std::string, std::set<std::string>>> shown;
  const Scrape scrape =
      ReadText(RenderMetrics(ShownSnapshot(), FullLive(), ExpositionFormat::kText));
  for (const auto& [name, family] : scrape.families) {
    auto& [type, labels] = shown[name];
    type = family.type;
    for (const ScrapedSample& sample : family.samples) {
      for (const auto& [label, value] : sample.labels) {
        if (label != "le") labels.insert(label);
      }
    }
  }
  EXPECT_EQ(shown, Documented());
}

TEST(FamilyBuilder, TakesBackAFamilyWithoutSamples) {
  Families families;
  FamilyBuilder(families, "nothing_total", "Nothing.", prometheus::MetricType::Counter);
  EXPECT_TRUE(families.empty());
}

// The packaged serialiser does not escape HELP (torture matrix T35): ours are constants, and clean.
TEST(Exposition, T35HasHelpTextsOfOneLine) {
  const Snapshot snapshot = ShownSnapshot();
  const Live live = FullLive();
  for (const auto& family : MetricsCollectable(snapshot, live).Collect()) {
    EXPECT_EQ(family.help.find_first_of("\n\\"), std::string::npos) << family.name;
    EXPECT_FALSE(family.help.empty());
  }
}

}  // namespace
}  // namespace bouncesight
