import collections
import gzip
import json
import os
import unittest

from cli_case import FAILED, NOBODY, OK, SAMPLE, TRUTH, USAGE, CliCase


class Report(CliCase):
    def summary(self, *arguments, **options):
        result = self.run_command("report", "--format=json", *arguments, **options)
        self.assert_exit(result, OK)
        return json.loads(result.stdout)

    def test_counts_the_sample_as_its_generator_meant_it(self):
        truth = json.loads(TRUTH.read_text())
        summary = self.summary("--top=100", SAMPLE)
        outcomes = {name: count for name, count in summary["outcomes"].items() if count}
        self.assertEqual(outcomes, truth["outcomes"])

    def test_names_the_causes_that_the_generator_meant(self):
        truth = json.loads(TRUTH.read_text())
        wanted = collections.Counter()
        for outcome, causes in truth["causes"].items():
            if outcome != "suspended":  # no attempt was made, so none failed
                wanted.update(causes)
        summary = self.summary("--top=100", SAMPLE)
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
            self.assertEqual(source["counted"], sum(summary["outcomes"].values()))

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
        self.assert_complains(self.run_command("report", "nowhere.log", SAMPLE), FAILED, "nowhere.log")

    def test_refuses_an_unknown_format(self):
        result = self.run_command("report", "--format=xml", SAMPLE)
        self.assert_exit(result, USAGE)
        self.assertIn("--format", result.stderr)


if __name__ == "__main__":
    unittest.main()
