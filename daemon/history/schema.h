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
inline constexpr int kHistoryVersion = 2;

// So many rows, by their ids, share a block (blocks: their times, and marks of what stands in
// them, block_marks.h).
inline constexpr int kRowsPerBlock = 1024;
// Refusals of our own may come in floods: the newest of them are kept.
inline constexpr int kMostRejections = 100'000;
inline constexpr int kHistoryHour = 3600;
inline constexpr int kHistoryPage = 4096;  // bytes

// What rank_rows counts failures by.
enum class RankKind : int { kDomain = 1, kSender = 2, kList = 3 };

// For whoever writes.
inline constexpr const char* kHistoryPragmas =
    "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
    "PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 8388608;"
    "PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY";

std::string HistorySchema();
// Brings to rank_rows what stands in rank_news of the commits up to `last`.
std::string SettleRanksSql(std::uint64_t last);

}  // namespace bouncesight
