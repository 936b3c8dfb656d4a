#include "daemon/files/followed_path.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <spdlog/spdlog.h>

#include "daemon/files/rotated_files.h"
#include "daemon/system/permission_hint.h"

namespace bouncesight {
namespace {

bool IsGone(int error) { return error == -ENOENT || error == -ENOTDIR; }

// After the last newline of the first `size` bytes: a reader that starts there sees whole lines.
std::uint64_t AfterLastNewline(LogReader& reader, std::uint64_t size) {
  std::vector<char> buffer(TrackedFile::kBatchBytes);
  const std::uint64_t from = size > buffer.size() ? size - buffer.size() : 0;
  const std::int64_t n = reader.ReadAt(std::span(buffer).first(size - from), from);
  if (n <= 0) return size;
  const auto newline = std::string_view(buffer.data(), static_cast<std::size_t>(n)).rfind('\n');
  if (newline == std::string_view::npos) return from == 0 ? 0 : size;
  return from + newline + 1;
}

}  // namespace

FollowedPath::FollowedPath(std::string path, FirstSight first, FollowContext& context)
    : path_(std::move(path)), first_(first), context_(context) {}

FollowedPath::~FollowedPath() {
  for (const auto& open : files_) context_.open.erase(open->file->id());
}

FollowedPath::OpenFile* FollowedPath::Current() {
  return !files_.empty() && files_.back()->current ? files_.back().get() : nullptr;
}

void FollowedPath::Check() {
  if (!backoff_.Due(context_.clock.Steady())) return;
  FileInfo info;
  const int error = context_.fs.Stat(path_, info);
  alias_ = false;
  sight_ = IsGone(error) ? Sight::kMissing : Sight::kOpen;
  if (IsGone(error)) {
    backoff_.Succeed();
    Retire();
    if (!recovered_) {
      Recover();
    } else if (gap_since_ns_ && context_.clock.Steady() >= next_search_) {
      next_search_ = context_.clock.Steady() + kSearchInterval;
      AdoptSkipped();  // it may have come and been put aside between two looks
    }
    first_look_ = false;
    first_ = FirstSight::kBeginning;
    return;
  }
  if (error < 0) return Complain("cannot look at the log", error, nullptr);
  OpenFile* current = Current();
  if (current && current->file->id() == info.id) {
    backoff_.Succeed();
    return CheckUntouched(*current, info);
  }
  if (!info.regular) return Complain(NoLogHint(path_, info), 0, nullptr);
  if (current) ++context_.counts.rotations;
  Retire();
  Open(info);
}

// Written to, and yet as long as what we have read: perhaps truncated and written anew, up to the
// same size and with the same last bytes. The head tells.
void FollowedPath::CheckUntouched(OpenFile& open, const FileInfo& info) {
  open.file->NoteSize(info.size);
  if (info.size != open.file->read_offset() || info.modified_ns == open.file->modified_ns()) return;
  if (!open.file->HeadStillMatches()) return OnRewritten(open);
  if (open.file->line_offset() == 0) AdoptBefore(open.file->modified_ns());
  open.file->set_modified_ns(info.modified_ns);
}

void FollowedPath::Open(const FileInfo& named) {
  for (auto it = files_.begin(); it != files_.end(); ++it) {
    if ((*it)->file->id() != named.id) continue;
    (*it)->current = (*it)->named = true;  // a link has been switched back
    std::rotate(it, it + 1, files_.end());
    gap_since_ns_.reset();
    return;
  }
  alias_ = context_.open.count(named.id) > 0;
  if (alias_) return;  // another path follows this very file
  std::unique_ptr<LogReader> reader;
  const int error = OpenLog(context_.fs, path_, reader);
  if (IsGone(error)) return;
  FileInfo info;
  if (error < 0) return Complain("cannot open the log", error, &named);
  if (reader->Info(info) < 0 || context_.open.count(info.id) > 0) return;
  const std::uint64_t offset = StartOffset(info, *reader);
  if (!Follow(path_, std::move(reader), offset, Role::kCurrent)) {
    return Complain("cannot read the log", -EIO, nullptr);
  }
  if (backoff_.failures() > 0) {
    spdlog::info("source {}: {} can be read now", context_.source, path_);
  }
  backoff_.Succeed();
  if (!recovered_) Recover();
  AdoptSkipped();
  first_look_ = false;
  first_ = FirstSight::kBeginning;
}

std::uint64_t FollowedPath::StartOffset(const FileInfo& info, LogReader& reader) {
  if (const auto known = context_.memory.Take(path_, info, reader)) {
    std::int64_t newest =
        std::max(known->modified_ns, context_.memory.NewestFinished(path_).value_or(0));
    if (!recovered_) {  // the file is the one we left: rotation has put nothing in between
      const auto others = context_.memory.TakeRestored(path_);
      for (const auto& other : others) {
        newest = std::max(newest, other.modified_ns);
      }
      FindRests(others);
      recovered_ = true;
    }
    // Nothing was counted in it: its content cannot prove that it was not cut and begun anew.
    if (known->offset == 0) WidenGap(newest);
    return known->offset;
  }
  if (first_ == FirstSight::kBeginning || !reader.plain()) return 0;
  for (const auto& position : context_.memory.restored()) {
    if (position.path == path_) return 0;  // followed before, now another file
  }
  return AfterLastNewline(reader, info.size);
}

bool FollowedPath::Follow(const std::string& path, std::unique_ptr<LogReader> reader,
                          std::uint64_t offset, Role role) {
  const bool current = role == Role::kCurrent;
  FileInfo info;
  if (reader->Info(info) < 0) return false;
  auto open = std::make_unique<OpenFile>();
  open->file = TrackedFile::Begin(path, std::move(reader), context_.streams, offset);
  if (!open->file) return false;
  open->current = current;
  open->initial = first_look_;
  open->initial_size = info.size;
  open->named = current;
  open->copy = role == Role::kCopy;
  open->quiet_since = context_.clock.Steady();
  context_.open.insert(open->file->id());
  const auto place = current || !Current() ? files_.end() : files_.end() - 1;
  files_.insert(place, std::move(open));
  LimitOld();
  return true;
}

// The path names it no longer.
void FollowedPath::Retire() {
  OpenFile* current = Current();
  if (!current) return;
  FileInfo info;
  if (current->file->reader().Info(info) == 0) {
    CheckUntouched(*current, info);
    gap_since_ns_ =
        current->file->line_offset() > 0 ? info.modified_ns : current->file->modified_ns();
  }
  current->current = false;
  current->quiet_since = context_.clock.Steady();
  LimitOld();
}

// Looks for the files that the state knows under this path and that the path does not name now.
void FollowedPath::Recover() {
  recovered_ = true;
  gap_since_ns_ = context_.memory.NewestFinished(path_);
  const auto positions = context_.memory.TakeRestored(path_);
  for (const auto& position : positions) {
    gap_since_ns_ = std::max(gap_since_ns_.value_or(position.modified_ns), position.modified_ns);
  }
  FindRests(positions);
  AdoptSkipped();
}

// The files themselves first: a copy of one (copytruncate's) may hold what another was.
void FollowedPath::FindRests(const std::vector<FilePosition>& positions) {
  std::vector<const FilePosition*> missing;
  for (const auto& position : positions) {
    const bool proven = position.identity.tail_length > 0;
    if (proven && !FindRest(position, true)) missing.push_back(&position);
  }
  for (const auto& position : positions) {  // an inode alone may be another file's by now
    if (position.identity.tail_length == 0) missing.push_back(&position);
  }
  for (const FilePosition* position : missing) {
    if (WasCut(*position)) WidenGap(position->modified_ns);
    if (FindRest(*position, false)) continue;
    NoteMissing(*position, 0);
    // What we read of it, and more than that, may be missing in its packed form: its last lines
    // came while it was being packed. That form is known by its head.
    context_.memory.AddFinished(*position);
    spdlog::warn(
        "source {}: what was written to {} after byte {} is gone: no rotated file holds it",
        context_.source, path_, position->offset);
  }
}

// Its content is gone, yet the file is there: cut, perhaps more than once, with a copy each time. A
// packed file there has only been given the inode.
bool FollowedPath::WasCut(const FilePosition& position) {
  const FileId key = position.identity.file;
  bool there = context_.open.count(key) > 0;
  VisitRotated(context_.fs, path_, [&](RotatedFile& file) {
    there = there || (file.reader->plain() && file.info.id == key);
    return !there;
  });
  return there;
}

void FollowedPath::WidenGap(std::int64_t since_ns) {
  gap_since_ns_ = std::min(gap_since_ns_.value_or(since_ns), since_ns);
}

bool FollowedPath::FindRest(const FilePosition& position, bool same_inode) {
  const FileId key = position.identity.file;
  RotatedFile found = FindRotated(context_.fs, position, [&](const FileInfo& info) {
    return context_.open.count(info.id) == 0 && (!same_inode || info.id == key);
  });
  if (!found.reader) return false;
  spdlog::info("source {}: reading the rest of {} from {}", context_.source, path_, found.path);
  const Role role = found.info.id == key ? Role::kEarlier : Role::kCopy;
  const std::uint64_t holds = found.reader->plain() ? found.info.size : position.size;
  if (!Follow(path_, std::move(found.reader), position.offset, role)) return false;
  NoteMissing(position, holds);
  return true;
}

// Of what was seen after the position only what stands before `found` can be read.
void FollowedPath::NoteMissing(const FilePosition& position, std::uint64_t found) {
  found = std::max(found, position.offset);
  if (position.size > found) missing_bytes_ += position.size - found;
}

void FollowedPath::CountLost() {
  const std::uint64_t lost = std::exchange(missing_bytes_, 0);
  if (lost == 0) return;
  context_.counts.lost_bytes += lost;
  spdlog::warn("source {}: {} bytes of {} are lost: no rotated file holds them", context_.source,
               lost, path_);
}

// Two rotations in one poll, or while we were away, leave files between the one that we read last
// and the one that the path names now: whatever was written after the former.
void FollowedPath::AdoptSkipped(bool packed_too) {
  if (!gap_since_ns_) return CountLost();
  VisitRotated(context_.fs, path_, [&](RotatedFile& file) {
    if (file.info.modified_ns > *gap_since_ns_ && (packed_too || file.reader->plain()) &&
        !IsKnown(file.path, file.info, *file.reader)) {
      spdlog::info("source {}: reading {}, which rotation has put aside unread", context_.source,
                   file.path);
      ++context_.counts.rotations;
      missing_bytes_ -= std::min(missing_bytes_, file.info.size);
      Follow(path_, std::move(file.reader), 0, Role::kEarlier);
    }
    return true;
  });
  if (Current()) gap_since_ns_.reset();
  CountLost();
}

// Nothing was counted yet of a file that was written after it was begun: perhaps copytruncate has
// copied and cut in between what nobody had seen. Such a copy is younger than the beginning.
void FollowedPath::AdoptBefore(std::int64_t begun_ns) {
  gap_since_ns_ = begun_ns;
  AdoptSkipped(false);
}

// The open one was cut, and will be found out at its next read; then the copy is looked for.
bool FollowedPath::IsCopyOfAnOpenOne(LogReader& reader) const {
  return std::any_of(files_.begin(), files_.end(), [&](const auto& open) {
    return open->file->line_offset() > 0 && HasContentOf(open->file->Position(), reader);
  });
}

// Was (or is) the file, or the one that it was compressed from, read by us?
bool FollowedPath::IsKnown(const std::string& path, const FileInfo& info, LogReader& reader) const {
  if (context_.open.count(info.id) > 0 || context_.memory.IsFinished(info, reader)) return true;
  if (reader.plain()) return IsCopyOfAnOpenOne(reader) || context_.memory.IsCopyOfOne(reader);
  FileInfo unpacked;
  const std::string plain_path = path.substr(0, path.rfind('.'));
  if (context_.fs.Stat(plain_path, unpacked) == 0) return true;  // still being compressed
  std::array<char, 1> first;
  if (reader.ReadAt(first, 0) != 1 || context_.memory.KnowsHead(reader)) return true;
  return std::any_of(files_.begin(), files_.end(), [&](const auto& open) {
    FilePosition position = open->file->Position();
    position.offset = position.identity.tail_length = 0;
    position.identity.tail_hash = HashBytes({});
    return position.identity.head_length > 0 && HasContentOf(position, reader);
  });
}

void FollowedPath::Complain(const std::string& what, int error, const FileInfo* info) {
  if (backoff_.failures() == 0) {
    const std::string why = error == -EACCES ? PermissionHint(path_, info) : ErrorText(error);
    const std::string whole = error == 0 ? " " + what : " " + what + ": " + why;
    spdlog::warn("source {}: {}{}; trying again", context_.source, path_, whole);
  }
  sight_ = Sight::kDenied;
  backoff_.Fail(context_.clock.Steady());
}

void FollowedPath::Save(std::vector<FilePosition>& out) const {
  for (const auto& open : files_) out.push_back(open->file->Position());
}

std::uint64_t FollowedPath::Unread() {
  std::uint64_t bytes = 0;
  for (const auto& open : files_) bytes += open->file->Unread();
  return bytes;
}

bool FollowedPath::caught_up() const {
  return std::none_of(files_.begin(), files_.end(), [](const auto& open) { return open->initial; });
}

}  // namespace bouncesight
