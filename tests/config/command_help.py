"""What `bouncesight COMMAND --help` says: the truth that manual and completions are held to."""

import re
import subprocess

from checker import BINARY

COMMANDS = ("serve", "report", "events", "trace", "explain", "check", "causes")
OPTION = re.compile(r"^  (?:-\w,)?(--[\w.-]+)(?: \w+)?(?::\{([^}]*)\})?", re.M)


def options(command):
    """{option: [its choices, if they are a closed list]} of a command; of the program itself for ""."""
    text = subprocess.run([BINARY, *command.split(), "--help"], check=True, capture_output=True, text=True, timeout=60).stdout
    return {match[1]: match[2].split(",") if match[2] else [] for match in OPTION.finditer(text)}
