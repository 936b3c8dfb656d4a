import pathlib
import shutil
import subprocess
import unittest

from checker import BINARY, CONFIG, CheckerCase, run_with
from command_help import COMMANDS, options

BASH = CONFIG / "completion" / "bouncesight.bash"
ZSH = CONFIG / "completion" / "_bouncesight"
LIBRARY = pathlib.Path("/usr/share/bash-completion/bash_completion")

# Completes the last of the words that it is given, as readline would.
ASK = """
. "$1"; . "$2"; shift 2
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
compopt() { :; }
_bouncesight
printf '%s\\n' "${COMPREPLY[@]}"
"""


@unittest.skipUnless(BINARY, "no binary was named")
class Completion(CheckerCase):
    def bash(self, *words):
        return set(self.assert_passes("bash", "--norc", "-c", ASK, "bash", LIBRARY, BASH, "bouncesight", *words).split())

    @unittest.skipUnless(LIBRARY.exists(), "bash-completion is not installed")
    def test_bash_offers_every_command_and_option_and_no_other(self):
        self.assertEqual(self.bash(""), {*COMMANDS, "--help", "--version"})
        for command in COMMANDS:
            with self.subTest(command):
                offered = self.bash(command, "--")
                self.assertEqual({word.rstrip("=") for word in offered}, set(options(command)))

    @unittest.skipUnless(LIBRARY.exists(), "bash-completion is not installed")
    def test_bash_offers_the_choices_of_an_option(self):
        for command in COMMANDS:
            for option, choices in options(command).items():
                if choices:
                    with self.subTest(f"{command} {option}"):
                        self.assertEqual(self.bash(command, option, ""), set(choices))
                        self.assertEqual(self.bash(command, f"{option}={choices[0][:1]}"),
                                         {choice for choice in choices if choice.startswith(choices[0][:1])})

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_zsh_knows_every_option_and_choice_and_finds_no_fault(self):
        self.assertEqual(self.assert_passes("zsh", "-f", "-n", ZSH), "")
        text = ZSH.read_text()
        for command in COMMANDS:
            section = text[text.index(f"    {command})\n"):]
            section = section[:section.index(";;")]
            shared = text[text.index("  rules=("):text.index("  _arguments -C")]
            section += "".join(line for name, line in zip(("$rules", "$log_format"), shared.splitlines()) if name in section)
            for option, choices in options(command).items():
                with self.subTest(f"{command} {option}"):
                    self.assertRegex(section, rf"{option}[\[=}}]")
                    if choices:
                        self.assertIn(f"({' '.join(choices)})", section)


if __name__ == "__main__":
    run_with("bash", "bash")
