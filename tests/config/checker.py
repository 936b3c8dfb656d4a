"""A test case around an outside checker: skipped, saying what to install, where that is missing."""

import os
import pathlib
import shutil
import subprocess
import sys
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
CONFIG = SOURCE / "config"
BINARY = os.environ.get("BOUNCESIGHT")
SKIPPED = 77  # the exit code that CTest takes for "skipped"


class CheckerCase(unittest.TestCase):
    def run_checker(self, *command, **options):
        return subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=550, **options)

    def output_of(self, *command):
        """What `command` says, whether it passes or not."""
        return self.run_checker(*command).stdout

    def assert_passes(self, *command, **options):
        """Runs `command`; its output is the test's message when it fails. Returns the output."""
        result = self.run_checker(*command, **options)
        self.assertEqual(result.returncode, 0, f"{' '.join(map(str, command))}\n{result.stdout}")
        return result.stdout


def run_with(program, package):
    """unittest.main(), or a skip of the whole file where `program` is not installed."""
    if not shutil.which(program):
        print(f"skipped: {program} is not installed (Debian package {package}; scripts/install-deps live)")
        sys.exit(SKIPPED)
    unittest.main()
