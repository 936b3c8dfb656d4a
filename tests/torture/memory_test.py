"""T01, T09, T16, T26: much, huge and many; memory stays within 32 MiB of the base, which is what the daemon has when it is ready.
# runs alone
"""

import os
import resource
import shutil
import threading
import time

from lab import SLOW, Failure, Lab, Ledger, total
from rows import run_rows

MORE = 32  # MiB


class Watch(threading.Thread):
    """Takes the daemon's memory four times a second."""

    def __init__(self, lab):
        super().__init__(daemon=True)
        self.lab, self.base, self.peak = lab, lab.resident(), 0.0
        self.ended = threading.Event()
        self.start()

    def run(self):
        while not self.ended.wait(0.25):
            if self.lab.process.poll() is None:
                self.peak = max(self.peak, self.lab.resident())

    def end(self):
        self.ended.set()
        self.join()
        last = self.lab.resident()
        self.peak = max(self.peak, last)
        if self.peak > self.base + MORE and SLOW == 1:  # a sanitizer keeps what was freed
            raise Failure(f"memory: base {self.base:.1f}, peak {self.peak:.1f} MiB")
        return f"memory: base {self.base:.1f}, peak {self.peak:.1f}, at the end {last:.1f} MiB"


def in_lab(scenario, before=None, limits=None, **options):
    lab, ledger, watch = Lab(**options), Ledger(), None
    if limits:
        lab.before_exec = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limits, limits))
    try:
        if before:
            before(lab, ledger)
        lab.start()
        lab.wait_ready(60)
        if before:
            lab.wait_for_lines(ledger.number)
        time.sleep(1)
        watch = Watch(lab)
        text = scenario(lab, ledger)
        compared = lab.drain(ledger)
        memory = watch.end()
        lab.stop()
        return f"{ledger.number} lines, {text}, {compared} sums equal the ledger, 0 differences; {memory}"
    finally:
        if watch:
            watch.ended.set()
        lab.remove()


class Mill(Ledger):
    """Makes lines much faster: the same hundred, with other numbers."""

    COUNT = 100
    QUEUE = 20_000  # messages that are tried again and again; what the join keeps of more has a bound of its own

    def __init__(self):
        super().__init__()
        probe = Ledger(seed=7, stamp=lambda: "2026-11-21T12:00:00.%06d+00:00")
        text = probe.lines(self.COUNT).decode()
        for number in range(1, self.COUNT + 1):
            text = text.replace(f"{number:012X}", "%012X").replace(f"<user{number}@", "<user%012d@")
        self.template, self.per_block = text, probe.truth
        self.places = text.count("%")
        self.truth_of_block = probe.truth

    def block(self):
        numbers = range(self.number, self.number + self.places)
        text = (self.template % tuple(number % self.QUEUE for number in numbers)).encode()
        self.number += self.COUNT
        self.bytes += len(text)
        self.truth.update(self.truth_of_block)
        return text


def steady(long, seed):
    """T01: 50,000 lines a second into ten files."""
    mill = Mill()

    def before(lab, _):
        for number in range(10):
            (lab.folder / f"mail-{number}.log").touch()

    def scenario(lab, ledger):
        files = [open(lab.folder / f"mail-{number}.log", "ab", buffering=0) for number in range(10)]
        seconds, rate = (60, 50_000) if long else (5, 20_000)
        started = time.monotonic()
        cpu = lab.cpu_seconds()
        lag, ticks = 0.0, 0
        while (now := time.monotonic() - started) < seconds:
            while mill.number < now * rate:
                files[mill.number // Mill.COUNT % 10].write(mill.block())
            if now > ticks:
                ticks += 5
                lag = max(lag, total(lab.scrape() or {}, "source_lag_bytes"))
            time.sleep(0.005)
        took = time.monotonic() - started
        ledger.__dict__.update(mill.__dict__)
        lab.wait_for_lines(mill.number)
        behind = time.monotonic() - started - took
        cpu = lab.cpu_seconds() - cpu
        if mill.number < 0.9 * rate * seconds:
            raise Failure(f"only {mill.number} lines could be written in {took:.0f} s")
        return (f"{mill.number / took:.0f} lines ({mill.bytes / took / 1e6:.1f} MB) a second for {took:.0f} s into 10 files, done {behind:.1f} s "
                f"after the last, {100 * cpu / (took + behind):.0f} % of a core, most lag {lag / 1e6:.1f} MB")

    return in_lab(scenario, before, paths="{folder}/mail-*.log")


def hole(long, seed):
    """T09: a writer that keeps its place over a cut leaves a hole of NULs."""
    size = 2**30 if long else 2**26

    def before(lab, ledger):
        ledger.append(lab.log, 1000)

    def scenario(lab, ledger):
        writer = os.open(lab.log, os.O_WRONLY)
        os.lseek(writer, 0, os.SEEK_END)
        slowest = 0.0
        for place in (None, size, None):
            os.truncate(lab.log, 0)
            time.sleep(0.5)
            if place:
                os.lseek(writer, place, os.SEEK_SET)
            os.write(writer, ledger.lines(100))
            slowest = max(slowest, lab.wait_for_lines(ledger.number, 10))
            os.write(writer, ledger.lines(1))
            lab.wait_for_lines(ledger.number)
        os.close(writer)
        if slowest > 5 * SLOW:
            raise Failure(f"live again after {slowest:.1f} s")
        return f"holes of {size >> 20} MiB, live again within {slowest:.1f} s"

    return in_lab(scenario, before)


def long_lines(long, seed):
    """T16: lines of 0 bytes to 100 MiB, and 100 MiB without a newline."""
    most = 64 * 1024
    huge = 100 if long else 20

    def scenario(lab, ledger):
        oversize = extra = extra_bytes = 0
        with open(lab.log, "ab", buffering=0) as file:
            for length in (0, 1, most - 1, most, most + 1, 2**20, huge * 2**20):
                for start in range(0, length, 2**20):
                    file.write(b"x" * min(2**20, length - start))
                file.write(b"\n" + ledger.lines(10))
                extra += 1
                oversize += length > most
            lab.wait_for_lines(ledger.number + extra)
            for _ in range(huge):  # nothing ends this one for a while
                file.write(b"y" * 2**20)
                time.sleep(0.01)
            time.sleep(1)
            file.write(b"\n" + ledger.lines(10))
            extra, oversize = extra + 1, oversize + 1
        back = lab.wait_for_lines(ledger.number + extra, 10)
        samples = lab.scrape(timeout=5)
        found = total(samples, "source_oversize_lines_total")
        lines = total(samples, "source_lines_total")
        if found != oversize or lines != ledger.number + extra:
            raise Failure(f"{found:.0f} oversize lines, {oversize} written; {lines:.0f} lines, {ledger.number + extra} written")
        if back > 5 * SLOW:
            raise Failure(f"live again after {back:.1f} s")
        # The odd lines are read as well, up to the cap.
        ledger.number += extra
        ledger.bytes = total(samples, "source_bytes_total")
        return f"{extra} of them of 0 bytes to {huge} MiB, {oversize} counted as oversize, live again within {back:.1f} s"

    return in_lab(scenario)


def many_files(long, seed):
    """T26: 5,000 files by a pattern, 1,000 at once, and folders that vanish with unread lines."""
    count, burst, folders = (5000, 1000, 50) if long else (300, 100, 10)

    def name(lab, number):
        return lab.folder / f"d{number % folders}" / f"mail-x{number}.log"

    def before(lab, ledger):
        for number in range(folders):
            (lab.folder / f"d{number}").mkdir()
        for number in range(count):
            ledger.append(name(lab, number), 2)

    def scenario(lab, ledger):
        for number in range(count, count + burst):
            ledger.append(name(lab, number), 2)
        at_once = lab.wait_for_lines(ledger.number, 30)
        for number in range(0, count + burst):
            ledger.append(name(lab, number), 1)
        all_at_once = lab.wait_for_lines(ledger.number, 30)
        idle = lab.cpu_seconds()
        time.sleep(5)
        idle = (lab.cpu_seconds() - idle) / 5
        for number in range(0, count + burst):
            ledger.append(name(lab, number), 1)
        for number in range(folders):
            shutil.rmtree(lab.folder / f"d{number}")
        lab.wait_for_lines(ledger.number, 30)
        started = time.monotonic()
        while lab.logs_open() > 0:
            if time.monotonic() - started > 20 * SLOW:
                raise Failure(f"{lab.logs_open()} deleted files are open after {20 * SLOW:.0f} s")
            time.sleep(0.2)
        return (f"{count} files and {burst} more at once, these read within {at_once:.1f} s, a line in each within {all_at_once:.1f} s, "
                f"{100 * idle:.0f} % of a core while idle, all closed {time.monotonic() - started:.1f} s after their folders vanished")

    return in_lab(scenario, before, limits=20_000, paths="{folder}/d*/mail-*.log")


if __name__ == "__main__":
    run_rows([steady, hole, long_lines, many_files])
