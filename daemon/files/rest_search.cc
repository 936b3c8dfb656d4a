#include "daemon/files/rest_search.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "daemon/system/log.h"
#include "daemon/system/log_reader.h"

namespace bouncesight {

void RestSearch::FileOpened(bool known, std::uint64_t offset, std::int64_t modified_ns) {
  look_now_ = true;
  known_ = known;
  // Nothing was counted in it: its content cannot prove that it was not cut and begun anew.
  if (known && offset == 0) {
    WidenGap(std::max(modified_ns, context_.book.NewestFinished(files_.path()).value_or(0)));
  }
}

void RestSearch::SetTruePath(const std::string& path) {
  if (path == files_.path() || path.empty()) return;
  std::erase(true_paths_, path);
  true_paths_.push_back(path);
  if (true_paths_.size() > 2) true_paths_.erase(true_paths_.begin());
}

void RestSearch::Settle() {
  const auto now = context_.clock.Steady();
  const bool look_now = std::exchange(look_now_, false);
  const bool looks =
      state_asked_ ? look_now || (gap_since_ns_ && now >= next_search_) : now >= next_search_;
  if (looks) {  // files may have come and been put aside between two looks
    next_search_ = now + kSearchInterval;
    state_asked_ ? AdoptSkipped() : Recover();
    NoteDenial(incomplete_);
  }
  first_look_ = false;
  if (!std::exchange(incomplete_, false) || denied_) return;
  DescriptorQueue& queue = context_.descriptors;  // perhaps for want of one
  if (queue.waiting++ == 0) queue.first = files_.path();
}

bool RestSearch::FindRestsFirst() {
  Recover();
  NoteDenial(std::exchange(incomplete_, false));
  return state_asked_;
}

void RestSearch::NoteDenial(bool incomplete) {
  const std::string& folder = context_.fs.denied_folder();
  const bool before = std::exchange(denied_, incomplete && !folder.empty());
  if (!denied_ || before) return;
  LogWarning("source {}: rotated files of {} are not found until this user may list {} (r and x)",
             context_.source, files_.path(), folder);
}

// Looks for the files that the state knows under this path and that the path does not name now.
void RestSearch::Recover() {
  next_search_ = context_.clock.Steady() + kSearchInterval;
  state_asked_ = true;
  sought_ = FurthestFirst(context_.book.TakeRestored(files_.path()));
  for (const auto& position : context_.book.FinishedOf(files_.path())) {
    SetTruePath(position.true_path);
  }
  for (const auto& position : sought_) SetTruePath(position.true_path);
  const std::vector<FilePosition> copied = context_.book.TakeCopied(files_.path());
  const std::optional<FilePosition> gap = TakeGap();
  std::optional<std::int64_t> newest = context_.book.NewestFinished(files_.path());
  for (const auto& position : sought_) {
    newest = std::max(newest.value_or(position.modified_ns), position.modified_ns);
  }
  if (!known_) {  // otherwise rotation has put nothing in between
    gap_since_ns_ = newest;
  } else if (gap_since_ns_) {
    gap_since_ns_ = std::max(*gap_since_ns_, newest.value_or(*gap_since_ns_));
  }
  if (gap) WidenGap(gap->modified_ns);
  for (const auto& position : copied) {
    if (WasCut(position)) WidenGap(position.modified_ns);
  }
  if (!FindRests()) {
    state_asked_ = false;  // and with what was not found the gap is asked for again
    if (gap) context_.book.AddRestored(*gap);
  }
  sought_.clear();
  if (!lates_asked_) {
    lates_asked_ = FindLateLines();
    state_asked_ = state_asked_ && lates_asked_;
  }
  AdoptSkipped();
}

std::optional<FilePosition> RestSearch::TakeGap() {
  std::optional<FilePosition> gap;
  std::erase_if(sought_, [&](const FilePosition& p) {
    if (p.is_gap() && (!gap || p.modified_ns < gap->modified_ns)) gap = p;
    return p.is_gap();
  });
  return gap;
}

// The files themselves first: a copy of one (copytruncate's) may hold what another was. False: some
// are to be looked for again.
bool RestSearch::FindRests() {
  std::vector<const FilePosition*> missing;
  for (const auto& position : sought_) {
    const bool proven = position.identity.tail_length > 0;
    if (proven && !FindRest(position, true)) missing.push_back(&position);
  }
  for (const auto& position : sought_) {  // an inode alone may be another file's by now
    if (position.identity.tail_length == 0) missing.push_back(&position);
  }
  bool all = true;
  const bool incomplete = incomplete_;
  for (const FilePosition* position : missing) {
    if (WasCut(*position)) WidenGap(position->modified_ns);
    incomplete_ = false;
    if (FindRest(*position, false)) continue;
    if (incomplete_) {
      context_.book.AddRestored(*position);
      all = false;
      continue;
    }
    incomplete_ = incomplete;
    NoteMissing(*position, 0);
    // What we read of it, and more than that, may be missing in its packed form: its last lines
    // came while it was being packed. That form is known by its head.
    context_.book.AddFinished(*position);
    TellGap(*position);
  }
  return all;
}

// A file that was closed because its writer was quiet is known by its inode, and read on if it has
// grown. Where a copy of it is open nobody can tell whose the lines are: they are left to that one.
// False: to be asked again.
bool RestSearch::FindLateLines() {
  const auto finished = context_.book.FinishedOf(files_.path());
  if (finished.empty()) return true;
  const Look look(context_.fs);
  const auto grown = [](const FilePosition& position, const RotatedFile& file) {
    const bool whole = position.identity.tail_length > 0 && position.size <= position.offset;
    return whole && KeyOf(position) == KeyOf(file.info) && file.info.size > position.offset &&
           file.info.modified_ns > position.modified_ns && HasContentOf(position, *file.reader);
  };
  const std::int64_t oldest =
      std::ranges::min_element(finished, {}, &FilePosition::modified_ns)->modified_ns;
  const bool complete = VisitRotated(context_.fs, Places(), oldest, [&](RotatedFile& file) {
    const bool late =
        file.reader->plain() && std::any_of(finished.begin(), finished.end(),
                                            [&](const auto& p) { return grown(p, file); });
    if (late && !context_.book.Ask(files_.path(), file.info, *file.reader).open) Adopt(file);
    return true;
  });
  incomplete_ = incomplete_ || !complete;
  return !Doubts(look) && complete;
}

// What was found out while a call failed may be wrong; it is asked again, so many times.
bool RestSearch::Doubts(const Look& look) {
  if (look.believable() || doubts_ >= kMostDoubts) return false;
  ++doubts_;
  incomplete_ = true;
  return true;
}

// The same at once, for what cannot wait.
bool RestSearch::FindRestNow(const FilePosition& position) {
  constexpr int kTries = 3;
  const bool incomplete = incomplete_;
  bool found = false;
  for (int tried = 0; tried < kTries; ++tried) {
    incomplete_ = false;
    found = FindRest(position, false);
    if (found || !incomplete_) break;
  }
  incomplete_ = incomplete_ || incomplete;
  return found;
}

void RestSearch::TellGap(const FilePosition& position) {
  if (!position.current || position.size == 0) return;
  ++context_.counts.gaps;
  LogWarning(
      "source {}: what was written to {} after byte {} is gone: no rotated file holds it; if "
      "rotated files lie in another folder, name them under `rotated`",
      context_.source, files_.path(), position.offset);
}

// Its content is gone, yet the file is there: cut, perhaps more than once, with a copy each time. A
// packed file there has only been given the inode.
bool RestSearch::WasCut(const FilePosition& position) {
  const FileKey key = KeyOf(position);
  bool there = context_.book.IsOpen(key);
  constexpr auto kAll = std::numeric_limits<std::int64_t>::min();
  VisitRotated(context_.fs, Places(position.true_path), kAll, [&](RotatedFile& file) {
    there = there || (file.reader->plain() && KeyOf(file.info) == key);
    return !there;
  });
  return there;
}

void RestSearch::WidenGap(std::int64_t since_ns) {
  gap_since_ns_ = std::min(gap_since_ns_.value_or(since_ns), since_ns);
}

// A file that waits for another may be older than what comes now.
void RestSearch::SetGap(std::int64_t since_ns) {
  if (waits_) return WidenGap(since_ns);
  gap_since_ns_ = since_ns;
}

void RestSearch::Save(std::vector<FilePosition>& out) const {
  if (waits_ && gap_since_ns_) out.push_back(Gap());
}

FilePosition RestSearch::Gap() const {
  FilePosition gap;
  gap.path = files_.path();
  if (!true_paths_.empty()) gap.true_path = true_paths_.back();
  gap.modified_ns = *gap_since_ns_;
  return gap;
}

void RestSearch::Restart() {
  if (gap_since_ns_) context_.book.AddRestored(Gap());
  state_asked_ = known_ = false;
}

RotatedPlaces RestSearch::Places(const std::string& true_path) const {
  RotatedPlaces places{files_.path(), true_paths_, context_.rotated, context_.followed};
  if (!true_path.empty() && true_path != files_.path()) places.true_paths.push_back(true_path);
  return places;
}

bool RestSearch::FindRest(const FilePosition& position, bool same_inode) {
  const FileKey key = KeyOf(position);
  const Look look(context_.fs);
  FoundFile found =
      FindRotated(context_.fs, Places(position.true_path), position, [&](const FileInfo& info) {
        return !context_.book.IsOpen(KeyOf(info)) && (!same_inode || KeyOf(info) == key);
      });
  return !Doubts(look) && ReadOn(std::move(found), position);
}

// A copy was made while the line was being written, and its original was put aside since.
FoundFile RestSearch::FindEndOfLine(TrackedFile& file) {
  const std::uint64_t end = file.read_offset();
  if (!file.plain() || file.line_offset() == end) return {};
  const FilePosition all = PositionAt(file.reader(), end);
  FoundFile found = FindRotated(context_.fs, Places(), all, [&](const FileInfo& info) {
    return !context_.book.IsOpen(KeyOf(info)) && info.size > end;
  });
  LogReader* const reader = found.file.reader.get();
  if (!reader || !reader->plain() || !FileBook::HoldsBegunLine(file, *reader)) return {};
  return found;
}

bool RestSearch::FindOrphan(const FilePosition& position) {
  FoundFile found = FindRotatedName(context_.fs, Places(), position, [&](const FileInfo& info) {
    return !context_.book.IsOpen(KeyOf(info));
  });
  return ReadOn(std::move(found), position);
}

// All that stands after `offset` stands in the open one, too, which has it yet to read.
bool RestSearch::IsPartOf(const RotatedFile& file, TrackedFile& open, std::uint64_t offset) {
  if (offset == 0 || !file.reader->plain() || !open.plain()) return false;
  return file.info.size > offset &&
         CommonEnd(*file.reader, open.reader(), offset, file.info.size) == file.info.size;
}

// By another position of the same content: what went on where this one stands. An inode alone may
// be any file's by now.
bool RestSearch::IsReadFurther(RotatedFile& file, const FilePosition& position) {
  const auto further = [&](const FilePosition& other) {
    return other.offset > position.offset && HasContentOf(other, *file.reader);
  };
  if (std::any_of(sought_.begin(), sought_.end(), further)) return true;
  const auto answer = context_.book.Ask(files_.path(), file.info, *file.reader);
  if (answer.finding == FileBook::Answer::Finding::kUnknown) return false;
  if (answer.open && IsPartOf(file, *answer.open, position.offset)) return true;
  return position.identity.tail_length == 0 ||
         answer.finding == FileBook::Answer::Finding::kNothingNew ||
         answer.offset > position.offset;
}

bool RestSearch::ReadOn(FoundFile found, const FilePosition& position) {
  RotatedFile& file = found.file;
  incomplete_ = incomplete_ || !found.complete;
  if (!file.reader) return false;
  const Look look(context_.fs);
  const bool further = IsReadFurther(file, position);
  if (Doubts(look)) return false;
  if (further) return position.identity.tail_length > 0;
  LogInfo("source {}: reading the rest of {} from {}", context_.source, files_.path(), file.path);
  const std::uint64_t holds = file.reader->plain() ? file.info.size : position.size;
  OpenFile* const open = files_.Add(std::move(file.reader), position.offset,
                                    OpenFiles::Role::kEarlier, position.true_path);
  if (!open) {
    Doubts(look);
    return false;
  }
  open->initial = first_look_;
  NoteMissing(position, holds);
  return true;
}

// Of what was seen after the position only what stands before `found` can be read.
void RestSearch::NoteMissing(const FilePosition& position, std::uint64_t found) {
  found = std::max(found, position.offset);
  if (position.size > found) missing_bytes_ += position.size - found;
}

void RestSearch::CountLost() {
  const std::uint64_t lost = std::exchange(missing_bytes_, 0);
  if (lost == 0) return;
  context_.counts.lost_bytes += lost;
  LogWarning("source {}: {} bytes of {} are lost: no rotated file holds them", context_.source,
             lost, files_.path());
}

void RestSearch::FileWasCut(const FilePosition& position, const TrackedFile& file) {
  if (TrackedFile* copy = context_.book.OpenCopyOf(position, &file)) {
    FileInfo info;
    const bool sized = copy->reader().Info(info) == 0;
    // One that holds no more was made before the last of it was written, which another may hold.
    const bool holds_rest = sized && info.size > position.offset;
    if (holds_rest || position.offset == 0 || !FindRestNow(position)) {
      NoteMissing(position, sized ? info.size : position.size);
    }
  } else if (position.offset == 0 || !FindRestNow(position)) {
    NoteMissing(position, 0);
  }
  if (position.identity.tail_length > 0) context_.book.AddFinished(position);
  SetGap(position.modified_ns);
  AdoptSkipped(false);
}

void RestSearch::FileWasBegun(std::int64_t begun_ns) {
  SetGap(begun_ns);
  AdoptSkipped(false);
}

// Two rotations in one poll, or while we were away, leave files between the one that we read last
// and the one that the path names now: whatever was written after the former.
void RestSearch::AdoptSkipped(bool packed_too) {
  if (!gap_since_ns_) return CountLost();
  const std::int64_t since = *gap_since_ns_;
  waits_ = false;
  const Look look(context_.fs);
  bool complete = VisitRotated(context_.fs, Places(), since, [&](RotatedFile& file) {
    const bool plain = file.reader->plain();
    if (plain || (packed_too && !StillPacked(file))) Adopt(file);
    return true;
  });
  complete = complete && !Doubts(look);
  incomplete_ = incomplete_ || !complete;
  waits_ = waits_ || !complete;
  if (!complete) return;
  if (files_.Current() && !waits_) gap_since_ns_.reset();
  CountLost();
}

bool RestSearch::StillPacked(const RotatedFile& file) const {
  FileInfo unpacked;
  return context_.fs.Stat(file.path.substr(0, file.path.rfind('.')), unpacked) == 0;
}

// A copy of an open file that holds more was made before a cut that is not noticed yet, and is
// looked for then; or it had taken that file's place before it was put aside itself.
bool RestSearch::GoesOnFrom(TrackedFile& open, const FileBook::Answer& answer) {
  if (answer.partial || !HasContentOf(open.Position(), open.reader())) return false;
  const bool read = answer.finding == FileBook::Answer::Finding::kGoOn && open.AtEnd();
  waits_ = waits_ || !read;
  return read;
}

void RestSearch::Adopt(RotatedFile& file) {
  if (context_.book.IsOpen(KeyOf(file.info))) return;
  const Look look(context_.fs);
  if (!packed_start_.Gives(file, context_)) return;
  const auto answer = context_.book.Ask(files_.path(), file.info, *file.reader);
  const bool known = answer.finding == FileBook::Answer::Finding::kGoOn;
  if (answer.open && !GoesOnFrom(*answer.open, answer)) return;
  if (!look.believable() && doubts_ < kMostDoubts) return;  // whoever visits will come again
  if ((!known && answer.finding != FileBook::Answer::Finding::kUnknown)) return;
  if (known && (!file.reader->plain() || file.info.size <= answer.offset)) return;
  LogInfo("source {}: reading {}, which rotation has put aside unread", context_.source, file.path);
  const std::uint64_t offset = known ? answer.offset : 0;
  if (!known) ++context_.counts.rotations;
  missing_bytes_ -= std::min(missing_bytes_, file.info.size - std::min(file.info.size, offset));
  OpenFile* const open = files_.Add(std::move(file.reader), offset, OpenFiles::Role::kEarlier,
                                    true_paths_.empty() ? std::string() : true_paths_.back());
  if (open) open->initial = first_look_;
}

}  // namespace bouncesight
