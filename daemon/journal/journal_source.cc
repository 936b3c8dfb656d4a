#include "daemon/journal/journal_source.h"

#include <algorithm>
#include <utility>

#include "daemon/journal/journal_sample.h"
#include "daemon/system/journal_access.h"
#include "daemon/system/log.h"
#include "metrics/byte_codec.h"

namespace bouncesight {
namespace {

constexpr char kVersion = 'k';   // other than that of every other kind of source,
constexpr char kWithGaps = 'l';  // and so is this, where there were any

}  // namespace

JournalSource::JournalSource(const SourceConfig& config, FileSystem& fs, const Clock& clock,
                             StreamFactory& streams)
    : config_(config),
      fs_(fs),
      clock_(clock),
      stream_(streams.NewStream(0)),
      opened_at_us_(static_cast<std::uint64_t>(
          std::chrono::duration_cast<std::chrono::microseconds>(clock.Wall().time_since_epoch())
              .count())),
      next_check_(clock.Steady()),
      silence_(config_, fs, clock) {}

bool JournalSource::Turn() {
  if (clock_.Steady() < next_check_) return false;
  silence_.Look([this] { return SampleJournal(config_, fs_).complaint; });
  if (at_end_ && open_) Refresh();
  at_end_ = false;
  if (!open_ && !Open()) return false;
  lines_.clear();
  std::size_t entries = 0;
  auto step = JournalReader::Step::kEnd;
  std::string error;
  for (std::size_t left = places_.size(); left > 0; --left) {
    Place& place = places_[turn_of_ % places_.size()];  // the oldest first, as they were written
    step = place.reader ? Read(place, entries) : JournalReader::Step::kEnd;
    if (step == JournalReader::Step::kFailed) error = place.reader->error();
    if (step != JournalReader::Step::kEnd) break;
    ++turn_of_;
  }
  Feed();
  caught_up_ = caught_up_ || std::ranges::all_of(places_, [](const Place& place) {
                 return place.caught_up || !place.reader;
               });
  if (step == JournalReader::Step::kEntry) {
    if (++turns_in_a_row_ % kMostTurns == 0) ++turn_of_;
    return true;
  }
  turn_of_ = 0;
  if (step == JournalReader::Step::kEnd) {
    backoff_.Succeed();
    at_end_ = true;
    next_check_ = clock_.Steady() + kCheckInterval;
  } else {
    Complain(error);
  }
  return false;
}

// kEntry: the turn is over, and there may be more.
JournalReader::Step JournalSource::Read(Place& place, std::size_t& entries) {
  for (; entries < kTurnEntries && lines_.size() < kTurnBytes; ++entries) {
    const auto step = place.reader->Next();
    place.caught_up = place.caught_up || step == JournalReader::Step::kEnd;
    if (step != JournalReader::Step::kEntry) return step;
    place.cursor = place.reader->cursor();
    place.caught_up = place.caught_up || place.reader->entry().realtime_us >= opened_at_us_;
    if (place.reader->wanted()) AppendJournalLine(place.reader->entry(), lines_);
  }
  return JournalReader::Step::kEntry;
}

void JournalSource::Feed() {
  if (lines_.empty()) return;
  stream_->Feed(lines_);
  const std::chrono::duration<double> now = clock_.Wall().time_since_epoch();
  last_line_timestamp_ = now.count();
}

// Sees files that rotation has made or vacuuming has taken away.
void JournalSource::Refresh() {
  if (clock_.Steady() >= next_reopen_ || (!config_.directory.empty() && FolderHasChanged())) {
    open_ = false;
  } else if (config_.directory.empty()) {
    places_.front().reader->Refresh();
  }
}

// By the last change of the folder and of those of machines in it.
bool JournalSource::FolderHasChanged() {
  FileInfo info;
  std::int64_t changed_ns = fs_.Stat(config_.directory, info) == 0 ? info.modified_ns : 0;
  std::string folder;
  for (const Place& place : places_) {
    for (const std::string& file : place.files) {
      if (std::string other = DirectoryOf(file); other != folder) {
        folder = std::move(other);
        if (fs_.Stat(folder, info) == 0) changed_ns = std::max(changed_ns, info.modified_ns);
      }
    }
  }
  if (changed_ns == listed_ns_) return std::exchange(list_again_, false);
  listed_ns_ = changed_ns;
  list_again_ = true;
  return true;
}

bool JournalSource::Open() {
  if (!backoff_.Due(clock_.Steady())) return false;
  const JournalAccess access = LookAtJournal(fs_, config_.directory);
  files_ = access.files;
  if (!access.usable) {
    Complain(access.complaint);
    return false;
  }
  if (!OpenPlaces()) return false;
  if (complained_) LogInfo("source {}: the journal can be read now", config_.name);
  complained_ = false;
  if (!access.complaint.empty() && !seen_) {
    LogWarning("source {}: a part of the journal cannot be read: {}", config_.name,
               access.complaint);
  }
  seen_ = open_ = true;
  const bool deaf = config_.directory.empty() && !places_.front().reader->hears_of_files();
  next_reopen_ = clock_.Steady() + (deaf ? kDeafReopenInterval : kReopenInterval);
  return true;
}

bool JournalSource::OpenPlaces() {
  if (!config_.directory.empty()) {
    TakeSequences();
  } else if (places_.empty()) {
    places_.emplace_back();
  } else {
    places_.front().reader.reset();
  }
  for (Place& place : places_) {
    const bool gone = !config_.directory.empty() && place.files.empty();
    if (!gone && !place.reader && !OpenPlace(place)) return false;
    if (gone) TellGap(place);
  }
  return true;
}

// A place whose files have changed is opened anew; one that is new comes behind the others.
void JournalSource::TakeSequences() {
  auto sequences = ListJournalSequences(fs_, config_.directory);
  for (Place& place : places_) {
    const auto found = std::ranges::find(sequences, place.id, &JournalSequence::id);
    std::vector<std::string> files;
    if (found != sequences.end()) files = std::exchange(found->files, {});
    if (files != place.files) place.reader.reset();
    place.files = std::move(files);
  }
  for (JournalSequence& sequence : sequences) {
    if (sequence.files.empty()) continue;
    Place& place = places_.emplace_back();
    place.id = std::move(sequence.id);
    place.files = std::move(sequence.files);
  }
  const auto absent = [](const Place& place) { return place.files.empty(); };
  while (std::ranges::count_if(places_, absent) > std::ptrdiff_t{kMostAbsent}) {
    places_.erase(std::ranges::find_if(places_, absent));
  }
}

bool JournalSource::OpenPlace(Place& place) {
  JournalFilter filter(config_.units, config_.identifiers);
  auto reader = config_.directory.empty()
                    ? JournalReader::Open(std::move(filter))
                    : JournalReader::OpenFiles(place.files, std::move(filter));
  if (!reader) {
    Complain(reader.error().message);
    return false;
  }
  place.reader = std::move(*reader);
  const Status begun = BeginAt(place);
  if (!begun) Complain(begun.error().message);
  return begun.has_value();
}

// One that appears later is read from its start.
Status JournalSource::BeginAt(Place& place) {
  if (place.known) {
    TellGap(place);
    place.reader->StartAfter(place.cursor);
  } else if (!seen_ && config_.start == FirstSight::kEnd) {
    if (Status found = place.reader->StartAtEnd(); !found) return found;
    place.cursor = place.reader->cursor();
  } else {
    place.reader->StartAtBeginning();
  }
  place.known = true;
  return Ok{};
}

void JournalSource::TellGap(Place& place) {
  if (!std::exchange(place.restored, false) || place.cursor.empty()) return;
  if (place.reader && !place.reader->HasGapAfter(place.cursor)) return;
  ++gaps_;
  LogWarning(
      "source {}: the journal was vacuumed while nothing read it: entries after its place may be "
      "gone; it goes on with the oldest that is left",
      config_.name);
}

// Once, until it works again.
void JournalSource::Complain(const std::string& what) {
  if (!complained_) LogError("source {}: {}", config_.name, what);
  complained_ = true;
  caught_up_ = true;  // nothing that could be waited for
  open_ = false;
  for (Place& place : places_) place.reader.reset();
  backoff_.Fail(clock_.Steady());
}

std::string JournalSource::SaveState() {
  ByteWriter out;
  out.Raw(std::string_view(gaps_ > 0 ? &kWithGaps : &kVersion, 1));
  out.String(config_.directory);
  out.Number(seen_ ? 1 : 0);
  out.Number(places_.size());
  for (const Place& place : places_) {
    out.String(place.id);
    out.String(place.cursor);
    out.Number(place.reader ? 1 : 0);
  }
  if (gaps_ > 0) out.Number(gaps_);
  return out.Take();
}

bool JournalSource::RestoreState(std::string_view state) {
  ByteReader in(state);
  const std::string_view version = in.Raw(1);
  const bool with_gaps = version == std::string_view(&kWithGaps, 1);
  const bool ours = with_gaps || version == std::string_view(&kVersion, 1);
  const std::string directory(in.String());
  const bool seen = in.Bounded(1) != 0;
  std::vector<Place> places(in.Count());
  for (Place& place : places) {
    place.id = in.String();
    place.cursor = in.String();
    place.known = true;
    place.restored = in.Bounded(1) != 0;  // what was gone before is not news
  }
  const std::uint64_t gaps = with_gaps ? in.Number() : 0;
  const bool shaped = directory.empty() ? places.size() < 2 : true;
  if (!ours || !in.ok() || !in.at_end() || !shaped) {
    LogError("source {}: its place in the journal cannot be read; it is seen for the first time",
             config_.name);
    return false;
  }
  if (directory != config_.directory) return false;  // another journal
  gaps_ = gaps;
  seen_ = seen;
  places_ = std::move(places);
  return true;
}

void JournalSource::Describe(LiveSource& live) {
  live.files = files_;
  live.gaps = gaps_;
  live.last_line_timestamp_seconds = last_line_timestamp_;
}

}  // namespace bouncesight
