#include "daemon/journal/journal_sample.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/journal/journal_files.h"
#include "daemon/journal/journal_names.h"
#include "daemon/journal/journal_reader.h"

namespace bouncesight {
namespace {

constexpr std::size_t kMostBytes = 1024 * 1024;

Result<std::unique_ptr<JournalReader>> OpenFor(const SourceConfig& source, FileSystem& fs) {
  JournalFilter filter(source.units, source.identifiers);
  if (source.directory.empty()) return JournalReader::Open(std::move(filter));
  std::vector<std::string> files;
  for (const JournalSequence& sequence : ListJournalSequences(fs, source.directory)) {
    files.insert(files.end(), sequence.files.begin(), sequence.files.end());
  }
  return JournalReader::OpenFiles(files, std::move(filter));
}

std::string LastLines(JournalReader& reader) {
  std::string lines;
  reader.StartBeforeEnd(kSampledEntries);
  while (lines.size() < kMostBytes && reader.Next() == JournalReader::Step::kEntry) {
    if (reader.wanted()) AppendJournalLine(reader.entry(), lines);
  }
  return lines;
}

}  // namespace

LogSample SampleJournal(const SourceConfig& source, FileSystem& fs) {
  const auto reader = OpenFor(source, fs);
  if (!reader) return {};
  LogSample sample = SampleLines(source, "the journal", LastLines(**reader));
  const std::string missing = MissingJournalNames(source);
  if (!missing.empty()) sample.complaint = missing;
  return sample;
}

}  // namespace bouncesight
