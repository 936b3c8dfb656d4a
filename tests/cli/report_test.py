import calendar
import collections
import gzip
import json
import os
import time
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
            self.assertIn("1 events were left out", result.stderr)

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

    def test_says_that_most_lines_fit_no_format(self):
        result = self.run_command("report", self.write("mail.log", DELIVERY.format(time="Nov 21 18:00:00") + "what\n" * 9))
        self.assert_complains(result, OK, "9 of 10 lines", "fit no known format")

    def test_says_nothing_where_a_log_is_a_log_or_empty(self):
        for log in (SAMPLE, self.write("empty.log", ""), self.write("blank.log", "\n\n")):
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


if __name__ == "__main__":
    unittest.main()
