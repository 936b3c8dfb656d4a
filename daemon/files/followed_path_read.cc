// The reading half of FollowedPath: batches, ends, truncations and errors of its open files.
#include <algorithm>
#include <cerrno>

#include <spdlog/spdlog.h>

#include "daemon/files/followed_path.h"
#include "daemon/files/rotated_files.h"

namespace bouncesight {

std::size_t FollowedPath::Read(std::span<char> buffer) {
  for (std::size_t tried = files_.size(); tried > 0 && !files_.empty(); --tried) {
    next_ = next_ % files_.size();
    OpenFile& open = *files_[next_];
    const std::size_t before = files_.size();
    const std::size_t bytes = ReadFrom(open, buffer);
    if (files_.size() == before) ++next_;
    if (bytes > 0) return bytes;
  }
  return 0;
}

std::size_t FollowedPath::ReadFrom(OpenFile& open, std::span<char> buffer) {
  const auto now = context_.clock.Steady();
  if (!open.backoff.Due(now)) return 0;
  const std::uint64_t before = open.file->read_offset();
  const bool uncounted = open.file->line_offset() == 0;
  const std::int64_t modified_ns = open.file->modified_ns();
  const TrackedFile::Step step = open.file->Read(buffer);
  if (step != TrackedFile::Step::kShrunk) open.shrunk_since.reset();
  if (step != TrackedFile::Step::kFailed) open.backoff.Succeed();
  switch (step) {
    case TrackedFile::Step::kRead:
      open.quiet_since = now;
      if (uncounted && open.file->line_offset() > 0 && open.file->modified_ns() != modified_ns) {
        AdoptBefore(modified_ns);
      }
      if (open.file->plain() && open.file->read_offset() >= open.initial_size) open.initial = false;
      return open.file->read_offset() - before;
    case TrackedFile::Step::kEnd:
      AtEnd(open);
      break;
    case TrackedFile::Step::kShrunk:
      OnShrunk(open);
      break;
    case TrackedFile::Step::kRewritten:
      OnRewritten(open);
      break;
    case TrackedFile::Step::kFailed:
      OnReadError(open);
      break;
  }
  return 0;
}

void FollowedPath::AtEnd(OpenFile& open) {
  open.initial = false;
  const auto quiet = context_.clock.Steady() - open.quiet_since;
  if (open.current || quiet < kQuiet || (quiet < kLinger && HasItsWriter(open))) return;
  open.file->Finish();
  context_.memory.AddFinished(open.file->Position());
  Close(open);
}

void FollowedPath::OnShrunk(OpenFile& open) {
  const auto now = context_.clock.Steady();
  if (!open.shrunk_since) open.shrunk_since = now;
  open.initial = false;
  if (now - *open.shrunk_since >= kShrinkGrace || !open.file->HeadStillMatches()) {
    OnRewritten(open);
  }
}

// Does whoever wrote it perhaps write to it still? A syslog daemon does until it is told to reopen,
// however quiet it is; then it writes to the file that has taken its place.
bool FollowedPath::HasItsWriter(const OpenFile& open) const {
  FileInfo info;
  if (context_.open.size() > kMostForLinger) return false;
  if (open.copy || !open.file->plain() || open.file->reader().Info(info) < 0) return false;
  if (info.links == 0) return false;  // it shall not fill a disk unseen
  const auto self = std::find_if(files_.begin(), files_.end(),
                                 [&](const auto& other) { return other.get() == &open; });
  return std::none_of(self + 1, files_.end(), [](const auto& other) {
    return other->named && other->file->read_offset() > 0;
  });
}

// copytruncate leaves a copy: what we had not read yet stands there. Of two cuts between two looks
// the later copy holds what was never ours to see.
void FollowedPath::OnRewritten(OpenFile& open) {
  const FilePosition position = open.file->Position();
  open.file->Restart();
  open.shrunk_since.reset();
  open.initial = false;
  ++context_.counts.truncations;
  spdlog::info("source {}: {} was truncated; reading it from its start", context_.source, path_);
  if (position.offset == 0 || !FindRest(position, false)) NoteMissing(position, 0);
  gap_since_ns_ = position.modified_ns;
  AdoptSkipped(false);
}

void FollowedPath::OnReadError(OpenFile& open) {
  const int error = open.file->error();
  if (open.backoff.failures() == 0) {
    spdlog::warn("source {}: cannot read {}: {}; trying again", context_.source, path_,
                 ErrorText(error));
  }
  open.backoff.Fail(context_.clock.Steady());
  open.initial = false;
  if (error == ESTALE && open.current) {  // a file server has lost it: the path leads to it again
    context_.memory.AddRestored(open.file->Position());
    Close(open);
  } else if (error == ESTALE && open.backoff.failures() > kMaxStale) {
    const FilePosition position = open.file->Position();
    Close(open);
    if (!FindRest(position, false)) {
      ++context_.counts.abandoned;
      NoteMissing(position, 0);
    }
    CountLost();
  } else if (!open.file->plain()) {  // a torn compressed file stays torn
    ++context_.counts.abandoned;
    context_.memory.AddFinished(open.file->Position());
    Close(open);
  }
}

void FollowedPath::Close(OpenFile& open) {
  context_.open.erase(open.file->id());
  const auto it = std::find_if(files_.begin(), files_.end(),
                               [&](const auto& candidate) { return candidate.get() == &open; });
  files_.erase(it);
}

// Descriptors are bounded: an earlier file that was read to its end goes first.
void FollowedPath::LimitOld() {
  const auto olds = [&] { return files_.size() - (Current() ? 1 : 0); };
  const std::size_t now_old = olds();
  for (std::size_t i = 0, left = now_old; i < left && olds() > kMaxIdleOld;) {
    OpenFile& open = *files_[i];
    const std::uint64_t unread = open.file->plain() ? open.file->Unread() : 1;
    if (unread > 0 && olds() <= kMaxOld) {
      ++i;
      continue;
    }
    if (unread > 0) {
      ++context_.counts.abandoned;
      context_.counts.lost_bytes += open.file->plain() ? unread : 0;
      spdlog::warn("source {}: too many earlier files of {}: one is given up with {} bytes unread",
                   context_.source, path_, unread);
    } else {
      open.file->Finish();
    }
    context_.memory.AddFinished(open.file->Position());
    Close(open);
    --left;
  }
}

}  // namespace bouncesight
