#include "daemon/journal/journal_source.h"

#include <utility>

#include <spdlog/spdlog.h>

#include "daemon/journal/journal_names.h"
#include "daemon/system/journal_access.h"
#include "metrics/byte_codec.h"

namespace bouncesight {
namespace {

constexpr char kVersion = 'j';  // other than that of every other kind of source

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
  silence_.Look([this] { return any_wanted_ ? "" : MissingJournalNames(config_); });
  if (at_end_ && reader_) reader_->Refresh();
  if (at_end_ && clock_.Steady() >= next_reopen_) reader_.reset();
  at_end_ = false;
  if (!reader_ && !Open()) return false;
  lines_.clear();
  auto step = JournalReader::Step::kEntry;
  for (std::size_t n = 0; n < kTurnEntries && lines_.size() < kTurnBytes; ++n) {
    step = reader_->Next();
    if (step != JournalReader::Step::kEntry) break;
    cursor_ = reader_->cursor();
    caught_up_ = caught_up_ || reader_->entry().realtime_us >= opened_at_us_;
    if (reader_->wanted()) AppendJournalLine(reader_->entry(), lines_);
  }
  Feed();
  if (step == JournalReader::Step::kEntry) return true;
  if (step == JournalReader::Step::kEnd) {
    backoff_.Succeed();
    caught_up_ = at_end_ = true;
    next_check_ = clock_.Steady() + kCheckInterval;
  } else {
    Complain(reader_->error());
  }
  return false;
}

void JournalSource::Feed() {
  if (lines_.empty()) return;
  any_wanted_ = true;
  stream_->Feed(lines_);
  const std::chrono::duration<double> now = clock_.Wall().time_since_epoch();
  last_line_timestamp_ = now.count();
}

bool JournalSource::Open() {
  if (!backoff_.Due(clock_.Steady())) return false;
  const JournalAccess access = LookAtJournal(fs_, config_.directory);
  files_ = access.files;
  if (!access.usable) {
    Complain(access.complaint);
    return false;
  }
  auto reader =
      JournalReader::Open(config_.directory, JournalFilter(config_.units, config_.identifiers));
  if (!reader) {
    Complain(reader.error().message);
    return false;
  }
  reader_ = std::move(*reader);
  if (complained_) spdlog::info("source {}: the journal can be read now", config_.name);
  complained_ = false;
  if (!access.complaint.empty() && !seen_) {
    spdlog::warn("source {}: a part of the journal cannot be read: {}", config_.name,
                 access.complaint);
  }
  if (seen_) {
    if (std::exchange(restored_, false) && !cursor_.empty() && reader_->HasGapAfter(cursor_)) {
      spdlog::warn(
          "source {}: the journal was vacuumed while nothing read it: entries after its place may "
          "be gone; it goes on with the oldest that is left",
          config_.name);
    }
    reader_->StartAfter(cursor_);
  } else if (config_.start == FirstSight::kEnd) {
    reader_->StartAtEnd();
    cursor_ = reader_->cursor();
  } else {
    reader_->StartAtBeginning();
  }
  seen_ = true;
  next_reopen_ = clock_.Steady() + kReopenInterval;
  if (!reader_->hears_of_files()) next_reopen_ = clock_.Steady() + kDeafReopenInterval;
  return true;
}

// Once, until it works again.
void JournalSource::Complain(const std::string& what) {
  if (!complained_) spdlog::error("source {}: {}", config_.name, what);
  complained_ = true;
  caught_up_ = true;  // nothing that could be waited for
  reader_.reset();
  backoff_.Fail(clock_.Steady());
}

std::string JournalSource::SaveState() {
  ByteWriter out;
  out.Raw(std::string_view(&kVersion, 1));
  out.String(config_.directory);
  out.Number(seen_ ? 1 : 0);
  out.String(cursor_);
  return out.Take();
}

bool JournalSource::RestoreState(std::string_view state) {
  ByteReader in(state);
  const bool ours = in.Raw(1) == std::string_view(&kVersion, 1);
  const std::string directory(in.String());
  const bool seen = in.Bounded(1) != 0;
  const std::string cursor(in.String());
  if (!ours || !in.ok() || !in.at_end()) {
    spdlog::error(
        "source {}: its place in the journal cannot be read; it is seen for the first time",
        config_.name);
    return false;
  }
  if (directory != config_.directory) return false;  // another journal
  seen_ = restored_ = seen;
  cursor_ = cursor;
  return true;
}

void JournalSource::Describe(LiveSource& live) {
  live.files = files_;
  live.last_line_timestamp_seconds = last_line_timestamp_;
}

}  // namespace bouncesight
