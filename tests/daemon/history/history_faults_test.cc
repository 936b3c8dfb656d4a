// Every call that the history's database makes of its disk fails once, and several times in a row,
// in every way. Whatever fails, the sums and rows are those of the commits once it goes on, also
// over a kill; and who reads it meanwhile is told that he cannot, or what is right.

#include <gtest/gtest.h>

#include "daemon/history/history.h"
#include "daemon/history/history_reader.h"
#include "tests/daemon/history/failing_vfs.h"
#include "tests/daemon/history/history_world.h"
#include "tests/daemon/system/fake_clock.h"
#include "tests/daemon/system/fault_walk.h"

namespace bouncesight {
namespace {

class FaultyHistory {
 public:
  FaultyHistory(std::size_t nth, int error, int times) : vfs_(nth, error, times) {
    Open(0);
    Take(3);
    Turn();
    Take(2);
    Turn();
    Read();
    history_.reset();  // killed when the state had the commit before the last one
    given_ -= 2;
    Open(--commit_);
    Take(2);
    Turn();
    Take(4);
    CatchUp();
    calls_ = vfs_.calls();
    vfs_.NoMore();
    if (history_->Describe().queued_bytes > 0) Break("it does not catch up");
    if (Rows() != given_) Break("other rows than were given");
    if (Sum() != given_) Break("other sums than were given");
  }

  const std::vector<std::string>& calls() const { return calls_; }
  const std::string& broken() const { return broken_; }

 private:
  void Open(std::uint64_t generation) {
    history_ = std::make_unique<History>(fs_, clock_, folder_.database(), HistoryBounds{},
                                         AddressVeil(AddressVeil::Mode::kHidden), generation);
  }
  std::int64_t Now() const {
    return std::chrono::duration_cast<std::chrono::seconds>(clock_.Wall().time_since_epoch())
        .count();
  }
  void Take(std::size_t rows) {
    history_->Take(++commit_,
                   BatchOf(std::vector<Happening>(rows, Happening{.time = Now()}), false, Now()));
    given_ += rows;
  }
  void Turn() {
    clock_.Advance(std::chrono::seconds(31));
    history_->Turn();
    // The state goes on without it; here it has no more than the history at each kill.
    CatchUp();
  }
  void CatchUp() {
    for (int i = 0; i < 20 && history_->Describe().queued_bytes > 0; ++i) {
      clock_.Advance(std::chrono::seconds(31));
      history_->Turn();
    }
  }
  void Read() {
    const auto extent = HistoryReader(folder_.database()).Extent();
    if (extent && extent->failures != given_) Break("a reader finds other rows");
    if (!extent && extent.error().message.empty()) Break("a reader is told nothing");
  }
  std::uint64_t Rows() {
    const auto extent = HistoryReader(folder_.database()).Extent();
    return extent ? extent->failures : 0;
  }
  std::uint64_t Sum() {
    std::uint64_t sum = 0;
    static_cast<void>(HistoryReader(folder_.database()).EachTotal({}, [&](const HistoryTotal& t) {
      sum += t.results;
    }));
    return sum;
  }
  void Break(const std::string& what) {
    if (broken_.empty())
      broken_ = what + ": " + std::to_string(Rows()) + " rows, " + std::to_string(Sum()) +
                " results of " + std::to_string(given_);
  }

  FailingVfs vfs_;
  HistoryFolder folder_;
  RealFileSystem fs_;
  FakeClock clock_;
  std::unique_ptr<History> history_;
  std::uint64_t commit_ = 0, given_ = 0;
  std::vector<std::string> calls_;
  std::string broken_;
};

class HistoryFaults : public testing::TestWithParam<int> {};

TEST_P(HistoryFaults, T24LoseAndDoubleNothing) {
  const FaultyHistory well(0, 0, 0);
  ASSERT_EQ(well.broken(), "");
  ForEachFault(well.calls(), 29, VfsFaultsOf, [](std::size_t nth, int way, const auto& site) {
    EXPECT_EQ(FaultyHistory(nth, way, GetParam()).broken(), "")
        << "call " << nth << ", " << site << ", fails with " << way;
  });
}

INSTANTIATE_TEST_SUITE_P(InARow, HistoryFaults, testing::Values(1, 2, 5));

}  // namespace
}  // namespace bouncesight
