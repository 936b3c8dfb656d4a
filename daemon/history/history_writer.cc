#include "daemon/history/history_writer.h"

#include <algorithm>
#include <utility>

#include "daemon/history/name_book.h"
#include "metrics/label.h"
#include "metrics/moment.h"
#include "metrics/template_miner.h"
#include "parsers/text/civil_time.h"
#include "parsers/text/utf8.h"

namespace bouncesight {
namespace {

constexpr std::int64_t kBlocksAtOnce = 4;
constexpr std::uint64_t kFoldEach = 60;  // commits, until their sums go to where they stay
constexpr int kStep = 1000;              // rows that a step removes where they are not in blocks

// Names the columns of rows once, in the order in which Insert binds them.
constexpr const char* kColumns =
    "id, time, outcome, cause, provider, domain, code, enhanced_code, source, host, mta, instance, "
    "blocklist, listed_ip, reply, sender_domain, results, queue_id, recipient";

std::string InsertInto(const char* table) {
  return std::string("INSERT INTO ") + table + "(" + kColumns +
         ") VALUES(?,?,?,?,nullif(?,0),nullif(?,0),nullif(?,0),nullif(?,0),nullif(?,0),"
         "nullif(?,0),nullif(?,0),nullif(?,0),nullif(?,0),nullif(?,0),nullif(?,0),nullif(?,0),?,?,"
         "?)";
}

}  // namespace

// A row's texts as they are kept.
struct HistoryWriter::Texts {
  std::string cause, provider, domain, enhanced, source, host, instance, blocklist, listed_ip,
      reply, sender, queue_id, recipient;
};

struct HistoryWriter::Statements {
  explicit Statements(Sqlite& db)
      : names(db),
        failure(db, InsertInto("failure_rows")),
        rejection(db, InsertInto("rejection_rows")),
        news(db, "INSERT INTO news VALUES(?, ?, ?, ?, ?, ?, ?)"),
        block(db, "INSERT OR REPLACE INTO blocks VALUES(?, ?, ?, ?, ?)"),
        oldest(db, "SELECT block, min(last_time, written) FROM blocks ORDER BY block LIMIT 1"),
        drop_rows(db, "DELETE FROM failure_rows WHERE id < ?"),
        drop_block(db, "DELETE FROM blocks WHERE block <= ?"),
        drop_rejections(db, "DELETE FROM rejection_rows WHERE id <= ?") {}

  NameBook names;
  SqliteQuery failure, rejection, news, block, oldest, drop_rows, drop_block, drop_rejections;
};

HistoryWriter::HistoryWriter(const std::string& path, HistoryBounds bounds, AddressVeil& veil)
    : bounds_(bounds), veil_(veil), db_(path, Sqlite::Mode::kReadWrite) {}

HistoryWriter::~HistoryWriter() = default;

Result<std::unique_ptr<HistoryWriter>> HistoryWriter::Open(FileSystem& fs, const std::string& path,
                                                           HistoryBounds bounds,
                                                           AddressVeil& veil) {
  // SQLite would let others read it; what lies beside it gets its mode.
  const FileHandle made(fs, fs.Open(path, OpenMode::kReadWrite));
  if (!made.is_open()) return Error{path + ": " + ErrorText(made.fd())};
  std::unique_ptr<HistoryWriter> writer(new HistoryWriter(path, bounds, veil));
  if (Status status = writer->Prepare(); !status) return status.error();
  return writer;
}

Status HistoryWriter::Fault() {
  if (db_.ok()) return Ok{};
  return Error{db_.TakeError()};
}

Status HistoryWriter::Prepare() {
  db_.Run(kHistoryPragmas);
  if (!db_.ok()) return Fault();
  const std::int64_t version = db_.Number("PRAGMA user_version");
  const bool fresh = version == 0 && db_.Number("SELECT count(*) FROM sqlite_schema") == 0;
  if (db_.ok() && !fresh && version != kHistoryVersion) {
    return Error{db_.path() + ": its tables are of another program (version " +
                 std::to_string(version) + "); move it away, and the history begins anew"};
  }
  if (fresh) {
    const std::string schema = "BEGIN IMMEDIATE;" + HistorySchema() +
                               "PRAGMA user_version = " + std::to_string(kHistoryVersion) +
                               ";COMMIT";
    db_.Run(schema.c_str());
  }
  const std::string limit = "PRAGMA max_page_count = " + std::to_string(std::max<std::uint64_t>(
                                                             bounds_.max_size / kHistoryPage, 64));
  db_.Run(limit.c_str());
  sql_ = std::make_unique<Statements>(db_);
  if (Status status = Fault(); !status) return status;
  return Transact([&] { GoOnAtTheEnd(); });
}

Status HistoryWriter::Transact(const std::function<void()>& work) {
  db_.Run("BEGIN IMMEDIATE");
  if (db_.ok()) work();
  db_.Run("COMMIT");
  return Fault();
}

// Ids go on where they were, though the rows may be gone. The block of the last row is open
// again, though it may be full: it is saved when a row of the next one comes.
void HistoryWriter::GoOnAtTheEnd() {
  const std::string given = " FROM news WHERE what = " + std::to_string(kNewsCommit);
  const auto next = [&](const std::string& rows, const std::string& column) {
    return std::max(db_.Number(("SELECT max(id) + 1 FROM " + rows).c_str()),
                    db_.Number(("SELECT max(" + column + ")" + given).c_str()));
  };
  next_failure_ = next("failure_rows", "a");
  next_rejection_ = next("rejection_rows", "b");
  block_ = OpenBlock(std::max<std::int64_t>(next_failure_ - 1, 0) / kRowsPerBlock);
  db_.Run(("DELETE FROM blocks WHERE block >= " + std::to_string(block_.number())).c_str());
  block_.AddRows(db_);
}

void HistoryWriter::NoteCommit(std::uint64_t number) {
  sql_->news.Do(number, kNewsCommit, 0, next_failure_, next_rejection_, 0, 0);
}

Result<std::string> HistoryWriter::TakeBackAfter(std::uint64_t generation) {
  std::string note;
  Status status = Transact([&] {
    const auto newest =
        static_cast<std::uint64_t>(db_.Number("SELECT max(commit_number) FROM news"));
    if (newest > generation + kUndoable) {
      note = db_.path() + ": has commit " + std::to_string(newest) + ", the state only " +
             std::to_string(generation) + ": the state was lost or is a copy of an earlier one, " +
             "and what is counted anew will be in the history twice";
      Fold(newest);
      folded_ = 0;
      NoteCommit(generation);  // remembers the ids
      return;
    }
    const std::string after = " WHERE commit_number > " + std::to_string(generation);
    const std::string commits = " FROM news" + after + " AND what = 0);";
    db_.Run(("DELETE FROM failure_rows WHERE id >= (SELECT min(a)" + commits +
             "DELETE FROM rejection_rows WHERE id >= (SELECT min(b)" + commits +
             "DELETE FROM news" + after)
                .c_str());
    GoOnAtTheEnd();
  });
  if (!status) return status.error();
  return note;
}

Status HistoryWriter::Write(std::uint64_t number,
                            const std::vector<std::unique_ptr<HistoryBatch>>& batches,
                            std::int64_t now) {
  totals_.clear();
  ranks_.clear();
  return Transact([&] {
    sql_->names.SetDay(now / kDaySeconds);
    NoteCommit(number);
    for (const auto& batch : batches) WriteBatch(*batch, now);
    SaveSums(number);
    BoundRejections();
  });
}

void HistoryWriter::WriteBatch(const HistoryBatch& batch, std::int64_t now) {
  NameBook& names = sql_->names;
  for (const auto& [key, count] : batch.totals()) {
    const bool failed = key.outcome != Outcome::kDelivered;
    totals_[{key.bucket * kHistoryStep, names.Number(OutcomeName(key.outcome)),
             failed ? names.Number(batch.names().causes[key.cause]) : 0,
             names.Number(batch.names().providers[key.provider])}] += count;
  }
  for (std::size_t i = 0; i < batch.rows(); ++i) {
    const HistoryEntry entry = batch.Entry(i);
    const Texts texts = TextsOf(batch, entry);
    if (entry.outcome == Outcome::kRejected) {
      next_rejection_ = Insert(sql_->rejection, next_rejection_, entry, texts);
      continue;
    }
    Mark(next_failure_, entry, texts, now);
    CountRanks(entry, texts);
    next_failure_ = Insert(sql_->failure, next_failure_, entry, texts);
  }
}

HistoryWriter::Texts HistoryWriter::TextsOf(const HistoryBatch& batch, const HistoryEntry& entry) {
  EnhancedCodeText enhanced;
  Texts texts;
  texts.cause = batch.names().causes[entry.cause];
  texts.provider = batch.names().providers[entry.provider];
  texts.domain = DomainLabel(entry.domain);
  texts.enhanced = FormatEnhancedCode(entry.enhanced, enhanced);
  texts.source = NameLabel(entry.source);
  texts.host = NameLabel(entry.host);
  texts.instance = NameLabel(entry.instance);
  texts.blocklist = NameLabel(entry.blocklist);
  texts.listed_ip = AddressLabel(entry.listed_ip);
  texts.reply = ReplyTemplate(entry.reply);
  texts.sender = DomainLabel(entry.sender_domain);
  texts.queue_id = NameLabel(entry.queue_id);
  if (!entry.recipient.empty()) {
    DeliveryEvent event;
    const std::string time = Rfc3339({entry.time, 0});
    event.time = time;
    event.recipient = entry.recipient;
    texts.recipient = ToUtf8(veil_.Veiled(event).recipient);
  }
  return texts;
}

std::int64_t HistoryWriter::Insert(SqliteQuery& insert, std::int64_t id, const HistoryEntry& entry,
                                   const Texts& texts) {
  NameBook& names = sql_->names;
  insert.Do(id, entry.time, names.Number(OutcomeName(entry.outcome)), names.Number(texts.cause),
            names.Number(texts.provider), names.Number(texts.domain), entry.code,
            names.Number(texts.enhanced), names.Number(texts.source), names.Number(texts.host),
            names.Number(MtaName(entry.mta)), names.Number(texts.instance),
            names.Number(texts.blocklist), names.Number(texts.listed_ip), names.Number(texts.reply),
            names.Number(texts.sender), entry.results, std::string_view(texts.queue_id),
            std::string_view(texts.recipient));
  return id + 1;
}

void HistoryWriter::Mark(std::int64_t id, const HistoryEntry& entry, const Texts& texts,
                         std::int64_t now) {
  if (id / kRowsPerBlock != block_.number()) {
    SaveBlock();
    block_ = OpenBlock(id / kRowsPerBlock);
  }
  block_.Add(entry.time, now, entry.code,
             {texts.source, texts.host, OutcomeName(entry.outcome), texts.cause, texts.provider,
              texts.domain, texts.enhanced, texts.blocklist, texts.listed_ip, texts.queue_id,
              texts.sender, texts.recipient});
}

void HistoryWriter::CountRanks(const HistoryEntry& entry, const Texts& texts) {
  NameBook& names = sql_->names;
  const std::int64_t hour = entry.time / kHistoryHour * kHistoryHour;
  const auto count = [&](RankKind kind, const std::string& name, std::int64_t ip) {
    if (name.empty()) return;
    ranks_[{hour, static_cast<std::int64_t>(kind), names.Number(name), ip}] += entry.results;
  };
  count(RankKind::kDomain, texts.domain, 0);
  count(RankKind::kSender, texts.sender, 0);
  count(RankKind::kList, texts.blocklist, names.Number(texts.listed_ip));
}

void HistoryWriter::SaveBlock() {
  if (!block_.empty()) block_.Save(sql_->block);
}

void HistoryWriter::SaveSums(std::uint64_t number) {
  for (const auto& [key, count] : totals_) {
    sql_->news.Do(number, kNewsTotal, key[0], key[1], key[2], key[3], count);
  }
  for (const auto& [key, count] : ranks_) {
    sql_->news.Do(number, key[1], key[0], key[2], key[3], 0, count);
  }
  if (number >= folded_ + kFoldEach) Fold(number - kUndoable);
}

// What is folded cannot be taken back.
void HistoryWriter::Fold(std::uint64_t last) {
  db_.Run(FoldNewsSql(last).c_str());
  folded_ = last;
}

void HistoryWriter::BoundRejections() {
  if (next_rejection_ > kMostRejections) {
    sql_->drop_rejections.Do(next_rejection_ - kMostRejections - 1);
  }
}

std::uint64_t HistoryWriter::bytes() {
  const std::int64_t pages = db_.Number("PRAGMA page_count") - db_.Number("PRAGMA freelist_count");
  return static_cast<std::uint64_t>(std::max<std::int64_t>(pages, 0)) * kHistoryPage;
}

// At fifteen sixteenths: what is written meanwhile finds room.
bool HistoryWriter::full() {
  return bytes() > bounds_.max_size / 16 * 15 && (Oldest() || HasSums());
}

// The oldest block that is full.
std::optional<std::pair<std::int64_t, std::int64_t>> HistoryWriter::Oldest() {
  SqliteQuery& oldest = sql_->oldest;
  std::optional<std::pair<std::int64_t, std::int64_t>> found;
  if (oldest.Ask().Next()) found.emplace(oldest.Number(0), oldest.Number(1));
  oldest.Reset();
  return found;
}

bool HistoryWriter::HasSums() {
  return db_.Number("SELECT EXISTS(SELECT 1 FROM rank_rows) OR EXISTS(SELECT 1 FROM total_rows)") !=
         0;
}

Result<bool> HistoryWriter::PruneStep(std::int64_t now) {
  bool more = false;
  const std::int64_t cutoff = now - bounds_.keep;
  Status status = Transact([&] {
    more = DropOldBlocks(cutoff);
    DropOldRows(cutoff);
    DropOldSums(cutoff);
    // Names are searched from end to end, so not at every step.
    if (forgotten_hour_ != now / kHistoryHour) {
      const bool names = sql_->names.Forget(cutoff / kDaySeconds - 1, kStep);
      if (!names) forgotten_hour_ = now / kHistoryHour;
      more = names || more;
    }
    more = DropForSize() || more;
  });
  if (!status) return status.error();
  return more;
}

void HistoryWriter::DropBlock(std::int64_t block) {
  sql_->drop_rows.Do((block + 1) * kRowsPerBlock);
  sql_->drop_block.Do(block);
}

// Of the times of a block its latest counts, but no time after the last row was written: one from
// the future must not hold up the ones behind it.
bool HistoryWriter::DropOldBlocks(std::int64_t cutoff) {
  const auto oldest = Oldest();
  if (!oldest || oldest->second >= cutoff) return false;
  DropBlock(oldest->first);
  return true;
}

// The first rows, which need not fill a block. Only from the start on, so that ids have no gaps.
void HistoryWriter::DropOldRows(std::int64_t cutoff) {
  const std::string first =
      "(SELECT id, time FROM failure_rows ORDER BY id LIMIT " + std::to_string(kStep) + ")";
  db_.Run(("DELETE FROM failure_rows WHERE id < coalesce((SELECT min(id) FROM " + first +
           " WHERE time >= " + std::to_string(cutoff) + "), (SELECT max(id) FROM " + first + "))")
              .c_str());
}

void HistoryWriter::DropOldSums(std::int64_t cutoff) {
  const std::string before = " < " + std::to_string(cutoff);
  const std::string limit = " LIMIT " + std::to_string(kStep) + ");";
  db_.Run(("DELETE FROM total_rows WHERE time" + before + ";DELETE FROM rank_rows WHERE hour" +
           before + ";DELETE FROM news WHERE what <> 0 AND time" + before +
           ";DELETE FROM rejection_rows WHERE time" + before +
           " AND id IN (SELECT id FROM rejection_rows ORDER BY id" + limit)
              .c_str());
}

bool HistoryWriter::DropForSize() {
  if (!full()) return false;
  const auto oldest = Oldest();
  if (oldest) {
    DropBlock(oldest->first + kBlocksAtOnce - 1 < block_.number()
                  ? oldest->first + kBlocksAtOnce - 1
                  : oldest->first);
  } else {
    db_.Run(
        "DELETE FROM rank_rows WHERE hour = (SELECT min(hour) FROM rank_rows);"
        "DELETE FROM total_rows WHERE time = (SELECT min(time) FROM total_rows)");
  }
  return true;
}

void HistoryWriter::Finish() {
  db_.Run("PRAGMA wal_checkpoint(TRUNCATE)");
  db_.TakeError();
}

}  // namespace bouncesight
