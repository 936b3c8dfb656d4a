"""What the torture tests share: traffic with a ledger, the daemon, and an oracle that scrapes all the time.

The traffic is uniquely numbered delivery lines of known classes, written and rotated as a syslog daemon and logrotate
do it. The ledger is what a faultless reader must have counted, series by series. scripts/torture says how a script joins the
matrix.
"""

import collections
import contextlib
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("BOUNCESIGHT", str(SOURCE / "build" / "dev" / "bouncesight"))
CATALOG = pathlib.Path(__file__).resolve().parent / "catalog"  # a few rules: it is loaded at every restart
SLOW = float(os.environ.get("BOUNCESIGHT_SLOWNESS", "1"))  # sanitizers: how much longer all may take

SAMPLE_LINE = re.compile(r'^(\w+)(?:\{(.*)\})? (\S+)$')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
# What is counted and restored; everything else is the health of one process and starts anew with it.
EXACT = re.compile(r"bouncesight_(deliveries|failures|domain_failures|blocklist_hits|unclassified_replies|label_overflow|"
                   r"sender_deliveries|sender_failures|first_deferrals|rule_hits|source_lines|source_bytes)_total$|bouncesight_delivery_delay_seconds_(count|bucket|sum)$")

Kind = collections.namedtuple("Kind", "outcome cause code enhanced domain text")
KINDS = [
    Kind("delivered", "", "", "", "shop.example.org", "250 2.0.0 Ok: queued as {id}"),
    Kind("bounced", "user_unknown", "550", "5.1.1", "shop.example.org",
         "host mx.shop.example.org[192.0.2.7] said: 550 5.1.1 no torture subject of this name (in reply to RCPT TO command)"),
    Kind("bounced", "mailbox_full", "552", "5.2.2", "club.example.net",
         "host mx.club.example.net[192.0.2.8] said: 552 5.2.2 the torture box is full (in reply to end of DATA command)"),
    Kind("deferred", "greylisted", "450", "4.2.0", "club.example.net",
         "host mx.club.example.net[192.0.2.8] said: 450 4.2.0 torture comes later (in reply to RCPT TO command)"),
    Kind("deferred", "rate_limited", "421", "4.7.0", "bank.example.com",
         "host mx.bank.example.com[192.0.2.9] refused to talk to me: 421 4.7.0 too much torture"),
]
NOISE = "postfix/smtpd[902]: disconnect from mail.example.net[203.0.113.9] ehlo=1 mail=1 commands=2"


class Failure(Exception):
    """A guarantee was broken."""


class Skipped(Exception):
    """This machine cannot do it."""


class Ledger:
    """Makes lines, and keeps the truth of them."""

    ids = 1 << 48  # so many messages; then the same ones again
    joins = False  # the sums by sender, and what waits, are compared too: where all is read in the order it was written

    def __init__(self, seed=1, stamp=None):
        self.random = random.Random(seed)
        self.stamp = stamp or (lambda: time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) + ".000000+00:00")
        self.number = self.bytes = 0
        self.truth = collections.Counter()
        self.senders = collections.Counter()  # (kind, domain of the sender)
        self.queued = []  # (queue id, domain of the sender) of messages whose result is still to come
        self.named = set()  # senders that have a failure: what they sent before it counts as "other"
        self.waiting = 0

    def lines(self, count):
        """So many more, counted in the ledger before anybody can have read them."""
        stamp = self.stamp() + " mx1 "
        texts = [self._line(stamp) for _ in range(count)]
        text = "".join(texts).encode()
        self.bytes += len(text)
        return text

    def _line(self, stamp):
        self.number += 1
        chance = self.random.random()
        if chance < 0.1:
            return f"{stamp}{NOISE} number={self.number}\n"
        if chance < 0.2:
            self.queued.append((f"{self.number % self.ids:012X}", f"customer{self.random.randrange(3)}.example"))
            return f"{stamp}postfix/qmgr[900]: {self.queued[-1][0]}: from=<ann@{self.queued[-1][1]}>, size=99, nrcpt=1 (queue active)\n"
        kind = KINDS[int(self.random.random() * len(KINDS))]
        queue_id, sender = f"{self.number % self.ids:012X}", "unknown"
        # A result may come long after the sender was told, and the daemon may have died meanwhile.
        if self.queued and (len(self.queued) > 3000 or self.random.random() < 0.12):
            queue_id, sender = self.queued.pop(self.random.randrange(len(self.queued)))
            if sender not in self.named and kind.outcome == "delivered":
                kind = KINDS[-1]
            self.named.add(sender)
        self.truth[kind] += 1
        self.senders[kind, sender] += 1
        self.waiting += kind.outcome == "deferred"
        status = {"delivered": "sent"}.get(kind.outcome, kind.outcome)
        return (f"{stamp}postfix/smtp[1200]: {queue_id}: to=<user{self.number % self.ids}@{kind.domain}>, relay=mx.{kind.domain}[192.0.2.7]:25, "
                f"delay=1.5, delays=0.1/0.1/0.3/1, dsn={kind.enhanced or '2.0.0'}, status={status} ({kind.text.format(id=queue_id)})\n")

    def noise(self, count):
        """As lines(), but these are no deliveries, and so add nothing to remember."""
        self.number += count
        text = f"{self.stamp()} mx1 {NOISE}\n".encode() * count
        self.bytes += len(text)
        return text

    def append(self, path, count):
        self.queued.clear()  # what is told in one file need not be read before another one
        with open(path, "ab", buffering=0) as file:
            file.write(self.lines(count))

    def expect_joins(self, expected):
        for (kind, sender), count in self.senders.items():
            expected["sender_deliveries_total", (("outcome", kind.outcome), ("sender_domain", sender))] += count
            if kind.outcome != "delivered":
                expected["sender_failures_total", (("cause", kind.cause), ("sender_domain", sender))] += count
        expected["first_deferrals_total", ()] = expected["waiting_recipients", ()] = self.waiting

    def expected(self):
        """{(metric, labels): value}: the sums over all labels that are not named must be these."""
        expected = collections.Counter()
        for kind, count in self.truth.items():
            expected["deliveries_total", (("outcome", kind.outcome),)] += count
            if kind.outcome == "delivered":
                continue
            expected["failures_total", (("cause", kind.cause), ("outcome", kind.outcome))] += count
            expected["domain_failures_total", (("cause", kind.cause), ("code", kind.code), ("domain", kind.domain),
                                               ("enhanced_code", kind.enhanced), ("outcome", kind.outcome))] += count
        if self.joins:
            self.expect_joins(expected)
        expected["deliveries_total", ()] = expected["source_lines_total", (("result", "counted"),)] = sum(self.truth.values())
        expected["failures_total", ()] = expected["domain_failures_total", ()] = sum(
            count for kind, count in self.truth.items() if kind.outcome != "delivered")
        expected["source_lines_total", ()] = self.number
        expected["source_bytes_total", ()] = self.bytes
        expected["unclassified_replies_total", ()] = 0
        return expected


def replace_text(path, text):
    """In one step: a reload that was asked for before finds the old text or the new one, not an empty file."""
    new = path.with_name(path.name + ".new")
    new.write_text(text)
    os.replace(new, path)


class Traffic(Ledger, threading.Thread):
    """Writes `rate` lines a second into `log` and rotates it by rename, until stopped.

    The writer keeps a renamed file open for up to `late` seconds; the path may be absent for a moment (T03). With
    rotate_every=None somebody else rotates, and tells the writer to reopen by making the file LOG.hup.
    """

    def __init__(self, log, seed, rate=2000, rotate_every=(0.3, 2.0), late=1.5, keep=60, absent=0, pieces=True, stamp=None):
        threading.Thread.__init__(self, daemon=True)
        Ledger.__init__(self, seed, stamp)
        self.log, self.rate, self.rotate_every, self.late, self.keep = log, rate, rotate_every, late, keep
        self.absent, self.pieces = absent, pieces
        self.ended = threading.Event()
        self.resting = threading.Event()
        self.rests = threading.Event()
        self.rotations = 0
        self.writer = self.open()

    def open(self):
        return os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def run(self):
        try:
            self.write()
        except FileNotFoundError:  # the test has given up, and removed the folder
            if not self.ended.is_set():
                raise

    def write(self):
        next_rotation = self.next_rotation()
        reopen_at = None
        owed, last = 0.0, time.monotonic()
        while not self.ended.is_set():
            if self.resting.is_set():
                # Told just before it was to rest, it would go on in the old file, which may be compressed and gone by then.
                if self.was_told() or reopen_at is not None:
                    self.reopen()
                    reopen_at = None
                self.rests.set()
                time.sleep(0.01)
                continue
            now = time.monotonic()
            owed, last = min(owed + (now - last) * self.rate, self.rate), now
            text = self.lines(int(owed))
            owed -= int(owed)
            cut = self.random.randrange(len(text) + 1) if self.pieces and self.random.random() < 0.3 else len(text)
            os.write(self.writer, text[:cut])
            time.sleep(self.random.choice((0.002, 0.01, 0.03)))
            if text[cut:]:
                os.write(self.writer, text[cut:])
            now = time.monotonic()
            if reopen_at is not None and now >= reopen_at:
                self.reopen()
                reopen_at = None
            if reopen_at is None and (now >= next_rotation or self.was_told()):
                if now >= next_rotation:
                    self.rotate()
                    next_rotation = self.next_rotation()
                reopen_at = now + self.random.uniform(0, self.late)
        self.reopen()
        os.close(self.writer)

    def next_rotation(self):
        return time.monotonic() + self.random.uniform(*self.rotate_every) if self.rotate_every else float("inf")

    def was_told(self):
        try:
            os.unlink(self.log + ".hup")
        except FileNotFoundError:
            return False
        self.rotations += 1
        return True

    def rest(self):
        """Writes nothing until the returned event is cleared."""
        self.rests.clear()
        self.resting.set()
        self.rests.wait()
        return self.resting

    def rotate(self):
        """As logrotate: shift the names, rename the log, mostly create the next one."""
        for number in range(self.keep, 0, -1):
            name = f"{self.log}.{number}"
            if os.path.exists(name):
                if number == self.keep:
                    os.unlink(name)
                else:
                    os.rename(name, f"{self.log}.{number + 1}")
        os.rename(self.log, f"{self.log}.1")
        time.sleep(self.random.uniform(0, self.absent))
        if not self.absent and self.random.random() < 0.7:
            os.close(self.open())
        self.rotations += 1

    def reopen(self):
        os.close(self.writer)
        self.queued.clear()  # the two files may be read side by side
        self.writer = self.open()

    def end(self):
        self.ended.set()
        self.join()


def total(samples, name, labels=()):
    wanted = set(labels)
    return sum(value for (metric, has), value in samples.items() if metric == "bouncesight_" + name and wanted <= has)


class Lab:
    """A folder with a log, a state and a configuration, and the daemon that runs on them."""

    def __init__(self, interval="100ms", catalog=CATALOG, paths="{folder}/mail.log", state="{folder}/state"):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bouncesight-torture-"))
        self.log = str(self.folder / "mail.log")
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = listener.getsockname()[1]
        self.state = pathlib.Path(state.format(folder=self.folder))
        self.config = self.folder / "bouncesight.yaml"
        self.config.write_text(
            f'web: {{listen_address: "127.0.0.1:{self.port}"}}\nstate: {{path: {self.state}, interval: {interval}}}\n' +
            (f"rules: {{catalog: {catalog}}}\n" if catalog else "") +
            f"sources:\n  - {{name: mail, type: file, paths: [{paths.format(folder=self.folder)}], start: beginning}}\n")
        self.messages = open(self.folder / "serve.log", "ab")
        self.process = None
        self.environment = dict(os.environ)
        self.before_exec = None

    def start(self):
        self.process = subprocess.Popen([BINARY, "serve", f"--config.file={self.config}"], stdin=subprocess.DEVNULL,
                                        stdout=self.messages, stderr=self.messages, env=self.environment,
                                        preexec_fn=self.before_exec)

    def kill(self):
        self.process.kill()
        if self.process.wait() != -signal.SIGKILL:
            raise Failure(f"the daemon ended by itself: exit {self.process.returncode}\n{self.tail()}")

    def stop(self, *signals, within=2.0):
        """Sends the signals one after the other; returns the seconds until the end. The exit must be well."""
        started = time.monotonic()
        for number in signals or (signal.SIGTERM,):
            self.process.send_signal(number)
            time.sleep(0.01)
        try:
            code = self.process.wait(timeout=within * SLOW + 10)
        except subprocess.TimeoutExpired:
            raise Failure(f"the daemon does not end\n{self.tail()}") from None
        took = time.monotonic() - started
        if code != 0:
            raise Failure(f"exit {code}\n{self.tail()}")
        if took > within * SLOW:
            raise Failure(f"the daemon took {took:.1f} s to end")
        return took

    def scrape(self, path="/metrics", timeout=1.0):
        """The samples, or None where there is no answer or a refusal."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=timeout) as answer:
                text = answer.read().decode()
        except (OSError, ValueError, urllib.error.HTTPError):
            return None
        samples = {}
        for line in text.splitlines():
            match = SAMPLE_LINE.match(line)
            if match:
                samples[match[1], frozenset(LABEL.findall(match[2] or ""))] = float(match[3])
        return samples

    def wait_ready(self, seconds=20):
        deadline = time.monotonic() + seconds * SLOW
        while self.scrape("/-/ready") is None:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Failure(f"the daemon is not ready: exit {self.process.poll()}\n{self.tail()}")
            time.sleep(0.02)

    def drain(self, traffic, seconds=30):
        """Waits until as many lines are counted as were written, and compares every series with the ledger."""
        deadline = time.monotonic() + seconds * SLOW
        expected = traffic.expected()
        while True:
            samples = self.scrape() or {}
            if total(samples, "source_lines_total") >= traffic.number or time.monotonic() > deadline:
                break
            time.sleep(0.1)
        time.sleep(1)  # would more come?
        samples = self.scrape(timeout=5) or {}
        wrong = [f"{name}{dict(labels)}: {total(samples, name, labels):.0f}, the ledger has {value}"
                 for (name, labels), value in sorted(expected.items()) if total(samples, name, labels) != value]
        if wrong:
            raise Failure("\n".join(wrong) + "\n" + self.tail())
        return len(expected)

    def compare_history(self, traffic):
        """The sums of the history against the ledger, once the daemon has ended: how many there are."""
        expected = collections.Counter()
        for kind, count in traffic.truth.items():
            expected["totals", kind.outcome, kind.cause or None] += count
            if kind.outcome != "delivered":
                expected["failures", kind.outcome, kind.cause, kind.code, kind.enhanced, kind.domain] += count
                expected["ranks", "domain", kind.domain] += count
        found = collections.Counter()
        with contextlib.closing(sqlite3.connect(f"file:{self.state}/history.db?mode=ro", uri=True)) as history:
            for table, columns, count in (("totals", "outcome, cause", "results"),
                                          ("failures", "outcome, cause, code, enhanced_code, domain", "results"),
                                          ("ranks", "kind, name", "failures")):
                for row in history.execute(f"SELECT {columns}, sum({count}) FROM {table} GROUP BY {columns}"):
                    if row[0] != "sender_domain":
                        found[(table, *map(lambda value: str(value) if isinstance(value, int) else value, row[:-1]))] = row[-1]
            twice = history.execute("SELECT count(*) - count(DISTINCT queue_id) FROM failures").fetchone()[0]
        wrong = [f"{key}: {found[key]}, the ledger has {expected[key]}" for key in sorted(expected | found, key=str)
                 if found[key] != expected[key]]
        if wrong or twice:
            raise Failure(f"the history: {twice} queue ids twice\n" + "\n".join(wrong) + "\n" + self.tail())
        return len(expected)

    def wait_for_lines(self, count, seconds=20):
        """The seconds until so many lines are counted."""
        started = time.monotonic()
        while total(self.scrape() or {}, "source_lines_total") < count:
            if time.monotonic() > started + seconds * SLOW:
                counted = total(self.scrape() or {}, "source_lines_total")
                raise Failure(f"{counted:.0f} of {count} lines counted after {seconds * SLOW:.0f} s\n{self.tail()}")
            time.sleep(0.05)
        return time.monotonic() - started

    def resident(self):
        """MiB."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/statm").read_text().split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def log_names(self):
        """What the daemon has open in its folder, other than its state."""
        names = []
        for name in os.listdir(f"/proc/{self.process.pid}/fd"):
            try:
                target = os.readlink(f"/proc/{self.process.pid}/fd/{name}").removesuffix(" (deleted)")
            except FileNotFoundError:
                continue
            if target.startswith(f"{self.folder}/") and not target.startswith((f"{self.state}/", f"{self.folder}/serve.log")):
                names.append(target)
        return names

    def logs_open(self):
        return len(self.log_names())

    def tail(self, lines=40):
        return "\n".join((self.folder / "serve.log").read_text(errors="replace").splitlines()[-lines:])

    def remove(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.messages.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Oracle(threading.Thread):
    """Scrapes every 200 ms. No counter may fall or vanish, and none may be ahead of what was written."""

    def __init__(self, lab, traffic):
        super().__init__(daemon=True)
        self.lab, self.traffic = lab, traffic
        self.ended = threading.Event()
        self.scrapes = self.refused = 0
        self.seen = {}
        self.faults = []

    def run(self):
        while not self.ended.wait(0.2):
            samples = self.lab.scrape()
            if samples is None:
                self.refused += 1
                continue
            self.scrapes += 1
            written = self.traffic.number
            if total(samples, "source_lines_total") > written:
                self.faults.append(f"{total(samples, 'source_lines_total'):.0f} lines counted, {written} written")
            for series, before in self.seen.items():
                if samples.get(series, -1) < before:
                    self.faults.append(f"{series[0]}{dict(series[1])} fell from {before} to {samples.get(series)}")
            # Before the first line of a source its zeros carry no mta; they give way to those of the instances.
            self.seen = {series: value for series, value in samples.items()
                         if EXACT.match(series[0]) and (value > 0 or ("mta", "") not in series[1])}

    def end(self):
        self.ended.set()
        self.join()
        if self.faults:
            raise Failure(f"{len(self.faults)} faults seen by the oracle, the first:\n" + "\n".join(self.faults[:5]))
