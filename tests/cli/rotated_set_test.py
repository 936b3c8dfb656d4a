"""Old logs are never all perfect: `report` and `events` over what lies in /var/log after some months."""

import bz2
import gzip
import io
import json
import lzma
import os
import shutil
import subprocess
import tarfile
import unittest
import zipfile
import zlib

from cli_case import FAILED, OK, CliCase

LINE = ("{time} mx1 postfix/smtp[1200]: {id:011X}: to=<ann{id}@example.org>, relay=mx.example.org[192.0.2.111]:25, delay=2.5, "
        "delays=0.1/0/1/1.4, dsn=5.1.1, status=bounced (host mx.example.org[192.0.2.111] said: 550 5.1.1 user unknown "
        "(in reply to RCPT TO command))\n")
QUEUED = "{time} mx1 postfix/qmgr[7]: {id:011X}: from=<bob@example.com>, size=900, nrcpt=1 (queue active)\n"


def bounces(first, count, time="Nov 20 13:00:00"):
    return "".join(LINE.format(time=time, id=number) for number in range(first, first + count))


def tar_of(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            if content is None:
                entry.type = tarfile.DIRTYPE
                archive.addfile(entry)
                continue
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


class RotatedSet(CliCase):
    def counted(self, *arguments, code=OK, notes=None, **options):
        """Bounces by `report`, which `events` must count alike; `notes` is the number of lines on stderr."""
        report = self.run_command("report", "--format=json", *arguments, **options)
        self.assert_exit(report, code)
        events = self.run_command("events", *[a for a in arguments if not str(a).startswith("--jobs")], **options)
        self.assert_exit(events, code)
        count = json.loads(report.stdout)["outcomes"]["bounced"]
        self.assertEqual(len(events.stdout.splitlines()), count)
        if notes is not None:
            self.assertEqual(len(report.stderr.splitlines()), notes, report.stderr)
        self.stderr = report.stderr
        return count

    def test_an_empty_archive_has_no_lines(self):
        good = self.write("mail.log", bounces(1, 8))
        empty = [self.write("mail.log.2.gz", gzip.compress(b"")), self.write("mail.log.3.xz", lzma.compress(b"")),
                 self.write("mail.log.4.bz2", bz2.compress(b""))]
        if shutil.which("zstd"):
            empty.append(self.write("mail.log.5.zst", subprocess.run(["zstd", "-q"], input=b"", capture_output=True).stdout))
        self.assertEqual(self.counted(good, *empty, notes=0), 8)

    def test_of_a_torn_archive_what_can_be_unpacked_counts_and_the_others_whole(self):
        good = self.write("mail.log", bounces(1, 8))
        packed = gzip.compress(bounces(100, 40).encode())
        torn = self.write("mail.log.2.gz", packed[:len(packed) // 2])
        last = self.write("mail.log.3.gz", gzip.compress(bounces(900, 5).encode()))
        count = self.counted(good, torn, last, code=FAILED, notes=1)
        self.assertGreater(count, 13)
        self.assertLess(count, 53)
        self.assertIn("mail.log.2.gz", self.stderr)
        self.assertIn("cut short", self.stderr)

    def test_of_a_torn_archive_every_line_counts_that_its_own_program_prints(self):
        text = bounces(1, 4000).encode()
        kinds = {".gz": (gzip.compress(text), lambda torn: zlib.decompressobj(31).decompress(torn)),
                 ".xz": (lzma.compress(text), lambda torn: lzma.LZMADecompressor().decompress(torn)),
                 ".bz2": (bz2.compress(text, 1), lambda torn: bz2.BZ2Decompressor().decompress(torn))}
        if shutil.which("zstd"):
            def zstd(data, *options):
                return subprocess.run(["zstd", "-q", *options], input=data, capture_output=True, check=False).stdout
            kinds[".zst"] = (zstd(text), lambda torn: zstd(torn, "-dc"))
        for ending, (packed, oracle) in kinds.items():
            for cut in (10, 50, len(packed) // 3, len(packed) // 2, len(packed) - 9, len(packed) - 1):
                with self.subTest(ending, cut=cut):
                    lines = oracle(packed[:cut]).count(b"\n")
                    count = self.counted(self.write("mail.log" + ending, packed[:cut]), code=FAILED, notes=1)
                    if ending == ".zst":
                        self.assertGreaterEqual(count, lines)  # the program prints less than it could
                    else:
                        self.assertEqual(count, lines)
                    self.assertIn("cut short", self.stderr)
                    self.assertEqual("a small log is lost" in self.stderr, ending in (".bz2", ".zst"))

    def test_an_archive_that_asks_for_too_much_memory_says_what_to_do_and_that_nothing_before_is_lost(self):
        asks_for_1_gib = b"\x28\xb5\x2f\xfd\x00\xa0"  # a frame of zstd
        for before in (0, 8):
            with self.subTest(before=before):
                packed = gzip.compress(bounces(1, before).encode()) if before else b""
                odd = self.write("mail.log.2.zst", packed + asks_for_1_gib)
                self.assertEqual(self.counted(odd, code=FAILED, notes=1), before)
                self.assertIn("more than 128 MiB of memory", self.stderr)
                self.assertIn("Unpack it with its own program", self.stderr)
                self.assertNotIn("is lost", self.stderr)

    def test_a_log_that_was_packed_while_its_writer_went_on_counts_whole_and_is_told(self):
        for name, pack in (("mail.log", gzip.compress), ("mail.log.2.gz", gzip.compress), ("mail.log.2.xz", lzma.compress),
                           ("mail.log.2.bz2", bz2.compress)):
            odd = self.write(name, pack(bounces(1, 10).encode()) + bounces(60, 8).encode())
            self.assertEqual(self.counted(odd, code=FAILED, notes=1), 18)
            self.assertIn("goes on in plain text behind its packed part", self.stderr)

    def test_an_archive_of_rubbish_costs_itself_only(self):
        good = self.write("mail.log", bounces(1, 8))
        for name, head in (("a.gz", b"\x1f\x8b"), ("a.xz", b"\xfd7zXZ\0"), ("a.bz2", b"BZh91AY&SY"), ("a.zst", b"\x28\xb5\x2f\xfd")):
            bad = self.write(name, head + b"rubbish" * 20)
            with self.subTest(name):
                self.assertEqual(self.counted(bad, good, code=FAILED), 8)
                self.assertIn(name, self.stderr)

    def test_every_packing_that_loggers_use_is_read(self):
        text = bounces(1, 5).encode()
        zipped = io.BytesIO()
        with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("mail.log", text)
            archive.writestr("mail.log.1", bounces(50, 2))
        # RFC 8878, 3.1.2: a frame that is skipped, of four bytes; pzstd puts one before each frame.
        skipped = b"\x50\x2a\x4d\x18\x04\0\0\0mark"
        samples = {"padded.gz": (gzip.compress(text) + b"\0" * 512, 5), "tail.gz": (gzip.compress(text) + b"garbage", 5),
                   "two.xz": (lzma.compress(text) + lzma.compress(bounces(50, 2).encode()), 7),
                   "two.gz": (gzip.compress(text) + gzip.compress(bounces(50, 2).encode()), 7), "logs.zip": (zipped.getvalue(), 7)}
        for tool, name in (("lz4", "a.lz4"), ("zstd", "a.zst"), ("compress", "a.Z")):
            if shutil.which(tool):
                samples[name] = (subprocess.run([tool, "-c"], input=text, capture_output=True, check=True).stdout, 5)
        if "a.zst" in samples:
            packed = samples["a.zst"][0]
            samples["skipped.zst"] = (skipped + packed + skipped + packed, 10)
        for name, (content, lines) in samples.items():
            with self.subTest(name):
                self.assertEqual(self.counted(self.write(name, content), notes=0), lines)

    def test_what_is_no_log_is_named_with_what_to_do_and_costs_itself_only(self):
        good = self.write("mail.log", bounces(1, 8))
        text = bounces(50, 900)
        for name, content, words in (
                ("utf16.log", text.encode("utf-16"), ("is UTF-16", "iconv -f UTF-16 -t UTF-8 ")),
                ("utf16le.log", text.encode("utf-16-le"), ("iconv -f UTF-16LE",)),
                ("utf16be.log", text.encode("utf-16-be"), ("iconv -f UTF-16BE",)),
                ("system.journal", b"LPKSHHRH" + bytes(400), ("journalctl --file ",)),
                ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(100), ("7z archive",)),
                ("a.zip", b"PK\x03\x04\x14\0\x09\0" + bytes(100), ("zip archive with a password", "unzip ")),
                ("a.rar", b"Rar!\x1a\x07\x01\0" + bytes(100), ("RAR archive",)),
                ("a.gpg", b"\x8c\x0d\x04\x09\x03\x02" + bytes(range(100)), ("is encrypted", "gpg -d ")),
                ("a.enc", b"Salted__" + bytes(range(100)), ("is encrypted", "openssl enc -d")),
                ("mbox", "From ann@example.org Sat Nov 28 01:00:00 2026\nSubject: x\n\nx\n", ("is a mailbox", "bouncesight explain")),
                ("a.eml", "Return-Path: <>\nSubject: x\n\nx\n", ("is mail, no log",))):
            with self.subTest(name):
                self.assertEqual(self.counted(self.write(name, content), good, code=FAILED, notes=1), 8)
                for word in (name, *words):
                    self.assertIn(word, self.stderr)

    def test_an_encrypted_member_behind_a_plain_one_is_named(self):
        if not shutil.which("zip"):
            self.skipTest("zip is not installed")
        self.write("mail.log", bounces(1, 3))
        self.write("mail.log.1", bounces(50, 3))
        for flags, name in ((), "mail.log"), (("-P", "secret"), "mail.log.1"):
            subprocess.run(["zip", "-q", *flags, "a.zip", name], cwd=self.folder, check=True)
        self.assertEqual(self.counted(self.folder / "a.zip", code=FAILED, notes=1), 3)
        self.assertIn("a.zip", self.stderr)
        self.assertRegex(self.stderr.lower(), "encrypt|passphrase")

    def test_a_missing_or_strange_file_costs_itself_only(self):
        good = self.write("mail.log", bounces(1, 8))
        (self.folder / "old").mkdir()
        for name, word in (("nowhere.log", "no such file"), ("old", "is a folder")):
            with self.subTest(name):
                self.assertEqual(self.counted(self.folder / name, good, code=FAILED, notes=1), 8)
                self.assertIn(word, self.stderr)

    def test_where_no_file_can_be_read_there_is_no_report(self):
        result = self.run_command("report", "nowhere.log")
        self.assert_complains(result, FAILED, "nowhere.log", "no such file")
        self.assertEqual(result.stdout, "")

    def test_the_same_lines_under_two_names_count_once_and_that_is_said(self):
        log = self.write("mail.log", bounces(1, 30))
        (self.folder / "soft.log").symlink_to(log)
        os.link(log, self.folder / "hard.log")
        self.write("copy.log", log.read_bytes())
        self.write("copy.log.gz", gzip.compress(log.read_bytes()))
        self.write("earlier.log", log.read_bytes()[:3000])
        for name in ("mail.log", "soft.log", "hard.log", "copy.log", "copy.log.gz", "earlier.log"):
            with self.subTest(name):
                self.assertEqual(self.counted(log, self.folder / name, notes=1), 30)
                self.assertIn(name, self.stderr)
                self.assertIn("counted once", self.stderr)
                self.assertEqual(self.counted(self.folder / name, log), 30)

    def test_logs_that_only_begin_alike_count_both(self):
        one = self.write("one.log", bounces(1, 20) + bounces(100, 1))
        other = self.write("other.log", bounces(1, 20) + bounces(200, 2))
        self.assertEqual(self.counted(one, other, notes=0), 43)

    def test_logs_by_severity_are_told_by_their_lines(self):
        text = "".join(QUEUED.format(time="Nov 20 13:00:00", id=n) + bounces(n, 1) for n in range(1, 26))
        log = self.write("mail.log", text)
        self.write("mail.info", text)
        warn = self.write("mail.warn", bounces(3, 4))
        self.assertEqual(self.counted(*sorted(self.folder.glob("mail.*")), notes=2), 25)
        warn.write_text(bounces(3, 4) + bounces(700, 2))  # holds what the log does not
        self.assertEqual(self.counted(log, warn, notes=0), 31)

    def test_a_hole_of_nuls_belongs_to_no_line(self):
        log = self.write("mail.log", bounces(1, 3).encode() + b"\0" * 100_000 + bounces(10, 3).encode())
        self.assertEqual(self.counted(log), 6)

    def test_an_archive_of_logs_is_read_member_by_member(self):
        members = {"log": None, "log/mail.log": bounces(1, 4).encode()[:-1], "log/mail.log.1": bounces(50, 3).encode(),
                   "log/mail.log.2.gz": gzip.compress(bounces(90, 5).encode()), "log/empty": b""}
        plain = tar_of(members)
        for name, content in (("logs.tar", plain), ("logs.tar.gz", gzip.compress(plain)), ("logs.tar.xz", lzma.compress(plain))):
            with self.subTest(name):
                self.assertEqual(self.counted(self.write(name, content)), 12)

    def test_a_torn_member_costs_itself_only(self):
        packed = gzip.compress(bounces(90, 50).encode())
        tar = self.write("logs.tar", tar_of({"a.gz": packed[:60], "b.log": bounces(1, 4).encode()}))
        self.assertEqual(self.counted(tar, code=FAILED), 4)

    def test_where_months_run_backwards_a_year_lies_between(self):
        text = "".join(bounces(number, 1, time) for number, time in enumerate(
            ("Jan 10 10:00:00", "Jun 10 10:00:00", "Jan 12 10:00:00", "Jun 12 10:00:00")))
        for name, content in (("mail.log", text.encode()), ("mail.log.gz", gzip.compress(text.encode()))):
            log = self.write(name, content)
            os.utime(log, (1_781_300_000, 1_781_300_000))  # June of 2026
            with self.subTest(name):
                self.assertEqual(self.counted("--since=2026-01-01", log), 2)
                self.assertEqual(self.counted("--since=2025-01-01", "--until=2026-01-01", log), 2)
                self.assertEqual(self.counted("--since=2025-03-01", "--until=2026-03-01", log), 2)

    def test_new_years_eve_read_after_new_year_is_of_the_old_year(self):
        eve, new = "Dec 31 23:59:58", "Jan  1 00:00:03"
        january = 1_767_262_200  # 10:10 UTC on the 1st of January 2026
        for name, text, old, young in (("eve alone", bounces(1, 2, eve), 2, 0), ("both", bounces(1, 1, eve) + bounces(2, 1, new), 1, 1),
                                       ("eve late", bounces(1, 1, new) + bounces(2, 1, eve) + bounces(3, 1, new), 1, 2)):
            for ending, content in ((".log", text.encode()), (".log.gz", gzip.compress(text.encode()))):
                with self.subTest(name + ending):
                    log = self.write(name.replace(" ", "-") + ending, content)
                    os.utime(log, (january, january))
                    zone = {"TZ": "UTC"}
                    self.assertEqual(self.counted("--since=2026-01-01", log, env=zone), young)
                    self.assertEqual(self.counted("--since=2025-12-31", "--until=2026-01-01", log, env=zone), old)

    def test_a_line_that_comes_a_little_late_turns_no_year(self):
        log = self.write("mail.log", "".join(bounces(number, 1, time) for number, time in enumerate(
            ("Mar  1 00:00:00", "Feb 28 23:59:59", "Mar  1 00:00:01"))))
        os.utime(log, (1_781_300_000, 1_781_300_000))
        self.assertEqual(self.counted("--since=2026-01-01", log), 3)

    def test_without_a_file_the_configured_logs_are_read(self):
        self.write("a.log", bounces(1, 3))
        self.write("b.log", json.dumps({"text": bounces(10, 1).rstrip()}) + "\n")
        config = self.write("bouncesight.yaml", (
            f"sources:\n  - {{name: a, paths: [{self.folder}/a.log, {self.folder}/nowhere.log]}}\n"
            f"  - {{name: b, paths: [{self.folder}/b*.log], json_keys: {{message: text}}}}\n"
            "  - {name: j, type: journal}\n"))
        self.assertEqual(self.counted(f"--config.file={config}", notes=2), 4)
        self.assertIn("journalctl", self.stderr)
        self.assertIn("nowhere.log is not there", self.stderr)

    def test_logrotates_own_set_is_read_whole_the_empty_ones_included(self):
        logrotate = shutil.which("logrotate") or shutil.which("logrotate", path="/usr/sbin:/sbin")
        if not logrotate:
            self.skipTest("logrotate is not installed")
        logs = self.folder / "log"
        logs.mkdir(mode=0o755)
        rules = self.write("rotate.conf", f"{logs}/mail.log {{\n  rotate 9\n  compress\n  delaycompress\n  create\n}}\n")
        rules.chmod(0o644)
        log = logs / "mail.log"
        for first, count in ((1, 20), (100, 20), (0, 0), (200, 20), (300, 20), (0, 0)):  # `ifempty` is the default
            log.write_text(bounces(first, count) if count else "")
            subprocess.run([logrotate, "-f", "-s", self.folder / "state", rules], check=True)
        files = sorted(logs.glob("mail.log*"))
        self.assertTrue(any(file.name.endswith(".gz") and len(gzip.decompress(file.read_bytes())) == 0 for file in files), files)
        self.assertEqual(self.counted(*files, notes=0), 80)


if __name__ == "__main__":
    unittest.main()
