-- A table for `bouncesight events --format=ecs`, and questions to it. Tried with ClickHouse 18.16 (Debian 12).
--
--   clickhouse-client --multiquery <events.sql
--   bouncesight events --format=ecs --addresses=hidden /var/log/mail.log |
--     clickhouse-client --date_time_input_format=best_effort --input_format_skip_unknown_fields=1 \
--                       --query='INSERT INTO mail FORMAT JSONEachRow'
--
-- Fields that have no column are passed over. Columns that a record does not have are empty or 0.

CREATE TABLE IF NOT EXISTS mail (
  `@timestamp` DateTime,
  `event.action` String,
  `event.provider` String,
  `host.name` String,
  `service.name` String,
  `destination.domain` String,
  `destination.ip` String,
  `email.direction` String,
  `email.local_id` String,
  `email.from.address` String,
  `email.to.address` String,
  `message` String,
  `bouncesight.source` String,
  `bouncesight.sender_domain` String,
  `bouncesight.recipient_domain` String,
  `bouncesight.code` UInt16,
  `bouncesight.enhanced_code` String,
  `bouncesight.cause` String,
  `bouncesight.provider` String,
  `bouncesight.blocklist` String,
  `bouncesight.listed_ip` String
) ENGINE = MergeTree PARTITION BY toYYYYMM(`@timestamp`) ORDER BY (`@timestamp`, `bouncesight.recipient_domain`);

-- What failed most, and why.
SELECT `bouncesight.cause` AS cause, count() AS failures
FROM mail WHERE `event.action` IN ('deferred', 'bounced', 'expired')
GROUP BY cause ORDER BY failures DESC, cause;

-- When it began: failures an hour.
SELECT toStartOfHour(`@timestamp`) AS hour, count() AS failures
FROM mail WHERE `event.action` IN ('deferred', 'bounced', 'expired')
GROUP BY hour ORDER BY hour;

-- What share each provider refuses.
SELECT `bouncesight.provider` AS provider, count() AS attempts,
       round(100 * countIf(`event.action` = 'bounced') / count(), 1) AS bounced_percent
FROM mail WHERE `event.action` IN ('delivered', 'deferred', 'bounced', 'expired')
GROUP BY provider ORDER BY attempts DESC, provider;

-- Since when which address of ours is listed.
SELECT `bouncesight.blocklist` AS list, `bouncesight.listed_ip` AS ip, min(`@timestamp`) AS first, max(`@timestamp`) AS last,
       count() AS failures
FROM mail WHERE `bouncesight.blocklist` != '' AND `event.action` != 'rejected'
GROUP BY list, ip ORDER BY failures DESC, list, ip;

-- Whose mail bounces most.
SELECT `bouncesight.sender_domain` AS sender, countIf(`event.action` = 'bounced') AS bounces
FROM mail GROUP BY sender HAVING bounces > 0 ORDER BY bounces DESC, sender LIMIT 20;
