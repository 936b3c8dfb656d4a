#include "daemon/files/position_memory.h"

#include <algorithm>
#include <iterator>

namespace bouncesight {
namespace {

bool SameInode(const FilePosition& position, const FileInfo& info) {
  return position.identity.file == info.id;
}

}  // namespace

void PositionMemory::AddRestored(FilePosition position) {
  if (position.finished) return AddFinished(std::move(position));
  restored_.push_back(std::move(position));
}

void PositionMemory::AddFinished(FilePosition position) {
  position.finished = true;
  finished_.push_back(std::move(position));
  if (finished_.size() > kMaxFinished) finished_.pop_front();
}

std::optional<FilePosition> PositionMemory::Take(const std::string& path, const FileInfo& info,
                                                 LogReader& reader) {
  const auto take = [&](auto& list, auto fits) -> std::optional<FilePosition> {
    const auto found = std::find_if(list.begin(), list.end(), [&](const FilePosition& position) {
      return fits(position) && HasContentOf(position, reader);
    });
    if (found == list.end()) return std::nullopt;
    FilePosition position = std::move(*found);
    list.erase(found);
    return position;
  };
  const auto same_inode = [&](const FilePosition& p) { return SameInode(p, info); };
  if (auto position = take(restored_, same_inode)) return position;
  const auto same_and_proven = [&](const FilePosition& p) {
    return SameInode(p, info) && p.identity.tail_length > 0;
  };
  if (auto position = take(finished_, same_and_proven)) return position;
  return take(restored_,
              [&](const FilePosition& p) { return p.path == path && p.identity.tail_length > 0; });
}

std::vector<FilePosition> PositionMemory::TakeRestored(const std::string& path) {
  const auto split = std::stable_partition(restored_.begin(), restored_.end(),
                                           [&](const FilePosition& p) { return p.path != path; });
  std::vector<FilePosition> taken(std::make_move_iterator(split),
                                  std::make_move_iterator(restored_.end()));
  restored_.erase(split, restored_.end());
  return taken;
}

std::optional<std::int64_t> PositionMemory::NewestFinished(const std::string& path) const {
  std::optional<std::int64_t> newest;
  for (const auto& position : finished_) {
    if (position.path == path) {
      newest = std::max(newest.value_or(position.modified_ns), position.modified_ns);
    }
  }
  return newest;
}

bool PositionMemory::IsFinished(const FileInfo& info, LogReader& reader) const {
  return std::any_of(finished_.begin(), finished_.end(), [&](const FilePosition& position) {
    if (!SameInode(position, info)) return false;
    return position.offset > 0 ? HasContentOf(position, reader) : info.size == 0;
  });
}

bool PositionMemory::IsCopyOfOne(LogReader& reader) const {
  const auto is_copy = [&](const FilePosition& p) {
    return p.identity.tail_length > 0 && HasContentOf(p, reader);
  };
  return std::any_of(finished_.begin(), finished_.end(), is_copy) ||
         std::any_of(restored_.begin(), restored_.end(), is_copy);
}

bool PositionMemory::KnowsHead(LogReader& reader) const {
  const auto knows = [&](FilePosition position) {
    if (position.identity.head_length == 0) return false;
    position.identity.tail_length = 0;
    position.identity.tail_hash = HashBytes({});
    return HasContentOf(position, reader);
  };
  return std::any_of(finished_.begin(), finished_.end(), knows) ||
         std::any_of(restored_.begin(), restored_.end(), knows);
}

void PositionMemory::Save(std::vector<FilePosition>& out) const {
  out.insert(out.end(), restored_.begin(), restored_.end());
  out.insert(out.end(), finished_.begin(), finished_.end());
}

}  // namespace bouncesight
