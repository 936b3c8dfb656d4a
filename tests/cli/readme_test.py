import pathlib
import re
import shlex
import unittest

from cli_case import OK, SOURCE, CliCase

README = SOURCE / "README.md"
EXAMPLE = re.compile(r"^```(?:text)?\n\$ bouncesight ([^\n]*)\n(.*?)^```$", re.M | re.S)


class Readme(CliCase):
    def test_its_examples_show_what_the_program_prints(self):
        examples = EXAMPLE.findall(README.read_text())
        self.assertGreaterEqual(len(examples), 2)
        self.folder = SOURCE  # the examples name files of the tree
        for arguments, shown in examples:
            with self.subTest(arguments):
                result = self.run_command(*shlex.split(arguments), env={"TZ": "UTC", "LC_ALL": "C.UTF-8"})
                self.assert_exit(result, OK)
                printed = [line.rstrip() for line in result.stdout.splitlines()]
                for line in shown.splitlines():
                    if line.strip() not in ("", "…"):
                        self.assertIn(line.rstrip(), printed, "scripts/update-readme writes the examples anew")

    def test_every_file_that_it_names_is_there(self):
        for path in re.findall(r"`((?:scripts|config|tests|rules|metrics|parsers)/[\w./-]*)`", README.read_text()):
            self.assertTrue((SOURCE / path).exists(), path)
        for path in re.findall(r"\]\(([\w./-]+)\)", README.read_text()):
            self.assertTrue((pathlib.Path(SOURCE) / path).exists(), path)


if __name__ == "__main__":
    unittest.main()
