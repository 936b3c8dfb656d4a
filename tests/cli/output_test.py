"""What every command does with a slip on its command line, and when its output goes nowhere."""

import os
import signal
import subprocess
import unittest

from cli_case import BINARY, FAILED, OK, SAMPLE, USAGE, CliCase

COMMANDS = (["--help"], ["--version"], ["report", "--help"], ["report", SAMPLE], ["report", "--format=json", SAMPLE],
            ["events", SAMPLE], ["explain", "550 5.1.1 user unknown"], ["check"], ["check", "--help"])


class Output(CliCase):
    def run_into(self, stdout, command, **options):
        return subprocess.run([BINARY, *map(str, command)], stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE,
                              cwd=self.folder, timeout=60, text=True, **options)

    def test_a_slip_in_an_option_is_told_with_what_was_meant(self):
        for command, words in ((("report", "--fromat=json", SAMPLE), "'--fromat=json' is not an option of report; is --format meant?"),
                               (("serve", "--web.listen-adress=:1"), "is --web.listen-address meant?"),
                               (("trace", "--zzz", "a", SAMPLE), "'--zzz' is not an option of trace; 'bouncesight trace --help' lists them")):
            with self.subTest(command):
                self.assert_complains(self.run_command(*command), USAGE, words)

    def test_a_slip_in_a_command_is_told_with_what_was_meant(self):
        for wrong, words in (("reprot", "'reprot' is not a command or option; did you mean report? bouncesight --help lists them"),
                             ("Serve", "did you mean serve?"),
                             ("status", "'status' is not a command or option; bouncesight --help lists them")):
            with self.subTest(wrong):
                self.assert_complains(self.run_command(wrong, SAMPLE), USAGE, words)

    def test_a_wrong_command_line_is_told_in_plain_words(self):
        see = "; 'bouncesight report --help' tells more"
        for command, words in (((), "say what to do: serve, report, events, trace, explain, check, causes; bouncesight --help tells of each"),
                               (("report", "--since"), "--since needs a TIME" + see),
                               (("serve", "x"), "'x' is too much: serve takes no such argument; 'bouncesight serve --help' tells more"),
                               (("causes", "mailbox_full", "b"), "'b' is too much: causes takes no such argument; 'bouncesight causes --help' tells more"),
                               (("report", "--top"), "--top needs a number" + see),
                               (("report", "--format"), "--format needs a value" + see),
                               (("report", "--top=1", "--top=2", SAMPLE), "--top may be given once only" + see),
                               (("report", "--jobs=-1", SAMPLE), "--jobs: '-1' is not a number from 0 to 256"),
                               (("report", "--top=many", SAMPLE), "--top: 'many' is not a number from 1 to 100000"),
                               (("report", "--format=xml", SAMPLE), "--format: there is no 'xml'; write one of text, json, csv, html, openmetrics"),
                               (("serve", "--log.level=loud"), "--log.level: there is no 'loud'; write one of debug, info, warn, error"),
                               (("trace", "a", "--top=x"), "'x' is not what --top needs: a number; 'bouncesight trace --help' tells more"),
                               (("trace",), "WHAT is missing; 'bouncesight trace --help' tells more"),
                               (("report", "--mail=x", SAMPLE), "--mail takes no value: leave it away" + see)):
            with self.subTest(command):
                result = self.run_command(*command)
                self.assert_exit(result, USAGE)
                self.assertEqual(result.stderr, f"bouncesight: error: {words}\n")
        for command in ("report", "events", "trace"):
            self.assert_complains(self.run_command(command, *(["x"] if command == "trace" else []), ""), FAILED, "a FILE has no name")

    def test_no_argument_reaches_the_terminal_as_it_is(self):
        evil = b"x\x1b]0;\xff\xe2\x80\xae"
        shown = "x\\x1b]0;\\xff\\u202e"
        for command in (("report", b"--since=" + evil), ("report", b"--format=" + evil), ("report", b"--" + evil), (evil,), (b"--" + evil,),
                        ("report", evil), ("explain", b"/" + evil), ("causes", evil), ("trace", "a", evil), (b"report", b"--" + evil + b"="),
                        ("serve", evil), ("trace", "a", b"--top=" + evil), ("report", b"--internal-relays=" + evil), ("check", evil)):
            with self.subTest(command):
                result = subprocess.run([BINARY, *command], stdin=subprocess.DEVNULL, capture_output=True, cwd=self.folder, timeout=60)
                self.assertNotEqual(result.returncode, OK)
                self.assertEqual([byte for byte in result.stderr if byte < 32 and byte != 10], [])
                self.assertIn(shown, result.stderr.decode())
        self.assertIn("x ]0;\ufffd\ufffd: no line", self.run_command("trace", os.fsdecode(evil), SAMPLE).stdout)

    def test_of_a_long_argument_the_ends_are_shown(self):
        for command in (("report", "/" + "a" * 5000), ("report", "--since=" + "a" * 5000), ("a" * 5000,), ("report", "--format=" + "€" * 5000)):
            result = self.run_command(*command)
            self.assertLess(max(map(len, result.stderr.splitlines())), 1500)
            self.assertNotIn("\ufffd", result.stderr)
            self.assertIn(" … ", result.stderr)

    def test_a_name_in_a_hint_is_one_that_a_shell_takes(self):
        for name in (b"plain.log", b"two words.log", b"it's $(x).log", b"x\x1b[31m\xff.log", b"-dash.log", "日志.log".encode()):
            path = self.folder / os.fsdecode(name)
            path.write_bytes(b"no mail\n")
            result = self.run_command("report", "./" + os.fsdecode(name))
            command = result.stderr.split("see `bouncesight ")[1].split("`\n")[0]
            again = subprocess.run(["bash", "-c", f"{BINARY} {command}"], capture_output=True, cwd=self.folder, timeout=60)
            self.assertEqual(again.returncode, OK, again.stderr)
            self.assertIn(b'"skipped"', again.stdout)

    def test_help_is_a_command_too(self):
        for words in (["help"], ["help", "help"]):
            self.assertEqual(self.run_command(*words).stdout, self.run_command("--help").stdout)
        for command in ("report", "serve", "explain"):
            self.assertEqual(self.run_command("help", command).stdout, self.run_command(command, "--help").stdout)
        self.assert_complains(self.run_command("help", "reprot"), USAGE, "did you mean report?")

    def test_a_named_pipe_is_told_and_read_once_when_its_writer_comes(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        whole = self.run_command("report", "--format=csv", SAMPLE)
        for command in ("report", "events", "trace"):
            with self.subTest(command):
                words = ["report", "--format=csv"] if command == "report" else [command, *(["x"] if command == "trace" else [])]
                reader = subprocess.Popen([BINARY, *words, str(pipe)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                          stderr=subprocess.PIPE, text=True)
                try:
                    self.assertEqual(reader.stderr.readline(),
                                     f"bouncesight: note: {pipe} is a named pipe: it is read until its writer closes it\n")
                    subprocess.run(["cp", SAMPLE, pipe], check=True, timeout=20)
                    out = reader.communicate(timeout=20)[0]
                finally:
                    reader.kill()
                if command == "report":
                    self.assertEqual(out, whole.stdout.replace("\r\n", "\n").replace(str(SAMPLE), str(pipe)))

    def test_a_full_disk_fails_every_command_and_is_named(self):
        for command in COMMANDS:
            with self.subTest(command), open("/dev/full", "wb") as full:
                result = self.run_into(full, command)
                self.assertEqual(result.returncode, FAILED, result.stderr)
                self.assertEqual(result.stderr, "bouncesight: error: cannot write to standard output: No space left on device\n")

    def test_a_reader_that_has_gone_ends_every_command_in_silence(self):
        for ignored in (False, True):
            for command in COMMANDS:
                with self.subTest(command, ignored=ignored):
                    read, write = os.pipe()
                    os.close(read)
                    how = signal.SIG_IGN if ignored else signal.SIG_DFL
                    result = self.run_into(write, command, restore_signals=False,
                                           preexec_fn=lambda how=how: signal.signal(signal.SIGPIPE, how))
                    os.close(write)
                    self.assertIn(result.returncode, (FAILED, -signal.SIGPIPE))
                    self.assertEqual(result.stderr, "")

    def test_colour_is_for_terminals_that_want_it(self):
        for term, no_colour, wanted in (("xterm", None, True), ("xterm", "1", False), ("xterm", "", True), ("dumb", None, False)):
            with self.subTest(term=term, no_colour=no_colour):
                ours, theirs = os.openpty()
                environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"} | {"TERM": term}
                if no_colour is not None:
                    environment["NO_COLOR"] = no_colour
                self.assertEqual(self.run_into(theirs, ["explain", "550 5.1.1 user unknown"], env=environment).returncode, OK)
                os.close(theirs)
                shown = os.read(ours, 4096)
                os.close(ours)
                self.assertEqual(b"\x1b[" in shown, wanted, shown)


if __name__ == "__main__":
    unittest.main()
