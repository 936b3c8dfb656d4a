-- What an output with `send: events` puts into Kafka, in a table: each result once, whatever was sent again after a crash.
-- Tried with ClickHouse 18.16 (Debian 12).
--
--   clickhouse-client --multiquery <kafka.sql
--   kcat -C -q -e -o beginning -b kafka1.example.com:9092 -t mail-events |
--     clickhouse-client --date_time_input_format=best_effort --input_format_skip_unknown_fields=1 \
--                       --query='INSERT INTO mail_events FORMAT JSONEachRow'
--
-- What is put in a second time changes nothing: begin where you like, as often as you like (-o -100000: with the last so many of each
-- partition), or let a reader of a group go on where it stood (kcat -G clickhouse mail-events).
--
-- Fields that have no column are passed over. Columns that a record does not have are empty or 0. Addresses are as `privacy` of
-- the bouncesight that sends says.

CREATE TABLE IF NOT EXISTS mail_events (
  event_id String,
  time DateTime,
  source String,
  mta String,
  host String,
  queue_id String,
  outcome String,
  recipient_domain String,
  sender_domain String,
  relay_host String,
  code UInt16,
  enhanced_code String,
  reply String,
  cause String,
  rule String,
  provider String,
  blocklist String,
  listed_ip String
) ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(time) ORDER BY event_id;

-- What failed most, and why. FINAL leaves out what came twice and is not merged yet.
SELECT cause, count() AS failures
FROM mail_events FINAL WHERE outcome IN ('deferred', 'bounced', 'expired')
GROUP BY cause ORDER BY failures DESC, cause;
