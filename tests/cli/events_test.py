import json
import unittest

from cli_case import FAILED, OK, SAMPLE, TRUTH, USAGE, CliCase

KEYS = {"source", "line", "time", "logged", "mta", "host", "instance", "queue_id", "outcome", "recipient", "recipient_domain", "relay_host",
        "relay_ip", "relay_port", "transport", "tls", "sender", "sender_domain", "account", "client_ip", "client_host", "size",
        "message_id", "delay", "code", "enhanced_code", "phase", "reply", "cause", "family", "rule", "provider",
        "blocklist", "listed_ip", "repeat"}

HEAD = "Nov 21 18:00:00 mx1 postfix/"
SMTP = HEAD + "smtp[2]: 4F1A2B3C4D: to=<%s>, relay=mx.example.net[192.0.2.7]:25, delay=1, delays=0/0/0/1, dsn=%s, status=%s\n"
MESSAGE = (HEAD + "submission/smtpd[1]: 4F1A2B3C4D: client=h.example.com[192.0.2.9], sasl_method=PLAIN, sasl_username=ann\n" +
           HEAD + "cleanup[1]: 4F1A2B3C4D: message-id=<1@example.com>\n" +
           HEAD + "qmgr[1]: 4F1A2B3C4D: from=<Ann@Example.com>, size=1234, nrcpt=2 (queue active)\n" +
           SMTP % ("bob@example.net", "4.7.1", "deferred (host mx.example.net[192.0.2.7] said: 451 4.7.1 <bob@example.net>: "
                   "Greylisted, ask carl@example.net. (in reply to RCPT TO command))") +
           SMTP % ("carl@example.net", "2.0.0", "sent (250 2.0.0 Ok: queued as 5A1A2B3C4D)") +
           HEAD + "qmgr[1]: 4F1A2B3C4D: from=<Ann@Example.com>, status=expired, returned to sender\n" +
           HEAD + "qmgr[1]: 4F1A2B3C4D: removed\n")


class Events(CliCase):
    def records(self, *arguments, **options):
        result = self.run_command("events", *arguments, **options)
        self.assert_exit(result, OK)
        return [json.loads(line) for line in result.stdout.splitlines()]

    def test_gives_one_record_a_result_with_known_keys_only(self):
        truth = json.loads(TRUTH.read_text())
        records = self.records("--format=jsonl", SAMPLE)
        self.assertEqual(len(records), sum(truth["outcomes"].values()))
        for record in records:
            self.assertLessEqual(set(record), KEYS)

    def test_a_record_tells_what_the_line_says(self):
        line = ("Nov 21 18:00:00 mx1 postfix/smtp[1200]: 902C386BBC4: to=<ann@shop.example.org>, relay=mx.shop.example.org"
                "[192.0.2.111]:25, delay=2.5, delays=0.1/0/1/1.4, dsn=5.7.1, status=bounced (host mx.shop.example.org[192.0.2.111] "
                "said: 554 5.7.1 Service unavailable; Client host [198.51.100.25] blocked using zen.spamhaus.org (in reply to RCPT "
                "TO command))\n")
        (record,) = self.records(self.write("mail.log", "noise\n" + line))
        expected = {"line": 2, "mta": "postfix", "host": "mx1", "instance": "postfix", "queue_id": "902C386BBC4",
                    "outcome": "bounced", "recipient": "ann@shop.example.org", "recipient_domain": "shop.example.org",
                    "relay_host": "mx.shop.example.org", "relay_ip": "192.0.2.111", "relay_port": 25, "delay": 2.5, "code": 554,
                    "enhanced_code": "5.7.1", "phase": "rcpt", "cause": "ip_blocklisted", "family": "reputation",
                    "blocklist": "spamhaus_zen", "listed_ip": "198.51.100.25"}
        self.assertEqual({key: record.get(key) for key in expected}, expected)

    def test_the_result_that_a_hostile_reply_fakes_does_not_count(self):
        line = ('Nov 21 18:00:00 mx1 postfix/smtp[1]: 902C386BBC4: to=<a@example.org>, relay=mx.example.org[192.0.2.1]:25, delay=1, '
                'delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.example.org[192.0.2.1] said: 550 5.1.1 "x", relay=evil, '
                'status=sent (250 Ok) (in reply to RCPT TO command))\n')
        (record,) = self.records(self.write("mail.log", line))
        self.assertEqual((record["outcome"], record["relay_host"]), ("bounced", "mx.example.org"))

    def test_a_result_has_the_sender_that_other_lines_of_its_queue_id_name(self):
        log = self.write("mail.log", MESSAGE)
        first, second, third = self.records(log)
        expected = {"sender": "Ann@Example.com", "sender_domain": "example.com", "account": "ann", "client_ip": "192.0.2.9",
                    "client_host": "h.example.com", "size": 1234, "message_id": "1@example.com", "transport": "smtp"}
        self.assertEqual({key: first.get(key) for key in expected}, expected)
        self.assertEqual(second["sender"], "Ann@Example.com")
        # The expiry names no recipient: the one that waits has expired, for the cause it was put off for.
        self.assertEqual((third["outcome"], third["recipient"], third["cause"], third["code"], third["sender_domain"]),
                         ("expired", "bob@example.net", "greylisted", 451, "example.com"))

    def test_a_message_that_came_before_the_rotation_has_its_sender_too(self):
        lines = MESSAGE.splitlines(keepends=True)
        records = self.records(self.write("mail.log.1", "".join(lines[:3])), self.write("mail.log", "".join(lines[3:])))
        self.assertEqual({record.get("account") for record in records}, {"ann"})

    def test_addresses_can_be_hidden(self):
        log = self.write("mail.log", MESSAGE)
        records = self.records("--addresses=hidden", "--skipped", log)
        text = json.dumps(records)
        for name in ("bob@", "Ann@", "carl@", '"account"', '"message_id"'):
            self.assertNotIn(name, text)
        result = next(record for record in records if record.get("outcome") == "deferred")
        self.assertEqual((result["recipient"], result["sender"], result["reply"]),
                         ("*@example.net", "*@Example.com", "451 4.7.1 <*@example.net>: Greylisted, ask *@example.net."))

    def test_hashed_addresses_are_the_same_within_a_day_and_under_one_key_only(self):
        key, other = self.write("key", "k" * 32), self.write("other", "o" * 32)
        log = self.write("mail.log", MESSAGE + MESSAGE.replace("Nov 21", "Nov 22").replace("4F1A2B3C4D", "5F1A2B3C4D"))

        def recipients(*options):
            records = self.records("--addresses=hashed", *options, log)
            return [record["recipient"] for record in records if record["outcome"] == "deferred"]

        first, second = recipients(f"--hash-key={key}")
        self.assertRegex(first, r"^[0-9a-f]{16}@example\.net$")
        self.assertNotEqual(first, second)
        self.assertEqual([first, second], recipients(f"--hash-key={key}"))
        self.assertNotIn(first, recipients(f"--hash-key={other}"))
        self.assertNotEqual(recipients(), recipients())
        short = self.run_command("events", "--addresses=hashed", f"--hash-key={self.write('short', 'abc')}", log)
        self.assert_exit(short, FAILED)
        self.assertIn("16 bytes", short.stderr)

    def test_any_bytes_become_valid_json(self):
        line = (b"Nov 21 18:00:00 mx1 postfix/smtp[1]: 902C386BBC4: to=<\xff\xfe@example.org>, relay=none, delay=1, delays=0/0/0/1, "
                b"dsn=5.1.1, status=bounced (host mx[192.0.2.1] said: 550 \xb5\xd8\xd6\xb7 \x01\x1b[31m \"\\ (in reply to RCPT TO command))\n")
        result = self.run_command("events", self.write("mail.log", line))
        self.assert_exit(result, OK)
        self.assertEqual(json.loads(result.stdout)["outcome"], "bounced")
        self.assertNotIn("\x1b", result.stdout)

    def test_a_line_of_several_recipients_is_one_record_for_each(self):
        line = ("Mar  4 05:06:07 mx1 sm-mta[7]: u2456789012345: to=<ann@example.com>,<bob@example.net>, delay=00:00:03, mailer=esmtp, "
                "relay=mx.example.com. [192.0.2.9], dsn=5.1.1, stat=User unknown\n")
        log = self.write("mail.log", line)
        self.assertEqual([(record["line"], record["recipient"], record["recipient_domain"], record["cause"])
                          for record in self.records(log)],
                         [(1, "ann@example.com", "example.com", "user_unknown"), (1, "bob@example.net", "example.net", "user_unknown")])
        summary = json.loads(self.run_command("report", "--format=json", log).stdout)
        self.assertEqual((summary["sources"][0]["counted"], summary["outcomes"]["bounced"]), (1, 2))

    def test_a_folded_line_says_how_often_and_no_line_may_say_too_much(self):
        line = ("Nov 21 18:00:00 mx1 postfix/smtp[1]: message repeated {} times: [ 902C386BBC4: to=<a@example.org>, relay=none, delay=1, "
                "delays=0/0/0/1, dsn=4.4.1, status=deferred (connect to mx.example.org[192.0.2.1]:25: Connection refused)]\n")
        (record,) = self.records(self.write("mail.log", line.format(3)))
        self.assertEqual((record["repeat"], record["outcome"]), (3, "deferred"))
        log = self.write("hostile.log", line.format(10_000) + line.format(10_001) + line.format(4_000_000_000))
        summary = json.loads(self.run_command("report", "--format=json", log).stdout)
        self.assertEqual((summary["outcomes"]["deferred"], summary["sources"][0]["skipped"]["malformed"]), (10_000, 2))

    def test_a_filter_leaves_the_records_that_it_names(self):
        whole = self.records(SAMPLE)
        for filters, wanted in ((["--outcome=bounced"], lambda record: record["outcome"] == "bounced"),
                                (["--outcome=deferred,expired"], lambda record: record["outcome"] in ("deferred", "expired")),
                                (["--cause=user_unknown"], lambda record: record.get("cause") == "user_unknown"),
                                (["--provider=gmail"], lambda record: record.get("provider") == "gmail"),
                                (["--domain=example.net"], lambda record: ("." + record.get("recipient_domain", "")).endswith(".example.net")),
                                (["--sender=news@example.com"], lambda record: record.get("sender") == "news@example.com"),
                                (["--provider=gmail", "--outcome=delivered"],
                                 lambda record: (record.get("provider"), record["outcome"]) == ("gmail", "delivered"))):
            with self.subTest(filters):
                kept = [record for record in whole if wanted(record)]
                self.assertTrue(0 < len(kept) < len(whole))
                self.assertEqual(self.records(*filters, SAMPLE), kept)

    def test_a_filter_that_nothing_can_pass_is_told_with_what_was_meant(self):
        for filters, words in (("--outcome=bounce", "--outcome: there is no `bounce`; did you mean bounced?"),
                               ("--outcome=failed", "write one of delivered, deferred, bounced"),
                               ("--cause=user_unkown", "--cause: there is no `user_unkown`; did you mean user_unknown?"),
                               ("--provider=gmial", "did you mean gmail?")):
            with self.subTest(filters):
                self.assert_complains(self.run_command("events", filters, SAMPLE), FAILED, words)

    def test_since_and_until_hold_for_events_too(self):
        records = self.records("--since=2026-11-21T17:00:05Z", SAMPLE)
        self.assertTrue(records)
        self.assertTrue(all(record["time"] >= "2026-11-21T17:00:05" for record in records))

    def test_the_time_is_rfc_3339_whatever_the_log_has(self):
        exim = "%s 1uXyZa-00000000Abc-2cDe ** a@example.org R=dnslookup T=remote_smtp H=mx.example.org [192.0.2.1]: SMTP error: 550 5.1.1 no\n"
        for stamp, time in (("2026-11-21 18:00:00", "2026-11-21T18:00:00+01:00"), ("2026-07-21 18:00:00.250 +0000", "2026-07-21T20:00:00+02:00")):
            (record,) = self.records(self.write("mainlog", exim % stamp), env={"TZ": "Europe/Berlin"})
            self.assertEqual((record["time"], record["logged"]), (time, stamp))
        stamp = "2026-11-21T18:00:00.120679+00:00"
        (record,) = self.records(self.write("mail.log", stamp + (SMTP % ("a@example.net", "5.1.1", "bounced (unknown)")).removeprefix("Nov 21 18:00:00")))
        self.assertEqual((record["time"], record["logged"]), (stamp, stamp))

    def test_csv_has_a_header_and_as_many_rows(self):
        result = self.run_command("events", "--format=csv", SAMPLE)
        self.assert_exit(result, OK)
        header = result.stdout.splitlines()[0].split(",")
        self.assertEqual(set(header), KEYS)

    def test_says_of_a_file_without_mail_that_it_is_none(self):
        log = self.write("passwd", "root:x:0:0:root:/root:/bin/bash\n" * 3)
        result = self.run_command("events", log)
        self.assertEqual((result.returncode, result.stdout), (OK, ""))
        self.assertIn("looks like a mail log", result.stderr)
        self.assertEqual(self.run_command("events", "--skipped", log).stderr, "")

    def test_takes_no_file_for_the_value_that_an_option_lacks(self):
        for option in ("--outcome", "--provider", "--config.file"):
            self.assert_complains(self.run_command("events", f"{option}=", SAMPLE), USAGE, f"'{option}' has no value",
                                  f"write {option}=VALUE, or leave it out")

    def test_an_empty_value_does_not_stand_for_all(self):
        """A list is cleaned by `--domain "$UNSET"`."""
        for option in ("--domain", "--sender", "--cause", "--provider", "--outcome", "--hash-key"):
            for command in ("events", "report"):
                if command == "events" or option not in ("--outcome", "--hash-key"):
                    self.assert_complains(self.run_command(command, option, "", SAMPLE), USAGE, f"'{option}' has no value")

    def test_an_option_that_the_format_has_no_use_for_is_refused(self):
        key = self.write("key", "0123456789abcdef")
        for arguments, words in ((("--skipped", "--format=csv"), "--skipped: is for --format=jsonl"),
                                 (("--skipped", "--format=ecs"), "--skipped: is for --format=jsonl"),
                                 ((f"--hash-key={key}",), "--hash-key: is for --addresses=hashed"),
                                 ((f"--hash-key={key}", "--addresses=hidden"), "--hash-key: is for --addresses=hashed")):
            result = self.run_command("events", *arguments, SAMPLE)
            self.assert_exit(result, USAGE)
            self.assertEqual(result.stdout, "")
            self.assertIn(words, result.stderr)

    def test_says_which_filters_left_nothing(self):
        for arguments, filters in ((("--domain=none.example",), "--domain"), (("--cause=rate_limited", "--domain=none.example"), "--domain and --cause"),
                                   (("--since=2001-01-01", "--sender=none.example", "--outcome=bounced"), "--since, --sender and --outcome")):
            result = self.run_command("events", *arguments, SAMPLE)
            self.assertEqual((result.returncode, result.stdout), (OK, ""))
            self.assertRegex(result.stderr, f"nothing is left of [0-9]+ results: {filters} left all out\n")

    def test_complains_of_a_missing_file(self):
        self.assert_complains(self.run_command("events", "nowhere.log"), FAILED, "nowhere.log")


if __name__ == "__main__":
    unittest.main()
