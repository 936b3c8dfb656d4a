#include "daemon/config/source_overlap.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include <fnmatch.h>

#include "daemon/system/path_glob.h"

namespace bouncesight {
namespace {

std::string Normal(const std::string& path) {
  std::string normal = std::filesystem::path(path).lexically_normal().string();
  if (normal.size() > 1 && normal.back() == '/') normal.pop_back();
  return normal;
}

bool Matches(const std::string& pattern, const std::string& path) {
  return ::fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0;
}

std::string SharedPath(const std::vector<std::string>& ones,
                       const std::vector<std::string>& others) {
  for (const auto& a : ones) {
    for (const auto& b : others) {
      if (Normal(a) == Normal(b) || Matches(Normal(a), Normal(b))) return b;
      if (Matches(Normal(b), Normal(a))) return a;
    }
  }
  return {};
}

// "" where none of the paths lies in the folder.
std::string PathIn(const std::string& folder, const std::vector<std::string>& paths) {
  for (const auto& path : paths) {
    const std::string normal = Normal(path);
    if (DirectoryOf(normal) == Normal(folder) && !BaseNameOf(normal).starts_with('.')) return path;
  }
  return {};
}

bool MayMeet(const std::vector<std::string>& ones, const std::vector<std::string>& others) {
  return ones.empty() || others.empty() ||
         std::find_first_of(ones.begin(), ones.end(), others.begin(), others.end()) != ones.end();
}

bool JournalsMeet(const SourceConfig& a, const SourceConfig& b) {
  if (Normal(a.directory) != Normal(b.directory)) return false;
  // Units here and identifiers there: whether an entry has both cannot be told.
  const bool a_is_wider = a.units.empty() && !a.identifiers.empty() && !b.units.empty();
  const bool b_is_wider = b.units.empty() && !b.identifiers.empty() && !a.units.empty();
  if ((a_is_wider && b.identifiers.empty()) || (b_is_wider && a.identifiers.empty())) return false;
  return MayMeet(a.units, b.units) && MayMeet(a.identifiers, b.identifiers);
}

bool TopicsMeet(const KafkaConfig& a, const KafkaConfig& b) {
  return a.topic == b.topic && MayMeet(a.partitions, b.partitions) &&
         std::ranges::any_of(a.brokers, [&](const std::string& broker) {
           return std::ranges::find(b.brokers, broker) != b.brokers.end();
         });
}

std::string SharedThing(const SourceConfig& a, const SourceConfig& b) {
  if (a.type == SourceType::kFile && b.type == SourceType::kDirectory) {
    return PathIn(b.directory, a.paths);
  }
  if (a.type != b.type) return {};
  switch (a.type) {
    case SourceType::kFile:
      return SharedPath(a.paths, b.paths);
    case SourceType::kDirectory:
      return Normal(a.directory) == Normal(b.directory) ? a.directory : "";
    case SourceType::kJournal:
      return JournalsMeet(a, b) ? "a part of the journal" : "";
    case SourceType::kStdin:
      return "standard input";
    case SourceType::kKafka:
      return TopicsMeet(a.kafka, b.kafka) ? "partitions of the topic " + a.kafka.topic : "";
    case SourceType::kSyslog:
      for (const std::string& address : a.listen) {
        if (std::find(b.listen.begin(), b.listen.end(), address) != b.listen.end()) return address;
      }
      break;
  }
  return {};
}

}  // namespace

std::string OverlapOf(const SourceConfig& one, const SourceConfig& other) {
  std::string shared = SharedThing(one, other);
  if (shared.empty()) shared = SharedThing(other, one);
  if (shared.empty()) return {};
  return "source " + other.name + " follows " + shared +
         ", too: its lines would be counted twice; "
         "name it in one of them";
}

std::vector<std::string> SharedFiles(const std::vector<SourceConfig>& sources, FileSystem& fs,
                                     std::size_t most) {
  std::map<FileId, std::string> owners;  // file -> source
  std::vector<std::string> warnings;
  for (const SourceConfig& source : sources) {
    if (source.type != SourceType::kFile) continue;
    for (const auto& pattern : source.paths) {
      for (const auto& path : ExpandGlob(fs, pattern).paths) {
        FileInfo info;
        if (fs.Stat(path, info) != 0 || !info.regular) continue;
        const auto [owner, is_new] = owners.try_emplace(info.id, source.name);
        if (is_new || owner->second == source.name || warnings.size() >= most) continue;
        warnings.push_back("sources " + owner->second + " and " + source.name + " both follow " +
                           path + ": its lines are counted twice; make their paths meet no more");
      }
    }
  }
  return warnings;
}

}  // namespace bouncesight
