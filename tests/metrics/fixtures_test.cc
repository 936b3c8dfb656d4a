#include "tests/metrics/fixtures.h"

namespace bouncesight {

std::shared_ptr<const RuleNames> TestNames() {
  RuleNames names = *BuiltinNames();
  names.rules = {"", "no-such-user", "busy"};
  names.providers = {"", "bigmail", "smallmail"};
  names.provider_lists = {"bigmail_throttle"};
  return std::make_shared<const RuleNames>(std::move(names));
}

DeliveryEvent Bounce(std::string_view domain) {
  DeliveryEvent event;
  event.outcome = Outcome::kBounced;
  event.instance = "postfix";
  event.queue_id = "3xYzAb";
  event.recipient_domain = domain;
  event.delay_seconds = 1.5;
  event.reply.code = 550;
  event.reply.enhanced = {5, 1, 1};
  return event;
}

DeliveryEvent Deferral(std::string_view domain) {
  DeliveryEvent event = Bounce(domain);
  event.outcome = Outcome::kDeferred;
  event.reply.code = 451;
  event.reply.enhanced = {4, 7, 1};
  return event;
}

DeliveryEvent Delivery(std::string_view domain) {
  DeliveryEvent event = Bounce(domain);
  event.outcome = Outcome::kDelivered;
  event.reply.code = 250;
  event.reply.enhanced = {2, 0, 0};
  return event;
}

DeliveryEvent Refusal() {
  DeliveryEvent event = Bounce("ours.example");
  event.outcome = Outcome::kRejected;
  event.reply.code = 554;
  event.reply.enhanced = {5, 7, 1};
  return event;
}

Verdict Because(CauseId cause) {
  Verdict verdict;
  verdict.cause = cause;
  verdict.rule = kTestRule;
  verdict.provider = kTestProvider;
  return verdict;
}

std::uint64_t FailuresOf(const Snapshot& snapshot, std::string_view domain) {
  std::uint64_t sum = 0;
  for (const DomainSeries& one : snapshot.domain_series) {
    if (snapshot.domains[one.key.domain].name == domain) sum += one.count;
  }
  return sum;
}

std::uint64_t AllDomainFailures(const Snapshot& snapshot) {
  std::uint64_t sum = 0;
  for (const DomainSeries& one : snapshot.domain_series) sum += one.count;
  return sum;
}

Snapshot FullSnapshot() {
  TotalsLimits limits;
  limits.max_instances = 1;
  limits.max_blocklist_pairs = 1;
  limits.max_series_per_domain = 2;
  limits.domains.max_domains = 4;
  Totals totals(limits);
  Tally tally(TestNames());
  const SourceId mail = tally.Source("mail"), relay = tally.Source("relay");
  tally.CountBytes(mail, 12345);
  tally.CountTruncated(mail);
  for (std::size_t i = 0; i < kSkipReasonCount; ++i) {
    tally.CountSkip(relay, static_cast<SkipReason>(i));
  }
  for (std::size_t i = 0; i < kBuiltinCauseCount; ++i) {
    tally.CountEvent(mail, Bounce("example.com"), Because(static_cast<CauseId>(i)));
  }
  for (const char* domain : {"example.net", "example.org",
                             "b\xc3\xbc"
                             "cher.example"}) {
    tally.CountEvent(mail, Deferral(domain), Because(CauseId::kGreylisted));
    DeliveryEvent delivery = Delivery(domain);
    delivery.step_seconds = {0.1, 0.2, 0.2, 1};
    tally.CountEvent(mail, delivery, {});
  }
  for (const char* instance : {"postfix-out", "exim4"}) {
    DeliveryEvent event = Bounce("example.com");
    event.instance = instance;
    Verdict verdict = Because(CauseId::kIpBlocklisted);
    verdict.blocklist = "spamhaus_zen";
    verdict.listed_ip = instance == std::string_view("exim4") ? "192.0.2.1" : "2001:db8::1";
    tally.CountEvent(mail, event, verdict);
  }
  DeliveryEvent refusal = Refusal();
  Verdict refused = Because(CauseId::kIpBlocklisted);
  refused.blocklist = "spamhaus_zen";
  tally.CountEvent(mail, refusal, refused);
  totals.Advance(60);
  totals.Merge(tally);
  return *totals.Publish();
}

Snapshot ShownSnapshot() {
  Snapshot snapshot = FullSnapshot();
  JoinedRows rows;
  rows.senders = {{"other", {1, 2, 3, 4}, {1}}, {"example.com", {1, 0, 2, 0}, {0, 2}}};
  rows.accounts = {{"alice", {0, 1, 0, 0}, {0, 0, 1}}};
  rows.first_deferrals = {3};
  rows.waiting = {{0, 1, 2, 3600}};
  rows.forgotten = 1;
  snapshot.joined = {{"mail", rows}, {"relay", rows}};
  return snapshot;
}

Live FullLive() {
  Live live;
  live.version = "1.2.3";
  live.revision = "0123abcd";
  live.compiler = "gcc-12";
  live.rules_hash = "feed";
  live.rules_builtin = 600;
  live.rules_operator = 3;
  live.sources.resize(2);
  LiveSource& mail = live.sources[0];
  mail.name = "mail";
  mail.lag_bytes = 4096;
  mail.last_line_timestamp_seconds = 1.7e9;
  mail.rotations = 2;
  mail.truncations = 1;
  mail.files_abandoned = 1;
  mail.formats = {"postfix"};
  mail.lost_bytes = 512;
  mail.files = SourceFiles{.open = 2, .missing = 1, .denied = 0, .hung = 0};
  mail.gaps = 2;
  LiveSource& relay = live.sources[1];
  relay.name = "relay";
  relay.last_line_timestamp_seconds = 1.7e9;
  relay.kernel_drops = 7;
  relay.datagrams = {{"denied", 3}};
  relay.open_connections = 2;
  relay.connections = {{"closed", 5}};
  relay.kafka = LiveKafka{.partitions = {.open = 3, .missing = 1, .denied = 0, .away = 2},
                          .records = 70,
                          .lag_records = 5,
                          .lost_records = 4,
                          .repeated_bytes = 600};
  live.shippers.push_back({.source = "mail",
                           .topic = "lines",
                           .lines = 40,
                           .records = 2,
                           .bytes = 9000,
                           .failures = 1,
                           .lag_bytes = 300,
                           .up = true});
  live.history = LiveHistory{.up = true, .rows = 9, .dropped_rows = 1, .bytes = 8192};
  return live;
}

}  // namespace bouncesight
