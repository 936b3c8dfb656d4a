"""The daemon under what the unit promises, as far as bubblewrap can: a root that is read-only, no home folders, no capabilities,
no new privileges, memory never both writable and executable. It reads its log, writes its state, and opens its ports."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from checker import BINARY, SKIPPED, SOURCE, CheckerCase, run_with
from write_execute_test import deny_write_execute

SAMPLE = SOURCE / "tests" / "data" / "sample-mail.log"
COUNTED = re.compile(r'^bouncesight_failures_total\{.*cause="user_unknown".*\} [1-9]', re.M)
LISTENING = "0A"


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def boxed(folder, *command):
    return ["bwrap", "--unshare-user", "--unshare-ipc", "--unshare-uts", "--cap-drop", "ALL", "--die-with-parent", "--ro-bind", "/", "/",
            "--dev", "/dev", "--tmpfs", "/home", "--tmpfs", "/root", "--tmpfs", "/tmp", "--ro-bind", BINARY, "/tmp/bouncesight",
            "--ro-bind", folder, folder, "--bind", f"{folder}/state", f"{folder}/state", "--chdir", "/", *command]


class Sandbox(CheckerCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="bouncesight-sandbox-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        (self.folder / "state").mkdir(mode=0o700)
        self.log = self.folder / "mail.log"
        self.log.write_bytes(SAMPLE.read_bytes())
        self.port, self.syslog = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_DGRAM)
        config = self.folder / "bouncesight.yaml"
        config.write_text(f'web: {{listen_address: "127.0.0.1:{self.port}"}}\nstate: {{path: {self.folder}/state, interval: 100ms}}\n'
                          f"sources:\n  - {{name: mail, type: file, paths: [{self.log}], start: beginning}}\n"
                          f'  - {{name: relay, type: syslog, listen: "udp://127.0.0.1:{self.syslog}"}}\n')
        self.before = {path: path.read_bytes() for path in (self.log, config)}
        self.messages = open(self.folder / "serve.log", "wb")
        self.addCleanup(self.messages.close)
        self.process = subprocess.Popen(boxed(self.folder, "/tmp/bouncesight", "serve", f"--config.file={config}"), stdin=subprocess.DEVNULL,
                                        stdout=self.messages, stderr=self.messages, preexec_fn=deny_write_execute)
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.kill)
        self.wait_for(lambda: COUNTED.search(self.get("/metrics")))
        self.pid = self.daemon()

    def daemon(self):
        """bwrap stays as its parent, and ends as it ends."""
        pid = self.process.pid
        while pathlib.Path(f"/proc/{pid}/comm").read_text() != "bouncesight\n":
            pid = int(pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
        return pid

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            return ""

    def wait_for(self, condition):
        deadline = time.monotonic() + 60
        while not condition():
            self.assertIsNone(self.process.poll(), (self.folder / "serve.log").read_text())
            self.assertLess(time.monotonic(), deadline, (self.folder / "serve.log").read_text())
            time.sleep(0.05)

    def descriptors(self):
        """(target, writable) of each of the daemon."""
        proc = pathlib.Path(f"/proc/{self.pid}")
        for number in os.listdir(proc / "fd"):
            try:
                flags = re.search(r"flags:\s*(\d+)", (proc / "fdinfo" / number).read_text())[1]
                yield os.readlink(proc / "fd" / number), int(flags, 8) & os.O_ACCMODE != os.O_RDONLY
            except FileNotFoundError:  # closed meanwhile
                pass

    def ports(self):
        """Of its sockets: (protocol, address) that anybody can reach."""
        own = {target[8:-1] for target, _ in self.descriptors() if target.startswith("socket:[")}
        found = set()
        for name in ("tcp", "tcp6", "udp", "udp6", "raw", "raw6"):
            for line in pathlib.Path(f"/proc/{self.pid}/net/{name}").read_text().splitlines()[1:]:
                fields = line.split()
                if fields[9] in own and (not name.startswith("tcp") or fields[3] == LISTENING):
                    found.add((name, fields[1]))
        return found

    def test_reads_its_log_writes_its_state_and_opens_its_ports(self):
        status = dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines())
        self.assertEqual((int(status["CapEff"], 16), status["NoNewPrivs"], status["Seccomp"]), (0, "1", "2"))
        for path in ("/", "/api/v1/report?period=24h", "/api/v1/failures?period=1h"):
            self.assertTrue(self.get(path), path)
        os.kill(self.pid, signal.SIGHUP)
        self.wait_for(lambda: b"in force" in (self.folder / "serve.log").read_bytes())

        files = {(target, writable) for target, writable in self.descriptors() if target.startswith("/")}
        self.assertIn((str(self.log), False), files)
        others = {target for target, writable in files if writable and not target.startswith(("/dev/", f"{self.folder}/state/"))}
        self.assertLessEqual(others, {f"{self.folder}/serve.log"})  # its standard error
        loopback = "0100007F:"
        self.assertEqual(self.ports(), {("tcp", f"{loopback}{self.port:04X}"), ("udp", f"{loopback}{self.syslog:04X}")})

        os.kill(self.pid, signal.SIGTERM)
        self.assertEqual(self.process.wait(timeout=30), 0, (self.folder / "serve.log").read_text())
        self.assertTrue(any((self.folder / "state").iterdir()))
        for path, text in self.before.items():
            self.assertEqual(path.read_bytes(), text)

    def test_the_box_is_one(self):
        script = (f"touch {self.log} {self.folder}/new /etc/new 2>/dev/null && exit 1; touch {self.folder}/state/new || exit 2; "
                  "test -z \"$(ls /home /root -A | grep -v :)\"")
        self.assert_passes(*boxed(self.folder, "sh", "-c", script))


if __name__ == "__main__":
    try:
        can = subprocess.run(["bwrap", "--unshare-user", "--ro-bind", "/", "/", "true"], check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        can = True  # run_with says what to install
    if not can:
        print("skipped: bwrap may make no namespaces here")
        sys.exit(SKIPPED)
    run_with("bwrap", "bubblewrap")
