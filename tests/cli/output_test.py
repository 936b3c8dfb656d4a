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
