"""Files that are no logs, or no longer: `report` and `events` say what is the matter with them."""
import bz2
import gzip
import unittest

from cli_case import FAILED, OK, CliCase

DELIVERY = ("Nov 21 18:00:00 mx1 postfix/smtp[1200]: 902C386BBC4: to=<ann@example.org>, relay=mx.example.org[192.0.2.111]:25, delay=2.5, "
            "delays=0.1/0/1/1.4, dsn=5.1.1, status=bounced (host mx.example.org[192.0.2.111] said: 550 5.1.1 user unknown)\n")


class OddFiles(CliCase):
    def test_says_what_a_file_without_lines_holds(self):
        cases = (("empty.log", b"", "empty.log is empty"), ("nuls.log", bytes(3_000_000), "nuls.log holds NULs alone"),
                 ("empty.gz", gzip.compress(b""), "empty.gz is empty"), ("nuls.gz", gzip.compress(bytes(5000)), "nuls.gz holds NULs alone"),
                 ("mac.log", DELIVERY.replace("\n", "\r") * 900, "end with CR alone"), ("mac.gz", gzip.compress(b"one\rtwo\r"), "end with CR alone"))
        for name, content, words in cases:
            self.assert_complains(self.run_command("report", self.write(name, content)), OK, name, words)
            self.assert_complains(self.run_command("events", self.folder / name), OK, name, words)
        good = self.write("mail.log", DELIVERY)
        self.assert_complains(self.run_command("report", good, self.folder / "nuls.log"), OK, "nuls.log holds NULs alone")
        for quiet in ((good,), (good, self.folder / "empty.log"), (self.write("after.log", bytes(5000) + DELIVERY.encode()),)):
            self.assertEqual(self.run_command("report", *quiet).stderr, "")
        self.assert_complains(self.run_command("report", "-"), OK, "standard input holds no line")

    def test_tells_that_a_packed_file_stops_after_its_first_bytes(self):
        for name, packed in (("cut.gz", gzip.compress(DELIVERY.encode())), ("cut.bz2", bz2.compress(DELIVERY.encode()))):
            for size in (4, 5, 6, len(packed) - 1):
                self.assert_complains(self.run_command("report", self.write(name, packed[:size])), FAILED, name, "cut short")
        self.assert_complains(self.run_command("report", self.write("text.log", "BZh1 is no packing\n")), OK, "looks like a mail log")


if __name__ == "__main__":
    unittest.main()
