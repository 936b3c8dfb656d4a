#include "daemon/files/open_files.h"

#include <algorithm>

#include "daemon/system/log.h"

namespace bouncesight {

OpenFiles::~OpenFiles() {
  for (const auto& open : files_) context_.book.RemoveOpen(*open->file);
}

OpenFile* OpenFiles::Add(std::unique_ptr<LogReader> reader, std::uint64_t offset, Role role,
                         std::string true_path) {
  const bool current = role == Role::kCurrent;
  FileInfo info;
  if (reader->Info(info) < 0) return nullptr;
  auto open = std::make_unique<OpenFile>();
  const Look look(context_.fs);
  open->file = TrackedFile::Begin(path_, std::move(reader), context_.streams, offset);
  if (!open->file) return nullptr;
  if (!context_.book.Claim(path_, info, open->file->reader(), offset, look)) return nullptr;
  open->file->set_true_path(std::move(true_path));
  open->current = open->named = current;
  open->initial_size = info.size;
  open->opened = open->quiet_since = context_.clock.Steady();
  context_.book.AddOpen(*open->file);
  const auto place = current || !Current() ? files_.end() : files_.end() - 1;
  OpenFile* const added = files_.insert(place, std::move(open))->get();
  LimitOld();
  return std::any_of(files_.begin(), files_.end(), [&](auto& f) { return f.get() == added; })
             ? added
             : nullptr;
}

void OpenFiles::Close(OpenFile& open) {
  context_.book.RemoveOpen(*open.file);
  const auto it = std::ranges::find(files_, &open, &std::unique_ptr<OpenFile>::get);
  if (it < files_.begin() + static_cast<std::ptrdiff_t>(next_)) --next_;  // nobody misses a turn
  files_.erase(it);
}

void OpenFiles::Finish(OpenFile& open) {
  context_.book.NoteLinesOf(*open.file);
  context_.book.AddFinished(open.file->Position());
  Close(open);
}

void OpenFiles::LimitOld() {
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
      LogWarning("source {}: too many earlier files of {}: one is given up with {} bytes unread",
                 context_.source, path_, unread);
    } else {
      open.file->Finish();
    }
    Finish(open);
    --left;
  }
}

OpenFile* OpenFiles::Current() {
  return !files_.empty() && files_.back()->current ? files_.back().get() : nullptr;
}

bool OpenFiles::MakeCurrent(const FileKey& key) {
  const auto it = std::find_if(files_.begin(), files_.end(),
                               [&](const auto& open) { return open->file->id() == key; });
  if (it == files_.end()) return false;
  (*it)->current = (*it)->named = true;
  std::rotate(it, it + 1, files_.end());
  return true;
}

bool OpenFiles::HasItsWriter(const OpenFile& open) const {
  FileInfo info;
  if (context_.book.open_count() > kMostForLinger || context_.descriptors.warned) return false;
  if (!open.file->plain() || open.file->reader().Info(info) < 0) return false;
  if (info.links == 0) return false;  // it shall not fill a disk unseen
  const auto self = std::find_if(files_.begin(), files_.end(),
                                 [&](const auto& other) { return other.get() == &open; });
  return std::none_of(self + 1, files_.end(), [](const auto& other) {
    return other->named && other->file->read_offset() > 0;
  });
}

OpenFile* OpenFiles::Next() {
  if (files_.empty()) return nullptr;
  if (next_ >= files_.size()) next_ = 0;
  return files_[next_++].get();
}

}  // namespace bouncesight
