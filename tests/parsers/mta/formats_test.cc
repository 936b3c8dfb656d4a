// What holds for every row of the list of formats, on the samples of the fuzz target. A sample's
// file is named after its format: "exim-bounce", "kumomta".
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "parsers/mta/format.h"
#include "tests/parsers/mta/counting_new.h"
#include "tests/parsers/mta/event_text.h"

namespace bouncesight {
namespace {

struct FormatSample {
  std::string format;
  std::string line;
};

std::vector<FormatSample> Samples() {
  std::vector<FormatSample> samples;
  for (const auto& entry :
       std::filesystem::directory_iterator(SOURCE_DIR "/tests/fuzz/corpus/parsers_formats")) {
    const std::string name = entry.path().filename().string();
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string line{std::istreambuf_iterator<char>(file), {}};
    samples.push_back({name.substr(0, name.find('-')), line});
  }
  return samples;
}

Record RecordOf(const FormatSample& sample) {
  Record record;
  record.message = sample.line;
  if (sample.format == "opensmtpd") record.program = "smtpd";
  if (sample.line.starts_with('{')) record.json = sample.line;
  return record;
}

TEST(Formats, ClaimTheirOwnLinesAndNoOthers) {
  std::vector<std::string> seen;
  for (const FormatSample& sample : Samples()) {
    seen.push_back(sample.format);
    ParseContext context;
    for (const FormatRow& row : AllFormats()) {
      const std::string text = EventText(row.parse(RecordOf(sample), context));
      EXPECT_EQ(text != "skip: foreign", row.name == sample.format)
          << row.name << ", " << text << ": " << sample.line;
    }
  }
  for (const FormatRow& row : AllFormats()) {
    EXPECT_TRUE(std::find(seen.begin(), seen.end(), row.name) != seen.end())
        << "no sample of " << row.name;
  }
}

TEST(Formats, AllocateNothingForALineLikeOneSeenBefore) {
  const std::vector<FormatSample> samples = Samples();
  ParseContext context;
  const auto parse_all = [&] {
    for (const FormatSample& sample : samples) {
      for (const FormatRow& row : AllFormats()) {
        context.Reset();
        static_cast<void>(row.parse(RecordOf(sample), context));
      }
    }
  };
  const std::size_t at_start = AllocationsSoFar();
  parse_all();  // tables and parsers are made at first use
  EXPECT_GT(AllocationsSoFar(), at_start) << "the count does not count";
  const std::size_t before = AllocationsSoFar();
  parse_all();
  EXPECT_EQ(AllocationsSoFar(), before);
}

TEST(Formats, TakeAnyCutOfALine) {
  for (const FormatSample& sample : Samples()) {
    for (std::size_t size = 0; size <= sample.line.size(); ++size) {
      const FormatSample cut{sample.format, sample.line.substr(0, size)};
      for (const FormatRow& row : AllFormats()) {
        ParseContext context;
        const Parsed parsed = row.parse(RecordOf(cut), context);
        const DeliveryEvent* event = std::get_if<DeliveryEvent>(&parsed);
        EXPECT_TRUE(event == nullptr || row.name == sample.format) << row.name << ": " << cut.line;
      }
    }
  }
}

}  // namespace
}  // namespace bouncesight
