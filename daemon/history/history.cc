#include "daemon/history/history.h"

#include <algorithm>
#include <utility>

#include "daemon/system/log.h"

namespace bouncesight {
namespace {

constexpr std::chrono::seconds kPruneEach{10};
constexpr std::chrono::milliseconds kLook{250};  // for what is due, with nothing queued

}  // namespace

std::string HistoryPath(const std::string& state_folder) { return state_folder + "/history.db"; }

std::size_t History::Item::bytes() const {
  std::size_t sum = 0;
  for (const auto& batch : batches) sum += batch->bytes();
  return sum;
}

std::uint64_t History::Item::rows() const {
  std::uint64_t sum = 0;
  for (const auto& batch : batches) sum += batch->rows();
  return sum;
}

History::History(FileSystem& fs, const Clock& clock, std::string path, HistoryBounds bounds,
                 AddressVeil veil, std::uint64_t generation)
    : fs_(fs),
      clock_(clock),
      path_(std::move(path)),
      bounds_(bounds),
      veil_(std::move(veil)),
      written_(generation) {}

History::~History() { static_cast<void>(Stop(std::chrono::milliseconds(0))); }

std::int64_t History::Now() const {
  return std::chrono::duration_cast<std::chrono::seconds>(clock_.Wall().time_since_epoch()).count();
}

HistoryBatchMaker History::maker() {
  const bool recipients = veil_.mode() != AddressVeil::Mode::kHidden;
  return [this, recipients](std::shared_ptr<const RuleNames> names) {
    return std::make_unique<HistoryBatch>(std::move(names),
                                          HistoryBatch::Wants{recipients, Now(), bounds_.keep});
  };
}

void History::Start() {
  thread_ = std::thread([this] { Run(); });
}

bool History::Stop(std::chrono::milliseconds patience) {
  if (!thread_.joinable()) return true;
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    last_call_ = std::chrono::steady_clock::now() + patience;
    changed_.NotifyAll();
    // A moment longer than what it was given, to see it end.
    const auto deadline = last_call_ + kPatience;
    while (!ended_ && changed_.WaitUntil(mutex_, deadline)) {
    }
    if (!ended_) return false;
  }
  thread_.join();
  return true;
}

void History::Take(std::uint64_t commit, std::vector<std::unique_ptr<HistoryBatch>> batches) {
  std::erase_if(batches, [](const auto& batch) { return batch->empty(); });
  if (batches.empty()) return;
  const MutexLock lock(mutex_);
  Item item{commit, std::move(batches)};
  Bound(item);
  if (item.batches.empty()) return;
  queued_ += item.bytes();
  queue_.push_back(std::move(item));
  changed_.NotifyAll();
  if (late_ || !thread_.joinable()) return;
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!queue_.empty() && changed_.WaitUntil(mutex_, deadline)) {
  }
  if (queue_.empty()) return;
  late_ = true;
  LogWarning("the history is behind: {} cannot be written fast enough; counters go on without",
             path_);
}

void History::Bound(Item& item) {
  for (const auto& batch : item.batches) live_.dropped_rows += batch->dropped();
  if (queue_.size() >= kMostCommits) {
    live_.dropped_rows += item.rows();
    item.batches.clear();
  }
  if (queued_ + item.bytes() <= kMostQueued) return;
  live_.dropped_rows += item.rows();
  for (const auto& batch : item.batches) batch->DropRows();
}

LiveHistory History::Describe() const {
  const MutexLock lock(mutex_);
  LiveHistory live = live_;
  live.up = live.up && !late_;
  live.queued_bytes = queued_;
  return live;
}

const History::Item* History::Front() {
  const MutexLock lock(mutex_);
  // A deque's front stays where it is when others are pushed behind it.
  return queue_.empty() ? nullptr : &queue_.front();
}

void History::PopFront(const Item& item) {
  const std::uint64_t bytes = writer_->bytes();
  const MutexLock lock(mutex_);
  queued_ -= item.bytes();
  live_.rows += item.rows();
  live_.bytes = bytes;
  queue_.pop_front();
  if (!queue_.empty()) return;
  if (std::exchange(late_, false)) LogInfo("the history has caught up");
  changed_.NotifyAll();
}

void History::Run() {
  for (;;) {
    const bool idle = Turn() && clock_.Steady() < next_prune_;
    const auto rest = idle ? std::chrono::milliseconds(kPruneEach) : kLook;
    const MutexLock lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (stopping_ && (queue_.empty() || now >= last_call_)) break;
    if (queue_.empty() || !writer_) changed_.WaitUntil(mutex_, now + rest);
  }
  if (writer_) writer_->Finish();
  writer_.reset();
  const MutexLock lock(mutex_);
  if (!queue_.empty()) {
    LogError("the history ends without what came with the last {} commits", queue_.size());
  }
  ended_ = true;
  changed_.NotifyAll();
}

bool History::Turn() {
  if (!writer_ && !(backoff_.Due(clock_.Steady()) && Open())) return false;
  if (!Prune()) return false;  // first: a database that is full has room then
  while (const Item* item = Front()) {
    if (!WriteFront(*item)) return false;
    while (writer_->full()) {
      next_prune_ = clock_.Steady();
      if (!Prune()) return false;
    }
  }
  NoteWell();
  return true;
}

bool History::HasRoom(std::int64_t bytes) {
  const std::int64_t free = fs_.FreeBytes(DirectoryOf(path_));
  if (free < 0 || free >= bytes) return true;
  Fail(path_ + ": less than " + std::to_string(kRoomToBegin >> 20) +
       " MiB are free on its disk, which the counters may need; make room there");
  return false;
}

bool History::Open() {
  if (!HasRoom(kRoomToBegin)) return false;
  auto opened = HistoryWriter::Open(fs_, path_, bounds_, veil_);
  if (!opened) {
    Fail(opened.error().message);
    return false;
  }
  writer_ = std::move(*opened);
  const Result<std::string> note = writer_->TakeBackAfter(written_);
  if (!note) {
    Fail(note.error().message);
    return false;
  }
  if (!note->empty()) LogWarning("{}", *note);
  const std::uint64_t bytes = writer_->bytes();
  const MutexLock lock(mutex_);
  live_.up = true;
  live_.bytes = bytes;
  return true;
}

bool History::WriteFront(const Item& item) {
  if (!HasRoom(kRoomToWrite)) return false;
  const Status status = writer_->Write(item.commit, item.batches, Now());
  if (!status) {
    Fail(status.error().message);
    return false;
  }
  written_ = std::max(written_, item.commit);
  PopFront(item);
  return true;
}

bool History::Prune() {
  const auto now = clock_.Steady();
  if (now < next_prune_) return true;
  if (!HasRoom(kRoomToWrite)) return false;
  const Result<bool> more = writer_->PruneStep(Now());
  if (!more) {
    Fail(more.error().message);
    return false;
  }
  if (!*more) next_prune_ = now + kPruneEach;
  return true;
}

void History::NoteWell() {
  backoff_.Succeed();
  if (last_fault_.empty()) return;
  LogInfo("the history goes on");
  last_fault_.clear();
}

void History::Fail(const std::string& what) {
  writer_.reset();
  backoff_.Fail(clock_.Steady());
  next_prune_ = clock_.Steady();
  if (what != last_fault_) LogError("{}; the history stands still, the counters go on", what);
  last_fault_ = what;
  const MutexLock lock(mutex_);
  live_.up = false;
  ++live_.failures;
}

}  // namespace bouncesight
