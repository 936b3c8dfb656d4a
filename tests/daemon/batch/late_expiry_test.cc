#include "daemon/batch/late_expiry.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

namespace bouncesight {
namespace {

constexpr std::size_t kStretch = std::size_t{6} << 20U;  // more than is kept of one

// A log of three stretches, in the second of which `every`th lines name the message.
class LateMessages : public testing::Test {
 protected:
  ~LateMessages() override { std::filesystem::remove(path_); }

  void Write(std::size_t every) {
    std::ofstream log(path_, std::ios::binary);
    for (std::size_t stretch = 0; stretch < 3; ++stretch) {
      const std::uint64_t begin = size_;
      std::uint64_t number = 0;
      for (std::size_t bytes = 0; bytes < kStretch; ++number) {
        const bool named = number == 7 || (stretch == 1 && number % every == 0);
        std::string line = std::to_string(number) + (named ? " 4F1A2B: put off" : " 4F1A2C: other");
        line.resize(200, '.');
        bytes += line.size() + 1;
        log << line << '\n';
        if (named) wanted_.emplace_back(stretch, number + 1, stretch == 2 && number == 7);
        if (stretch == 2 && number == 7) late_ = {2, number + 1, bytes, "4F1A2B"};
      }
      size_ += number * 201;
      ranges_.push_back({.path = path_, .begin = begin, .end = size_});
    }
  }

  using Seen = std::tuple<std::size_t, std::uint64_t, bool>;  // range, line from 1, the expiry
  std::vector<Seen> ReadBy(unsigned jobs) {
    std::vector<Seen> seen;
    const auto one = [&](std::size_t range, const Line& line, const LateExpiry* expiry) {
      EXPECT_EQ(line.text.size(), 200U);
      seen.emplace_back(range, std::stoull(std::string(line.text)) + 1, expiry != nullptr);
    };
    EXPECT_TRUE(ReadLateMessages(ranges_, {late_}, jobs, one).has_value());
    return seen;
  }

  const std::string path_ = testing::TempDir() + "late_messages." + std::to_string(::getpid());
  std::uint64_t size_ = 0;
  std::vector<LogRange> ranges_;
  LateExpiry late_;
  std::vector<Seen> wanted_;
};

TEST_F(LateMessages, AreReadInTheirOrderByAnyNumberOfJobs) {
  Write(1000);
  for (const unsigned jobs : {1U, 2U, 5U}) EXPECT_EQ(ReadBy(jobs), wanted_) << jobs;
}

TEST_F(LateMessages, OfMoreLinesThanAreKeptAreReadAllTheSame) {
  Write(1);
  for (const unsigned jobs : {1U, 2U}) EXPECT_EQ(ReadBy(jobs), wanted_) << jobs;
}

TEST_F(LateMessages, ThatCannotBeReadAreAnError) {
  Write(1000);
  ranges_[1].path += ".gone";
  const Status read = ReadLateMessages(ranges_, {late_}, 2, [](auto&&...) {});
  ASSERT_FALSE(read.has_value());
  EXPECT_NE(read.error().message.find(".gone"), std::string::npos);
}

}  // namespace
}  // namespace bouncesight
