"""A bouncesight over a made-up log, in a folder that goes away, for the torture scripts."""

import http.client
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import tempfile
import time

LINE = ("Nov 21 18:00:00 mx1 postfix/smtp[9]: 4XyZ{:07d}: to=<user@{}>, relay=mx.example.net[192.0.2.1]:25, delay=1, "
        "delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.example.net[192.0.2.1] said: 550 5.1.1 User unknown (in reply to "
        "RCPT TO command))\n")


class Served:
    """with Served(binary, series=10000) as served: served.port, served.pid"""

    def __init__(self, binary, series=100, interval="1s", more="", sources=""):
        self.binary, self.series, self.interval = pathlib.Path(binary).resolve(), series, interval
        self.more = more  # lines of the configuration
        self.sources = sources  # the same, in place of the log

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bouncesight-torture-"))
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = listener.getsockname()[1]
        self.log = self.folder / "mail.log"
        self.log.write_text("")
        config = self.folder / "bouncesight.yaml"
        sources = self.sources or f"sources: [{{name: mail, type: file, paths: [{self.log}], start: beginning}}]"
        config.write_text(f"""
web: {{listen_address: "127.0.0.1:{self.port}"}}
state: {{path: {self.folder}/state, interval: {self.interval}}}
{sources}
metrics: {{max_domains: {max(1000, 3 * self.series)}, max_series: {max(10000, 2 * self.series)}}}
{self.more}""")
        self._start()
        try:
            self._fill()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self):
        command = [self.binary, "serve", f"--config.file={self.folder}/bouncesight.yaml"]
        with open(self.folder / "serve.log", "ab") as errors:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors)
        self.pid = self.process.pid

    def restart(self):
        """Kills it, and starts it anew on its state. The seconds until it answers the first scrape."""
        self.process.kill()
        self.process.wait(timeout=30)
        began = time.monotonic()
        self._start()
        while time.monotonic() < began + 60:
            try:
                self.scrape()
                return time.monotonic() - began
            except (OSError, http.client.HTTPException):
                if self.process.poll() is not None:
                    break
                time.sleep(0.005)
        raise SystemExit((self.folder / "serve.log").read_text())

    def _fill(self):
        step = 5000  # less than one hand-over between two commits folds
        for first in range(0, self.series, step):
            last = min(first + step, self.series)
            with open(self.log, "a", encoding="ascii") as file:
                file.writelines(LINE.format(i, f"d{i}.example.org") for i in range(first, last))
            self.wait_for_lines(last)

    def wait_for_lines(self, wanted):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                for line in self.scrape()[1].decode().splitlines():
                    if line.startswith("bouncesight_source_lines_total") and 'result="counted"' in line:
                        if float(line.rsplit(" ", 1)[1]) >= wanted:
                            return
            except (OSError, http.client.HTTPException):
                if self.process.poll() is not None:
                    raise SystemExit((self.folder / "serve.log").read_text()) from None
            time.sleep(0.1)
        raise SystemExit(f"{wanted} lines were not counted in 60 s")

    def scrape(self, gzip=False, timeout=5):
        """(seconds, body) of one scrape over a connection of its own."""
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", "/metrics", headers={"Accept-Encoding": "gzip"} if gzip else {})
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise http.client.HTTPException(f"status {answer.status}")
        finally:
            connection.close()
        return time.perf_counter() - started, body

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def cpu_nanoseconds(self):
        """Of all its threads; finer than cpu_seconds()."""
        tasks = pathlib.Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks)

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))


def milliseconds(times):
    return (f"median {statistics.median(times) * 1000:.1f} ms, 95 % {sorted(times)[int(len(times) * .95)] * 1000:.1f} ms, "
            f"most {max(times) * 1000:.1f} ms")
