"""A network and an /etc of the test's own, so that it may be its own resolver and listen on port 25.

The addresses are those that RFC 5737 keeps for examples:
  192.0.2.0/24     is all here: a peer may listen on any of them, and refuses where none listens
  198.51.100.0/24  has no route to it, and says so
"""

import os
import shutil
import subprocess
import sys

from .workspace import skip

INSIDE = "BOUNCESIGHT_TEST_NETWORK"
REFUSING = "192.0.2.250"
UNREACHABLE = "198.51.100.9"


def enter_private_network():
    """Starts this program again inside network and mount namespaces of its own; returns only there."""
    if os.environ.get(INSIDE):
        for route in (["link", "set", "lo", "up"], ["route", "add", "local", "192.0.2.0/24", "dev", "lo"],
                      ["route", "add", "unreachable", "198.51.100.0/24"]):
            subprocess.run(["ip", *route], check=True)
        return
    namespaces = ["unshare", "--mount", "--net"]
    for program in ("unshare", "ip"):
        if not shutil.which(program):
            skip(f"there is no {program}")
    probe = subprocess.run([*namespaces, "true"], capture_output=True, text=True)
    if probe.returncode != 0:
        skip(f"a network of the test's own is not permitted here: {probe.stderr.strip()}")
    sys.stdout.flush()
    os.execvpe(namespaces[0], [*namespaces, sys.executable, "-B", *sys.argv], {**os.environ, INSIDE: "1"})


def replace_etc(workspace):
    """Puts a copy of /etc over /etc, in this mount namespace only; its resolver is 127.0.0.1. The copy may be changed."""
    copy = workspace.path / "etc"
    subprocess.run(["cp", "-a", "/etc", copy], check=True)
    (copy / "resolv.conf").unlink(missing_ok=True)
    (copy / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:2 attempts:1\n")
    (copy / "hosts").write_text("127.0.0.1 localhost\n")
    subprocess.run(["mount", "--bind", copy, "/etc"], check=True)
    workspace.at_end(lambda: subprocess.run(["umount", "--lazy", "/etc"], check=False))
