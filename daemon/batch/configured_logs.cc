#include "daemon/batch/configured_logs.h"

#include <memory>

#include "daemon/config/source_sight.h"

namespace bouncesight {
namespace {

// What to do about a source that is not a file.
std::string OtherKind(const SourceConfig& source) {
  if (source.type == SourceType::kJournal) {
    return "source " + source.name +
           ": the journal is not read here; write `journalctl -o short-iso | bouncesight report -`";
  }
  return "source " + source.name + ": what is sent to it lies in no file; ask the running daemon";
}

}  // namespace

ConfiguredLogs FindConfiguredLogs(const std::vector<SourceConfig>& sources, FileSystem& fs) {
  ConfiguredLogs found;
  for (const SourceConfig& source : sources) {
    if (source.type != SourceType::kFile && source.type != SourceType::kDirectory) {
      found.notes.push_back(OtherKind(source));
      continue;
    }
    const SourceSight sight = LookAtSource(source, fs);
    const auto reader = std::make_shared<const ReaderOptions>(source.lines);
    for (const std::string& path : sight.found) found.logs.push_back({path, reader});
    if (!sight.complaint.empty()) {
      found.notes.push_back("source " + source.name + ": " + sight.complaint);
    }
  }
  return found;
}

}  // namespace bouncesight
