#include "daemon/config/alike_files.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "daemon/system/log_reader.h"
#include "daemon/system/path_glob.h"
#include "parsers/text/hash.h"

namespace bouncesight {
namespace {

// So many lines from the end of a file are searched for, and so far back in the others: a log of
// everything holds much between two lines of mail.
constexpr std::size_t kLines = 8;
constexpr std::size_t kLinesBytes = std::size_t{16} * 1024;
constexpr std::size_t kSearchedBytes = std::size_t{256} * 1024;
constexpr std::size_t kMostFiles = 1000;

struct FoundFile {
  std::size_t source = 0;
  std::string path;
  std::set<std::uint64_t> last_lines;  // hashes
};

using Pair = std::pair<std::size_t, std::size_t>;  // of files: whose last lines, found in which

// Whole lines only; of a line that is not ended yet, nothing. Empty: packed, or not to be read.
std::string EndOf(FileSystem& fs, const std::string& path, std::size_t most) {
  std::unique_ptr<LogReader> reader;
  FileInfo info;
  if (OpenLog(fs, path, reader) < 0 || !reader->plain() || reader->Info(info) < 0) return {};
  const std::uint64_t from = info.size - std::min<std::uint64_t>(info.size, most);
  std::string bytes(std::min<std::uint64_t>(info.size, most), '\0');
  const std::int64_t got = reader->ReadAt(bytes, from);
  bytes.resize(static_cast<std::size_t>(std::max<std::int64_t>(got, 0)));
  bytes.resize(bytes.rfind('\n') + 1);                 // none: empty
  if (from > 0) bytes.erase(0, bytes.find('\n') + 1);  // begun before
  return bytes;
}

std::vector<std::uint64_t> LineHashes(std::string_view lines) {
  std::vector<std::uint64_t> hashes;
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    if (end > 0) hashes.push_back(HashBytes(lines.substr(0, end), 0));
    lines.remove_prefix(end + 1);
  }
  return hashes;
}

std::set<std::uint64_t> LastLines(FileSystem& fs, const std::string& path) {
  const auto hashes = LineHashes(EndOf(fs, path, kLinesBytes));
  const std::size_t count = std::min(hashes.size(), kLines);
  return {hashes.end() - static_cast<std::ptrdiff_t>(count), hashes.end()};
}

std::vector<FoundFile> FindFiles(const std::vector<SourceConfig>& sources, FileSystem& fs) {
  std::vector<FoundFile> files;
  std::set<FileId> seen;  // one file under two names is told elsewhere
  for (std::size_t source = 0; source < sources.size(); ++source) {
    if (sources[source].type != SourceType::kFile) continue;
    for (const auto& pattern : sources[source].paths) {
      for (const auto& path : ExpandGlob(fs, pattern).paths) {
        FileInfo info;
        if (fs.Stat(path, info) != 0 || !info.regular || !seen.insert(info.id).second) continue;
        if (files.size() >= kMostFiles) return files;
        files.push_back({source, path, LastLines(fs, path)});
      }
    }
  }
  return files;
}

// How many of the last lines of one file stand near the end of another.
std::map<Pair, std::size_t> CountShared(const std::vector<FoundFile>& files, FileSystem& fs) {
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> by_line;
  for (std::size_t i = 0; i < files.size(); ++i) {
    for (const std::uint64_t line : files[i].last_lines) by_line[line].push_back(i);
  }
  std::map<Pair, std::size_t> shared;
  for (std::size_t i = 0; i < files.size(); ++i) {
    auto hashes = LineHashes(EndOf(fs, files[i].path, kSearchedBytes));
    std::ranges::sort(hashes);
    hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
    for (const std::uint64_t line : hashes) {
      const auto found = by_line.find(line);
      if (found == by_line.end()) continue;
      for (const std::size_t owner : found->second) {
        if (owner != i) ++shared[{owner, i}];
      }
    }
  }
  return shared;
}

// One is a copy that was put aside beside the other, which its source knows and counts once.
bool IsPutAside(const FoundFile& one, const FoundFile& other) {
  return one.source == other.source &&
         (one.path.starts_with(other.path) || other.path.starts_with(one.path));
}

std::string Words(const std::vector<SourceConfig>& sources, const FoundFile& one,
                  const FoundFile& other) {
  const std::string& first = sources[one.source].name;
  const std::string& second = sources[other.source].name;
  return (first == second ? "source " + first : "sources " + first + " and " + second) + ": " +
         one.path + " and " + other.path +
         " end alike: they seem to hold the same lines, which are then counted twice; name one of "
         "them only";
}

}  // namespace

std::vector<std::string> AlikeFiles(const std::vector<SourceConfig>& sources, FileSystem& fs,
                                    std::size_t most) {
  const std::vector<FoundFile> files = FindFiles(sources, fs);
  std::set<Pair> alike;
  for (const auto& [pair, count] : CountShared(files, fs)) {
    // The one is read a moment before the other, and both grow meanwhile.
    if (count * 2 < files[pair.first].last_lines.size()) continue;
    alike.insert(std::minmax(pair.first, pair.second));
  }
  std::set<Pair> told;  // pairs of sources
  std::vector<std::string> warnings;
  for (const Pair& pair : alike) {
    const FoundFile& one = files[pair.first];
    const FoundFile& other = files[pair.second];
    if (IsPutAside(one, other) || warnings.size() >= most) continue;
    if (told.insert({one.source, other.source}).second) {
      warnings.push_back(Words(sources, one, other));
    }
  }
  return warnings;
}

}  // namespace bouncesight
