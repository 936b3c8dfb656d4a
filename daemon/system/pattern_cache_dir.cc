#include "daemon/system/pattern_cache_dir.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/system/owned_fd.h"

namespace bouncesight {
namespace {

namespace fs = std::filesystem;

constexpr off_t kMaxBytes = 64 * 1024 * 1024;
constexpr std::size_t kMaxFiles = 8;

class File {
 public:
  File(const std::string& path, int flags)
      : fd_(open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600)) {}

  // Ours alone to write, plain, and not absurdly large.
  bool Trusted(off_t& size) const {
    struct stat status {};
    if (!fd_.valid() || fstat(fd_.get(), &status) != 0) return false;
    size = status.st_size;
    return S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
           (status.st_mode & (S_IWGRP | S_IWOTH)) == 0 && size <= kMaxBytes;
  }

  bool ReadAll(std::string& bytes) const {
    std::size_t at = 0;
    while (at < bytes.size()) {
      const ssize_t got = read(fd_.get(), bytes.data() + at, bytes.size() - at);
      if (got <= 0) return false;
      at += static_cast<std::size_t>(got);
    }
    return true;
  }

  bool WriteAll(std::string_view bytes) const {
    while (fd_.valid() && !bytes.empty()) {
      const ssize_t put = write(fd_.get(), bytes.data(), bytes.size());
      if (put <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return fd_.valid();
  }

 private:
  OwnedFd fd_;
};

class FolderCache : public PatternCache {
 public:
  explicit FolderCache(std::string folder) : folder_(std::move(folder)) {}

  std::string Find(std::uint64_t key) override {
    const File file(Path(key), O_RDONLY);
    off_t size = 0;
    if (!file.Trusted(size)) return {};
    std::string bytes(static_cast<std::size_t>(size), '\0');
    return file.ReadAll(bytes) ? bytes : std::string();
  }

  // Under another name first, so that nobody ever sees half a file.
  void Store(std::uint64_t key, std::string_view bytes) override {
    std::error_code failed;
    fs::create_directories(folder_, failed);
    chmod(folder_.c_str(), 0700);
    const std::string fresh = Path(key) + "." + std::to_string(getpid());
    const bool written = File(fresh, O_WRONLY | O_CREAT | O_EXCL).WriteAll(bytes);
    if (!written || rename(fresh.c_str(), Path(key).c_str()) != 0) unlink(fresh.c_str());
    DropOldest();
  }

 private:
  std::string Path(std::uint64_t key) const {
    std::array<char, 32> name{};
    std::snprintf(name.data(), name.size(), "/%016llx.patterns",
                  static_cast<unsigned long long>(key));
    return folder_ + name.data();
  }

  void DropOldest() const {
    std::error_code failed;
    std::vector<fs::directory_entry> files;
    for (fs::directory_iterator it(folder_, failed), end; !failed && it != end;
         it.increment(failed)) {
      if (it->path().extension() == ".patterns") files.push_back(*it);
    }
    const auto age = [](const fs::directory_entry& file) {
      std::error_code none;
      return file.last_write_time(none);
    };
    std::ranges::sort(files, std::ranges::greater(), age);
    for (std::size_t i = kMaxFiles; i < files.size(); ++i) fs::remove(files[i].path(), failed);
  }

  std::string folder_;
};

}  // namespace

std::unique_ptr<PatternCache> MakePatternCache(std::string folder) {
  if (folder.empty()) return nullptr;
  return std::make_unique<FolderCache>(std::move(folder));
}

std::string UserCacheFolder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') return std::string(cache) + "/bouncesight";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return std::string(home) + "/.cache/bouncesight";
  return {};
}

}  // namespace bouncesight
