#include "daemon/files/directory_source.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "daemon/system/log.h"
#include "daemon/system/permission_hint.h"

namespace bouncesight {
namespace {

constexpr char kKind = 'd';  // other than that of every other kind of source

bool SameInode(const FilePosition& position, const FileInfo& info) {
  return position.identity.file == info.id;
}

}  // namespace

DirectorySource::DirectorySource(const SourceConfig& config, FileSystem& fs, const Clock& clock,
                                 StreamFactory& streams, std::size_t max_files)
    : config_(config),
      fs_(fs),
      clock_(clock),
      streams_(streams),
      max_files_(max_files),
      buffer_(TrackedFile::kBufferBytes),
      next_scan_(clock.Steady()),
      silence_(config_, fs_, clock) {}

bool DirectorySource::Turn() {
  silence_.Look();
  if (clock_.Steady() >= next_scan_) Scan();
  if (!chosen_ && !Choose()) {
    caught_up_ = caught_up_ || scanned_;
    return false;
  }
  if (file_ || OpenChosen()) {
    if (file_ && ReadChosen() > 0) {
      const std::chrono::duration<double> now = clock_.Wall().time_since_epoch();
      last_line_timestamp_ = now.count();
    }
  }
  return true;
}

void DirectorySource::Scan() {
  next_scan_ = clock_.Steady() + kScanInterval;
  scanned_ = true;
  Seen seen;
  Entries found;
  if (!List(seen, found)) return;
  KeepOneName(seen);
  MatchInodes(seen, found);
  MatchNames(seen, found);
  KeepChosen(found);
  if (unknown_since_) found.merge(entries_);  // under the name that is not known, perhaps
  entries_ = std::move(found);                // those that left the folder are forgotten
  next_choice_ = next_scan_ - kScanInterval;
}

bool DirectorySource::List(Seen& seen, Entries& found) {
  std::vector<std::string> names;
  const int error = fs_.List(config_.directory, names);
  if (error < 0) {
    if (!complained_) {
      LogError("source {}: cannot list {}: {}; it is looked at again each second", config_.name,
               config_.directory, ErrorText(error));
    }
    complained_ = true;
    return false;
  }
  complained_ = false;
  std::vector<std::string> unknown;
  int last_error = 0;
  for (const std::string& name : names) {
    FileInfo info;
    if (name.empty() || name.front() == '.') continue;
    const int failed = fs_.Stat(PathOf(name), info);
    if (failed == 0 && info.regular) seen.emplace(name, info);
    if (failed == 0 || failed == -ENOENT) continue;
    unknown.push_back(name);
    last_error = failed;
  }
  if (unknown.empty()) {
    unknown_since_.reset();
    return true;
  }
  if (MustWait(unknown.front(), last_error)) return false;
  for (const std::string& name : unknown) found.insert(entries_.extract(name));
  return true;
}

// A name that cannot be looked at may be the new one of a file that is read: a passing error is
// waited for. One that stays shall not keep the others from being read.
bool DirectorySource::MustWait(const std::string& unknown, int error) {
  const auto now = clock_.Steady();
  if (!unknown_since_) {
    unknown_since_ = now;
    LogWarning("source {}: cannot look at {}: {}; trying again", config_.name, PathOf(unknown),
               ErrorText(error));
  }
  return now - *unknown_since_ < kPatience;
}

// A link is no other file: of several names the one that is known counts, or the first one.
void DirectorySource::KeepOneName(Seen& seen) const {
  std::map<FileId, std::string> names;
  for (const auto& [name, info] : seen) {
    const auto known = entries_.find(name);
    if (known == entries_.end() || !SameInode(known->second.position, info)) continue;
    names.try_emplace(info.id, name);
  }
  std::erase_if(seen, [&](const auto& item) {
    const auto& [name, info] = item;
    return names.try_emplace(info.id, name).first->second != name;
  });
}

// A file is the one of its inode first, whatever its name is now.
void DirectorySource::MatchInodes(Seen& seen, Entries& found) {
  std::map<FileId, std::string> names;
  for (const auto& [name, entry] : entries_) {
    names[entry.position.identity.file] = name;
  }
  std::erase_if(seen, [&](const auto& item) {
    const auto& [name, info] = item;
    const auto known = names.find(info.id);
    if (known == names.end() || found.count(name) > 0) return false;
    Move(entries_.find(known->second), name, info, found);
    names.erase(known);
    return true;
  });
}

// Then the one of its name: devices are renumbered, files restored from a backup. Or it is new.
void DirectorySource::MatchNames(const Seen& seen, Entries& found) {
  const bool was_full = std::exchange(full_, false);
  for (const auto& [name, info] : seen) {
    const auto known = entries_.find(name);
    if (known != entries_.end() && &known->second != chosen_) {
      Move(known, name, info, found);
    } else if (found.size() < max_files_) {
      Entry& entry = found[name];
      entry.position.identity.file = info.id;
      entry.position.modified_ns = info.modified_ns;
      entry.size = info.size;
    } else {
      full_ = true;
    }
  }
  if (full_ && !was_full) {
    LogWarning("source {}: more than {} files lie in {}; move away those that are read",
               config_.name, max_files_, config_.directory);
  }
}

// What has left the folder while it is open is read to its end.
void DirectorySource::KeepChosen(Entries& found) {
  for (auto known = entries_.begin(); known != entries_.end(); ++known) {
    if (&known->second != chosen_) continue;
    auto node = entries_.extract(known);
    if (!node.key().starts_with('/')) node.key().insert(0, 1, '/');
    found.insert(std::move(node));
    return;
  }
}

void DirectorySource::Move(Entries::iterator known, const std::string& name, const FileInfo& info,
                           Entries& to) {
  auto node = entries_.extract(known);
  Entry& entry = node.mapped();
  const FilePosition& position = entry.position;
  const bool touched = position.modified_ns != info.modified_ns || !SameInode(position, info) ||
                       (!entry.IsPacked(name) && position.offset != info.size);
  // Grown, or another file by now: its content will tell.
  if (touched && &entry != chosen_) entry.position.finished = false;
  entry.size = info.size;
  node.key() = name;
  to.insert(std::move(node));
}

// The oldest file that is not read yet.
bool DirectorySource::Choose() {
  const auto now = clock_.Steady();
  if (now < next_choice_) return false;
  next_choice_ = now + kChoiceInterval;
  for (auto& [name, entry] : entries_) {
    entry.position.path = name;
    if (entry.position.finished || now < entry.due) continue;
    if (!chosen_ || entry.position.modified_ns < chosen_->position.modified_ns) chosen_ = &entry;
  }
  if (chosen_) next_choice_ = now;
  return chosen_ != nullptr;
}

// True: at its position, or on the way there. False: it is not to be read now.
bool DirectorySource::OpenChosen() {
  Entry& entry = *chosen_;
  const Look look(fs_);
  if (!skipping_) {
    std::unique_ptr<LogReader> reader;
    const int error = OpenLog(fs_, PathOf(entry.position.path), reader);
    if (error < 0) {
      AtFailure(error);
      return false;
    }
    reader->ReadPlainRest();
    skipping_ = std::make_unique<SkippingReader>(std::move(reader));
  }
  entry.packed = !skipping_->plain();
  if (*entry.packed) {
    const auto step = skipping_->SkipTowards(entry.position.offset, kSkipBytes);
    if (step == SkippingReader::Step::kMore) return true;
    if (step == SkippingReader::Step::kFailed) {
      AtFailure(-skipping_->error());
      return false;
    }
  }
  const bool same = entry.position.offset == 0 || HasContentOf(entry.position, *skipping_);
  if (!look.believable()) {  // "no" may be the error's word
    AtFailure(fs_.last_error());
    return false;
  }
  if (!same) {
    BeginAnew(entry);
    return false;
  }
  file_ = TrackedFile::Begin(entry.position.path, std::move(skipping_), streams_,
                             entry.position.offset);
  if (!file_) AtFailure(look.believable() ? -EIO : fs_.last_error());
  return file_ != nullptr;
}

// Another file than the one that was read: it is read from its start.
void DirectorySource::BeginAnew(Entry& entry) {
  const std::string name = entry.position.path;
  const auto size = entry.size;
  FileInfo info;
  entry = Entry{};
  entry.position.path = name;
  if (fs_.Stat(PathOf(name), info) == 0) {
    entry.position.identity.file = info.id;
    entry.position.modified_ns = info.modified_ns;
  }
  entry.size = size;
  skipping_.reset();
  file_.reset();
  chosen_ = nullptr;
}

std::size_t DirectorySource::ReadChosen() {
  const std::uint64_t before = file_->read_offset();
  const Look look(fs_);
  const TrackedFile::Step step = file_->Read(buffer_);
  const bool rewritten =
      step == TrackedFile::Step::kShrunk || step == TrackedFile::Step::kRewritten;
  if (rewritten && !look.believable()) {
    AtFailure(fs_.last_error());
    return 0;
  }
  switch (step) {
    case TrackedFile::Step::kRead:
      return file_->read_offset() - before;
    case TrackedFile::Step::kEnd:
      AtEnd();
      break;
    case TrackedFile::Step::kShrunk:
    case TrackedFile::Step::kRewritten:
      LogWarning("source {}: {} was written anew while it was read", config_.name,
                 PathOf(chosen_->position.path));
      ++counts_.truncations;
      BeginAnew(*chosen_);
      break;
    case TrackedFile::Step::kFailed:
      AtFailure(-file_->error());
      break;
  }
  return 0;
}

void DirectorySource::AtEnd() {
  Entry& entry = *chosen_;
  const bool whole = file_->Position().offset == file_->read_offset() || !file_->plain();
  if (!whole && !(entry.in_trouble && entry.size_at_trouble == file_->read_offset())) {
    return PutAside(entry, file_->read_offset());
  }
  file_->Finish();
  Finish(entry);
}

void DirectorySource::Finish(Entry& entry) {
  if (file_) entry.position = file_->Position();
  entry.position.finished = true;
  entry.in_trouble = false;
  LogDebug("source {}: {} is read", config_.name, PathOf(entry.position.path));
  skipping_.reset();
  file_.reset();
  chosen_ = nullptr;
}

void DirectorySource::AtFailure(int error) {
  Entry& entry = *chosen_;
  LogReader* const reader = file_ ? &file_->reader() : skipping_.get();
  const bool still_torn = entry.in_trouble && entry.size_at_trouble == entry.size;
  if (reader && (error == -kRefusedLog || (error == -kTornLog && still_torn))) {
    return GiveUp(*reader, error);
  }
  if (!entry.in_trouble && error != -ENOENT && error != -kTornLog) {
    FileInfo info;
    const bool known = fs_.Stat(PathOf(entry.position.path), info) == 0;
    LogWarning(
        "source {}: cannot read {}: {}; trying again", config_.name, PathOf(entry.position.path),
        error == -EACCES ? PermissionHint(PathOf(entry.position.path), known ? &info : nullptr)
                         : ErrorText(error));
  }
  PutAside(entry, entry.size);
}

void DirectorySource::GiveUp(const LogReader& reader, int error) {
  Entry& entry = *chosen_;
  LogError("source {}: {}: {}", config_.name, PathOf(entry.position.path),
           error == -kRefusedLog
               ? reader.why() +
                     "; what stands before is counted, and the rest when the file is "
                     "unpacked in its place, under the same name"
               : "is torn (" + reader.why() + "): what stands after the damage is not counted");
  ++counts_.abandoned;
  Finish(entry);
}

void DirectorySource::PutAside(Entry& entry, std::uint64_t size) {
  if (file_) entry.position = file_->Position();
  entry.in_trouble = true;
  entry.size_at_trouble = size;
  entry.due = clock_.Steady() + kPatience;
  skipping_.reset();
  file_.reset();
  chosen_ = nullptr;
}

std::string DirectorySource::SaveState() {
  FileSourceState state;
  state.patterns = {config_.directory};
  state.counts = counts_;
  for (const auto& [name, entry] : entries_) {
    const bool open = file_ && &entry == chosen_;
    state.positions.push_back(open ? file_->Position() : entry.position);
    state.positions.back().path = name;
  }
  return kKind + EncodeFileState(state);
}

bool DirectorySource::RestoreState(std::string_view bytes) {
  const bool ours = !bytes.empty() && bytes.front() == kKind;
  auto state = DecodeFileState(bytes.substr(ours ? 1 : bytes.size()));
  if (!state || state->patterns.size() != 1) {
    LogError("source {}: {}; its files are seen for the first time", config_.name,
             state ? "no folder is named" : state.error().message);
    return false;
  }
  counts_ = state->counts;
  if (state->patterns.front() != config_.directory) return false;  // another folder
  for (FilePosition& position : state->positions) {
    Entry& entry = entries_[position.path];
    entry.position = std::move(position);
  }
  return true;
}

void DirectorySource::Describe(LiveSource& live) {
  std::uint64_t lag = 0;
  for (const auto& [name, entry] : entries_) {
    if (entry.position.finished) continue;
    if (entry.IsPacked(name)) {
      lag += entry.size;
    } else {
      const auto read = file_ && &entry == chosen_ ? file_->read_offset() : entry.position.offset;
      lag += entry.size - std::min(read, entry.size);
    }
  }
  live.lag_bytes = lag;
  live.last_line_timestamp_seconds = last_line_timestamp_;
  live.files.emplace();
  for (const auto& [name, entry] : entries_) {
    ++(entry.in_trouble ? live.files->denied : live.files->open);
  }
  live.files->missing = complained_ || entries_.empty() ? 1 : 0;
  live.truncations = counts_.truncations;
  live.files_abandoned = counts_.abandoned;
}

}  // namespace bouncesight
