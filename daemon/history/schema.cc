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

-- How to take back what the newest commits brought.
CREATE TABLE commits(number INTEGER PRIMARY KEY, first_failure INTEGER, first_rejection INTEGER);
CREATE TABLE total_undo(number INTEGER, time INTEGER, outcome INTEGER, cause INTEGER,
                        provider INTEGER, results INTEGER);

-- What the newest commits brought to rank_rows, and is not in there yet: each failure of a second
-- has a page of its own there, and here all share one.
CREATE TABLE rank_news(number INTEGER, hour INTEGER, kind INTEGER, name INTEGER,
                       listed_ip INTEGER, failures INTEGER);

CREATE VIEW rank_counts AS
  SELECT hour, kind, name, listed_ip, failures FROM rank_rows
  UNION ALL SELECT hour, kind, name, listed_ip, failures FROM rank_news;

CREATE VIEW totals AS SELECT
  time,
  (SELECT text FROM names WHERE id = t.outcome) AS outcome,
  (SELECT text FROM names WHERE id = t.cause) AS cause,
  (SELECT text FROM names WHERE id = t.provider) AS provider,
  results
FROM total_rows AS t;

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

std::string SettleRanksSql(std::uint64_t last) {
  const std::string past = " WHERE number <= " + std::to_string(last);
  return "INSERT INTO rank_rows SELECT hour, kind, name, listed_ip, sum(failures) FROM rank_news" +
         past +
         " GROUP BY 1, 2, 3, 4 ON CONFLICT DO UPDATE SET failures = failures + excluded.failures;"
         "DELETE FROM rank_news" +
         past;
}

}  // namespace bouncesight
