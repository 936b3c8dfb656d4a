#include "daemon/files/followed_path.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "daemon/system/log.h"
#include "daemon/system/permission_hint.h"

namespace bouncesight {
namespace {

using Finding = FileBook::Answer::Finding;

bool IsGone(int error) { return error == -ENOENT || error == -ENOTDIR; }

bool Unchanged(const FileInfo& a, const FileInfo& b) {
  return KeyOf(a) == KeyOf(b) && a.size == b.size && a.modified_ns == b.modified_ns;
}

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
    : path_(std::move(path)),
      first_(first),
      context_(context),
      files_(path_, context),
      search_(files_, context) {}

void FollowedPath::Check() {
  seen_ = false;
  if (!backoff_.Due(context_.clock.Steady())) return;
  FileInfo info;
  const int error = context_.fs.Stat(path_, info);
  was_alias_ = std::exchange(alias_, false);
  sight_ = IsGone(error) ? Sight::kMissing : Sight::kOpen;
  if (IsGone(error)) return OnGone();
  if (error < 0) return Complain("cannot look at the log", error, nullptr);
  gone_since_.reset();
  OpenFile* const current = files_.Current();
  if (current && current->file->id() == info.id) {
    return OnSame(*current, info);
  }
  if (!info.regular) return Complain(NoLogHint(path_, info), 0, nullptr);
  OnOther(info);
}

void FollowedPath::Settle() {
  if (seen_) search_.Settle();
  if (const auto alias = std::exchange(new_alias_, std::nullopt)) {
    context_.book.AddAlias(path_, *alias);
  }
}

void FollowedPath::OnGone() {
  seen_ = true;
  if (!gone_since_) gone_since_ = context_.clock.Steady();
  backoff_.Succeed();
  Retire();
  LeaveAlias();
  unopened_.reset();
  paused_.reset();
  olds_due_.reset();
  lies_ = false;
  first_ = FirstSight::kBeginning;
}

void FollowedPath::OnSame(OpenFile& open, const FileInfo& info) {
  seen_ = true;
  backoff_.Succeed();
  if (!open.asked && info.size > 0) return AskAgain(open, info);
  CheckUntouched(open, info);
}

void FollowedPath::OnOther(const FileInfo& info) {
  replaced_ = replaced_ || files_.Current() != nullptr;
  Retire();
  const bool olds_are_due = olds_due_ && context_.clock.Steady() >= *olds_due_;
  if ((lies_ || paused_) && Unchanged(at_rest_, info) && !olds_are_due) {
    seen_ = lies_;
    if (lies_ && plain_rest_) sight_ = Sight::kDenied;
    return;
  }
  if (olds_are_due) last_look_ = true;
  if (paused_ && KeyOf(info) != KeyOf(*paused_)) {  // put aside while it was paused
    paused_.reset();
    replaced_ = rest_first_ = true;
    last_look_ = false;
  }
  lies_ = false;
  if (rest_first_) {  // with both open at once, many such paths would wait for one another
    // What lies in a folder that we may not list is not waited for: that may last for ever.
    if (context_.descriptors.waiting > 0 || (!search_.FindRestsFirst() && !search_.denied())) {
      return CannotOpen(-EMFILE, info);
    }
    rest_first_ = false;
    olds_due_.reset();
  }
  Open(info);
}

// It was empty when it was opened. By now it may be the copy of another one.
void FollowedPath::AskAgain(OpenFile& open, const FileInfo& info) {
  const Look look(context_.fs);
  const auto answer = context_.book.Ask(path_, info, open.file->reader());
  if (Doubts(look)) return;
  open.asked = true;
  if (answer.finding == Finding::kUnknown) return;
  search_.FileLeft(open.file->modified_ns() - 1);  // should it be put aside before it is open again
  files_.Close(open);
  Open(info);
}

// Written to, and yet as long as what we have read: perhaps truncated and written anew, up to the
// same size and with the same last bytes. The head tells.
void FollowedPath::CheckUntouched(OpenFile& open, const FileInfo& info) {
  open.file->NoteSize(info.size);
  if (info.size != open.file->read_offset() || info.modified_ns == open.file->modified_ns()) return;
  const std::optional<bool> same = open.file->HeadStillMatches();
  if (!same) return;  // asked again at the next look
  if (!*same) return OnRewritten(open);
  if (open.file->line_offset() == 0) search_.FileWasBegun(open.file->modified_ns());
  open.file->set_modified_ns(info.modified_ns);
}

void FollowedPath::Open(const FileInfo& named) {
  if (files_.MakeCurrent(KeyOf(named))) {  // a link has been switched back
    seen_ = true;
    unopened_.reset();
    paused_.reset();
    search_.FileIsBack();
    context_.counts.rotations += std::exchange(replaced_, false);
    return;
  }
  alias_ = context_.book.IsOpen(KeyOf(named));
  if (alias_of_ != KeyOf(named)) LeaveAlias();
  if (alias_) {  // another path follows this very file
    seen_ = true;
    alias_of_ = KeyOf(named);
    if (!was_alias_) {
      new_alias_ = alias_of_;
      search_.AliasFound();
    }
    context_.counts.rotations += std::exchange(replaced_, false);
    return;
  }
  LookedAt(named);
  if (context_.descriptors.waiting > 0) return CannotOpen(-EMFILE, named);
  const Look look(context_.fs);
  std::unique_ptr<LogReader> reader;
  const int error = OpenLog(context_.fs, path_, reader);
  if (IsGone(error)) return;
  if (error < 0) return CannotOpen(error, named);
  FileInfo info;
  if (reader->Info(info) < 0 || context_.book.IsOpen(KeyOf(info))) return;
  LookedAt(info);
  ++unopened_->looks;
  const auto answer = context_.book.Ask(path_, info, *reader);
  if (!Doubts(look)) OpenAs(answer, info, std::move(reader), look);
}

void FollowedPath::LookedAt(const FileInfo& info) {
  const auto now = context_.clock.Steady();
  if (!unopened_ || KeyOf(unopened_->info) != KeyOf(info)) {
    unopened_ = Unopened{info, now, now, 0, {}};
  } else if (!Unchanged(unopened_->info, info)) {
    unopened_->info = info;
    unopened_->unchanged = now;
  }
}

void FollowedPath::OpenAs(const FileBook::Answer& answer, const FileInfo& info,
                          std::unique_ptr<LogReader> reader, const Look& look) {
  if (MustWait(answer, *reader)) {
    // Of files that begin alike before anything was counted only its own path's is a copy for sure.
    const bool copy = answer.offset > 0 || (answer.open && answer.open->path() == path_);
    if (answer.finding == Finding::kAskAgain && copy) {
      const auto before = unopened_->copied;
      unopened_->NoteCopied(*reader, answer.offset);
      if (!look.believable()) unopened_->copied = before;
    }
    return;
  }
  const bool unwanted = answer.finding == Finding::kUnknown && first_ == FirstSight::kEnd;
  if (answer.finding == Finding::kNothingNew || (unwanted && !reader->plain())) {
    return LetLie(info, *reader, look);
  }
  Begin(answer, info, std::move(reader), look);
}

// It may be cut before it is opened, or its inode given to another file.
void FollowedPath::Unopened::NoteCopied(LogReader& reader, std::uint64_t offset) {
  const bool further = copied && copied->offset > offset && HasContentOf(*copied, reader);
  if (!further) copied = PositionAt(reader, offset);
}

bool FollowedPath::MustWait(const FileBook::Answer& answer, LogReader& reader) const {
  const auto now = context_.clock.Steady();
  const bool growing = now - unopened_->unchanged < kSettle;
  if (answer.finding == Finding::kAskAgain) {
    const bool counted = answer.open != nullptr && answer.offset > 0;
    return counted || now - unopened_->since < kCopyPatience || unopened_->looks < kCopyLooks;
  }
  return growing && (answer.partial || !reader.plain());
}

// Its lines are counted, or are not to be.
void FollowedPath::LetLie(const FileInfo& info, LogReader& reader, const Look& look) {
  FilePosition position = PositionAt(reader, 0);
  position.path = path_;
  position.identity.file = info.id;
  position.modified_ns = info.modified_ns;
  if (Doubts(look)) return;
  if (position.identity.head_length > 0) {
    if (!context_.book.Claim(path_, info, reader, 0, look) && Doubts(look)) return;
    context_.book.AddFinished(std::move(position));
  }
  seen_ = lies_ = true;
  at_rest_ = info;
  TellPlainRest(reader);
  context_.counts.rotations += std::exchange(replaced_, false);
  first_ = FirstSight::kBeginning;
}

void FollowedPath::Begin(const FileBook::Answer& answer, const FileInfo& info,
                         std::unique_ptr<LogReader> reader, const Look& look) {
  FileBook::Answer told = answer;
  const std::uint64_t offset = StartOffset(told, info, *reader);
  if (Doubts(look)) return;
  const bool known = told.finding != Finding::kUnknown;
  const bool copy = known && !told.same_file;
  if (context_.fs.RealPath(path_, true_path_) < 0) true_path_.clear();
  OpenFile* const open =
      files_.Add(std::move(reader), offset, OpenFiles::Role::kCurrent, true_path_);
  if (!open) return Complain("cannot read the log", -EIO, nullptr);
  open->continued = copy;
  open->asked = info.size > 0 || offset > 0;
  open->initial = search_.first_look() && open->asked;
  if (copy)
    LogInfo("source {}: {} is a copy of what was read; going on at byte {}", context_.source, path_,
            offset);
  if (std::exchange(replaced_, false) && !copy) ++context_.counts.rotations;
  if (backoff_.failures() > 0) {
    LogInfo("source {}: {} can be read now", context_.source, path_);
  }
  backoff_.Succeed();
  doubts_ = 0;
  search_.SetTruePath(true_path_);
  // What another path stood at tells nothing of our own.
  search_.FileOpened(known && !told.other_path, offset, told.modified_ns);
  unopened_.reset();
  paused_.reset();
  first_ = FirstSight::kBeginning;
  seen_ = true;
}

// Where to begin. A file that has parted from what it is a copy of goes on where they parted.
std::uint64_t FollowedPath::StartOffset(FileBook::Answer& answer, const FileInfo& info,
                                        LogReader& reader) {
  if (answer.finding != Finding::kUnknown) {
    return answer.partial ? AfterLastNewline(reader, answer.offset) : answer.offset;
  }
  if (unopened_->copied && HasContentOf(*unopened_->copied, reader)) {
    answer.finding = Finding::kGoOn;
    const std::uint64_t copied = unopened_->copied->offset;
    std::uint64_t common = copied;
    for (const auto& open : files_) {
      if (!open->file->plain()) continue;
      common = std::max(common,
                        CommonEnd(reader, open->file->reader(), copied, open->file->line_offset()));
    }
    return AfterLastNewline(reader, common);
  }
  std::string true_path;
  const bool before = first_ == FirstSight::kEnd && context_.fs.RealPath(path_, true_path) == 0 &&
                      context_.book.HasRestored(path_, true_path);
  // Followed before, now another file: from its start.
  if (first_ == FirstSight::kBeginning || before) return 0;
  return AfterLastNewline(reader, info.size);
}

// The path names it no longer.
void FollowedPath::Retire() {
  OpenFile* const current = files_.Current();
  if (!current) return;
  FileInfo info;
  const bool sized = current->file->reader().Info(info) == 0;
  if (sized) {
    CheckUntouched(*current, info);
    search_.FileLeft(current->file->line_offset() > 0 ? info.modified_ns
                                                      : current->file->modified_ns() - 1);
  }
  current->current = false;
  last_look_ = false;
  current->quiet_since = context_.clock.Steady();
  const bool copy = sized && !std::exchange(current->asked, true) && info.size > 0 &&
                    IsKnown(info, current->file->reader());
  if (copy) files_.Close(*current);
  files_.LimitOld();
}

// Another path has that file, and goes on with it; what rotation has put aside since it was this
// one's is for this one to find.
void FollowedPath::LeaveAlias() {
  if (!alias_of_) return;
  const TrackedFile* const file = context_.book.Open(*std::exchange(alias_of_, std::nullopt));
  if (file) return search_.AliasLeft(file->modified_ns() - (file->line_offset() > 0 ? 0 : 1));
  if (const auto written = context_.book.NewestFinished(path_)) search_.AliasLeft(*written);
}

// Can it be closed now and found again later? What has more to read keeps its turn for a while.
bool FollowedPath::MayPause(OpenFile& open) const {
  FileInfo info;
  if (!open.asked || !open.file->plain()) return false;
  if (open.file->reader().Info(info) < 0 || info.links == 0) return false;
  return open.file->AtEnd() || context_.clock.Steady() - open.opened >= kSlice;
}

bool FollowedPath::Pause() {
  OpenFile* const current = files_.Current();
  if (files_.empty() || (!current && !rest_first_)) return false;
  if (!std::all_of(files_.begin(), files_.end(), [&](auto& open) { return MayPause(*open); })) {
    return false;
  }
  if (current) {
    FileInfo info;
    if (current->file->reader().Info(info) < 0) return false;
    paused_ = current->file->Position();
    paused_->current = true;
    // If it has more to read it has changed, as far as the next look goes.
    if (!current->file->AtEnd()) info.size = paused_->offset;
    at_rest_ = info;
    context_.book.AddRestored(*paused_);
    files_.Close(*current);
  }
  if (!files_.empty() || !search_.settled()) {
    rest_first_ = true;
    olds_due_ = context_.clock.Steady() +
                (search_.settled() ? kQuiet : std::chrono::seconds(RestSearch::kSearchInterval));
  }
  while (!files_.empty()) {
    OpenFile& old = **files_.begin();
    context_.book.AddRestored(old.file->Position());
    files_.Close(old);
  }
  unopened_.reset();
  search_.Restart();
  return true;
}

void FollowedPath::Save(std::vector<FilePosition>& out) const {
  for (const auto& open : files_) {
    out.push_back(open->file->Position());
    out.back().current = open->current;
  }
  search_.Save(out);
}

std::uint64_t FollowedPath::Unread() {
  std::uint64_t bytes = 0;
  for (const auto& open : files_) bytes += open->file->Unread();
  if (paused_) {
    const std::uint64_t size = unopened_ ? unopened_->info.size : paused_->size;
    bytes += std::max(size, paused_->offset) - paused_->offset;
  }
  return bytes;
}

bool FollowedPath::caught_up() const {
  return std::none_of(files_.begin(), files_.end(), [](const auto& open) { return open->initial; });
}

}  // namespace bouncesight
