#include "daemon/files/file_book.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "daemon/files/tracked_file.h"
#include "daemon/files/watched_fs.h"
#include "parsers/text/hash.h"

namespace bouncesight {
namespace {

using Finding = FileBook::Answer::Finding;

// The first bytes of a file, read once and compared with many.
class Head {
 public:
  explicit Head(LogReader& reader) {
    const std::int64_t n = reader.ReadAt(bytes_, 0);
    text_ = std::string_view(bytes_.data(), n < 0 ? 0 : static_cast<std::size_t>(n));
  }

  std::string_view text() const { return text_; }
  bool Is(std::uint32_t length, std::uint64_t hash) {
    if (length > text_.size()) return false;
    const auto [known, is_new] = hashes_.try_emplace(length, 0);
    if (is_new) known->second = StableHash(text_.substr(0, length));
    return hash == known->second;
  }

 private:
  std::array<char, FileIdentity::kHeadBytes> bytes_{};
  std::string_view text_;
  std::map<std::uint32_t, std::uint64_t> hashes_;  // by length
};

// The `length` bytes before `offset`; fewer where the file ends before.
std::string BytesBefore(LogReader& reader, std::uint64_t offset, std::size_t length) {
  std::string bytes(length, '\0');
  const std::int64_t n = reader.ReadAt(std::span(bytes.data(), length), offset - length);
  bytes.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
  return bytes;
}

// Asks one file about one entry after the other and keeps the furthest that fits.
class Lookup {
 public:
  Lookup(const std::string& path, const FileInfo& info, LogReader& reader)
      : path_(path), info_(info), reader_(reader), head_(reader) {}

  void Try(const FilePosition& position) {
    const FileIdentity& id = position.identity;
    const bool same = KeyOf(position) == KeyOf(info_);
    if (same && position.finished && !reader_.plain() && id.head_length > 0 &&
        head_.Is(id.head_length, id.head_hash)) {
      nothing_ = true;  // this very file was unpacked to its end
      return;
    }
    if (id.tail_length == 0 ? !same || position.finished : id.tail_length > position.offset) return;
    if (!Further(position.offset) || !head_.Is(id.head_length, id.head_hash)) return;
    const std::string tail = BytesBefore(reader_, position.offset, id.tail_length);
    if (tail.size() < id.tail_length) {
      if (!reader_.plain() && id.head_length > 0) nothing_ = true;
      return;
    }
    if (StableHash(tail) != id.tail_hash) return;
    Take(Finding::kGoOn, position.offset, position.modified_ns, same, nullptr);
    answer_.other_path = position.path != path_;
    // Its own path opens the original first: what that one is read to decides.
    if (!same && !position.finished && position.path != path_) answer_.finding = Finding::kAskAgain;
  }

  void Try(TrackedFile& open) {
    const std::uint64_t ours = open.line_offset();
    if (ours == 0) return;
    const std::uint64_t both = reader_.plain() ? std::min(ours, info_.size) : ours;
    const bool later = !open.AtEnd() && both == ours;  // what it has yet to read may be in both
    if (!Further(both) && !(later && both == answer_.offset)) return;
    const std::string_view head = std::string_view(open.head()).substr(0, both);
    if (!head_.text().starts_with(head)) return;
    // Less than a line proves nothing: whatever is logged begins alike. There is nothing to read
    // yet.
    if (both < ours && head.size() == both && head.find('\n') == head.npos) return;
    const std::size_t length = std::min<std::uint64_t>(FileIdentity::kTailBytes, both);
    if (both == ours) {
      const std::string tail = BytesBefore(reader_, both, length);
      if (tail.size() < length) {
        if (!reader_.plain()) nothing_ = true;
        return;
      }
      if (tail != open.line_tail()) return;
    } else if (!open.plain() ||
               BytesBefore(reader_, both, length) != BytesBefore(open.reader(), both, length)) {
      return;
    }
    Take(later ? Finding::kAskAgain : Finding::kGoOn, both, open.modified_ns(), false, &open);
    answer_.partial = both < ours;
    answer_.other_path = open.path() != path_;
  }

  // By what stands in both now, for nothing was counted of the open one, or it was cut and that is
  // not noticed yet: a file that begins with the same lines waits until something is counted. It
  // may be its packed form, made and put in its place since it was opened.
  void TryUncounted(TrackedFile& open) {
    if (open.id() == info_.id || !open.plain()) return;
    Head head(open.reader());
    const std::size_t both = std::min(head.text().size(), head_.text().size());
    const std::string_view same = head.text().substr(0, both);
    if (both < FileIdentity::kHeadBytes && same.find('\n') == same.npos) return;
    if (!head_.text().starts_with(same)) return;
    if (open.line_offset() > 0 && same.starts_with(std::string_view(open.head()).substr(0, both))) {
      return;  // as it was when it was counted
    }
    if (open.line_offset() == 0 && reader_.plain() && IsBegunOf(open)) return;
    Take(Finding::kAskAgain, 0, open.modified_ns(), false, &open);
  }
  bool may_be_uncounted() const {
    const bool proven = answer_.finding != Finding::kUnknown && answer_.offset > 0;
    return !proven && !answer_.open && !head_.text().empty();
  }

  FileBook::Answer answer() const {
    FileBook::Answer answer = answer_;
    if (answer.finding == Finding::kUnknown && nothing_) answer.finding = Finding::kNothingNew;
    return answer;
  }

 private:
  bool Further(std::uint64_t offset) const {
    return answer_.finding == Finding::kUnknown || offset > answer_.offset ||
           (offset == answer_.offset && answer_.finding == Finding::kAskAgain && !answer_.open);
  }
  void Take(Finding finding, std::uint64_t offset, std::int64_t modified_ns, bool same,
            TrackedFile* open) {
    answer_ = {finding, offset, modified_ns, same, false, false, open};
  }
  // An original is never shorter than its copy.
  bool IsBegunOf(TrackedFile& open) {
    const std::uint64_t end = open.read_offset();
    return end > 0 && info_.size > end && open.AtEnd() &&
           CommonEnd(reader_, open.reader(), 0, end) == end;
  }

  const std::string& path_;
  const FileInfo& info_;
  LogReader& reader_;
  Head head_;
  FileBook::Answer answer_;
  bool nothing_ = false;
};

}  // namespace

void FileBook::AddRestored(FilePosition position) {
  if (position.finished) return AddFinished(std::move(position));
  restored_.push_back(std::move(position));
}

void FileBook::AddFinished(FilePosition position) {
  position.finished = true;
  position.current = false;
  const auto same_path = [&](const FilePosition& p) { return p.path == position.path; };
  if (std::find(finished_.begin(), finished_.end(), position) != finished_.end()) return;
  const auto of_path = std::count_if(finished_.begin(), finished_.end(), same_path);
  if (of_path >= static_cast<std::ptrdiff_t>(kMaxFinishedOfPath)) {
    finished_.erase(std::find_if(finished_.begin(), finished_.end(), same_path));
  } else if (finished_.size() >= kMaxFinished) {
    finished_.pop_front();
  }
  finished_.push_back(std::move(position));
}

void FileBook::AddOpen(TrackedFile& file) { open_[file.id()] = &file; }

void FileBook::RemoveOpen(const TrackedFile& file) { open_.erase(file.id()); }

void FileBook::AddAlias(const std::string& path, const FileKey& key) {
  const auto open = open_.find(key);
  if (open == open_.end()) return;
  FilePosition position = open->second->Position();
  position.path = path;
  AddFinished(std::move(position));
}

FileBook::Answer FileBook::Ask(const std::string& path, const FileInfo& info,
                               LogReader& reader) const {
  Lookup lookup(path, info, reader);
  for (const auto& position : finished_) lookup.Try(position);
  if (lookup.answer().finding == Finding::kNothingNew) return lookup.answer();
  for (const auto& position : restored_) lookup.Try(position);
  for (const auto& [key, file] : open_) lookup.Try(*file);
  for (const auto& [key, file] : open_) {
    const bool asked = file->path() == path || open_.size() <= kMostUncounted;
    if (asked && lookup.may_be_uncounted()) lookup.TryUncounted(*file);
  }
  return lookup.answer();
}

TrackedFile* FileBook::OpenCopyOf(const FilePosition& position, const TrackedFile* except) const {
  if (position.identity.tail_length == 0) return nullptr;
  for (const auto& [key, file] : open_) {
    if (file != except && file->plain() && file->read_offset() >= position.offset &&
        HasContentOf(position, file->reader())) {
      return file;
    }
  }
  return nullptr;
}

bool FileBook::HoldsBegunLine(TrackedFile& file, LogReader& other) {
  const std::uint64_t end = file.read_offset();
  const std::size_t begun = end - file.line_offset();
  return begun > 0 && HasContentOf(file.Position(), other) &&
         BytesBefore(other, end, begun) == BytesBefore(file.reader(), end, begun);
}

bool FileBook::GoesOnElsewhere(TrackedFile& file) const {
  if (!file.plain()) return false;
  if (file.begun_line_is_counted()) return true;
  return std::any_of(open_.begin(), open_.end(), [&](const auto& item) {
    TrackedFile& other = *item.second;
    return &other != &file && other.plain() && HoldsBegunLine(file, other.reader());
  });
}

void FileBook::NoteLinesOf(TrackedFile& closing) const {
  if (!closing.plain()) return;
  for (const auto& [key, file] : open_) {
    if (file != &closing && file->plain() && closing.line_offset() >= file->read_offset() &&
        HoldsBegunLine(*file, closing.reader())) {
      file->NoteBegunLineIsCounted();
    }
  }
}

bool FileBook::Claim(const std::string& path, const FileInfo& info, LogReader& reader,
                     std::uint64_t offset, const Look& look) {
  // All is read before anything is changed.
  enum class Is : std::uint8_t { kOther, kSame, kCopied };
  const auto told = [&](const FilePosition& p) {
    // Its own inode with other content: cut, or another file's by now. That content is looked for
    // yet.
    const bool same = KeyOf(p) == KeyOf(info);
    const bool copied = offset > 0 && p.identity.tail_length > 0 && p.offset <= offset;
    if ((!same && (!copied || p.finished)) || !HasContentOf(p, reader)) return Is::kOther;
    return same ? Is::kSame : Is::kCopied;
  };
  std::vector<Is> of_restored;
  std::vector<Is> of_finished;
  std::ranges::transform(restored_, std::back_inserter(of_restored), told);
  std::ranges::transform(finished_, std::back_inserter(of_finished),
                         [&](const auto& p) { return p.path == path ? told(p) : Is::kOther; });
  if (!look.believable()) return false;

  auto is = of_finished.begin();
  std::erase_if(finished_, [&](const auto&) { return *is++ == Is::kSame; });
  is = of_restored.begin();
  std::vector<FilePosition> left;
  std::vector<FilePosition> of_others;
  std::vector<FilePosition> copies;
  for (auto& position : restored_) {
    switch (*is++) {
      case Is::kOther:
        left.push_back(std::move(position));
        break;
      case Is::kSame:
        if (position.path != path) of_others.push_back(std::move(position));
        break;
      case Is::kCopied:
        copies.push_back(std::move(position));
        break;
    }
  }
  restored_ = std::move(left);
  for (auto& position : of_others) AddFinished(std::move(position));
  for (auto& position : copies) {
    copied_.push_back(position);
    AddFinished(std::move(position));
  }
  return true;
}

std::vector<FilePosition> FileBook::TakeCopied(const std::string& path) {
  std::vector<FilePosition> taken;
  std::erase_if(copied_, [&](const FilePosition& p) {
    if (p.path == path) taken.push_back(p);
    return p.path == path;
  });
  return taken;
}

std::vector<FilePosition> FileBook::TakeRestored(const std::string& path) {
  return TakeOrphans([&](const std::string& other) { return other != path; });
}

std::vector<FilePosition> FileBook::TakeOrphans(
    const std::function<bool(const std::string&)>& is_followed) {
  const auto split =
      std::stable_partition(restored_.begin(), restored_.end(),
                            [&](const FilePosition& p) { return is_followed(p.path); });
  std::vector<FilePosition> taken(std::make_move_iterator(split),
                                  std::make_move_iterator(restored_.end()));
  restored_.erase(split, restored_.end());
  return taken;
}

void FileBook::Rename(const std::function<const std::string*(const FilePosition&)>& path_now) {
  const auto rename = [&](FilePosition& position) {
    if (const std::string* path = path_now(position)) position.path = *path;
  };
  std::ranges::for_each(restored_, rename);
  std::ranges::for_each(finished_, rename);
}

bool FileBook::HasRestored(const std::string& path, const std::string& true_path) const {
  return std::any_of(restored_.begin(), restored_.end(), [&](const FilePosition& p) {
    return p.path == path || (!p.true_path.empty() && p.true_path == true_path);
  });
}

bool FileBook::HasOpenOf(const std::string& path) const {
  return std::any_of(finished_.begin(), finished_.end(),
                     [&](const FilePosition& p) { return p.path == path && IsOpen(KeyOf(p)); });
}

std::vector<FilePosition> FileBook::FinishedOf(const std::string& path) const {
  std::vector<FilePosition> of_path;
  std::copy_if(finished_.begin(), finished_.end(), std::back_inserter(of_path),
               [&](const FilePosition& p) { return p.path == path; });
  return of_path;
}

std::optional<std::int64_t> FileBook::NewestFinished(const std::string& path) const {
  std::optional<std::int64_t> newest;
  for (const auto& position : finished_) {
    if (position.path == path) {
      newest = std::max(newest.value_or(position.modified_ns), position.modified_ns);
    }
  }
  return newest;
}

void FileBook::Save(std::vector<FilePosition>& out) const {
  out.insert(out.end(), restored_.begin(), restored_.end());
  out.insert(out.end(), finished_.begin(), finished_.end());
}

}  // namespace bouncesight
