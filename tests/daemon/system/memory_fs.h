// A file system in memory, for tests: inodes are reused at once, as ext4 does; calls fail when told
// to; what was not synced can be lost or torn.
#pragma once

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "daemon/system/fs.h"

namespace bouncesight {

class MemoryFs final : public FileSystem {
 public:
  struct Node {
    std::uint64_t inode = 0;
    std::string bytes;
    std::string synced;  // what a power loss leaves
    std::int64_t modified_ns = 0;
  };

  // --- the seam ---
  int Open(const std::string& path, OpenMode mode) override {
    if (const int error = Fault("open", path)) return error;
    auto node = Find(path);
    if (!node && mode != OpenMode::kReadWrite) return -ENOENT;
    if (!node) node = Create(path);
    if (open_.size() >= max_open) return -EMFILE;
    open_[++last_fd_] = {node, path};
    return last_fd_;
  }
  void Close(int fd) override { open_.erase(fd); }
  std::int64_t ReadAt(int fd, std::span<char> buffer, std::uint64_t offset) override {
    const int told = Fault("read", open_.at(fd).path);
    if (told < 0) return told;
    const std::string& bytes = open_.at(fd).node->bytes;
    if (offset >= bytes.size()) return 0;
    std::size_t n = std::min<std::size_t>(buffer.size(), bytes.size() - offset);
    if (told > 0) n = std::min(n, static_cast<std::size_t>(told));
    std::memcpy(buffer.data(), bytes.data() + offset, n);
    return static_cast<std::int64_t>(n);
  }
  // Where 4 KiB blocks hold nothing but NULs there are holes, as a stale writer leaves them.
  std::int64_t NextData(int fd, std::uint64_t offset) override {
    if (const int error = Fault("nextdata", open_.at(fd).path)) return error;
    const std::string& bytes = open_.at(fd).node->bytes;
    const auto data = bytes.find_first_not_of('\0', offset);
    if (data == std::string::npos) return -ENXIO;
    return static_cast<std::int64_t>(std::max<std::uint64_t>(offset, data / 4096 * 4096));
  }
  std::int64_t WriteAt(int fd, std::span<const char> bytes, std::uint64_t offset) override {
    const int told = Fault("write", open_.at(fd).path);
    if (told < 0) return told;
    if (told > 0) bytes = bytes.first(std::min(bytes.size(), static_cast<std::size_t>(told)));
    std::string& to = open_.at(fd).node->bytes;
    if (to.size() < offset + bytes.size()) to.resize(offset + bytes.size());
    std::copy(bytes.begin(), bytes.end(), to.begin() + static_cast<std::ptrdiff_t>(offset));
    return told > 0 ? -EIO : static_cast<std::int64_t>(bytes.size());
  }
  int Sync(int fd) override {
    if (const int error = Fault("sync", open_.at(fd).path)) return error;
    open_.at(fd).node->synced = open_.at(fd).node->bytes;
    return 0;
  }
  int Lock(int fd) override { return Fault("lock", open_.at(fd).path); }
  int Reserve(int fd, std::uint64_t size) override {
    if (const int error = Fault("reserve", open_.at(fd).path)) return error;
    std::string& bytes = open_.at(fd).node->bytes;
    if (bytes.size() < size) bytes.resize(size);
    return 0;
  }
  int Stat(const std::string& path, FileInfo& info) override {
    if (const int error = Fault("stat", path)) return error;
    const auto node = Find(path);
    if (!node) return -ENOENT;
    Fill(*node, info);
    return 0;
  }
  int StatFd(int fd, FileInfo& info) override {
    if (const int error = Fault("statfd", open_.at(fd).path)) return error;
    Fill(*open_.at(fd).node, info);
    info.links = static_cast<std::uint64_t>(std::ranges::count_if(
        names_, [&](const auto& name) { return name.second == open_.at(fd).node; }));
    return 0;
  }
  int RealPath(const std::string& path, std::string& real) override {
    if (const int error = Fault("realpath", path)) return error;
    if (!Find(path)) return -ENOENT;
    const auto link = links_.find(path);
    real = link == links_.end() ? path : link->second;
    return 0;
  }
  int List(const std::string& directory, std::vector<std::string>& names) override {
    names.clear();
    if (const int error = Fault("list", directory)) return error;
    const std::string prefix = directory + "/";
    std::set<std::string> found;
    const auto add = [&](const std::string& path) {
      if (!path.starts_with(prefix)) return;
      found.insert(path.substr(prefix.size(), path.find('/', prefix.size()) - prefix.size()));
    };
    for (const auto& [path, node] : names_) add(path);
    for (const auto& [path, target] : links_) add(path);
    names.assign(found.begin(), found.end());
    return 0;
  }

  // --- what the world does ---
  void Append(const std::string& path, const std::string& text) {
    auto node = Find(path);
    if (!node) node = Create(path);
    AppendTo(node, text);
  }
  void AppendTo(const std::shared_ptr<Node>& node, const std::string& text) {
    node->bytes += text;
    node->modified_ns = ++ticks_;
  }
  void Truncate(const std::string& path, std::size_t size = 0) {
    Find(path)->bytes.resize(size);
    Find(path)->modified_ns = ++ticks_;
  }
  std::shared_ptr<Node> Create(const std::string& path) {
    std::uint64_t inode = 1;
    const auto used = UsedInodes();
    while (used.count(inode) > 0) ++inode;
    auto node = std::make_shared<Node>();
    node->inode = inode;
    node->modified_ns = ++ticks_;
    names_[path] = node;
    nodes_.push_back(node);
    return node;
  }
  void Rename(const std::string& from, const std::string& to) {
    const auto node = names_.at(from);
    names_.erase(from);
    names_[to] = node;
  }
  void Remove(const std::string& path) { names_.erase(path); }
  // `keeps_time`: as cp -p.
  void Copy(const std::string& from, const std::string& to, bool keeps_time = false) {
    const std::string bytes = Find(from)->bytes;
    const std::int64_t modified_ns = Find(from)->modified_ns;
    const auto copy = Create(to);
    copy->bytes = bytes;
    if (keeps_time) copy->modified_ns = modified_ns;
  }
  void Link(const std::string& from, const std::string& to) { names_[to] = names_.at(from); }
  void SymbolicLink(const std::string& target, const std::string& path) { links_[path] = target; }
  void RemoveLink(const std::string& path) { links_.erase(path); }
  bool Exists(const std::string& path) const { return names_.count(path) > 0; }
  std::shared_ptr<Node> Find(const std::string& path) const {
    const auto link = links_.find(path);
    const auto found = names_.find(link == links_.end() ? path : link->second);
    return found == names_.end() ? nullptr : found->second;
  }
  std::size_t open_count() const { return open_.size(); }

  // Asked before each call with its name and path; what it returns (-errno) is the call's result. A
  // number above 0: so many bytes are read, or are written before the call fails with -EIO.
  std::function<int(const std::string& call, const std::string& path)> fault;
  std::size_t max_open = 100'000;

 private:
  struct OpenNode {
    std::shared_ptr<Node> node;
    std::string path;
  };

  int Fault(const std::string& call, const std::string& path) {
    return fault ? fault(call, path) : 0;
  }
  std::set<std::uint64_t> UsedInodes() {
    std::set<std::uint64_t> used;
    std::erase_if(nodes_, [](const auto& node) { return node.expired(); });
    for (const auto& node : nodes_) used.insert(node.lock()->inode);
    return used;
  }
  void Fill(const Node& node, FileInfo& info) {
    info = FileInfo{};
    info.id = {7, node.inode};
    info.size = node.bytes.size();
    info.modified_ns = node.modified_ns;
    info.regular = true;
  }

  std::map<std::string, std::shared_ptr<Node>> names_;
  std::map<std::string, std::string> links_;
  std::vector<std::weak_ptr<Node>> nodes_;
  std::map<int, OpenNode> open_;
  int last_fd_ = 2;
  // Of the clock for times of writing: FakeClock's begins then, too.
  std::int64_t ticks_ = std::chrono::nanoseconds(std::chrono::hours(500'000)).count();
};

}  // namespace bouncesight
