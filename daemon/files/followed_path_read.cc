// The reading half of FollowedPath: batches, ends and truncations of its open files; and what comes
// of errors.
#include <algorithm>
#include <cerrno>
#include <utility>

#include "daemon/files/followed_path.h"
#include "daemon/system/log.h"
#include "daemon/system/permission_hint.h"

namespace bouncesight {

std::size_t FollowedPath::Read(std::span<char> buffer) {
  for (std::size_t tried = files_.size(); tried > 0; --tried) {
    OpenFile* const open = files_.Next();
    if (!open) return 0;
    if (const std::size_t bytes = ReadFrom(*open, buffer)) return bytes;
  }
  return 0;
}

std::size_t FollowedPath::ReadFrom(OpenFile& open, std::span<char> buffer) {
  const auto now = context_.clock.Steady();
  if (!open.asked || !open.backoff.Due(now)) return 0;
  const std::uint64_t before = open.file->read_offset();
  const bool uncounted = open.file->line_offset() == 0;
  const std::int64_t modified_ns = open.file->modified_ns();
  const TrackedFile::Step step = open.file->Read(buffer);
  if (step != TrackedFile::Step::kShrunk) open.shrunk_since.reset();
  if (step != TrackedFile::Step::kFailed) open.backoff.Succeed();
  switch (step) {
    case TrackedFile::Step::kRead:
      open.quiet_since = now;
      if (open.file->plain() && open.file->read_offset() >= open.initial_size) open.initial = false;
      if (uncounted && open.file->line_offset() > 0 && open.file->modified_ns() != modified_ns) {
        const std::uint64_t read = open.file->read_offset() - before;
        search_.FileWasBegun(modified_ns);
        return read;
      }
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

// An earlier file goes when it is quiet; so does a compressed one, which does not grow.
void FollowedPath::AtEnd(OpenFile& open) {
  open.initial = false;
  const bool plain = open.file->plain();
  const auto quiet = context_.clock.Steady() - open.quiet_since;
  if ((open.current && plain) || (quiet < kQuiet && !(last_look_ && !open.current))) return;
  if (quiet < kLinger && files_.HasItsWriter(open)) return;
  FoundFile longer;
  if (!context_.book.GoesOnElsewhere(*open.file)) {
    longer = search_.FindEndOfLine(*open.file);
    if (!longer.file.reader) open.file->Finish();
  }
  const FilePosition position = open.file->Position();
  FileInfo info;
  lies_ = open.current && open.file->reader().Info(info) == 0;
  if (lies_) at_rest_ = info;
  if (lies_) TellPlainRest(open.file->reader());
  files_.Finish(open);
  if (longer.file.reader) search_.ReadOn(std::move(longer), position);
}

// A log that was packed in place while its writer went on.
void FollowedPath::TellPlainRest(LogReader& reader) {
  const bool had_rest = std::exchange(plain_rest_, reader.HasPlainRest());
  if (!plain_rest_) return;
  sight_ = Sight::kDenied;
  if (had_rest) return;
  LogWarning(
      "source {}: {} is packed, and what is written behind the packed part is not read; move it "
      "away, so that its writer begins a new one, and `bouncesight report` reads all of it",
      context_.source, path_);
}

void FollowedPath::OnShrunk(OpenFile& open) {
  const auto now = context_.clock.Steady();
  if (!open.shrunk_since) open.shrunk_since = now;
  open.initial = false;
  if (now - *open.shrunk_since >= kShrinkGrace || open.file->HeadStillMatches() == false) {
    OnRewritten(open);
  }
}

void FollowedPath::OnRewritten(OpenFile& open) {
  FilePosition position = open.file->Position();
  position.current = open.current;
  open.file->Restart();
  open.shrunk_since.reset();
  open.initial = false;
  ++context_.counts.truncations;
  LogInfo("source {}: {} was truncated; reading it from its start", context_.source, path_);
  search_.FileWasCut(position, *open.file);
}

void FollowedPath::OnReadError(OpenFile& open) {
  const int error = open.file->error();
  if (error == kTornLog || error == kRefusedLog) return GiveUp(open);
  if (open.backoff.failures() == 0) {
    LogWarning("source {}: cannot read {}: {}; trying again", context_.source, path_,
               ErrorText(error));
  }
  open.backoff.Fail(context_.clock.Steady());
  open.initial = false;
  FilePosition position = open.file->Position();
  if (error == ESTALE && open.current) {  // a file server has lost it: the path leads to it again
    position.current = true;
    context_.book.AddRestored(std::move(position));
    files_.Close(open);
    search_.Restart();
  } else if (error == ESTALE && open.backoff.failures() > kMaxStale) {
    files_.Close(open);
    if (!search_.FindRest(position, false)) {
      ++context_.counts.abandoned;
      context_.counts.lost_bytes += position.size - std::min(position.size, position.offset);
    }
    search_.CountLost();
  }
}

// What cannot be unpacked stays so.
void FollowedPath::GiveUp(OpenFile& open) {
  LogReader& reader = open.file->reader();
  LogError(
      "source {}: a packed log of {} {}: {}", context_.source, path_,
      open.file->error() == kRefusedLog
          ? reader.why() + "; unpack it with its own program, and `bouncesight report` reads it"
          : "is torn (" + reader.why() + ")",
      "what stands before is counted, the rest is not");
  ++context_.counts.abandoned;
  open.initial = false;
  FileInfo info;
  lies_ = open.current && reader.Info(info) == 0;
  if (lies_) at_rest_ = info;
  files_.Finish(open);
}

void FollowedPath::CannotOpen(int error, const FileInfo& info) {
  if (error != -EMFILE && error != -ENFILE) return Complain("cannot open the log", error, &info);
  DescriptorQueue& queue = context_.descriptors;
  if (queue.waiting++ == 0) queue.first = path_;
  if (std::exchange(queue.warned, true)) return;
  LogWarning("source {}: no file descriptor is left for {}: files are read by turns; {}",
             context_.source, path_,
             error == -EMFILE ? "raise LimitNOFILE= of the service, above the number of files"
                              : "raise fs.file-max of the system");
}

void FollowedPath::Complain(const std::string& what, int error, const FileInfo* info) {
  if (backoff_.failures() == 0) {
    const std::string why = error == -EACCES ? PermissionHint(path_, info) : ErrorText(error);
    const std::string whole = error == 0 ? " " + what : " " + what + ": " + why;
    LogWarning("source {}: {}{}; trying again", context_.source, path_, whole);
  }
  sight_ = Sight::kDenied;
  backoff_.Fail(context_.clock.Steady());
}

// What was found out while a call failed may be wrong. It is asked again, for a minute or so: a
// file that cannot be read for good shall not keep another one from being read.
bool FollowedPath::Doubts(const Look& look) {
  if (look.believable() || doubts_ >= kMostDoubts) return false;
  ++doubts_;
  Complain("cannot read the log", context_.fs.last_error(), nullptr);
  return true;
}

// To be answered now: asked again at once where a call fails.
bool FollowedPath::IsKnown(const FileInfo& info, LogReader& reader) {
  constexpr int kTries = 3;
  bool known = false;
  for (int tried = 0; tried < kTries; ++tried) {
    const Look look(context_.fs);
    known = context_.book.Ask(path_, info, reader).finding != FileBook::Answer::Finding::kUnknown;
    if (look.believable()) break;
  }
  return known;
}

}  // namespace bouncesight
