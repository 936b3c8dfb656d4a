"""A newcomer's mistakes: more than twenty wrong set-ups. In each `check`, the log or the metrics say what is wrong and what to do.

What `serve` says a minute after its start is the sentence that `check` says: tests/daemon/files/silence_test.cc has the
minute, with a clock of its own.
"""

import gzip
import os
import socket
import unittest

from cli_case import BAD_CONFIG, FAILED, NOBODY, OK, SAMPLE, CliCase, Daemon, total

FOREIGN = "Nov 21 18:00:00 host kernel: usb 1-1: new device number 7\n"

# name: (what stands under `sources`, words of check's answer, the state in source_files or None, its exit code)
SETUPS = {
    "a typo in the name": ("{name: mail, paths: [FOLDER/mial.log]}",
                           ("FOLDER/mial.log is not there", "the nearest is FOLDER/mail.log"), "missing", OK),
    "a typo in the folder": ("{name: mail, paths: [FOLDER/spol/a.log]}", ("the nearest is FOLDER/spool/a.log",), "missing", OK),
    "a pattern that matches nothing": ("{name: mail, paths: ['FOLDER/spool/*.txt']}",
                                       ("nothing matches FOLDER/spool/*.txt",), "missing", OK),
    "a folder for a file": ("{name: mail, paths: [FOLDER/spool]}",
                            ("FOLDER/spool is a folder", "FOLDER/spool/*.log"), "denied", OK),
    "a named pipe": ("{name: mail, paths: [FOLDER/pipe]}", ("is a pipe or a device", "type: stdin"), "denied", OK),
    "a file for a folder": ("{name: mail, type: directory, directory: FOLDER/mail.log}",
                            ("is a file; use `type: file`",), "missing", OK),
    "an empty folder": ("{name: mail, type: directory, directory: FOLDER/empty}", ("holds no file yet",), "missing", OK),
    "a folder that is not there": ("{name: mail, type: directory, directory: FOLDER/spoool}",
                                   ("is not there; the nearest is FOLDER/spool",), "missing", OK),
    "no journal in the folder": ("{name: j, type: journal, directory: FOLDER/spool}",
                                 ("there is no journal in FOLDER/spool",), "missing", OK),
    "an empty log that nobody writes": ("{name: mail, paths: [FOLDER/spool/a.log, FOLDER/other.log]}",
                                        ("FOLDER/spool/a.log is empty, and so are the others", "logs elsewhere"), None, OK),
    "a log of five foreign lines": ("{name: mail, paths: [FOLDER/few.log]}",
                                    ("none of the last 5 lines of FOLDER/few.log", "as of `kernel`", "is this the mail log?"), None, OK),
    "the wrong format": ("{name: mail, paths: [FOLDER/mail.log], format: exim}",
                         ("`format: exim` is set, and its lines fit postfix", "write `format: postfix`"), None, OK),
    "a zip archive": ("{name: mail, paths: [FOLDER/mail.zip]}", ("is an archive: `bouncesight report FOLDER/mail.zip`",), None, OK),
    "a log in UTF-16": ("{name: mail, paths: [FOLDER/wide.log]}", ("is UTF-16", "iconv -f UTF-16"), None, OK),
    "several paths in one text": ("{name: mail, paths: 'FOLDER/mail.log, FOLDER/other.log'}",
                                  ("write a list: [FOLDER/mail.log, FOLDER/other.log]",), None, BAD_CONFIG),
    "two stars": ("{name: mail, paths: ['FOLDER/**/mail.log']}", ("`**` is not read",), None, BAD_CONFIG),
    "a relative path": ("{name: mail, paths: [mail.log]}", ("write an absolute path",), None, BAD_CONFIG),
    "a path of Windows": ("{name: mail, paths: ['C:\\logs\\mail.log']}", ("this is a path of Windows",), None, BAD_CONFIG),
    "a URL": ("{name: mail, paths: ['file:///var/log/mail.log']}", ("write the path alone",), None, BAD_CONFIG),
    "typographic quotes": ("{name: mail, paths: [\u201cFOLDER/mail.log\u201d]}", ("typographic quotes",), None, BAD_CONFIG),
    "a rotated file": ("{name: mail, paths: [FOLDER/mail.log.1]}", ("nobody writes to it: follow FOLDER/mail.log;",), None, OK),
    "a packed file": ("{name: mail, paths: [FOLDER/old.gz]}", ("is packed, and nobody writes to it", "bouncesight report FOLDER/old.gz"), None, OK),
    "a packed file under a plain name": ("{name: mail, paths: [FOLDER/live.log]}", ("FOLDER/live.log is packed, and nobody writes to it",), None, OK),
    "old Mac line ends": ("{name: mail, paths: [FOLDER/macintosh.txt]}", ("end with CR alone",), None, OK),
    "a log that nobody writes": ("{name: mail, paths: [FOLDER/left.log]}", ("nobody has written to FOLDER/left.log for", "logs elsewhere"), None, OK),
    "a link to nothing": ("{name: mail, paths: [FOLDER/link.log]}", ("FOLDER/link.log is a link that leads nowhere",), "missing", OK),
    "standard input as a path": ("{name: mail, paths: [/dev/stdin]}", ("use `type: stdin`",), None, BAD_CONFIG),
    "path for paths": ("{name: mail, path: [FOLDER/mail.log]}", ("did you mean `paths`?",), None, BAD_CONFIG),
    "an unknown format": ("{name: mail, paths: [/a], format: postifx}", ("is not a format", "postfix"), None, BAD_CONFIG),
    "a certificate that is not there": ("{name: tls, type: syslog, listen: 'tls://127.0.0.1:6514', cert_file: FOLDER/no.pem, "
                                        "key_file: FOLDER/mail.log}", ("sources.cert_file: `FOLDER/no.pem`",), None, BAD_CONFIG),
    "an unknown type": ("{name: mail, type: files, paths: [/a]}", ("write one of file, syslog",), None, BAD_CONFIG),
}


class Newcomer(CliCase):
    def setUp(self):
        super().setUp()
        self.write("mail.log", SAMPLE.read_bytes()[:20_000])
        self.write("other.log", "")
        self.write("few.log", FOREIGN * 5)
        self.write("macintosh.txt", SAMPLE.read_bytes()[:9000].replace(b"\n", b"\r"))
        self.write("mail.log.1", SAMPLE.read_bytes()[:9000])
        self.write("old.gz", gzip.compress(SAMPLE.read_bytes()[:9000]))
        self.write("live.log", gzip.compress(SAMPLE.read_bytes()[:9000]))
        left = self.write("left.log", SAMPLE.read_bytes()[:9000])
        os.utime(left, (left.stat().st_mtime - 3 * 86400,) * 2)
        (self.folder / "link.log").symlink_to(self.folder / "nowhere.log")
        self.write("mail.zip", b"PK\x03\x04" + bytes(60))
        self.write("wide.log", FOREIGN.encode("utf-16"))
        for name in ("spool", "empty"):
            (self.folder / name).mkdir()
        self.write("spool/a.log", "")
        os.mkfifo(self.folder / "pipe")

    def config(self, source):
        return self.write("check.yaml", "sources:\n  - " + source.replace("FOLDER", str(self.folder)) + "\n")

    def test_check_says_what_is_wrong_and_what_to_do(self):
        for what, (source, words, _, code) in SETUPS.items():
            with self.subTest(what):
                result = self.run_command("check", f"--config.file={self.config(source)}")
                self.assert_exit(result, code)
                for word in words:
                    self.assertIn(word.replace("FOLDER", str(self.folder)), result.stdout + result.stderr)

    def test_serve_refuses_what_check_refuses_in_the_same_words(self):
        for what, (source, words, _, code) in SETUPS.items():
            if code != BAD_CONFIG:
                continue
            with self.subTest(what):
                result = self.run_command("serve", f"--config.file={self.config(source)}")
                self.assert_complains(result, code, "check.yaml:2", *(word.replace("FOLDER", str(self.folder)) for word in words))

    def test_a_metric_shows_each_source_that_reads_nothing(self):
        kept = {what: setup for what, setup in SETUPS.items() if setup[2]}
        sources = "".join("  - " + source.replace("FOLDER", str(self.folder)).replace("{name: ", f"{{name: s{number}-", 1) + "\n"
                          for number, (source, _, _, _) in enumerate(kept.values()))
        daemon = Daemon(self, sources)
        told = lambda samples: sum(total(samples, "bouncesight_source_files", state=state) for state in ("missing", "denied"))
        samples = daemon.wait_for(lambda samples: told(samples) >= len(kept), "every source to be looked at")
        for number, (what, (source, _, state, _)) in enumerate(kept.items()):
            name = f"s{number}-" + source.split("name: ")[1].split(",")[0]
            with self.subTest(what):
                self.assertGreaterEqual(total(samples, "bouncesight_source_files", source=name, state=state), 1)
                self.assertEqual(total(samples, "bouncesight_source_files", source=name, state="open"), 0)

    def test_check_shows_what_each_source_sees_now(self):
        result = self.run_command("check", f"--config.file={self.config('{name: mail, paths: [FOLDER/mail.log]}')}")
        self.assert_exit(result, OK)
        heading, row = result.stdout.splitlines()[:2]
        self.assertEqual(heading.split("  ")[0], "source")
        for word in ("mail (file)", "1 open", "postfix", "2026-"):
            self.assertIn(word, row)

    def test_a_file_that_may_not_be_read_is_said_by_check_and_serve_and_the_metric(self):
        secret = self.write("secret.log", SAMPLE.read_bytes())
        secret.chmod(0o600)
        try:
            result = self.run_command("check", f"--config.file={self.config('{name: mail, paths: [FOLDER/secret.log]}')}",
                                      user=NOBODY if os.geteuid() == 0 else None)
        except PermissionError:
            self.skipTest("other users cannot run the binary where it lies")
        if os.geteuid() != 0:
            self.skipTest("only root can make a file that it gives away")
        self.assertIn("1 denied", result.stdout)
        self.assertIn("permission denied", result.stdout)
        self.assertNotIn("usermod -aG root", result.stdout)

    def test_the_wrong_log_is_told_with_a_programs_name(self):
        log = self.write("kern.log", FOREIGN * 300)
        daemon = Daemon(self, f"  - {{name: mail, paths: [{log}], start: beginning}}")
        daemon.wait_for(lambda samples: total(samples, "bouncesight_source_lines_total", result="foreign") == 300, "the lines")
        self.assertIn("of other programs than mail servers, as of `kernel`", daemon.log())

    def test_a_taken_port_and_a_state_folder_that_cannot_be_are_named(self):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            port = listener.getsockname()[1]
            config = self.write("serve.yaml", f"web: {{listen_address: '127.0.0.1:{port}'}}\nstate: {{path: {self.folder}/state}}\n"
                                              "sources: [{name: i, type: stdin}]\n")
            result = self.run_command("serve", f"--config.file={config}")
            self.assert_exit(result, FAILED)
            taken = f"cannot listen on 127.0.0.1:{port}: Address already in use; "
            self.assertIn(taken, result.stderr)
            self.assertIn(f"(process {os.getpid()}) listens there: stop it, or use another port", result.stderr)
            self.assertIn(taken, self.run_command("check", f"--config.file={config}").stdout)
            source = self.config(f"{{name: net, type: syslog, listen: ['udp://192.0.2.1:5514', 'tcp://127.0.0.1:{port}']}}")
            self.assertIn("no interface of this host has the address", self.run_command("check", f"--config.file={source}").stdout)
        config.write_text(f"state: {{path: {self.folder}/mail.log/state}}\nweb: {{listen_address: '127.0.0.1:0'}}\n"
                          "sources: [{name: i, type: stdin}]\n")
        result = self.run_command("serve", f"--config.file={config}")
        self.assertIn(f"{self.folder}/mail.log/state", result.stderr)
        self.assertIn("make the folder writable for this user, or set state.path", result.stderr)


if __name__ == "__main__":
    unittest.main()
