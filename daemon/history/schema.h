// The tables of the history. HISTORY.md describes them for those who ask by SQL; they may rest on
// the views, which stay, and not on the tables behind them.
//
// Texts stand once, in `names`; rows hold their numbers, NULL or 0 for a text that is not known. A
// failure costs about 60 bytes.
#pragma once

#include <cstdint>
#include <string>

namespace bouncesight {

// PRAGMA user_version. Another one is of another program, and is left alone.
inline constexpr int kHistoryVersion = 3;

// So many rows, by their ids, share a block (blocks: their times, and marks of what stands in
// them, block_marks.h). The block that is being filled has no row there yet.
inline constexpr int kRowsPerBlock = 1024;
// Refusals of our own may come in floods: the newest of them are kept.
inline constexpr int kMostRejections = 100'000;
inline constexpr int kHistoryHour = 3600;
inline constexpr int kHistoryPage = 4096;  // bytes

// What rank_rows counts failures by.
enum class RankKind : int { kDomain = 1, kSender = 2, kList = 3 };
// What else stands in news.
inline constexpr int kNewsCommit = 0, kNewsTotal = 4;

// For whoever writes. Most pages of the log are the same few again and again; the later they go to
// the database, the fewer are written twice.
inline constexpr const char* kHistoryPragmas =
    "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
    "PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 18874368;"
    "PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY";

std::string HistorySchema();
// Blocks up to ?1 in order: number, first and last time, marks. The one that is being filled has
// ?2, ?3 and no marks. Takes no longer for more rows: rows are not gone through.
std::string BlocksSql(bool newest_first);
// Brings to rank_rows and total_rows what stands in news of the commits up to `last`.
std::string FoldNewsSql(std::uint64_t last);

}  // namespace bouncesight
