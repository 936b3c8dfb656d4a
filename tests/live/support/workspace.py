"""A private folder and the processes that live in it. Both are gone when the block ends, whatever happened in it."""

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

SKIPPED = 77  # the exit code that CTest takes for "skipped"
SLOW = float(os.environ.get("BOUNCESIGHT_SLOWNESS", "1"))  # sanitizers: how much longer all may take


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def require_debian_root(*programs):
    """Installs the live peers if need be; skips the test, saying why, where that cannot be done."""
    if os.geteuid() != 0:
        skip("starting a mail server needs root")
    if not shutil.which("apt-get"):
        skip("the packages come from Debian, and this is another system")
    if all(shutil.which(program) for program in programs):
        return
    install_live_packages()
    absent = [program for program in programs if not shutil.which(program)]
    if absent:
        skip(f"could not install {', '.join(absent)}")


def install_live_packages():
    script = pathlib.Path(__file__).resolve().parents[3] / "scripts" / "install-deps"
    subprocess.run([script, "live"], check=False)


def free_port():
    """A TCP port of the loopback on which nothing listens now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until(condition, what, seconds=30):
    """Waits for an outside program, which tells nobody when it is ready. Returns what `condition` returned."""
    deadline = time.monotonic() + seconds * SLOW
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds * SLOW:.0f} s in vain for {what}")
        time.sleep(0.1)


def listens(port):
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0


class Workspace:
    """with Workspace() as workspace: workspace.path, workspace.start("name", [...])"""

    def __enter__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="bouncesight-live-"))
        self.path.chmod(0o755)  # the mail server's own users must pass through
        self._children = []
        self._at_end = []
        return self

    def __exit__(self, kind, *_):
        for action in reversed(self._at_end):
            action()
        for _, child in reversed(self._children):
            child.terminate()
        for _, child in self._children:
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        if kind is not None:
            for log in sorted(self.path.glob("**/*.log")):
                tail = log.read_text(errors="replace").splitlines()[-40:]
                print(f"--- {log.relative_to(self.path)}:", *tail, sep="\n", file=sys.stderr)
        shutil.rmtree(self.path, ignore_errors=True)

    def start(self, name, command):
        """Runs `command` in the background; what it prints goes to NAME.log."""
        with open(self.path / f"{name}.log", "ab") as log:
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.path)
        self._children.append((name, child))
        return child

    def at_end(self, action):
        self._at_end.append(action)

    def write(self, name, text):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path
