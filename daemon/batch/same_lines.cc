#include "daemon/batch/same_lines.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "daemon/batch/log_input.h"
#include "daemon/system/fs.h"
#include "parsers/wrap/line_splitter.h"

namespace bouncesight {
namespace {

constexpr std::size_t kHeadBytes = 1024;
// As many lines of one file by severity are looked for; a longer one is read.
constexpr std::size_t kMostLines = 4'000'000;
constexpr const char* kNotCompared =
    "; lines that it has in common with another log may be counted twice";

// The plain bytes of a log, in full buffers.
class Content {
 public:
  explicit Content(const std::string& path) : buffer_(kReadBytes) {
    auto input = OpenLogInput({.path = path}, &disk_fault_);
    if (input) input_ = std::move(*input);
  }
  Content(const Content&) = delete;
  Content& operator=(const Content&) = delete;

  // The next bytes, `size` or fewer at the end (or where it is torn).
  std::string_view Next(std::size_t size = kReadBytes) {
    std::size_t done = 0;
    while (input_ && done < size) {
      const auto got = input_->Read(std::span(buffer_).subspan(done, size - done));
      if (!got || *got == 0) break;
      done += *got;
    }
    return {buffer_.data(), done};
  }

  // Whether all of it so far came. What the disk did not give goes to `faults`: then less was
  // compared than there is.
  bool Came(std::vector<std::string>& faults) const {
    if (disk_fault_) faults.push_back(disk_fault_->message + kNotCompared);
    return !disk_fault_;
  }

 private:
  std::optional<Error> disk_fault_;
  std::unique_ptr<LogInput> input_;
  std::vector<char> buffer_;
};

bool BeginsWith(const std::string& longer, const std::string& shorter,
                std::vector<std::string>& faults) {
  Content a(longer);
  Content b(shorter);
  while (true) {
    const std::string_view of_b = b.Next();
    const bool same = a.Next().substr(0, of_b.size()) == of_b;
    if (!a.Came(faults) || !b.Came(faults) || !same) return false;
    if (of_b.size() < kReadBytes) return true;
  }
}

// A pipe can be read only once.
bool IsRegular(const std::string& path, FileInfo& info, std::vector<std::string>& faults) {
  if (path == "-") return false;
  RealFileSystem fs;
  const int error = fs.Stat(path, info);
  if (error == 0) return info.regular;
  if (error != -ENOENT && error != -ENOTDIR) {
    faults.push_back(path + ": cannot be looked at: " + ErrorText(error) + kNotCompared);
  }
  return false;
}

// "/var/log/mail.log" of "/var/log/mail.warn.2.gz"; empty: it is not a log by severity.
std::string WholeLogOf(const std::string& path) {
  const std::string name = BaseNameOf(path);
  for (const std::string_view severity : {"info", "notice", "warn", "warning", "err", "error"}) {
    const std::string begin = "mail." + std::string(severity);
    const bool same = name.starts_with(begin);
    if (same &&
        (name.size() == begin.size() || name[begin.size()] == '.' || name[begin.size()] == '-')) {
      return DirectoryOf(path) + "/mail.log";
    }
  }
  return {};
}

// False: not all of them could be read.
template <typename Sink>
bool EachLine(const std::string& path, std::vector<std::string>& faults, Sink sink) {
  Content content(path);
  LineSplitter splitter;
  const auto pass = [&](const Line& line) {
    if (!line.text.empty()) sink(std::hash<std::string_view>{}(line.text));
  };
  for (std::string_view bytes = content.Next(); !bytes.empty(); bytes = content.Next()) {
    splitter.Feed(bytes, pass);
  }
  splitter.Finish(pass);
  return content.Came(faults);
}

// Is each line of `part` in one of `wholes`, as often as it is there?
bool AllLinesIn(const std::string& part, const std::vector<std::string>& wholes,
                std::vector<std::string>& faults) {
  std::unordered_map<std::size_t, std::uint32_t> missing;
  std::size_t lines = 0;
  const bool read = EachLine(part, faults, [&](std::size_t hash) {
    if (++lines <= kMostLines) ++missing[hash];
  });
  if (!read || lines == 0 || lines > kMostLines) return false;
  for (const std::string& whole : wholes) {
    EachLine(whole, faults, [&](std::size_t hash) {
      const auto found = missing.find(hash);
      if (found != missing.end() && --found->second == 0) missing.erase(found);
    });
    if (missing.empty()) return true;
  }
  return false;
}

class Finder {
 public:
  explicit Finder(const std::vector<std::string>& paths) {
    for (const std::string& path : paths) Add(path);
    LeaveOutCopies();
    LeaveOutSeverities();
  }

  SameLines Take() {
    std::ranges::sort(found_.faults);
    found_.faults.erase(std::unique(found_.faults.begin(), found_.faults.end()),
                        found_.faults.end());
    for (File& file : files_) {
      if (!file.left_out) found_.paths.push_back(std::move(file.path));
    }
    return std::move(found_);
  }

 private:
  struct File {
    std::string path;
    bool regular = false;
    bool left_out = false;
    std::string head = {};  // of the plain bytes
  };

  void Add(const std::string& path) {
    FileInfo info;
    File file{.path = path, .regular = IsRegular(path, info, found_.faults)};
    if (path == "-" || file.regular) {
      const auto [owner, is_new] = inodes_.try_emplace(path == "-" ? FileId{} : info.id, path);
      if (!is_new) {
        found_.notes.push_back(
            path + (owner->second == path ? " is named twice" : " is the file " + owner->second) +
            ": its lines are counted once");
        return;
      }
    }
    if (file.regular) {
      Content content(path);
      file.head = content.Next(kHeadBytes);
      content.Came(found_.faults);
    }
    files_.push_back(std::move(file));
  }

  // Of two that begin alike the one that ends first.
  void LeaveOutCopies() {
    for (std::size_t i = 1; i < files_.size(); ++i) {
      for (std::size_t j = 0; j < i && !files_[i].left_out; ++j)
        CompareCopies(files_[j], files_[i]);
    }
  }

  void CompareCopies(File& one, File& other) {
    if (one.left_out || one.head.empty() || other.head.empty()) return;
    // Of two that are the same the first one stays, unless it is a log by severity.
    const bool swap = !WholeLogOf(one.path).empty();
    if (LeftOutAsCopy(swap ? one : other, swap ? other : one)) return;
    LeftOutAsCopy(swap ? other : one, swap ? one : other);
  }

  bool LeftOutAsCopy(File& shorter, const File& longer) {
    if (!longer.head.starts_with(shorter.head) ||
        !BeginsWith(longer.path, shorter.path, found_.faults)) {
      return false;
    }
    LeaveOut(shorter, longer.path);
    return true;
  }

  void LeaveOutSeverities() {
    for (File& file : files_) {
      const std::string log = file.left_out ? "" : WholeLogOf(file.path);
      if (log.empty()) continue;
      std::vector<std::string> wholes;
      for (const File& whole : files_) {
        const std::string beside = DirectoryOf(whole.path) + "/" + BaseNameOf(whole.path);
        if (!whole.left_out && beside.starts_with(log)) wholes.push_back(whole.path);
      }
      if (!wholes.empty() && AllLinesIn(file.path, wholes, found_.faults))
        LeaveOut(file, wholes.front());
    }
  }

  void LeaveOut(File& file, const std::string& holder) {
    file.left_out = true;
    found_.notes.push_back("all lines of " + file.path + " are in " + holder +
                           ", too: they are counted once");
  }

  std::vector<File> files_;
  std::map<FileId, std::string> inodes_;
  SameLines found_;
};

}  // namespace

SameLines LeaveOutSameLines(const std::vector<std::string>& paths) { return Finder(paths).Take(); }

}  // namespace bouncesight
