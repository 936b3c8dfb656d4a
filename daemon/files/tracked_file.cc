#include "daemon/files/tracked_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "parsers/text/hash.h"

namespace bouncesight {
namespace {

constexpr std::size_t kHead = FileIdentity::kHeadBytes;
constexpr std::size_t kTail = FileIdentity::kTailBytes;

// Reads exactly [from, to) into `out`.
bool ReadExactly(LogReader& reader, std::uint64_t from, std::uint64_t to, std::string& out) {
  out.resize(to - from);
  return out.empty() || reader.ReadAt(std::span(out.data(), out.size()), from) ==
                            static_cast<std::int64_t>(out.size());
}

// When a file was begun of which nothing is read. What it holds already may stand unread in a copy
// of the same time (cp -p), so that it counts as younger.
std::int64_t BegunAt(const FileInfo& info) { return info.modified_ns - (info.size > 0 ? 1 : 0); }

}  // namespace

std::unique_ptr<TrackedFile> TrackedFile::Begin(std::string path, std::unique_ptr<LogReader> reader,
                                                StreamFactory& streams, std::uint64_t offset) {
  auto stream = streams.NewStream(offset);
  std::unique_ptr<TrackedFile> file(
      new TrackedFile(std::move(path), std::move(reader), std::move(stream), offset));
  return file->LoadPast() ? std::move(file) : nullptr;
}

TrackedFile::TrackedFile(std::string path, std::unique_ptr<LogReader> reader,
                         std::unique_ptr<LineStream> stream, std::uint64_t offset)
    : path_(std::move(path)),
      reader_(std::move(reader)),
      stream_(std::move(stream)),
      read_offset_(offset),
      line_tail_offset_(offset) {}

bool TrackedFile::LoadPast() {
  FileInfo info;
  if (reader_->Info(info) < 0) return false;
  id_ = info.id;
  modified_ns_ = read_offset_ == 0 ? BegunAt(info) : info.modified_ns;
  NoteSize(info.size);
  if (!ReadExactly(*reader_, 0, std::min<std::uint64_t>(kHead, read_offset_), head_)) return false;
  const std::uint64_t tail = std::min<std::uint64_t>(kTail, read_offset_);
  if (!ReadExactly(*reader_, read_offset_ - tail, read_offset_, tail_)) return false;
  line_tail_ = tail_;
  stream_->NoteFile(path_, head_);
  return true;
}

TrackedFile::Step TrackedFile::Read(std::span<char> buffer) {
  const std::size_t overlap = plain() ? tail_.size() : 0;
  at_end_ = false;
  const std::int64_t n =
      reader_->ReadAt(buffer.first(overlap + kBatchBytes), read_offset_ - overlap);
  if (n < 0) {
    error_ = static_cast<int>(-n);
    return Step::kFailed;
  }
  const std::string_view bytes(buffer.data(), static_cast<std::size_t>(n));
  if (bytes.size() < overlap) return ShorterThanRead();
  if (bytes.substr(0, overlap) != std::string_view(tail_).substr(0, overlap)) {
    return Step::kRewritten;
  }
  if (bytes.size() == overlap) {
    at_end_ = true;
    return Step::kEnd;
  }
  // Asked before the head is compared, so that it tells of these bytes: of a file that was cut by
  // then, perhaps while we were held up, it would tell that nothing was put aside since.
  FileInfo info;
  const bool told = reader_->Info(info) == 0;
  if (plain() && read_offset_ > 0) {
    if (const Step head = CompareHead(); head != Step::kRead) return head;
  }
  Take(bytes, overlap, told ? &info : nullptr);
  return Step::kRead;
}

// Shorter than it was, or an error has cut short what was read of it.
TrackedFile::Step TrackedFile::ShorterThanRead() {
  FileInfo info;
  const int error = reader_->Info(info);
  if (error == 0 && info.size < read_offset_) return Step::kShrunk;
  error_ = error < 0 ? -error : EIO;
  return Step::kFailed;
}

// After the bytes are read and before they are counted: a file that was cut before the read begins
// otherwise by now.
TrackedFile::Step TrackedFile::CompareHead() {
  std::array<char, kHead> buffer;
  const std::int64_t n = reader_->ReadAt(std::span(buffer).first(head_.size()), 0);
  if (n < 0) {
    error_ = static_cast<int>(-n);
    return Step::kFailed;
  }
  const std::string_view now(buffer.data(), static_cast<std::size_t>(n));
  if (now == head_) return Step::kRead;
  return std::string_view(head_).starts_with(now) ? Step::kShrunk : Step::kRewritten;
}

void TrackedFile::Take(std::string_view bytes, std::size_t overlap, const FileInfo* info) {
  size_ = std::max(size_, unproven_size_);
  const std::uint64_t first_offset = read_offset_ - overlap;
  const std::string_view fresh = bytes.substr(overlap);
  if (head_.size() < kHead && head_.size() == read_offset_) {
    head_.append(fresh.substr(0, kHead - head_.size()));
    stream_->NoteFile(path_, head_);
  }
  FeedAroundHoles(fresh);
  read_offset_ += fresh.size();
  RememberLineEnd(bytes, first_offset);
  const std::string_view last = bytes.substr(bytes.size() - std::min(kTail, bytes.size()));
  if (last.size() == kTail || overlap == tail_.size()) {
    tail_ = last;
  } else {  // a compressed file has no overlap in its batch
    tail_.append(last);
    tail_.erase(0, tail_.size() - std::min(kTail, tail_.size()));
  }
  if (info == nullptr) return;
  if (line_tail_offset_ > 0) modified_ns_ = info->modified_ns;
  NoteSize(info->size);
  SkipHole(fresh);
}

// A batch of nothing but NULs, at the start of a line, is likely to lie in a hole. That may be
// larger than the disk.
void TrackedFile::SkipHole(std::string_view fresh) {
  if (!plain() || fresh.size() < kBatchBytes || stream_->pending_bytes() > 0) return;
  if (fresh.back() != '\0' || fresh.find_first_not_of('\0') != std::string_view::npos) return;
  const std::int64_t data = reader_->NextData(read_offset_);
  if (data <= static_cast<std::int64_t>(read_offset_)) return;
  read_offset_ = static_cast<std::uint64_t>(data);
  stream_->Restart(read_offset_);
  line_tail_offset_ = read_offset_;
  tail_.assign(kTail, '\0');
  line_tail_ = tail_;
}

// A writer that kept its place over a truncation leaves a hole, which reads as NULs. Such a run at
// the start of a line belongs to no line.
void TrackedFile::FeedAroundHoles(std::string_view bytes) {
  std::uint64_t offset = read_offset_;
  while (!bytes.empty()) {
    const void* found = std::memchr(bytes.data(), '\0', bytes.size());
    if (found == nullptr) break;
    const auto begin = static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
    const std::size_t end = std::min(bytes.find_first_not_of('\0', begin), bytes.size());
    if (begin > 0) stream_->Feed(bytes.substr(0, begin));
    offset += end;
    if (stream_->pending_bytes() == 0) {
      stream_->Restart(offset);
    } else {
      stream_->Feed(bytes.substr(begin, end - begin));
    }
    bytes.remove_prefix(end);
  }
  if (!bytes.empty()) stream_->Feed(bytes);
}

void TrackedFile::RememberLineEnd(std::string_view bytes, std::uint64_t first_offset) {
  const std::uint64_t end = stream_->line_offset();
  if (end == line_tail_offset_) return;
  const std::uint64_t wanted = std::min<std::uint64_t>(kTail, end);
  if (end - wanted >= first_offset) {
    line_tail_ = bytes.substr(end - wanted - first_offset, wanted);
  } else {  // compressed: the bytes before this batch are in tail_
    const std::string joined = tail_ + std::string(bytes.substr(0, end - first_offset));
    line_tail_ = joined.substr(joined.size() - std::min<std::size_t>(wanted, joined.size()));
  }
  line_tail_offset_ = end;
}

std::optional<bool> TrackedFile::HeadStillMatches() {
  std::array<char, kHead> buffer;
  const std::int64_t n = reader_->ReadAt(std::span(buffer).first(head_.size()), 0);
  if (n < 0) return std::nullopt;
  const std::string_view now(buffer.data(), static_cast<std::size_t>(n));
  return std::string_view(head_).starts_with(now);
}

void TrackedFile::Restart() {
  stream_->Restart(0);
  read_offset_ = counted_end_ = 0;
  size_ = 0;
  FileInfo info;  // a copy that was made before the cut is older than this
  if (reader_->Info(info) == 0) {
    modified_ns_ = BegunAt(info);
    NoteSize(info.size);
  }
  head_.clear();
  tail_.clear();
  line_tail_.clear();
  line_tail_offset_ = 0;
}

void TrackedFile::Finish() {
  stream_->Finish();
  if (stream_->line_offset() == line_tail_offset_) return;
  line_tail_ = tail_;
  line_tail_offset_ = stream_->line_offset();
}

FilePosition TrackedFile::Position() const {
  FilePosition position;
  position.path = path_;
  position.true_path = true_path_;
  position.offset = line_tail_offset_;
  position.modified_ns = modified_ns_;
  position.size = plain() ? std::max(size_, line_tail_offset_) : line_tail_offset_;
  FileIdentity& id = position.identity;
  id.file = id_;
  id.head_length =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(head_.size(), line_tail_offset_));
  id.head_hash = StableHash(std::string_view(head_).substr(0, id.head_length));
  id.tail_length = static_cast<std::uint32_t>(line_tail_.size());
  id.tail_hash = StableHash(line_tail_);
  return position;
}

std::uint64_t TrackedFile::Unread() {
  FileInfo info;
  if (!plain() || reader_->Info(info) < 0) return 0;
  return info.size > read_offset_ ? info.size - read_offset_ : 0;
}

}  // namespace bouncesight
