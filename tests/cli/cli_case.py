"""A test case around the real binary: a private folder, and one call to run a command in it."""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("BOUNCESIGHT", str(SOURCE / "build" / "dev" / "bouncesight"))
HAS_KAFKA = "without Kafka" not in subprocess.run([BINARY, "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout
SAMPLE = SOURCE / "tests" / "data" / "sample-mail.log"
TRUTH = SAMPLE.with_suffix(".json")
NOBODY = 65534
SLOW = float(os.environ.get("BOUNCESIGHT_SLOWNESS", "1"))  # sanitizers: how much longer all may take

OK, FAILED, USAGE, BAD_CONFIG = 0, 1, 2, 78
SAMPLE_LINE = re.compile(r'^(\w+)(?:\{(.*)\})? (\S+)$')


class CliCase(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bouncesight-cli-"))
        self.folder.chmod(0o755)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run_command(self, *arguments, stdin=b"", user=None, env=None):
        """Runs to the end; the output is text, whatever its bytes. `env` is added to the environment."""
        result = subprocess.run([BINARY, *map(str, arguments)], input=stdin, capture_output=True, cwd=self.folder,
                                timeout=60 * SLOW, user=user, env={**os.environ, **(env or {})})
        result.stdout = result.stdout.decode("utf-8", "replace")
        result.stderr = result.stderr.decode("utf-8", "replace")
        return result

    def assert_exit(self, result, code):
        self.assertEqual(result.returncode, code, f"\nstdout: {result.stdout[-2000:]}\nstderr: {result.stderr[-2000:]}")

    def assert_complains(self, result, code, *words):
        """One line on stderr that holds each of `words`, and this exit code."""
        self.assert_exit(result, code)
        lines = result.stderr.splitlines()
        self.assertEqual(len(lines), 1, f"one line was wanted:\n{result.stderr}")
        for word in words:
            self.assertIn(str(word), lines[0])


class Daemon:
    """`bouncesight serve` on a free port, in a folder of the test's."""

    def __init__(self, case, sources, *flags, extra="", host="127.0.0.1"):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = listener.getsockname()[1]
        self.config = case.write("bouncesight.yaml", (
            f'web: {{listen_address: "{host}:{self.port}"}}\nstate: {{path: {case.folder}/state, interval: 100ms}}\n'
            f"rules: {{files: [{case.folder}/rules.d/*.yaml]}}\nsources:\n{sources}\n{extra}"))
        self.errors = open(case.folder / "serve.log", "wb")
        self.process = self.launch([BINARY, "serve", f"--config.file={self.config}", *flags], stdin=subprocess.DEVNULL,
                                   stdout=self.errors, stderr=self.errors, cwd=case.folder)
        self.case = case
        case.addCleanup(self.stop)

    def launch(self, command, **options):
        return subprocess.Popen(command, **options)

    def log(self):
        return (self.case.folder / "serve.log").read_text(errors="replace")

    def get(self, path, **headers):
        """(status, headers, body); waits for the daemon to listen."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        deadline = time.monotonic() + 20 * SLOW
        while True:
            try:
                with urllib.request.urlopen(request, timeout=5 * SLOW) as answer:
                    return answer.status, answer.headers, answer.read()
            except urllib.error.HTTPError as error:
                return error.code, error.headers, error.read()
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.case.fail(f"the daemon does not answer: exit {self.process.poll()}\n{self.log()}")
                time.sleep(0.05)

    def metrics(self):
        """{(name, frozenset of (label, value)): number} of a scrape."""
        samples = {}
        for line in self.get("/metrics")[2].decode().splitlines():
            match = SAMPLE_LINE.match(line)
            if match:
                labels = frozenset(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', match[2] or ""))
                samples[match[1], labels] = float(match[3])
        return samples

    def wait_for(self, condition, what, seconds=20):
        """Scrapes until `condition(samples)` holds; returns those samples."""
        deadline = time.monotonic() + seconds * SLOW
        while True:
            samples = self.metrics()
            if condition(samples):
                return samples
            if time.monotonic() > deadline:
                self.case.fail(f"waited in vain for {what}\n{self.log()}")
            time.sleep(0.05)

    def stop(self, how=signal.SIGTERM):
        """Ends the daemon and returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            code = self.process.wait(timeout=20 * SLOW)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.errors.close()
        return code


def total(samples, name, **labels):
    """The sum of a metric's samples that carry these labels."""
    wanted = set(labels.items())
    return sum(value for (metric, has), value in samples.items() if metric == name and wanted <= has)
