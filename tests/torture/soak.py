"""A long run of everything at once: see scripts/soak, which says what it does, and soak_test.py, its small form.

Two daemons follow the same logs. The steady one is never killed, so that its memory, descriptors and threads can be looked at
over hours: it has syslog by UDP, requests of every kind, and reloads. The victim is killed again and again. Through brokers of
Kafka that are disturbed all the time each sends its lines to the other one, and so counts every line of the files twice: once
from the file, once from the topic. Each has its ledger and its oracle.
"""

import collections
import csv
import os
import pathlib
import random
import shutil
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "kafka"))
from cluster import MOCK, NOT_LEADER, REQUEST_TIMED_OUT, Cluster  # noqa: E402
from lab import KINDS, SLOW, Failure, Lab, Ledger, Oracle, Traffic, replace_text, total  # noqa: E402

# Messages that end, or are tried again and again: what the join keeps of ever new ones that wait for ever has a bound of its own.
Ledger.ids = 5_000
EVERY = 10  # seconds between two rows of the CSV
COLUMNS = ["seconds", "rss_mib", "descriptors", "threads", "lag_bytes", "cpu_percent", "written_mib", "lines", "victim_rss_mib",
           "kafka_lag_bytes", "kafka_lag_records", "kafka_lines", "brokers_away",
           "kills", "reloads", "scrapes", "requests"]
CHARTS = [("rss_mib", "Memory, MiB"), ("descriptors", "Descriptors"), ("threads", "Threads"), ("lag_bytes", "Lag, bytes"),
          ("cpu_percent", "CPU, % of a core"), ("written_mib", "Written since the start, MiB"),
          ("victim_rss_mib", "Memory of the one that is killed, MiB"), ("kafka_lag_bytes", "Not acknowledged by the brokers, bytes"),
          ("kafka_lag_records", "Not read from the brokers, records")]
NONE_LOST = ("source_lost_bytes_total", "kafka_lost_records_total", "kafka_ship_lost_bytes_total", "kafka_ship_gaps_total")
JUDGED_FROM = 300  # seconds of a run below which nothing is said about growth
MORE_MEMORY, MORE_DESCRIPTORS = 8, 12  # the last quarter may have so much more than the second one
REQUESTS = ["/", "/metrics", "/-/healthy", "/-/ready", "/api/v1/status", "/api/v1/report?period=24h", "/api/v1/senders?period=1h",
            "/api/v1/rules", "/api/v1/causes", "/api/v1/timeline?period=24h&by=cause", "/api/v1/failures?period=1h",
            "/api/v1/failures?period=%00&cause=%ff", "/api/v1/explain", "/api/v1/nothing", "/%2e%2e/etc/passwd", "/" + "a" * 5000]
BROKEN = ["sources: [\n", "fruit: 1\n", "rules: {catalog: /nonexistent}\n"]


class Postfix(Traffic):
    """Messages that have a result mostly leave the queue soon."""

    def __init__(self, *arguments, **more):
        super().__init__(*arguments, **more)
        self.settled = collections.deque(maxlen=100)

    def _line(self, stamp):
        if self.settled and self.random.random() < 0.4:
            self.number += 1
            return f"{stamp}postfix/qmgr[900]: {self.settled.popleft()}: removed\n"
        line = super()._line(stamp)
        if "status=sent" in line or "status=bounced" in line:
            self.settled.append(line.split("]: ", 1)[1].split(":", 1)[0])
        return line


class Exim(Traffic):
    """The same kinds of results, as Exim writes them."""

    def _line(self, _):
        self.number += 1
        message = self.number % self.ids
        queue_id = f"1aTort-{message:06d}-2B"
        head = time.strftime("%Y-%m-%d %H:%M:%S ", time.gmtime()) + queue_id
        if self.random.random() < 0.2:
            return f"{head} <= ann@customer.example H=client.example.net [203.0.113.9] P=esmtp S=999\n"
        kind = self.random.choice(KINDS)
        self.truth[kind] += 1
        to = f"user{message}@{kind.domain} R=dnslookup T=remote_smtp H=mx.{kind.domain} [192.0.2.7]"
        if kind.outcome == "delivered":
            return f'{head} => {to} C="250 2.0.0 Ok"\n'
        said = f"SMTP error from remote mail server after RCPT TO:<user{message}@{kind.domain}>: " + kind.code + kind.text.split(
            kind.code, 1)[1].split(" (in reply", 1)[0]
        return f"{head} ** {to}: {said}\n" if kind.outcome == "bounced" else f"{head} == {to} defer (-44): {said}\n"


class Hostile(Traffic):
    """What strangers would write: each is a line, and none of them tells a result."""

    def lines(self, count):
        text = b"".join(self._hostile() + b"\n" for _ in range(count))
        self.number += count
        self.bytes += len(text)
        return text

    def _hostile(self):
        depth = self.random.choice((10, 1000, 20_000))
        head = self.stamp().encode() + b" mx1 postfix/smtp[1]: "
        return self.random.choice((
            lambda: b"x" * self.random.choice((1, 4095, 65_536, 300_000)),
            lambda: head + b"A1: to=<" + b"\0" * self.random.randrange(200),
            lambda: head + self.random.randbytes(self.random.randrange(2000)).replace(b"\n", b"\xff") + b"\xc0\xaf\xed\xa0\x80",
            lambda: b"[" * depth,
            lambda: b'{"message":' * depth + b'"\xff\\ud800"' + b"}" * depth,
            lambda: head + b"\x1b]0;title\x07\x1b[2J</script><script>alert(1)</script>",
            lambda: head + b"warning: " + b"(" * depth + b"550 5.1.1 " * 50,
        ))()


class Datagrams(Ledger, threading.Thread):
    """Results by UDP, all of one kind, so that what the kernel dropped can be taken off. Rests while `resting` is set."""

    KIND = KINDS[1]

    def __init__(self, address, rate):
        threading.Thread.__init__(self, daemon=True)
        Ledger.__init__(self)
        self.rate, self.ended = rate, threading.Event()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(address)

    def run(self):
        while not self.ended.wait(0.05):
            for _ in range(max(1, int(self.rate * 0.05))):
                self.number += 1
                self.truth[self.KIND] += 1
                message = self.number % self.ids
                to = f"user{message}@{self.KIND.domain}"
                self.socket.send((f"<22>{self.stamp()} mx2 postfix/smtp[1200]: {message:012X}: to=<{to}>, relay=mx.example.net"
                                  f"[192.0.2.7]:25, delay=1, dsn=5.1.1, status=bounced ({self.KIND.text})").encode())

    def end(self):
        self.ended.set()
        self.join()

    def drop(self, count):
        self.number -= count
        self.truth[self.KIND] -= count


class Sum:
    """Several ledgers as one."""

    def __init__(self, ledgers):
        self.ledgers = ledgers

    @property
    def number(self):
        return sum(ledger.number for ledger in self.ledgers)

    def expected(self):
        sums = collections.Counter()
        for ledger in self.ledgers:
            sums.update(ledger.expected())
        del sums["source_bytes_total", ()]  # of datagrams, others are counted than were sent
        return sums


class Brokers:
    """A topic for each daemon's lines; leaders move, answers are late or are errors, and brokers go away and come again."""

    PARTITIONS, BROKERS = 4, 2

    def __init__(self, topics):
        self.cluster, self.topics, self.away = Cluster(self.BROKERS), topics, set()
        for topic in topics:
            self.cluster.do(f"topic {topic} {self.PARTITIONS}")

    def source(self, topic):
        return self.cluster.source(topic).removeprefix("  - ")

    def output(self, topic):
        brokers = ", ".join(f'"{each}"' for each in self.cluster.brokers.split(","))
        return f"outputs:\n  - {{type: kafka, brokers: [{brokers}], topic: {topic}, send: lines, host: {topic}}}\n"

    def disturb(self, chance):
        were_away = self.away
        self.restore()
        if chance.random() < 0.3 and not were_away:
            self.away = set(chance.choice(((1,), (2,), (1, 2))))
            for broker in self.away:
                self.cluster.do(f"down {broker}")
            return
        self.cluster.do(f"leader {chance.choice(self.topics)} {chance.randrange(self.PARTITIONS)} {chance.randrange(self.BROKERS) + 1}")
        self.cluster.do(f"rtt {chance.randrange(self.BROKERS) + 1} {chance.choice((0, 0, 50, 400))}")
        if chance.random() < 0.5:
            self.cluster.do(f"produce-errors {chance.choice((NOT_LEADER, REQUEST_TIMED_OUT))} {chance.randrange(1, 4)}")

    def restore(self):
        for broker in self.away:
            self.cluster.do(f"up {broker}")
        self.away = set()
        for broker in range(self.BROKERS):
            self.cluster.do(f"rtt {broker + 1} 0")


class Site(Lab):
    """A daemon on the logs of `logs`, with syslog by UDP if wanted, a topic to read, and one to send its lines to."""

    def __init__(self, logs, udp, reads="", sends=""):
        super().__init__()
        self.udp, self.sends = None, sends
        (self.folder / "drop").mkdir()  # stays empty
        # A broker that is away just then would hold up the first answer for a minute.
        self.head = self.config.read_text().split("sources:")[0].replace("interval: 100ms", "interval: 100ms, catch_up: 5s")
        self.sources = [f"{{name: {name}, type: file, paths: [{path}], start: beginning}}" for name, path in logs.items()]
        if udp:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
                free.bind(("127.0.0.1", 0))
                self.udp = free.getsockname()
            self.sources.append(f'{{name: relay, type: syslog, listen: "udp://127.0.0.1:{self.udp[1]}"}}')
        self.sources += [reads] if reads else []
        self.config.write_text(self.good())

    def good(self, more=()):
        return self.head + "sources:\n" + "".join(f"  - {source}\n" for source in [*self.sources, *more]) + self.sends

    def reload(self, chance):
        self.wait_ready()  # before its first instruction SIGHUP ends any program
        more = [f"{{name: drop, type: directory, directory: {self.folder}/drop}}"] if chance.random() < 0.5 else []
        text = self.good(more)
        broken = chance.choice(BROKEN)
        if chance.random() < 0.5:
            text = (self.head if broken.startswith("sources") else
                    "".join(line for line in text.splitlines(True) if not line.startswith(broken[:5]))) + broken
        replace_text(self.config, text)
        self.process.send_signal(signal.SIGHUP)

    def counted(self, source):
        return total(self.scrape() or {}, "source_lines_total", {("source", source)})

    def look(self):
        """What /proc says of the process."""
        proc = pathlib.Path(f"/proc/{self.process.pid}")
        fields = dict(line.split(":", 1) for line in (proc / "io").read_text().splitlines())
        return {"rss_mib": round(self.resident(), 2), "descriptors": len(os.listdir(proc / "fd")),
                "threads": len(os.listdir(proc / "task")), "written_mib": round(int(fields["write_bytes"]) / 2**20, 2)}


class Soak:
    def __init__(self, seconds, seed, rate, folder, kills_every=60):
        self.seconds, self.chance, self.out, self.kills_every = seconds, random.Random(seed), folder, kills_every
        self.lines_of = {"mail": rate, "exim": rate / 2, "copied": rate / 2, "hostile": min(20, rate / 10)}
        self.seed, self.done, self.answers = seed, collections.Counter(), collections.Counter()
        self.rows = []

    def run(self):
        logs = Lab()  # a folder for the logs; no daemon runs there
        paths = {name: str(logs.folder / f"{name}.log") for name in self.lines_of}
        makers = {"mail": Postfix, "exim": Exim, "copied": Postfix, "hostile": Hostile}
        turns = {"mail": (2, 20), "exim": (5, 40), "copied": None, "hostile": (10, 60)}
        self.traffics = {name: makers[name](paths[name], self.seed + number, rate=self.lines_of[name], rotate_every=turns[name], keep=40)
                         for number, name in enumerate(self.lines_of)}
        self.brokers = Brokers(("steady", "victim")) if os.path.exists(MOCK) else None
        ways = [("victim", "steady"), ("steady", "victim")] if self.brokers else []
        kafka = [{"reads": self.brokers.source(reads), "sends": self.brokers.output(sends)} for reads, sends in ways] or [{}, {}]
        self.steady, self.victim = Site(paths, udp=True, **kafka[0]), Site(paths, udp=False, **kafka[1])
        self.datagrams = Datagrams(self.steady.udp, self.lines_of["mail"] / 5)
        files = list(self.traffics.values())
        read = files * 2 if self.brokers else files
        self.ledgers = Sum([*read, self.datagrams]), Sum(read)
        self.oracles = [Oracle(site, ledger) for site, ledger in zip((self.steady, self.victim), self.ledgers)]
        try:
            return self.soak()
        finally:
            for thread in [*files, self.datagrams, *self.oracles]:
                thread.ended.set()
            for lab in (self.steady, self.victim, logs):
                lab.remove()
            if self.brokers:
                self.brokers.cluster.stop()

    def soak(self):
        for site in (self.steady, self.victim):
            site.start()
            site.wait_ready()
        self.started, self.cpu = time.monotonic(), (time.monotonic(), self.steady.cpu_seconds())
        for thread in [*self.traffics.values(), self.datagrams, *self.oracles]:
            thread.start()
        self.act()
        text = self.settle()
        self.draw()
        return text + self.judge()

    def act(self):
        short = min(1, self.seconds / 120)  # a short run does everything, too
        actions = {self.row: EVERY * short, self.kill: self.kills_every * short, self.reload: 20 * short, self.request: 1,
                   self.copy_and_truncate: 30 * short}
        if self.brokers:
            actions[self.disturb] = 15 * short
        due = {action: 0 if action == self.row else self.chance.uniform(0, every) for action, every in actions.items()}
        while (now := time.monotonic() - self.started) < self.seconds:
            action = min(due, key=due.get)
            if due[action] > now:
                time.sleep(min(0.1, due[action] - now))
                continue
            action()
            due[action] = now + actions[action] * (1 if action == self.row else self.chance.uniform(0.5, 1.5))
            if self.steady.process.poll() is not None:
                raise Failure(f"the steady daemon ended: exit {self.steady.process.returncode}\n{self.steady.tail()}")

    def row(self):
        samples, now, cpu = self.steady.scrape(timeout=5) or {}, time.monotonic(), self.steady.cpu_seconds()
        before, self.cpu = self.cpu, (now, cpu)
        row = {"seconds": round(now - self.started), **self.steady.look(), "lag_bytes": int(total(samples, "source_lag_bytes")),
               "cpu_percent": round(100 * (cpu - before[1]) / max(0.01, now - before[0]), 1),
               "lines": int(total(samples, "source_lines_total")), "victim_rss_mib": round(self.victim.resident(), 2),
               "kafka_lag_bytes": int(total(samples, "kafka_ship_lag_bytes")), "kafka_lag_records": int(total(samples, "kafka_lag_records")),
               "kafka_lines": int(total(samples, "source_lines_total", {("source", "fleet")})),
               "brokers_away": len(self.brokers.away) if self.brokers else 0,
               "scrapes": sum(oracle.scrapes for oracle in self.oracles), **{name: self.done[name] for name in ("kills", "reloads", "requests")}}
        self.rows.append(row)
        with open(self.out / "soak.csv", "a" if len(self.rows) > 1 else "w", newline="", encoding="ascii") as file:
            writer = csv.DictWriter(file, COLUMNS)
            if len(self.rows) == 1:
                writer.writeheader()
            writer.writerow(row)

    def kill(self):
        self.victim.kill()
        replace_text(self.victim.config, self.victim.good())  # with a broken one it would not start
        for _ in range(self.chance.choice((0, 0, 3))):  # some die while they start
            self.victim.start()
            time.sleep(self.chance.uniform(0, 0.3))
            self.victim.kill()
            self.done["kills"] += 1
        time.sleep(self.chance.uniform(0, 1))
        self.victim.start()
        self.done["kills"] += 1

    def disturb(self):
        self.brokers.disturb(self.chance)
        self.done["disturbances"] += 1

    def reload(self):
        self.chance.choice((self.steady, self.victim)).reload(self.chance)
        self.done["reloads"] += 1

    def request(self):
        path = self.chance.choice(REQUESTS)
        body = b'{"text": "550 5.1.1 no torture subject of this name \\u0000"}' if path == "/api/v1/explain" else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.steady.port}{path}", body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=20 * SLOW) as answer:
                answer.read()
                status = answer.status
        except urllib.error.HTTPError as error:
            with error:
                status = error.code
        self.answers[status] += 1
        self.done["requests"] += 1
        if status >= 500 and status != 503:
            raise Failure(f"{path} is answered with {status}\n{self.steady.tail()}")

    def copy_and_truncate(self):
        """As logrotate does it, once both have read all: what is cut unread would be lost, by nature."""
        traffic = self.traffics["copied"]
        resting = traffic.rest()
        deadline = time.monotonic() + 60 * SLOW
        while any(site.counted("copied") < traffic.number for site in (self.steady, self.victim)):
            if time.monotonic() > deadline:
                raise Failure(f"{traffic.number} lines of a log at rest are not counted\n{self.steady.tail()}\n{self.victim.tail()}")
            time.sleep(0.05)
        names = [f"{traffic.log}.{number}" for number in range(1, 6)]
        for older, newer in zip(reversed(names), reversed(names[:-1])):
            if os.path.exists(newer):
                os.replace(newer, older)
        shutil.copy2(traffic.log, names[0])
        os.truncate(traffic.log, 0)
        resting.clear()
        self.done["copies"] += 1

    def settle(self):
        self.datagrams.end()
        for traffic in self.traffics.values():
            traffic.end()
        sent, deadline = self.datagrams.number, time.monotonic() + 30 * SLOW
        while True:
            samples = self.steady.scrape(timeout=5) or {}
            drops = total(samples, "syslog_kernel_drops_total")
            if self.steady.counted("relay") + drops == sent or time.monotonic() > deadline:
                break
            time.sleep(0.1)
        self.datagrams.drop(int(drops))
        if self.brokers:
            self.brokers.restore()
        for site in (self.steady, self.victim):
            site.wait_ready()
            replace_text(site.config, site.good())
            site.process.send_signal(signal.SIGHUP)
            site.wait_ready()
        compared = sum(site.drain(ledger, 60) for site, ledger in zip((self.steady, self.victim), self.ledgers))
        for oracle in self.oracles:
            oracle.end()
        self.row()
        for site in (self.steady, self.victim):
            samples = site.scrape(timeout=5) or {}
            site.stop(within=5)
            for name in NONE_LOST:
                if total(samples, name):
                    raise Failure(f"{name} is {total(samples, name):.0f}, and nothing is lost")
        rotations = sum(traffic.rotations for traffic in self.traffics.values())
        answers = ", ".join(f"{count} × {status}" for status, count in sorted(self.answers.items()))
        written = sum(traffic.number for traffic in self.traffics.values())
        kafka = (f"each daemon's sent to the other by Kafka, {self.done['disturbances']} disturbances of its brokers" if self.brokers
                 else "no Kafka: it is not built")
        return (f"{written} lines of files ({kafka}) and {sent} datagrams, {drops:.0f} of them dropped by the kernel; {rotations} rotations, "
                f"{self.done['copies']} cuts, {self.done['kills']} kills, {self.done['reloads']} reloads, "
                f"{sum(oracle.scrapes for oracle in self.oracles)} scrapes, requests: {answers}; {compared} sums equal the ledgers, "
                "0 differences")

    def judge(self):
        """Is it flat? The last quarter against the second, for the first is when it fills what it keeps."""
        size = len(self.rows)
        second, last = self.rows[size // 4:size // 2], self.rows[size - size // 4:]
        if not second or not last:
            return ""
        said = ""
        for name, more in (("rss_mib", MORE_MEMORY), ("descriptors", MORE_DESCRIPTORS), ("threads", 0)):
            before, after = (max(row[name] for row in rows) for rows in (second, last))
            said += f"; {name} at most {before} in the second quarter, {after} in the last"
            if self.seconds >= JUDGED_FROM and after > before + more and SLOW == 1:
                raise Failure(f"{name} grows: at most {before} in the second quarter, {after} in the last")
        return said

    def draw(self):
        (self.out / "soak.svg").write_text(picture(self.rows), encoding="utf-8")


def picture(rows):
    """One chart below the other, each from 0 to its highest value."""
    width, height, gap, left = 800, 110, 45, 20
    span = max(1, rows[-1]["seconds"])
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width + 2 * left}" height="{len(CHARTS) * (height + gap) + 30}" '
             'font-family="sans-serif" font-size="13">', '<rect width="100%" height="100%" fill="white"/>']
    for number, (name, title) in enumerate(CHARTS):
        top, most = 30 + number * (height + gap), max(max(row[name] for row in rows), 1e-9)
        points = " ".join(f"{left + width * row['seconds'] / span:.1f},{top + height * (1 - row[name] / most):.1f}" for row in rows)
        parts.append(f'<text x="{left}" y="{top - 6}">{title}: first {rows[0][name]:g}, most {most:g}, last {rows[-1][name]:g}</text>'
                     f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="#f4f4f4"/>'
                     f'<polyline points="{points}" fill="none" stroke="#1f5fa8" stroke-width="1.5"/>')
    parts.append(f'<text x="{left}" y="{len(CHARTS) * (height + gap) + 20}">0 to {span} s</text></svg>\n')
    return "\n".join(parts)
