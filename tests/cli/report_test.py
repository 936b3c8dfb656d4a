import calendar
import collections
import email
import email.policy
import gzip
import json
import os
import re
import time
import unicodedata
import unittest

from cli_case import FAILED, NOBODY, OK, SAMPLE, TRUTH, USAGE, CliCase

DELIVERY = ("{time} mx1 postfix/smtp[1200]: 902C386BBC4: to=<ann@example.org>, relay=mx.example.org[192.0.2.111]:25, delay=2.5, "
            "delays=0.1/0/1/1.4, dsn=5.1.1, status=bounced (host mx.example.org[192.0.2.111] said: 550 5.1.1 user unknown "
            "(in reply to RCPT TO command))\n")


def results(summary):
    """What became of all that was counted, refusals of our own too; without zeros."""
    counts = summary["outcomes"] | {"rejected": summary["rejections"]["count"]}
    return {name: count for name, count in counts.items() if count}


class Report(CliCase):
    def summary(self, *arguments, **options):
        result = self.run_command("report", "--format=json", *arguments, **options)
        self.assert_exit(result, OK)
        return json.loads(result.stdout)

    def test_counts_the_sample_as_its_generator_meant_it(self):
        truth = json.loads(TRUTH.read_text())
        summary = self.summary("--top=100", SAMPLE)
        self.assertEqual(results(summary), truth["outcomes"])

    def test_names_the_causes_that_the_generator_meant(self):
        truth = json.loads(TRUTH.read_text())
        wanted = collections.Counter()
        for outcome, causes in truth["causes"].items():
            if outcome not in ("suspended", "rejected"):  # no attempt was made; none of ours was refused
                wanted.update(causes)
        summary = self.summary("--top=100", SAMPLE)
        refusals = {row["name"]: row["count"] for row in summary["rejections"]["causes"]}
        self.assertEqual(refusals, truth["causes"]["rejected"])
        self.assertEqual({row["name"]: row["count"] for row in summary["causes"]}, dict(wanted))
        self.assertEqual(summary["unclassified"], 0)

    def test_reads_each_line_once_whatever_its_packing(self):
        packed = self.write("mail.log.gz", gzip.compress(SAMPLE.read_bytes()))
        plain, unpacked = self.summary(SAMPLE), self.summary(packed)
        piped = self.summary("-", stdin=SAMPLE.read_bytes())
        self.assertEqual(plain["outcomes"], unpacked["outcomes"])
        self.assertEqual(plain["outcomes"], piped["outcomes"])

    def test_prints_a_table_of_causes_and_domains(self):
        result = self.run_command("report", SAMPLE)
        self.assert_exit(result, OK)
        for word in ("user_unknown", "gmail.com", "ip_blocklisted", "480"):
            self.assertIn(word, result.stdout)
        self.assertNotIn("\x1b", result.stdout, "colour in a pipe")

    def test_an_empty_file_is_a_report_of_nothing(self):
        summary = self.summary(self.write("empty.log", ""))
        self.assertEqual(sum(summary["outcomes"].values()), 0)

    def test_words_are_explained_where_they_are_used(self):
        for form in ("text", "html"):
            explained = [("What the words mean" in self.run_command("report", f"--format={form}", log).stdout) for log in (os.devnull, SAMPLE)]
            self.assertEqual(explained, [False, True], form)

    def test_a_binary_file_gives_skips_and_no_error(self):
        summary = self.summary(self.write("binary.log", bytes(range(256)) * 400))
        self.assertEqual(sum(summary["outcomes"].values()), 0)
        source = summary["sources"][0]
        self.assertEqual(source["lines"], sum(source["skipped"].values()))

    def test_lines_read_are_events_and_skips(self):
        for content in (SAMPLE.read_bytes(), b"\n\n \n", b"no log\n" * 7, b"\0\0\n" + SAMPLE.read_bytes()[:5000], b"x" * 200_000):
            summary = self.summary(self.write("mail.log", content))
            source = summary["sources"][0]
            self.assertEqual(source["lines"], source["counted"] + sum(source["skipped"].values()), content[:40])
            self.assertEqual(source["counted"], sum(results(summary).values()))

    def test_complains_of_a_missing_file(self):
        self.assert_complains(self.run_command("report", "nowhere.log"), FAILED, "nowhere.log")

    def test_complains_of_a_directory(self):
        self.assert_complains(self.run_command("report", self.folder), FAILED, self.folder)

    def test_complains_of_a_file_that_may_not_be_read(self):
        secret = self.write("secret.log", SAMPLE.read_bytes())
        secret.chmod(0)
        user = NOBODY if os.geteuid() == 0 else None
        try:
            result = self.run_command("report", secret, user=user)
        except PermissionError:
            self.skipTest("other users cannot run the binary where it lies")
        self.assert_complains(result, FAILED, "secret.log")

    def test_one_missing_file_among_others_is_an_error_too(self):
        result = self.run_command("report", "nowhere.log", SAMPLE)
        self.assert_complains(result, FAILED, "nowhere.log")
        self.assertIn("user_unknown", result.stdout, "the others are reported")

    def outcomes(self, *arguments, **options):
        return results(self.summary(*arguments, **options))

    def test_since_and_until_cut_a_span_out_and_account_for_the_rest(self):
        log = self.write("mail.log", "".join(DELIVERY.format(time=time) for time in (
            "2026-11-20T12:59:59+00:00", "2026-11-20T13:00:00+00:00", "2026-11-20T15:30:00+02:00", "2026-11-21T00:00:00+00:00")))
        summary = self.summary("--since=2026-11-20T13:00Z", "--until=2026-11-21T00:00Z", log)
        self.assertEqual(summary["outcomes"]["bounced"], 2)
        source = summary["sources"][0]
        self.assertEqual(source["skipped"]["excluded"], 2)
        self.assertEqual(source["lines"], source["counted"] + sum(source["skipped"].values()))
        self.assertEqual(self.summary(log)["outcomes"]["bounced"], 4)

    def test_every_line_lies_before_or_after_a_moment(self):
        whole = self.outcomes(SAMPLE)
        before = collections.Counter(self.outcomes("--until=2026-11-21T17:00:05Z", SAMPLE))
        after = collections.Counter(self.outcomes("--since=2026-11-21T17:00:05Z", SAMPLE))
        self.assertTrue(before and after)
        self.assertEqual(dict(before + after), whole)

    def test_relative_times_count_from_now(self):
        now = time.time()
        log = self.write("mail.log", "".join(DELIVERY.format(time=f"{now - age:.6f}") for age in (60, 4000, 100_000)))
        self.assertEqual(self.outcomes("--since=1h", log), {"bounced": 1})
        self.assertEqual(self.outcomes("--since=1d2h", log), {"bounced": 2})
        self.assertEqual(self.outcomes("--until=2h", log), {"bounced": 1})
        self.assertEqual(self.outcomes("--since=1w", "--until=30m", log), {"bounced": 2})

    def test_a_stamp_without_a_year_is_older_than_its_file(self):
        log = self.write("mail.log", DELIVERY.format(time="Nov 20 13:00:00"))
        written = calendar.timegm((2019, 11, 21, 0, 0, 0))
        os.utime(log, (written, written))
        self.assertEqual(self.outcomes("--since=2019-11-20", "--until=2019-11-21", log), {"bounced": 1})

    def test_an_expiry_keeps_the_cause_that_was_said_before_the_span(self):
        line = "{} mx1 postfix/{}: 902C386BBC4: to=<ann@example.org>, relay=none, delay=9, delays=1/2/3/3, dsn=4.4.1, {}\n"
        log = self.write("mail.log", line.format("2026-11-20T12:00:00Z", "smtp[1]",
                                                 "status=deferred (connect to mx.example.org[192.0.2.1]:25: Connection refused)")
                         + "2026-11-20T13:00:00Z mx1 postfix/qmgr[2]: 902C386BBC4: from=<bob@example.com>, status=expired, "
                           "returned to sender\n")
        (cause,) = self.summary("--since=2026-11-20T12:30Z", log)["causes"]
        self.assertEqual(cause["name"], "connect_refused")

    def test_says_how_many_events_have_no_time_to_go_by(self):
        log = self.write("mail.log", DELIVERY.format(time="").lstrip())
        result = self.run_command("report", "--since=2000-01-01", log)
        self.assert_exit(result, OK)
        if "0 counted" in result.stdout:
            self.assertIn("1 result was left out: it does not say when it was", result.stderr)

    def test_refuses_times_that_make_no_sense(self):
        for arguments in (["--since=soon"], ["--since=2026-02-30"], ["--since=2h", "--until=3h"], ["--until="]):
            result = self.run_command("report", *arguments, SAMPLE)
            self.assert_exit(result, USAGE)
            self.assertIn("--", result.stderr)

    def test_says_in_words_that_a_file_is_no_mail_log(self):
        for name, content in (("notes.txt", "Dear diary\n" * 20), ("binary.log", bytes(range(256)) * 400),
                              ("auth.log", "Nov 21 18:00:00 host sshd[1]: Accepted publickey for ann\n" * 5)):
            result = self.run_command("report", self.write(name, content))
            self.assert_complains(result, OK, "no line of", name, "looks like a mail log", "events --skipped")

    def test_says_that_the_forced_format_is_why_nothing_fits(self):
        result = self.run_command("report", "--log-format=coremail", SAMPLE)
        self.assert_complains(result, OK, "no line of", "format coremail", "--log-format forces")
        self.assertNotIn("looks like a mail log", result.stderr)

    def test_says_that_most_lines_fit_no_format(self):
        result = self.run_command("report", self.write("mail.log", DELIVERY.format(time="Nov 21 18:00:00") + "what\n" * 9))
        self.assert_complains(result, OK, "9 of 10 lines", "fit no known format")

    def test_says_nothing_where_a_log_is_a_log_or_blank(self):
        for log in (SAMPLE, self.write("blank.log", "\n\n")):
            self.assertEqual(self.run_command("report", log).stderr, "")

    def test_says_of_many_strange_files_that_there_are_more(self):
        files = [self.write(f"{number}.txt", f"what {number}\n") for number in range(30)]
        result = self.run_command("report", *files)
        self.assertEqual(len(result.stderr.splitlines()), 4)
        self.assertIn("27 more files", result.stderr)

    def test_refuses_a_number_of_jobs_that_is_none(self):
        for jobs in ("-1", "many", "1000000", "1.5", ""):
            result = self.run_command("report", f"--jobs={jobs}", SAMPLE)
            self.assert_exit(result, USAGE)
            self.assertIn("--jobs", result.stderr)

    def test_refuses_an_unknown_format(self):
        result = self.run_command("report", "--format=xml", SAMPLE)
        self.assert_exit(result, USAGE)
        self.assertIn("--format", result.stderr)


class Told(CliCase):
    """What a report tells beyond its counts."""

    def setUp(self):
        super().setUp()
        self.log = self.write("mail.log", "".join(DELIVERY.format(time=time) for time in (
            "2026-11-20T12:59:59+00:00", "2026-11-20T13:00:00+00:00", "2026-11-20T15:30:00+02:00", "2026-11-21T00:10:00+00:00")))

    def summary(self, *arguments, code=OK, **options):
        result = self.run_command("report", "--format=json", *arguments, env={"TZ": "UTC"}, **options)
        self.assert_exit(result, code)
        return json.loads(result.stdout)

    def test_its_head_tells_period_hosts_files_and_who_made_it(self):
        summary = self.summary(self.log)
        self.assertEqual(summary["period"], {"first": "2026-11-20T12:59:59+00:00", "last": "2026-11-21T00:10:00+00:00"})
        self.assertEqual(summary["hosts"], {"mx1": 4})
        self.assertRegex(summary["version"], r"^\d+\.\d+")
        text = self.run_command("report", "--lang=en", self.log, env={"TZ": "UTC"}).stdout
        self.assertIn("2026-11-20 12:59 to 2026-11-21 00:10 +0000 (11 h 10 min)", text)
        self.assertIn("host: mx1\n  1 file, 4 lines, 4 results\n", text)
        self.assertRegex(text, r"Made \d{4}-\d\d-\d\d \d\d:\d\d \+0000 by bouncesight ")

    def test_times_are_the_readers(self):
        result = self.run_command("report", "--format=json", self.log, env={"TZ": "Asia/Shanghai"})
        self.assertEqual(json.loads(result.stdout)["period"]["first"], "2026-11-20T20:59:59+08:00")

    def test_the_timeline_has_every_attempt_in_its_hour(self):
        timeline = self.summary("--by=hour", self.log)["timeline"]
        self.assertEqual(timeline["step"], "hour")
        counts = {row["begin"]: row["bounced"] for row in timeline["rows"] if row["bounced"]}
        self.assertEqual(counts, {"2026-11-20T12:00:00+00:00": 1, "2026-11-20T13:00:00+00:00": 2, "2026-11-21T00:00:00+00:00": 1})
        self.assertEqual(len(timeline["rows"]), 13, "quiet hours are there, too")

    def test_the_timeline_and_the_outcomes_are_the_same_sums(self):
        summary = self.summary("--by=day", SAMPLE)
        for outcome in ("delivered", "deferred", "bounced", "expired"):
            self.assertEqual(sum(row[outcome] for row in summary["timeline"]["rows"]), summary["outcomes"][outcome])

    def test_recipients_are_counted_by_their_last_state(self):
        deferred = DELIVERY.replace("status=bounced", "status=deferred").replace("550 5.1.1 user unknown", "450 4.2.1 later")
        delivered = DELIVERY.replace("status=bounced", "status=sent").replace("delay=2.5", "delay=7300")
        log = self.write("retries.log", deferred.format(time="2026-11-20T10:00:00Z") + deferred.format(time="2026-11-20T11:00:00Z")
                         + deferred.format(time="2026-11-20T11:00:00Z").replace("902C386BBC4", "A11C386BBC4") + delivered.format(time="2026-11-20T12:00:00Z"))
        self.assertEqual(self.summary(log)["recipients"], {"delivered": 1, "failed": 0, "waiting": 1})

    def test_filters_leave_what_was_asked_and_account_for_the_rest(self):
        whole = self.summary("--top=100", SAMPLE)
        cause = self.summary("--cause=user_unknown", SAMPLE)
        self.assertEqual([row["name"] for row in cause["causes"]], ["user_unknown"])
        self.assertEqual(cause["failures"], next(row["count"] for row in whole["causes"] if row["name"] == "user_unknown"))
        domain = self.summary("--domain=GMAIL.com", SAMPLE)
        self.assertEqual([row["name"] for row in domain["domains"]], ["gmail.com"])
        provider = self.summary("--provider=gmail", SAMPLE)
        self.assertEqual(provider["failures"], next(row["count"] for row in whole["providers"] if row["name"] == "gmail"))
        for summary in (cause, domain, provider):
            source = summary["sources"][0]
            self.assertGreater(source["skipped"]["excluded"], 0)
            self.assertEqual(source["lines"], source["counted"] + sum(source["skipped"].values()))

    def test_a_domain_holds_its_subdomains_and_no_name_that_ends_alike(self):
        log = self.write("sub.log", "".join(DELIVERY.format(time="2026-11-20T10:00:00Z").replace("ann@example.org", f"ann@{domain}")
                                            for domain in ("example.org", "eu.example.org", "myexample.org")))
        self.assertEqual(self.summary("--domain=example.org", log)["outcomes"]["bounced"], 2)

    def test_a_domain_is_one_however_it_is_written(self):
        for written, asked in ((("xn--mnchen-3ya.example", "m\u00fcnchen.example", "M\u00dcNCHEN.example", "m\u00fcnchen.example."),
                                ("xn--mnchen-3ya.example", "m\u00fcnchen.example", "M\u00dcNCHEN.EXAMPLE", "@m\u00fcnchen.example.", "example")),
                               (("example.net", "Example.NET", "example.net.", "eu.example.net."), ("example.net", "example.net.", "@EXAMPLE.net"))):
            log = self.write("idn.log", "".join(DELIVERY.format(time="2026-11-20T10:00:00Z").replace("ann@example.org", f"ann@{domain}")
                                                for domain in written))
            for domain in asked:
                with self.subTest(domain):
                    self.assertEqual(self.summary(f"--domain={domain}", log)["outcomes"]["bounced"], len(written))

    def test_an_address_is_no_domain(self):
        self.assert_complains(self.run_command("report", "--domain=ann@example.org", self.log), FAILED, "--domain", "write its domain, `example.org`")

    def test_says_which_filters_left_nothing(self):
        for arguments, filters in ((("--domain=none.example",), "--domain"), (("--until=2001-01-01",), "--until"),
                                   (("--since=2001-01-01", "--cause=rate_limited", "--domain=none.example"), "--since, --domain and --cause")):
            result = self.run_command("report", *arguments, SAMPLE)
            self.assert_exit(result, OK)
            self.assertRegex(result.stderr, f"nothing is left of [0-9]+ results: {filters} left all out\n")

    def test_a_name_that_the_rules_do_not_know_is_an_error_that_helps(self):
        self.assert_complains(self.run_command("report", "--provider=gmial", self.log), FAILED, "--provider", "did you mean gmail?")
        self.assert_complains(self.run_command("report", "--cause=user_unknwon", self.log), FAILED, "did you mean user_unknown?")

    def test_one_ranking_alone(self):
        summary = self.summary("--by=domain", SAMPLE)
        self.assertTrue(summary["domains"])
        for other in ("causes", "codes", "providers", "blocklists", "delays"):
            self.assertEqual(summary[other], [])
        self.assertEqual(self.run_command("report", "--by=moon", self.log).returncode, USAGE)

    def exim_log(self, messages, events=200):
        """Messages arrive first and are put off, then tried again much later in the log, as Exim does it: the arrival says once who sent
        it. Every tenth is refused as spam in the end."""
        lines = []
        for number in range(messages):
            at = f"2026-11-20 10:{number * 60 // messages:02d}:00"
            lines.append(f"{at} 1vM{number:03d}-000000001Ab-0Abc <= u@d{number % 7}.example.com H=h [192.0.2.9] P=esmtpsa A=plain:ann{number % 3} "
                         f"S=900 id=m{number}@example.com")
            lines.append(f"{at} 1vM{number:03d}-000000001Ab-0Abc == bob@example.net R=r T=t defer (-44): SMTP error from remote mail server after "
                         "RCPT TO:<bob@example.net>: 450 4.2.0 Greylisted, please try again later")
        lines += [f"2026-11-20 11:00:00 1vX{number:03d}-000000001Ab-0Abc => bob@example.net R=r T=t H=mx.example.net [192.0.2.1] C=\"250 ok\""
                  for number in range(events)] * 800
        for number in range(messages):
            line = f"2026-11-20 12:{number * 60 // messages:02d}:00 1vM{number:03d}-000000001Ab-0Abc "
            refused = (f"** bob@example.net R=r T=t H=mx.example.net [192.0.2.1]: SMTP error from remote mail server after end of data: "
                       "550 5.7.1 Message rejected as spam")
            lines.append(line + (refused if number % 10 == 0 else "=> bob@example.net R=r T=t H=mx.example.net [192.0.2.1] C=\"250 ok\""))
        return "\n".join(lines) + "\n"

    def test_names_senders_and_accounts_what_waits_and_whether_a_retry_helps(self):
        log = self.write("exim.log", self.exim_log(100, events=0))
        summary = self.summary(log)
        self.assertEqual({row["name"]: row["count"] for row in summary["accounts"]}, {"ann0": 38, "ann1": 36, "ann2": 36})
        self.assertEqual(sum(row["spam"] for row in summary["senders"]), 10)
        self.assertEqual(summary["senders"][0]["top_cause"], "greylisted")
        self.assertEqual(summary["waiting"], [])
        (retry,) = summary["retries"]
        self.assertEqual({key: retry[key] for key in ("cause", "delivered", "failed", "waiting", "median_seconds")},
                         {"cause": "greylisted", "delivered": 90, "failed": 10, "waiting": 0, "median_seconds": 9000})
        text = self.run_command("report", "--lang=en", log).stdout
        self.assertRegex(text, r"greylisted +100 +90\.0 % within ")
        for form, word in (("html", "within"), ("csv", "retry,greylisted,90,,delivered")):
            self.assertIn(word, self.run_command("report", "--lang=en", f"--format={form}", log).stdout)
        self.assertIn("最终送达", self.run_command("report", "--lang=zh", log).stdout)

    def test_what_waits_has_a_provider_a_cause_and_an_age(self):
        deferred = DELIVERY.replace("status=bounced", "status=deferred").replace("550 5.1.1 user unknown", "452 4.2.2 mailbox full")
        log = self.write("waits.log", deferred.replace("delay=2.5", "delay=7200").format(time="2026-11-20T12:00:00Z"))
        self.assertEqual(self.summary("--by=waiting", log)["waiting"],
                         [{"provider": "", "cause": "mailbox_full", "recipients": 1, "oldest_seconds": 7200}])
        gmail = self.write("gmail.log", log.read_text().replace("mx.example.org[", "gmail-smtp-in.l.google.com[").replace("ann@example.org", "ann@gmail.com"))
        self.assertEqual(self.summary("--by=waiting", gmail)["waiting"][0]["provider"], "gmail")

    def test_a_sender_is_found_whatever_stretch_of_the_log_its_line_lies_in(self):
        whole = self.exim_log(300)
        log = self.write("exim.log", whole)
        self.assertGreater(log.stat().st_size, 2 * 8 * 2**20, "or it is not cut")
        alone = self.summary("--jobs=1", log)
        self.assertEqual(sum(row["spam"] for row in alone["senders"]), 30)
        made = '"made"'
        one, two = (re.sub(made + r':"[^"]*"', "", self.run_command("report", "--format=json", f"--jobs={jobs}", log).stdout) for jobs in (1, 2))
        self.assertEqual(one, two)
        half = whole.rindex("2026-11-20 11:00:00")
        older, newer = self.write("mail.log.1", whole[:half]), self.write("mail.log", whole[half:])
        for order in ((older, newer), (newer, older)):
            self.assertEqual(self.summary(*order)["senders"], alone["senders"])
            self.assertEqual(self.summary(*order)["accounts"], alone["accounts"])

    def test_one_sender_alone(self):
        log = self.write("exim.log", self.exim_log(100, events=0))
        for sender, attempts in (("d3.example.com", 28), ("example.com", 200), ("U@d3.example.com", 28), ("v@d3.example.com", 0), ("null", 0)):
            summary = self.summary(f"--sender={sender}", log)
            self.assertEqual(sum(summary["outcomes"].values()), attempts, sender)
        by = self.summary("--sender=d3.example.com", "--by=account", log)
        self.assertEqual(sum(row["attempts"] for row in by["accounts"]), 28)
        self.assertEqual((by["senders"], by["causes"], by["retries"]), ([], [], []))

    def test_domains_tell_the_share_of_all_their_traffic(self):
        row = next(row for row in self.summary(SAMPLE)["domains"] if row["name"] == "gmail.com")
        results = [json.loads(line) for line in self.run_command("events", SAMPLE).stdout.splitlines()]
        tried = [one for one in results if one.get("recipient_domain") == "gmail.com" and one["outcome"] not in ("rejected", "suspended")]
        self.assertEqual(row["attempts"], len(tried))
        self.assertGreaterEqual(row["p95_seconds"], row["median_seconds"])

    def test_compares_with_another_period_of_the_same_file(self):
        summary = self.summary("--since=2026-11-20T13:00Z", "--until=2026-11-20T14:00Z", "--compare-with=before", self.log)
        compared = summary["compared_with"]
        self.assertEqual((compared["attempts_before"], compared["attempts_now"]), (1, 2))
        self.assertEqual(compared["causes"], [{"name": "user_unknown", "before": 1, "now": 2, "before_percent": 100.0, "now_percent": 100.0}])
        for form in ("text", "html", "csv"):
            result = self.run_command("report", f"--format={form}", "--lang=en", "--since=2026-11-20T13:00Z", "--until=2026-11-20T14:00Z",
                                      "--compare-with=before", self.log)
            self.assertIn("compared" if form == "csv" else "Compared with before", result.stdout)

    def test_a_period_that_the_logs_do_not_hold_is_said_to_be_empty(self):
        result = self.run_command("report", "--lang=en", "--since=2026-11-20T12:00Z", "--until=2026-11-20T14:00Z", "--compare-with=7d", self.log)
        self.assertIn("Compared with 7d\n  The logs hold nothing of that time.\n", result.stdout)

    def test_a_comparison_that_cannot_be_says_what_to_write(self):
        for arguments, code, words in ((["--compare-with=1d"], USAGE, "needs --since"),
                                       (["--since=2026-11-20", "--compare-with=soon"], USAGE, "FROM..TO"),
                                       (["--since=2026-11-20", "--compare-with=1d", "--format=openmetrics"], USAGE, "text, json, csv and html")):
            result = self.run_command("report", *arguments, self.log)
            self.assert_exit(result, code)
            self.assertIn(words, result.stderr)
        result = self.run_command("report", "--since=2026-11-20", "--compare-with=1d", "-", stdin=self.log.read_bytes())
        self.assert_complains(result, FAILED, "standard input can be read once")

    def test_does_not_depend_on_the_number_of_jobs(self):
        # Large enough to be cut in two, with replies that no rule knows and mail that waits on both sides.
        lines = SAMPLE.read_bytes()
        odd = DELIVERY.format(time="2026-11-21T17:00:01Z").replace("user unknown", "blorp {n} zork")
        log = self.write("large.log", lines * 160 + b"".join(odd.replace("{n}", f"w{n % 7}").replace("902C386BBC4", f"{n:X}").encode() for n in range(3000)))
        self.assertGreater(log.stat().st_size, 8 * 1024 * 1024)
        for form in ("text", "csv", "openmetrics", "html"):
            one, two = (self.run_command("report", f"--format={form}", f"--jobs={jobs}", log).stdout for jobs in (1, 2))
            made = r"Made \d{4}-\d\d-\d\d \d\d:\d\d"
            self.assertEqual(re.sub(made, "", one), re.sub(made, "", two), form)

    def test_an_expiry_finds_its_deferrals_in_the_stretch_of_another_job(self):
        # Messages of two recipients: one is put off for another reason behind the cut, or is delivered, or neither.
        def postfix(hour, program, text):
            return f"2026-11-2{hour // 24}T{hour % 24:02}:00:00+00:00 mx1 postfix/{program}[9]: {text}\n"

        def put_off(hour, number, who, reply):
            return postfix(hour, "smtp", f"{number:X}: to=<{who}@example.net>, relay=mx.example.net[192.0.2.1]:25, "
                                         f"delay={hour * 3600 - 3591}, delays=1/1/1/6, dsn=4.0.0, status=deferred (host mx.example.net[192.0.2.1] said: {reply})")

        first, second, third, last = [], [], [], []
        for number in range(0x4AB000, 0x4AB000 + 90):
            first += [postfix(1, "qmgr", f"{number:X}: from=<news@shop{number % 3}.example.com>, size=900, nrcpt=2 (queue active)"),
                      put_off(1, number, "ann", "452 4.2.2 Mailbox full"), put_off(1, number, "bob", "451 4.7.1 Greylisted")]
            third += [put_off(30, number, "bob", "421 4.4.2 timeout exceeded")] if number % 3 == 0 else []
            third += [postfix(30, "smtp", f"{number:X}: to=<ann@example.net>, relay=mx.example.net[192.0.2.1]:25, delay=104409, "
                                          "delays=1/1/1/6, dsn=2.0.0, status=sent (250 2.0.0 Ok)")] if number % 3 == 1 else []
            last += [postfix(40, "qmgr", f"{number:X}: from=<news@shop{number % 3}.example.com>, status=expired, returned to sender"),
                     postfix(40, "qmgr", f"{number:X}: removed")]
            exim = f"1wAbCd-000000000{number - 0x4AB000:02d}-0Xyz"
            first.append(f"2026-11-20 01:00:00 {exim} == carol@example.org R=dnslookup T=remote_smtp defer (-44) H=mx.example.org [192.0.2.9]: "
                         "SMTP error from remote mail server after RCPT TO:<carol@example.org>: 450 4.7.1 Greylisted\n")
            last.append(f"2026-11-21 16:00:00 {exim} ** carol@example.org: retry timeout exceeded\n")
        filler = DELIVERY.format(time="2026-11-20T17:00:01+00:00")
        second = [filler.replace("902C386BBC4", f"{n:X}") for n in range(0x700000, 0x700000 + 9_000_000 // len(filler))]
        log = self.write("cut.log", "".join(first + second + third + last))
        made = r'"made":"[^"]*"'
        one, two, three = (re.sub(made, '"made":""', self.run_command("report", "--format=json", f"--jobs={jobs}", log).stdout) for jobs in (1, 2, 3))
        self.assertEqual(one, two)
        self.assertEqual(one, three)
        counted = json.loads(one)
        self.assertEqual(counted["outcomes"]["expired"], 60 * 2 + 30 + 90)
        self.assertNotIn("message_expired", [row["name"] for row in counted["causes"]])

    def test_fits_eighty_columns_in_both_languages(self):
        for lang in ("en", "zh"):
            text = self.run_command("report", f"--lang={lang}", SAMPLE, env={"TZ": "UTC"}).stdout
            for line in text.splitlines():
                columns = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
                self.assertTrue(columns <= 80 or "https://" in line or str(SAMPLE) in line, (columns, line))

    def test_names_what_it_counts_in_chinese(self):
        text = self.run_command("report", "--lang=zh", SAMPLE).stdout
        tables = text.split("\n失败原因")[1].split("\n处理建议")[0]
        for name in ("user_unknown", "greylisted", "connect_timeout", "no code", "policy", "reputation", "not_delivery"):
            self.assertNotIn(name, tables)
        for words in ("收件人不存在", "灰名单", "无返回码", "谷歌 Gmail"):
            self.assertIn(words, tables)
        self.assertIn("user_unknown 收件人不存在 (", text)
        page = self.run_command("report", "--lang=zh", "--format=html", SAMPLE).stdout
        self.assertIn("user_unknown 收件人不存在", page)
        self.assertNotIn("no code", page)

    def test_columns_stand_straight_in_chinese(self):
        text = self.run_command("report", "--lang=zh", SAMPLE).stdout
        table = text.split("\n失败原因")[1].split("\n\n")[0].splitlines()[1:]
        width = lambda cell: sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in cell)
        ends = {width(line[:line.index(" %") + 2]) for line in table}
        self.assertEqual(len(ends), 1, table)


class Mailed(CliCase):
    def mail(self, *arguments, **options):
        result = self.run_command("report", "--mail", "--lang=en", *arguments, **options)
        self.assert_exit(result, OK)
        self.assertLessEqual(max(map(len, result.stdout.splitlines())), 78)
        return email.message_from_string(result.stdout, policy=email.policy.default)

    def test_is_a_message_with_text_and_page(self):
        mail = self.mail("--mail-from=Bounces <bounces@example.com>", "--mail-to=ann@example.com, bob@example.net", SAMPLE, env={"TZ": "UTC"})
        self.assertEqual(mail["From"], "Bounces <bounces@example.com>")
        self.assertEqual([address.addr_spec for address in mail["To"].addresses], ["ann@example.com", "bob@example.net"])
        self.assertEqual(mail["Subject"], "bouncesight: 68.7 % of 83 attempts failed (mx1)")
        self.assertEqual(mail["Auto-Submitted"], "auto-generated")
        self.assertLess(abs(mail["Date"].datetime.timestamp() - time.time()), 120)
        text, page = mail.iter_parts()
        self.assertEqual((text.get_content_type(), page.get_content_type()), ("text/plain", "text/html"))
        plain = self.run_command("report", "--lang=en", SAMPLE, env={"TZ": "UTC"}).stdout
        self.assertEqual(text.get_content().split("What to do")[0].strip(), plain.split("What to do")[0].strip())
        self.assertIn("<svg", page.get_content())
        self.assertEqual(mail.defects + text.defects + page.defects, [])

    def test_takes_its_head_out_of_the_environment_and_chinese_subjects(self):
        subject = "昨天的邮件投递失败报告，请查看附件中的统计与处理建议，谢谢"
        mail = self.mail(SAMPLE, env={"BOUNCESIGHT_MAIL_TO": "ops@example.com", "BOUNCESIGHT_MAIL_SUBJECT": subject})
        self.assertEqual((mail["To"], mail["Subject"]), ("ops@example.com", subject))

    def test_no_line_can_be_smuggled_into_its_head(self):
        for flag in ("--mail-from", "--mail-to", "--mail-subject"):
            result = self.run_command("report", "--mail", f"{flag}=a@example.com\nBcc: b@example.com", SAMPLE)
            self.assert_exit(result, USAGE)
            self.assertIn(flag, result.stderr)

    def test_hostile_log_text_stays_inside_its_part(self):
        words = "--=_bouncesight_report-- .\\nFrom x"
        log = self.write("mail.log", DELIVERY.format(time="2026-11-20T10:00:00Z").replace("user unknown", words))
        self.assertEqual(len(list(self.mail(log).iter_parts())), 2)


if __name__ == "__main__":
    unittest.main()
