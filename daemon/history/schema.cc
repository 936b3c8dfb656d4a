#include "daemon/history/schema.h"

#include <string_view>

namespace bouncesight {
namespace {

constexpr std::string_view kShared = R"sql(
CREATE TABLE names(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, seen INTEGER NOT NULL);

CREATE TABLE blocks(
  block INTEGER PRIMARY KEY, first_time INTEGER NOT NULL, last_time INTEGER NOT NULL,
  written INTEGER NOT NULL, marks BLOB NOT NULL);

CREATE TABLE total_rows(
  time INTEGER, outcome INTEGER, cause INTEGER, provider INTEGER, results INTEGER NOT NULL,
  PRIMARY KEY(time, outcome, cause, provider)) WITHOUT ROWID;

CREATE TABLE rank_rows(
  hour INTEGER, kind INTEGER, name INTEGER, listed_ip INTEGER, failures INTEGER NOT NULL,
  PRIMARY KEY(hour, kind, name, listed_ip)) WITHOUT ROWID;

-- What the newest commits brought to the sums, and is not in there yet: each would have pages of
-- their own there, and here all share one. By taking it out it is taken back. Of `what` 0 it is the
-- commit itself: number of the first failure and of the first refusal.
CREATE TABLE news(commit_number INTEGER, what INTEGER, time INTEGER, a INTEGER, b INTEGER,
                  c INTEGER, count INTEGER);

CREATE VIEW rank_counts AS
  SELECT hour, kind, name, listed_ip, failures FROM rank_rows
  UNION ALL SELECT time, what, a, b, count FROM news WHERE what IN (1, 2, 3);

CREATE VIEW total_counts AS
  SELECT time, outcome, cause, provider, results FROM total_rows
  UNION ALL SELECT time, a, b, c, count FROM news WHERE what = 4;

CREATE VIEW totals AS SELECT
  time,
  (SELECT text FROM names WHERE id = t.outcome) AS outcome,
  (SELECT text FROM names WHERE id = t.cause) AS cause,
  (SELECT text FROM names WHERE id = t.provider) AS provider,
  results
FROM total_counts AS t;

CREATE VIEW ranks AS SELECT
  hour AS time,
  CASE kind WHEN 1 THEN 'domain' WHEN 2 THEN 'sender_domain' ELSE 'blocklist' END AS kind,
  (SELECT text FROM names WHERE id = k.name) AS name,
  (SELECT text FROM names WHERE id = k.listed_ip) AS listed_ip,
  failures
FROM rank_counts AS k;
)sql";

// Once for failures and once for refusals: they never mix.
constexpr std::string_view kRows = R"sql(
CREATE TABLE $_rows(
  id INTEGER PRIMARY KEY, time INTEGER NOT NULL, outcome INTEGER NOT NULL, cause INTEGER NOT NULL,
  provider INTEGER, domain INTEGER, code INTEGER, enhanced_code INTEGER, source INTEGER,
  host INTEGER, mta INTEGER, instance INTEGER, blocklist INTEGER, listed_ip INTEGER, reply INTEGER,
  sender_domain INTEGER, results INTEGER NOT NULL, queue_id TEXT, recipient TEXT);

CREATE VIEW $s AS SELECT
  id, time,
  (SELECT text FROM names WHERE id = r.source) AS source,
  (SELECT text FROM names WHERE id = r.host) AS host,
  (SELECT text FROM names WHERE id = r.mta) AS mta,
  (SELECT text FROM names WHERE id = r.instance) AS instance,
  queue_id,
  (SELECT text FROM names WHERE id = r.outcome) AS outcome,
  recipient,
  (SELECT text FROM names WHERE id = r.domain) AS domain,
  (SELECT text FROM names WHERE id = r.sender_domain) AS sender_domain,
  code,
  (SELECT text FROM names WHERE id = r.enhanced_code) AS enhanced_code,
  (SELECT text FROM names WHERE id = r.reply) AS reply,
  (SELECT text FROM names WHERE id = r.cause) AS cause,
  (SELECT text FROM names WHERE id = r.provider) AS provider,
  (SELECT text FROM names WHERE id = r.blocklist) AS blocklist,
  (SELECT text FROM names WHERE id = r.listed_ip) AS listed_ip,
  results
FROM $_rows AS r;
)sql";

void AppendRows(std::string_view kind, std::string& out) {
  for (const char c : kRows) {
    if (c == '$') {
      out += kind;
    } else {
      out += c;
    }
  }
}

}  // namespace

std::string HistorySchema() {
  std::string sql(kShared);
  AppendRows("failure", sql);
  AppendRows("rejection", sql);
  return sql;
}

// The innermost SELECT is max(id) and nothing else: only so SQLite looks it up at the table's end.
std::string BlocksSql(bool newest_first) {
  return "SELECT block, first_time, last_time, marks FROM blocks WHERE block <= ?1 "
         "UNION ALL SELECT open, ?2, ?3, NULL FROM (SELECT (SELECT max(id) FROM failure_rows) / " +
         std::to_string(kRowsPerBlock) +
         " AS open) WHERE open NOT IN (SELECT block FROM blocks) AND open <= ?1 ORDER BY 1" +
         (newest_first ? " DESC" : "");
}

std::string FoldNewsSql(std::uint64_t last) {
  const std::string past = " WHERE commit_number <= " + std::to_string(last);
  return "INSERT INTO rank_rows SELECT time, what, a, b, sum(count) FROM news" + past +
         " AND what IN (1, 2, 3) GROUP BY 1, 2, 3, 4 ON CONFLICT DO UPDATE SET failures = failures "
         "+ excluded.failures;"
         "INSERT INTO total_rows SELECT time, a, b, c, sum(count) FROM news" +
         past +
         " AND what = 4 GROUP BY 1, 2, 3, 4 ON CONFLICT DO UPDATE SET results = results + "
         "excluded.results;"
         "DELETE FROM news" +
         past;
}

}  // namespace bouncesight
