#include "daemon/batch/cut_log.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

namespace bouncesight {
namespace {

MessageNote Arrival(std::string_view id) {
  MessageNote note;
  note.kind = NoteKind::kArrival;
  note.mta = Mta::kPostfix;
  note.host = "mx1";
  note.instance = "postfix";
  note.queue_id = id;
  note.message.sender = "news@example.com";
  return note;
}

// Three stretches of three lines each. The first line of the second and the second of the third
// name a message that arrived in the first stretch, the last of the third is its late expiry.
class ALogCutInThree : public testing::Test {
 protected:
  ALogCutInThree() {
    std::ofstream log(path_, std::ios::binary);
    for (std::size_t i = 0; i < 3; ++i) {
      const std::uint64_t begin = size_;
      for (int line = 0; line < 3; ++line) {
        const std::string text = TextOf(i, line);
        log << text << (line == 1 ? "\r\n" : "\n");
        size_ += text.size() + (line == 1 ? 2 : 1);
        ends_.push_back(size_ - begin);
      }
      ranges_.push_back({.path = path_, .begin = begin, .end = size_});
    }
    for (std::size_t i = 0; i < 3; ++i) stretches_.emplace_back().range = i;
    message_ = stretches_[0].join.Take(Arrival("4F1A2B")).key;
    other_ = stretches_[1].join.Take(Arrival("4F1A2C")).key;
    Keep(1, 0, message_);
    Keep(1, 1, message_ + (std::uint64_t{1} << 40U));  // of a message that nobody asks for
    Keep(2, 1, message_);
    Keep(2, 1, other_);
    Keep(2, 2, message_);
    stretches_[2].late.push_back({2, 3, ends_[8], "4F1A2B", message_});
  }
  ~ALogCutInThree() override { std::filesystem::remove(path_); }

  static std::string TextOf(std::size_t stretch, int line) {
    return std::to_string(stretch) + "-" + std::string(static_cast<std::size_t>(line), '.') + "-";
  }
  void Keep(std::size_t stretch, int line, std::uint64_t message) {
    const std::string text = TextOf(stretch, line);
    const std::size_t at = stretch * 3 + static_cast<std::size_t>(line);
    stretches_[stretch].lines.Keep(message, {text, ends_[at], false, true});
  }
  // The log, when its stretches were read in this order.
  std::optional<CutLog> Read(const std::vector<std::size_t>& order) {
    CutLogs logs(ranges_);
    for (std::size_t i = 0; i + 1 < order.size(); ++i) {
      EXPECT_FALSE(logs.Add(std::move(stretches_[order[i]])).has_value());
    }
    return logs.Add(std::move(stretches_[order.back()]));
  }

  const std::string path_ = testing::TempDir() + "cut_log." + std::to_string(::getpid());
  std::uint64_t size_ = 0, message_ = 0, other_ = 0;
  std::vector<std::uint64_t> ends_;
  std::vector<LogRange> ranges_;
  std::vector<ReadStretch> stretches_;
};

TEST_F(ALogCutInThree, AreWholeWhenTheLastStretchIsReadWhicheverThatIs) {
  std::optional<CutLog> log = Read({2, 0, 1});
  ASSERT_TRUE(log.has_value());
  EXPECT_TRUE(log->knows_all());
  ASSERT_EQ(log->late().size(), 1U);
  EXPECT_EQ(log->late()[0].queue_id, "4F1A2B");
}

TEST_F(ALogCutInThree, GiveTheLinesOfLateMessagesInOrderAndWhatArrivedBetween) {
  std::optional<CutLog> log = Read({0, 1, 2});
  ASSERT_TRUE(log.has_value());
  using Seen = std::tuple<std::size_t, std::string, bool>;
  std::vector<Seen> seen;
  MessageJoin join;
  const auto one = [&](std::size_t range, const Line& line, const LateExpiry* expiry) {
    DeliveryEvent event;
    event.mta = Mta::kPostfix;
    event.host = "mx1";
    event.instance = "postfix";
    event.queue_id = "4F1A2B";
    join.Complete(event);
    EXPECT_EQ(event.message.sender, "@example.com");
    seen.emplace_back(range, line.text, expiry != nullptr);
  };
  ASSERT_TRUE(log->ReadLate(join, one).has_value());
  EXPECT_EQ(seen,
            (std::vector<Seen>{
                {1, TextOf(1, 0), false}, {2, TextOf(2, 1), false}, {2, TextOf(2, 2), true}}));
}

TEST_F(ALogCutInThree, LearnOfLaterStretchesOnlyWhatIsAskedFor) {
  stretches_[2].late.push_back({2, 3, ends_[8], "4F1A2C", other_});
  std::optional<CutLog> log = Read({0, 1, 2});
  ASSERT_TRUE(log.has_value());
  MessageJoin join;
  ASSERT_TRUE(log->ReadLate(join, [](auto&&...) {}).has_value());
  EXPECT_EQ(join.table().size(), 2U);
  EXPECT_TRUE(join.OriginOf({other_, join.table().Find(other_)}).arrived_here);
}

TEST_F(ALogCutInThree, DoNotKnowAllWhereALineWasTooLongOrHasNoEnd) {
  for (const Line& line : {Line{"x", 1, true, true}, Line{"x", 1, false, false}}) {
    EarlierLines lines;
    lines.Keep(1, line);
    EXPECT_FALSE(lines.whole());
  }
  stretches_[1].lines.Keep(1, {"x", 1, true, true});
  EXPECT_FALSE(Read({0, 1, 2})->knows_all());
}

TEST_F(ALogCutInThree, DoNotKnowAllWhereMessagesHadToGiveWay) {
  stretches_[1].join = MessageJoin(MessageJoin::Keep::kDomains, {.messages = 2});
  for (const char* id : {"A1", "A2", "A3"}) stretches_[1].join.Take(Arrival(id));
  EXPECT_FALSE(Read({0, 1, 2})->knows_all());
}

TEST_F(ALogCutInThree, ThatHaveChangedAreAnError) {
  std::optional<CutLog> log = Read({0, 1, 2});
  std::filesystem::resize_file(path_, ranges_[1].begin + 3);
  MessageJoin join;
  const Status read = log->ReadLate(join, [](auto&&...) {});
  ASSERT_FALSE(read.has_value());
  EXPECT_NE(read.error().message.find("has changed"), std::string::npos);
}

TEST_F(ALogCutInThree, OfOneStretchLeaveNothing) {
  ranges_.resize(1);
  EXPECT_FALSE(Read({0}).has_value());
}

}  // namespace
}  // namespace bouncesight
