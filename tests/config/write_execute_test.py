"""MemoryDenyWriteExecute= as systemd 252 enforces it, by a filter on system calls, around the real program."""

import ctypes
import json
import mmap
import os
import pathlib
import platform
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request

from checker import BINARY, SKIPPED, SOURCE, CheckerCase, run_with

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | 1  # EPERM
LOAD, AND, IF_EQUAL, IF_ANY, RETURN = 0x20, 0x54, 0x15, 0x45, 0x06
NUMBER, THIRD_ARGUMENT = 0, 32  # offsets in struct seccomp_data; little-endian
CALLS = {"x86_64": (9, 10, 329), "aarch64": (222, 226, 288)}  # mmap, mprotect, pkey_mprotect
SAMPLE = SOURCE / "tests" / "data" / "sample-mail.log"
COUNTED = re.compile(r'^bouncesight_failures_total\{.*cause="ip_blocklisted".*\} [1-9]', re.M)
REPLY = "550 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org"


def deny_write_execute():
    """From here on, and in whatever is run: no mapping that is writable and executable, none that becomes executable."""
    new, *changes = CALLS[platform.machine()]
    wanted = mmap.PROT_WRITE | mmap.PROT_EXEC
    program = [(LOAD, 0, 0, NUMBER),
               (IF_EQUAL, 0, 4, new),
               (LOAD, 0, 0, THIRD_ARGUMENT), (AND, 0, 0, wanted), (IF_EQUAL, 6, 0, wanted), (RETURN, 0, 0, ALLOW),
               (IF_EQUAL, 1, 0, changes[0]),
               (IF_EQUAL, 0, 2, changes[1]),
               (LOAD, 0, 0, THIRD_ARGUMENT), (IF_ANY, 1, 0, mmap.PROT_EXEC),
               (RETURN, 0, 0, ALLOW),
               (RETURN, 0, 0, REFUSE)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    filter_ = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(code)))
    if LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or LIBC.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter_, 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel takes no seccomp filter")


def denied(*command, **options):
    return subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT,
                            preexec_fn=deny_write_execute, **options)


class UnderMemoryDenyWriteExecute(CheckerCase):
    def output(self, *command):
        with denied(*command, stdout=subprocess.PIPE, text=True) as process:
            text = process.communicate(timeout=100)[0]
        self.assertEqual(process.returncode, 0, text)
        return text

    def test_the_filter_bites(self):
        writable = "import mmap; mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | {})"
        refused = subprocess.run([sys.executable, "-c", writable.format("mmap.PROT_EXEC")], capture_output=True, text=True,
                                 preexec_fn=deny_write_execute)
        self.assertIn("PermissionError", refused.stderr)
        self.output(sys.executable, "-c", writable.format("0"))
        becomes = ("import ctypes, mmap; libc = ctypes.CDLL(None); m = mmap.mmap(-1, 4096); "
                   "print(libc.mprotect(ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(m))), 4096, {}))")
        self.assertEqual(self.output(sys.executable, "-c", becomes.format("1 | 4")), "-1\n")
        self.assertEqual(self.output(sys.executable, "-c", becomes.format("1")), "0\n")

    def test_rules_compile_and_replies_are_judged(self):
        self.assertIn('"cause":"ip_blocklisted"', self.output(BINARY, "explain", "--format=json", REPLY).replace(": ", ":"))

    def test_a_log_is_summed_up_as_without_it(self):
        command = [BINARY, "report", "--format=json", SAMPLE]
        under, without = (json.loads(text) for text in (self.output(*command), self.assert_passes(*command)))
        for report in (under, without):
            del report["made"]  # the moment of each run
        self.assertEqual(under, without)

    def test_the_daemon_counts(self):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{listener.getsockname()[1]}"
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            log, config, said = folder / "mail.log", folder / "bouncesight.yaml", folder / "said"
            log.write_bytes(SAMPLE.read_bytes())
            config.write_text(f"web: {{listen_address: '{address}'}}\nstate: {{path: {folder}/state, interval: 100ms}}\n"
                              f"sources: [{{name: mail, type: file, paths: [{log}], start: beginning}}]\n")
            with open(said, "w") as output:
                daemon = denied(BINARY, "serve", f"--config.file={config}", stdout=output)
            deadline, counted = time.monotonic() + 60, None
            while not counted and daemon.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
                try:
                    with urllib.request.urlopen(f"http://{address}/metrics", timeout=5) as answer:
                        counted = COUNTED.search(answer.read().decode())
                except OSError:
                    pass
            daemon.send_signal(signal.SIGTERM)
            self.assertEqual(daemon.wait(timeout=30), 0, said.read_text())
            self.assertTrue(counted, said.read_text())


if __name__ == "__main__":
    if not BINARY or platform.machine() not in CALLS or os.name != "posix":
        print("skipped: needs the binary, and a machine whose system calls are known here")
        sys.exit(SKIPPED)
    run_with(sys.executable, "python3")
