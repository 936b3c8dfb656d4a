"""A Sendmail of our own, unpacked beside whatever mail server is installed, with a configuration out of its own macros."""

import os
import pathlib
import shutil
import socket
import subprocess
import threading
import time

from .package import unpack, unpack_program
from .workspace import free_port, listens, wait_until

PROGRAM, MACROS = "sendmail-bin", "sendmail-cf"  # packages

CONFIGURATION = """divert(-1)
include(`{cf}/m4/cf.m4')
OSTYPE(`linux')
FEATURE(`nouucp', `reject')
FEATURE(`accept_unresolvable_domains')
FEATURE(`no_default_msa')
DAEMON_OPTIONS(`Name=MTA, Family=inet, Addr=127.0.0.1, Port={port}')
define(`confDOMAIN_NAME', `out.example.com')
define(`QUEUE_DIR', `{path}/queue')
define(`ALIAS_FILE', `')
define(`STATUS_FILE', `')
define(`HELP_FILE', `')
define(`confPID_FILE', `{path}/sendmail.pid')
define(`confDEF_USER_ID', `nobody')
define(`confDONT_BLAME_SENDMAIL', `GroupWritableDirPathSafe')
define(`confDONT_PROBE_INTERFACES', `True')
define(`confBIND_OPTS', `-DNSRCH -DEFNAMES')
define(`confTO_CONNECT', `5s')
define(`confTO_ICONNECT', `5s')
define(`confTO_IDENT', `0s')
define(`confTO_QUEUERETURN', `2h')
define(`confTO_QUEUEWARN', `1s')
define(`confTO_RESOLVER_RETRANS', `2s')
define(`confTO_RESOLVER_RETRY', `1')
MAILER(`smtp')
"""


class SystemLog:
    """What programs say to syslog, in a file, for a Sendmail that can log nowhere else. Needs /dev in this test's own mount namespace."""

    def __init__(self, workspace, path):
        socket_path = workspace.path / "log.socket"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(socket_path))
        socket_path.chmod(0o666)
        # /dev is shared with the machine: a name that is not there is taken away again.
        device = pathlib.Path("/dev/log")
        if not device.exists():
            device.touch()
            workspace.at_end(device.unlink)
        subprocess.run(["mount", "--bind", socket_path, device], check=True)
        workspace.at_end(lambda: subprocess.run(["umount", "--lazy", device], check=False))
        self._file = open(path, "ab", buffering=0)
        threading.Thread(target=self._copy, daemon=True).start()

    def _copy(self):
        while True:
            message = self._socket.recv(65536).partition(b">")[2].rstrip(b"\n\0")
            # As rsyslog writes it: the time, this host, the rest.
            self._file.write(message[:16] + b"out " + message[16:] + b"\n")


class Sendmail:
    """Needs replace_etc(). Logs by syslog only, so that one is enough for a test."""

    name = kind = "sendmail"

    def __init__(self, workspace, program, macros):
        self.path = workspace.path / "sendmail"
        (self.path / "queue").mkdir(parents=True)
        (self.path / "queue").chmod(0o700)
        self.log = self.path / "mail.log"
        self.log.touch()
        self._syslog = SystemLog(workspace, self.log)
        binary = unpack_program(program, workspace.path / "sendmail-program", "usr/libexec/sendmail/sendmail")
        unpack(macros, workspace.path / "sendmail-macros")
        self.port = free_port()
        cf = workspace.path / "sendmail-macros" / "usr" / "share" / "sendmail" / "cf"
        source = workspace.write("sendmail/sendmail.mc", CONFIGURATION.format(cf=cf, path=self.path, port=self.port))
        made = subprocess.run(["m4", f"-D_CF_DIR_={cf}/", source], check=True, capture_output=True, text=True).stdout
        configuration = workspace.write("sendmail/sendmail.cf", made)
        (workspace.path / "etc" / "mail").mkdir(exist_ok=True)
        (workspace.path / "etc" / "mail" / "local-host-names").write_text("local.example.com\n")
        self._command = [binary, "-C", configuration]
        self._daemon = workspace.start("sendmail-daemon", [*self._command, "-bD"])
        wait_until(lambda: listens(self.port), "Sendmail to listen")

    def run_queue(self):
        subprocess.run([*self._command, "-q"], check=True, timeout=60, capture_output=True)

    def stop(self):
        self._daemon.terminate()
        self._daemon.wait(timeout=10)
