"""Every metric of metrics/METRICS.md in a scrape of the real binary, and nothing else in it."""

import re
import unittest

from cli_case import HAS_KAFKA, SAMPLE, SOURCE, CliCase, Daemon, total

PAGE = SOURCE / "metrics" / "METRICS.md"
ROW = re.compile(r"^\| `(\w+)` \| (\w+) \| (.*?) \|", re.MULTILINE)
# Label names that clash with those that Prometheus gives to a target, or say nothing.
REFUSED = {"service", "instance", "job", "zone", "region", "cluster", "env", "stage", "owner", "customer", "dc", "type"}
SUFFIXES = re.compile(r"_(bucket|count|sum)$")
LISTED = ("Nov 21 18:00:00 mx1 postfix/smtp[1]: 902C386BBC4: to=<a@example.org>, relay=mx.example.net[192.0.2.1]:25, delay=1, "
          "delays=0/0/0/1, dsn=5.7.1, status=bounced (host mx.example.net[192.0.2.1] said: 550 5.7.1 Service unavailable; client "
          "[198.51.100.7] blocked using zen.spamhaus.org (in reply to RCPT TO command))\n")
REFUSED_BY_US = ("2026-11-21T17:30:01.000000+00:00 mx1 postfix/smtpd[99]: NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 554 5.7.1 Service "
                 "unavailable; Client host [203.0.113.9] blocked using zen.spamhaus.org; from=<a@example.org> to=<b@example.com> proto=ESMTP helo=<x>\n")
CAUSES = 45
NOBODY = 9  # the port of the discard service, where no broker is


HANDED_IN = ("Nov 21 18:00:00 mx1 postfix/smtpd[1]: 912C386BBC4: client=h.example.com[192.0.2.9], sasl_method=PLAIN, sasl_username=alice\n"
             "Nov 21 18:00:00 mx1 postfix/qmgr[1]: 912C386BBC4: from=<alice@customer.example>, size=9, nrcpt=1 (queue active)\n"
             "Nov 21 18:00:09 mx1 postfix/smtp[1]: 912C386BBC4: to=<a@example.org>, relay=mx.example.net[192.0.2.1]:25, delay=3600, "
             "delays=0/0/0/1, dsn=4.7.1, status=deferred (host mx.example.net[192.0.2.1] said: 450 4.7.1 Greylisted (in reply to RCPT TO "
             "command))\n")


class Metrics(CliCase):
    def setUp(self):
        super().setUp()
        log = self.write("mail.log", SAMPLE.read_bytes() + LISTED.encode() + REFUSED_BY_US.encode() +
                         HANDED_IN.encode())
        topic = f"  - {{name: topic, type: kafka, topic: mail, brokers: ['127.0.0.1:{NOBODY}']}}" if HAS_KAFKA else ""
        output = f"outputs: [{{type: kafka, topic: lines, brokers: ['127.0.0.1:{NOBODY}']}}]" if HAS_KAFKA else ""
        self.daemon = Daemon(self, f"  - {{name: mail, type: file, paths: [{log}], start: beginning}}\n"
                              '  - {name: relay, type: syslog, listen: ["udp://127.0.0.1:0", "tcp://127.0.0.1:0"]}\n' + topic,
                             extra="metrics: {accounts: true}\n" + output)
        self.samples = self.daemon.wait_for(lambda samples: total(samples, "bouncesight_source_lines_total") >= 485, "every line")

    def families(self):
        """{family: (type, {label names})} of the scrape."""
        types = dict(re.findall(r"^# TYPE (\w+) (\w+)$", self.daemon.get("/metrics")[2].decode(), re.MULTILINE))
        found = {name: (kind, set()) for name, kind in types.items()}
        for name, labels in self.samples:
            family = name if name in found else SUFFIXES.sub("", name)
            found[family][1].update(label for label, _ in labels)
            if found[family][0] == "histogram":
                found[family][1].discard("le")
        return found

    def test_the_reference_is_complete_and_true(self):
        written = {name: (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels in ROW.findall(PAGE.read_text())
                   if HAS_KAFKA or not name.startswith("bouncesight_kafka_")}
        found = self.families()
        self.assertEqual(sorted(found), sorted(written))
        for name in found:
            self.assertEqual(found[name], written[name], name)

    def test_no_label_has_a_name_that_prometheus_or_common_sense_refuses(self):
        for name, (_, labels) in self.families().items():
            self.assertFalse(labels & REFUSED, name)

    def test_counters_end_in_total_and_nothing_else_does(self):
        for name, (kind, _) in self.families().items():
            self.assertEqual(name.endswith("_total"), kind == "counter", name)
            self.assertNotRegex(name, r"_(ms|milliseconds|percent|minutes|kb)(_|$)")

    def test_closed_sets_are_there_at_zero(self):
        def series(name):
            return {labels for metric, labels in self.samples if metric == name}
        causes = {dict(labels)["cause"] for labels in series("bouncesight_failures_total")}
        self.assertGreaterEqual(len(causes), CAUSES)
        results = {dict(labels)["result"] for labels in series("bouncesight_source_lines_total")}
        self.assertLessEqual({"counted", "not_delivery", "unknown_format", "malformed"}, results)
        self.assertEqual({dict(labels)["label"] for labels in series("bouncesight_label_overflow_total")},
                         {"domain", "code", "mta_instance", "blocklist", "provider"})

    def test_failures_have_the_sender_and_account_of_their_queue_id(self):
        self.assertEqual(total(self.samples, "bouncesight_sender_failures_total", sender_domain="customer.example", cause="greylisted"), 1)
        self.assertEqual(total(self.samples, "bouncesight_sender_deliveries_total", sender_domain="customer.example"), 1)
        self.assertEqual(total(self.samples, "bouncesight_account_failures_total", account="alice", cause="greylisted"), 1)
        self.assertEqual(total(self.samples, "bouncesight_sender_deliveries_total"),
                         total(self.samples, "bouncesight_deliveries_total") -
                         total(self.samples, "bouncesight_deliveries_total", outcome="suspended"))
        self.assertGreaterEqual(total(self.samples, "bouncesight_waiting_recipients"), 1)
        self.assertGreaterEqual(max(value for (name, _), value in self.samples.items() if name == "bouncesight_waiting_oldest_seconds"), 3600)

    def test_a_refusal_of_ours_names_its_list_and_no_client(self):
        self.assertEqual(total(self.samples, "bouncesight_rejection_blocklists_total", blocklist="spamhaus_zen"), 1)
        self.assertNotIn(b"203.0.113.9", self.daemon.get("/metrics")[2])


if __name__ == "__main__":
    unittest.main()
