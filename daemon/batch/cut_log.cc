#include "daemon/batch/cut_log.h"

#include <algorithm>
#include <string>
#include <utility>

#include "daemon/system/log_file.h"

namespace bouncesight {
namespace {

constexpr std::uint64_t kEndOfLine = 2;  // CR LF

std::uint32_t HalfOf(std::uint64_t message) { return static_cast<std::uint32_t>(message >> 32U); }

// One thing many times becomes one.
template <typename T>
void SortUnique(std::vector<T>& all) {
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
}

// Reads lines whose places are known.
class LinesOfFile {
 public:
  explicit LinesOfFile(LogFile file) : file_(std::move(file)) {}

  // False: the file is not as it was.
  bool Read(std::uint64_t end, std::uint32_t size) {
    const std::uint64_t begin = end - std::min(end, size + kEndOfLine);
    bytes_.resize(end - begin);
    const ssize_t got = ReadAllAt(file_.get(), bytes_.data(), bytes_.size(), begin);
    if (got < 0 || static_cast<std::size_t>(got) != bytes_.size()) return false;
    text_ = bytes_;
    if (!text_.ends_with('\n')) return false;
    text_.remove_suffix(1);
    if (text_.ends_with('\r')) text_.remove_suffix(1);
    if (text_.size() < size) return false;
    text_.remove_prefix(text_.size() - size);
    return true;
  }
  std::string_view text() const { return text_; }

 private:
  LogFile file_;
  std::string bytes_;
  std::string_view text_;
};

}  // namespace

void EarlierLines::Keep(std::uint64_t message, const Line& line) {
  whole_ = whole_ && places_.size() < kMostLines && !line.truncated && line.terminated;
  if (!whole_) return places_.clear();
  places_.push_back(
      {line.end_offset, static_cast<std::uint32_t>(line.text.size()), HalfOf(message)});
}

CutLog::CutLog(const std::vector<LogRange>& ranges, std::vector<ReadStretch> stretches)
    : ranges_(ranges), stretches_(std::move(stretches)) {
  while (!stretches_.empty() && stretches_.back().late.empty()) stretches_.pop_back();
  for (const ReadStretch& stretch : stretches_) {
    late_.insert(late_.end(), stretch.late.begin(), stretch.late.end());
  }
  for (const LateExpiry& one : late_) {
    messages_.push_back(one.message);
    halves_.push_back(HalfOf(one.message));
  }
  SortUnique(messages_);
  SortUnique(halves_);
}

bool CutLog::knows_all() const {
  for (std::size_t i = 0; i < stretches_.size(); ++i) {
    if (i > 0 && !stretches_[i].lines.whole()) return false;
    if (i + 1 < stretches_.size() && stretches_[i].join.table().gave_way()) return false;
  }
  return true;
}

Status CutLog::ReadLate(MessageJoin& join, const LateLine& one) {
  for (std::size_t i = 0; i < stretches_.size(); ++i) {
    if (i == 0) {
      join = std::move(stretches_[i].join);
      continue;
    }
    if (Status read = ReadLines(stretches_[i], one); !read) return read;
    for (const std::uint64_t message : messages_) join.Adopt(stretches_[i].join, message);
  }
  return Ok{};
}

Status CutLog::ReadLines(const ReadStretch& stretch, const LateLine& one) const {
  const LogRange& range = ranges_[stretch.range];
  Result<LogFile> file = OpenLogFile(range.path);
  if (!file) return file.error();
  LinesOfFile lines(std::move(*file));
  auto next = stretch.late.begin();
  std::uint64_t last = 0;
  for (const EarlierLines::Place& place : stretch.lines.places()) {
    if (place.end_offset == last || !std::ranges::binary_search(halves_, place.message)) continue;
    last = place.end_offset;
    if (!lines.Read(range.begin + place.end_offset, place.size)) {
      return Error{range.path + ": has changed while it was read; expiries are missing"};
    }
    const bool is_late = next != stretch.late.end() && next->end_offset == place.end_offset;
    const LateExpiry* const expiry = is_late ? &*next++ : nullptr;
    one(stretch.range, {lines.text(), place.end_offset, false, true}, expiry);
  }
  return Ok{};
}

std::optional<CutLog> CutLogs::Add(ReadStretch stretch) {
  const std::size_t front = FirstOfLog(ranges_, stretch.range);
  std::size_t end = stretch.range + 1;
  while (end < ranges_.size() && ranges_[end].begin > 0) ++end;
  if (end - front == 1) return std::nullopt;
  std::vector<ReadStretch>& of_log = unfinished_[front];
  of_log.push_back(std::move(stretch));
  if (of_log.size() < end - front) return std::nullopt;
  std::ranges::sort(of_log, {}, &ReadStretch::range);
  CutLog log(ranges_, std::move(of_log));
  unfinished_.erase(front);
  return log;
}

}  // namespace bouncesight
