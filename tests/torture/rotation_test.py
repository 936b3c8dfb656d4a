"""T02 to T07: logs that are rotated under load, mostly by a real logrotate, while a reader reads, stands still, or is down.

Each against a ledger, exactly; an oracle scrapes meanwhile. Needs logrotate.
"""

import os
import random
import shutil
import signal
import subprocess
import threading
import time

from lab import SLOW, Failure, Lab, Oracle, Skipped, Traffic, total
from rows import run_rows

# Debian has it where users' PATH does not look.
LOGROTATE = shutil.which("logrotate", path=os.environ.get("PATH", "") + ":/usr/sbin")


class Rotator:
    def __init__(self, lab, options):
        if not LOGROTATE:
            raise Skipped("logrotate is not installed")
        self.lab = lab
        self.config, self.state = lab.folder / "logrotate.conf", lab.folder / "logrotate.state"
        self.config.write_text(f"{lab.log} {{\n  rotate 60\n  {options}\n  postrotate\n    touch {lab.log}.hup\n  endscript\n}}\n")
        self.config.chmod(0o644)

    def rotate(self):
        subprocess.run([LOGROTATE, "--force", f"--state={self.state}", self.config], check=True)


def proven(scenario, seed, drain=30, **traffic_options):
    """Runs scenario(lab, traffic) and compares."""
    lab = Lab()
    traffic = Traffic(lab.log, seed, **{"rotate_every": None, "late": 0.5, **traffic_options})
    oracle = Oracle(lab, traffic)
    try:
        traffic.start()
        lab.start()
        lab.wait_ready()
        oracle.start()
        scenario(lab, traffic)
        traffic.end()
        compared = lab.drain(traffic, drain)
        oracle.end()
        lost = total(lab.scrape(timeout=5) or {}, "source_lost_bytes_total")
        lab.stop()
        if traffic.rotations == 0:
            raise Failure("nothing was rotated")
        if lost:
            raise Failure(f"{lost:.0f} bytes are counted as lost, and none is")
    finally:
        traffic.ended.set()
        oracle.ended.set()
        lab.remove()
    return f"{traffic.number} lines, {traffic.rotations} rotations, {compared} sums equal the ledger, 0 differences"


def catch_up(lab, traffic):
    """The traffic rests, and all of it is counted."""
    resting = traffic.rest()
    lab.wait_for_lines(traffic.number)
    return resting


def renamed(long, seed):
    """T02: rename and create; the writer is told late."""
    count, late = (50, 8) if long else (8, 0.5)

    def scenario(lab, traffic):
        rotator = Rotator(lab, "create 0644\n  nocompress")
        for _ in range(count):
            time.sleep(4 if long else 0.7)
            rotator.rotate()

    return f"{count} times, the writer is told up to {late} s late: " + proven(scenario, seed, late=late)


def created_late(long, seed):
    """T03: rename, and the path is absent for up to 3 s."""
    def scenario(lab, traffic):
        time.sleep(60 if long else 6)

    return proven(scenario, seed, rotate_every=(0.5, 2.0), late=0.1, absent=3 if long else 1)


def stopped(long, seed):
    """T04: many rotations while the reader stands still."""
    rounds, count = (3, 8) if long else (1, 5)

    def scenario(lab, traffic):
        rotator = Rotator(lab, "create 0644\n  nocompress")
        for _ in range(rounds):
            time.sleep(1)
            lab.process.send_signal(signal.SIGSTOP)
            for _ in range(count):
                rotator.rotate()
                time.sleep(10 / count if long else 0.7)
            lab.process.send_signal(signal.SIGCONT)
            time.sleep(3)

    return f"{rounds} × {count} rotations under SIGSTOP: " + proven(scenario, seed)


def compressed(long, seed):
    """T05: delaycompress while the reader is down and while it reads."""
    count = 8 if long else 3

    def scenario(lab, traffic):
        rotator = Rotator(lab, "create 0644\n  compress\n  delaycompress")
        time.sleep(1)
        lab.stop()
        for _ in range(count):
            time.sleep(0.7)
            rotator.rotate()
        time.sleep(0.7)
        lab.start()
        for _ in range(count):
            time.sleep(0.7)
            rotator.rotate()

    return "delaycompress: " + proven(scenario, seed)


def held_up(lab, traffic, seed):
    """Stops the reader again and again, for up to 1.2 s, until the traffic ends: two rotations may come between two looks."""
    chance = random.Random(seed)
    while not traffic.ended.wait(chance.uniform(0.01, 0.25)):
        process = lab.process
        if process.poll() is None:
            process.send_signal(signal.SIGSTOP)
            traffic.ended.wait(chance.uniform(0.05, 1.2))
            process.send_signal(signal.SIGCONT)


def compressed_while_held_up(long, seed):
    """T05: delaycompress while the reader is held up: it has a file open, unread, that stands packed when it looks again."""
    count = 16 if long else 4

    def scenario(lab, traffic):
        rotator = Rotator(lab, "create 0644\n  compress\n  delaycompress")
        threading.Thread(target=held_up, args=(lab, traffic, seed), daemon=True).start()
        for _ in range(count):
            time.sleep(0.7)
            rotator.rotate()

    return "delaycompress, held up: " + proven(scenario, seed)


def compressed_at_once(long, seed):
    """T05: compress while the reader reads (it has the file open), and while it is down: the rest is in the .gz."""
    count = 8 if long else 3

    def scenario(lab, traffic):
        rotator = Rotator(lab, "create 0644\n  compress")
        for _ in range(count):
            time.sleep(0.7)
            rotator.rotate()
        resting = catch_up(lab, traffic)
        lab.stop()
        for _ in range(count):  # the writer rests: what it wrote to the file while that is compressed would be lost by nature
            resting.clear()
            time.sleep(0.7)
            resting = traffic.rest()
            rotator.rotate()
            while os.path.exists(lab.log + ".hup"):
                time.sleep(0.01)
        resting.clear()
        lab.start()

    return "compress: " + proven(scenario, seed, late=0)


def cut(long, seed):
    """T06: copytruncate, each time after the reader has caught up."""
    count = 30 if long else 4

    def scenario(lab, traffic):
        rotator = Rotator(lab, "copytruncate\n  nocompress")
        for _ in range(count):
            time.sleep(0.5)
            resting = catch_up(lab, traffic)
            rotator.rotate()
            resting.clear()

    return proven(scenario, seed, late=0)


def cut_unread(long, seed):
    """T06: copytruncate while the writer rests, and the reader has read nothing, something, or stands still: the copy has it."""
    count = 12 if long else 3

    def scenario(lab, traffic):
        rotator = Rotator(lab, "copytruncate\n  nocompress")
        for number in range(count):
            lab.process.send_signal(signal.SIGSTOP)
            time.sleep(0.3)
            for _ in range(1 + number % 2):  # twice between two looks
                resting = traffic.rest()
                rotator.rotate()
                resting.clear()
                time.sleep(0.3)
            lab.process.send_signal(signal.SIGCONT)
            time.sleep(0.7)

    return "unread, and twice between two looks: " + proven(scenario, seed, late=0)


def cut_under_load(long, seed):
    """T07: copytruncate with nobody waiting for anybody: loss is allowed, a double count is not."""
    lab = Lab()
    traffic = Traffic(lab.log, seed, rate=20_000, rotate_every=None, late=0, pieces=False)
    try:
        rotator = Rotator(lab, "copytruncate\n  nocompress")
        traffic.start()
        lab.start()
        lab.wait_ready()
        for _ in range(30 if long else 5):
            time.sleep(0.5)
            rotator.rotate()
        traffic.end()
        time.sleep(6 * SLOW)
        samples = lab.scrape(timeout=5) or {}
        expected = traffic.expected()
        doubled = [f"{name}{dict(labels)}: {total(samples, name, labels):.0f}, written {value}"
                   for (name, labels), value in expected.items()
                   if labels and total(samples, name, labels) > value]
        if doubled:
            raise Failure("\n".join(doubled))
        lines = traffic.number - total(samples, "source_lines_total")
        lost = traffic.bytes - total(samples, "source_bytes_total")
        estimate = total(samples, "source_lost_bytes_total")
        if estimate > lost:
            raise Failure(f"{estimate:.0f} bytes are said to be lost, {lost:.0f} are")
        if total(samples, "source_truncations_total") == 0:
            raise Failure("no cut was seen")
        if lines > traffic.number / 10:
            raise Failure(f"{lines:.0f} of {traffic.number} lines lost")
        lab.stop()
    finally:
        traffic.ended.set()
        lab.remove()
    return (f"{traffic.number} lines, {traffic.rotations} cuts, none counted twice; {lines:.0f} lines ({lost:.0f} bytes) fell "
            f"between a copy and its cut, {estimate:.0f} bytes of them were seen and are counted as lost")


def cut_without_a_copy(long, seed):
    """T07: what a cut takes unread is counted to the byte where it was seen."""
    lab = Lab()
    traffic = Traffic(lab.log, seed)
    try:
        lab.start()
        lab.wait_ready()
        lab.process.send_signal(signal.SIGSTOP)
        for _ in range(400 if long else 100):  # so much that it cannot be read between two looks
            os.write(traffic.writer, traffic.lines(500))
        lab.process.send_signal(signal.SIGCONT)
        while total(lab.scrape() or {}, "source_bytes_total") == 0:
            time.sleep(0.005)
        lab.process.send_signal(signal.SIGSTOP)
        os.truncate(lab.log, 0)
        lab.process.send_signal(signal.SIGCONT)
        deadline = time.monotonic() + 20 * SLOW
        while total(lab.scrape() or {}, "source_truncations_total") == 0 and time.monotonic() < deadline:
            time.sleep(0.1)
        samples = lab.scrape(timeout=5) or {}
        counted, lost = (total(samples, f"source_{what}_total") for what in ("bytes", "lost_bytes"))
        if counted + lost != traffic.bytes:
            raise Failure(f"{counted:.0f} bytes counted and {lost:.0f} lost, {traffic.bytes} written")
        lab.stop()
    finally:
        traffic.ended.set()
        lab.remove()
    return f"{counted:.0f} bytes counted + {lost:.0f} lost = {traffic.bytes} written"


if __name__ == "__main__":
    run_rows([renamed, created_late, stopped, compressed, compressed_while_held_up, compressed_at_once, cut, cut_unread, cut_under_load,
              cut_without_a_copy], jobs=3)
