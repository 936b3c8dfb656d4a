"""The history: what `serve` keeps of failures, and who asks for it."""

import contextlib
import json
import re
import shutil
import sqlite3
import time
import unittest

from cli_case import FAILED, OK, SOURCE, USAGE, CliCase, Daemon, total

PAGE = SOURCE / "daemon" / "history" / "HISTORY.md"
DAY = 86400


def lines_counted(count):
    return lambda samples: total(samples, "bouncesight_source_lines_total") >= count


def stamp(ago=0):
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() - ago))


def line(queue_id, domain, status, dsn, text, ago=0):
    return (f"{stamp(ago)} mx1 postfix/smtp[2]: {queue_id}: to=<ann@{domain}>, relay=mx.{domain}[192.0.2.7]:25, delay=1, "
            f"delays=0/0/0/1, dsn={dsn}, status={status} ({text})\n")


def said(domain, reply):
    return f"host mx.{domain}[192.0.2.7] said: {reply} (in reply to RCPT TO command)"


LISTED = "554 5.7.1 Service unavailable; Client host [198.51.100.25] blocked using zen.spamhaus.org"
LOG = (f"{stamp(60)} mx1 postfix/qmgr[1]: 4XkP2z3Rq1z2T: from=<news@shop.example>, size=9, nrcpt=1 (queue active)\n" +
       line("4XkP2z3Rq1z2T", "example.net", "bounced", "5.1.1", said("example.net", "550 5.1.1 <ann@example.net>: no such user"), 50) +
       line("4XkP2z3Rq1z2U", "example.net", "sent", "2.0.0", "250 2.0.0 Ok", 40) * 3 +
       line("4XkP2z3Rq1z2V", "example.org", "deferred", "4.7.1", said("example.org", "451 4.7.1 Greylisted, try again later"), 30) +
       line("4XkP2z3Rq1z2W", "example.com", "bounced", "5.7.1", said("example.com", LISTED), 20) +
       line("4XkP2z3Rq1z2X", "example.com", "bounced", "5.0.0", said("example.com", "550 5.0.0 the moon stands in the wrong house"), 10) +
       line("4XkP2z3Rq1z2Y", "old.example", "bounced", "5.1.1", said("old.example", "550 5.1.1 no such user"), 40 * DAY) +
       f"{stamp(5)} mx1 postfix/smtpd[3]: NOQUEUE: reject: RCPT from h.example[203.0.113.9]: 450 4.2.0 <ann@example.com>: Recipient "
       "address rejected: Greylisted; from=<a@h.example> to=<ann@example.com> proto=ESMTP helo=<h.example>\n")


class History(CliCase):
    def keep(self, text=LOG, extra=""):
        log = self.write("mail.log", text)
        daemon = Daemon(self, f"  - {{name: mail, type: file, paths: [{log}], start: beginning}}", extra=extra)
        metrics = daemon.wait_for(lines_counted(text.count("\n")), "every line")
        self.assertEqual(daemon.stop(), OK)
        return metrics

    def query(self, sql):
        with contextlib.closing(sqlite3.connect(f"file:{self.folder}/state/history.db?mode=ro", uri=True)) as history:
            return history.execute(sql).fetchall()

    def command(self, *arguments):
        result = self.run_command(*arguments, f"--config.file={self.folder}/bouncesight.yaml")
        self.assert_exit(result, OK)
        return result.stdout

    def test_its_sums_are_those_of_the_counters_but_for_what_is_too_old(self):
        metrics = self.keep()
        self.assertEqual(dict(self.query("SELECT outcome, sum(results) FROM totals GROUP BY outcome")),
                         {"delivered": 3, "deferred": 1, "bounced": 3, "rejected": 1})
        self.assertEqual(total(metrics, "bouncesight_failures_total", outcome="bounced"), 4)
        for cause, count in self.query("SELECT cause, sum(results) FROM failures WHERE cause != 'user_unknown' GROUP BY cause"):
            self.assertEqual(total(metrics, "bouncesight_failures_total", cause=cause), count, cause)
        self.assertEqual(total(metrics, "bouncesight_history_up"), 1)
        self.assertEqual(total(metrics, "bouncesight_history_rows_total"), 5)
        self.assertEqual(total(metrics, "bouncesight_history_dropped_rows_total"), 0)

    def test_report_tells_of_it_what_it_tells_of_the_log(self):
        self.keep()
        of_log = json.loads(self.command("report", "--format=json", "--since=2d", self.folder / "mail.log"))
        of_history = json.loads(self.command("report", "--format=json", "--history"))
        for key in ("outcomes", "causes", "blocklists"):
            self.assertIn(key, of_log)
            self.assertEqual(of_history[key], of_log[key], key)
        self.assertEqual(of_history["rejections"], of_log["rejections"])
        self.assertIsNone(of_history["recipients"].get("waiting"), "it knows no deliveries one by one")
        greylisted = json.loads(self.command("report", "--format=json", "--history=1d", "--cause=greylisted"))
        self.assertEqual([cause["name"] for cause in greylisted["causes"]], ["greylisted"])
        before = json.loads(self.command("report", "--format=json", "--history", "--until=1h"))
        self.assertEqual(before["causes"], [])

    def test_events_gives_its_rows(self):
        self.keep()
        records = [json.loads(text) for text in self.command("events", "--history").splitlines()]
        self.assertEqual([record["queue_id"] for record in records if "queue_id" in record],
                         ["4XkP2z3Rq1z2T", "4XkP2z3Rq1z2V", "4XkP2z3Rq1z2W", "4XkP2z3Rq1z2X"])
        first = records[0]
        self.assertEqual({key: first[key] for key in ("source", "host", "outcome", "recipient_domain", "sender_domain", "code",
                                                      "enhanced_code", "cause", "mta")},
                         {"source": "mail", "host": "mx1", "outcome": "bounced", "recipient_domain": "example.net",
                          "sender_domain": "shop.example", "code": 550, "enhanced_code": "5.1.1", "cause": "user_unknown",
                          "mta": "postfix"})
        self.assertNotIn("ann", json.dumps(records))
        self.assertFalse({"recipient", "sender", "line"} & set(first))
        self.assertEqual((records[2]["blocklist"], records[2]["listed_ip"]), ("spamhaus_zen", "198.51.100.25"))
        self.assertEqual(records[-1]["outcome"], "rejected")
        self.assertEqual(self.command("events", "--history", "--until=1h"), "")
        self.assertEqual(len(self.command("events", "--history=25s", "--format=csv").splitlines()), 1 + 3)

    def test_recipients_are_kept_as_privacy_wants_it(self):
        for mode, wanted in (("hidden", None), ("full", "ann@example.net"), ("hashed", r"[0-9a-f]{16}@example\.net")):
            self.keep(extra=f"privacy: {{addresses: {mode}}}\n")
            kept = self.query("SELECT recipient FROM failures ORDER BY id")[0][0]
            if wanted is None:
                self.assertIsNone(kept)
            else:
                self.assertRegex(kept, f"^{wanted}$")
            shutil.rmtree(self.folder / "state")

    def test_nobody_else_may_read_it(self):
        self.keep()
        self.assertEqual((self.folder / "state" / "history.db").stat().st_mode & 0o777, 0o600)
        self.assertEqual([path.name for path in (self.folder / "state").glob("history.db-*")], [])

    def test_none_is_kept_where_none_is_wanted(self):
        metrics = self.keep(extra="history: {enabled: false}\n")
        self.assertEqual([name for name, _ in metrics if "history" in name], [])
        self.assertFalse((self.folder / "state" / "history.db").exists())
        result = self.run_command("report", "--history", f"--config.file={self.folder}/bouncesight.yaml")
        self.assert_complains(result, FAILED, "history.db", "bouncesight serve")

    def test_a_file_beside_it_is_wrong_usage(self):
        self.assert_exit(self.run_command("events", "--history", self.write("mail.log", LOG)), USAGE)
        self.assert_exit(self.run_command("events", "--history=someday"), USAGE)

    def test_each_question_of_the_page_has_an_answer(self):
        self.keep()
        questions = re.findall(r"```sql\n(.*?)```", PAGE.read_text(), re.S)
        self.assertGreaterEqual(len(questions), 8)
        for sql in questions:
            self.assertNotEqual(self.query(sql), [], sql)

    def test_each_view_has_the_columns_of_the_page(self):
        self.keep()
        for view, columns in re.findall(r"^\| `(\w+)` \|[^|]*\| `([a-z_, ]+)`", PAGE.read_text(), re.M):
            self.assertEqual(", ".join(row[1] for row in self.query(f"PRAGMA table_info({view})")), columns, view)


if __name__ == "__main__":
    unittest.main()
