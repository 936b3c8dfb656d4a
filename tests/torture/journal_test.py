"""T18: kill -9 while the journal is written, rotated and vacuumed, by systemd-journal-remote."""

import os
import pathlib
import random
import re
import subprocess
import threading
import time

from lab import SLOW, Failure, Lab, Ledger, Oracle, Skipped
from rows import run_rows

WRITER = "/lib/systemd/systemd-journal-remote"
LINE = re.compile(r"^(\S+) (\S+) ([^[]+)\[(\d+)\]: (.*)$")
ENTRY = """__REALTIME_TIMESTAMP={time}
__MONOTONIC_TIMESTAMP={monotonic}
_BOOT_ID=0123456789abcdef0123456789abcdef
_HOSTNAME={host}
_SYSTEMD_UNIT=postfix@-.service
SYSLOG_IDENTIFIER={program}
SYSLOG_PID={pid}
MESSAGE={message}

"""


class Journal(threading.Thread):
    """Writes the ledger's lines as entries, with other units' in between, and rotates: a new file, and the oldest ones are
    removed once they are counted."""

    def __init__(self, folder, ledger, rate, chance):
        super().__init__(daemon=True)
        self.folder, self.ledger, self.rate, self.chance = folder, ledger, rate, chance
        self.ended = threading.Event()
        self.rotations = self.vacuumed = self.entries = 0
        self.started = int(time.time()) - 86400  # entries are 100 us apart, from yesterday on
        ledger.stamp = self.stamp
        folder.mkdir()

    def micro(self):
        return self.started * 1_000_000 + self.entries * 100

    def stamp(self):
        return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(self.micro() // 1_000_000)) + f".{self.micro() % 1_000_000:06d}+00:00"

    def entry(self, host, program, pid, message):
        self.entries += 1
        return ENTRY.format(time=self.micro(), monotonic=1_000_000 + self.entries * 100, host=host, program=program, pid=pid,
                            message=message)

    def batch(self, count):
        texts = []
        for line in self.ledger.lines(count).decode().splitlines():
            _, host, program, pid, message = LINE.match(line).groups()
            texts.append(self.entry(host, program, pid, message))
            if self.chance.random() < 0.2:
                other = self.entry("mx1", "sshd", "7", "Accepted publickey for root")
                texts.append(other.replace("postfix@-.service", "ssh.service"))
        return "".join(texts).encode()

    def open(self):
        return subprocess.Popen([WRITER, f"--output={self.folder}/system.journal", "-"], stdin=subprocess.PIPE,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def close(self, writer):
        writer.stdin.close()
        writer.wait()

    def run(self):
        writer = self.open()
        next_rotation = time.monotonic() + 1
        while not self.ended.is_set():
            writer.stdin.write(self.batch(max(1, self.rate // 50)))
            writer.stdin.flush()
            time.sleep(0.02)
            if time.monotonic() > next_rotation:
                self.close(writer)
                self.rotations += 1
                os.rename(self.folder / "system.journal", self.folder / f"system@{self.rotations:06d}.journal")
                writer = self.open()
                next_rotation = time.monotonic() + self.chance.uniform(0.5, 2)
        self.close(writer)

    def vacuum(self, keep):
        for old in sorted(self.folder.glob("system@*.journal"))[:-keep]:
            old.unlink()
            self.vacuumed += 1

    def end(self):
        self.ended.set()
        self.join()


def kills(long, seed):
    """T18: kill -9 at random while a journal is written, rotated and vacuumed."""
    if not pathlib.Path(WRITER).exists():
        raise Skipped("systemd-journal-remote is not installed")
    chance = random.Random(seed)
    lab, ledger = Lab(), Ledger(seed)
    text = lab.config.read_text().split("sources:")[0]
    lab.config.write_text(text + f"sources:\n  - {{name: journal, type: journal, directory: {lab.folder}/journal, "
                          'units: ["postfix@*"], start: beginning}\n')
    journal = Journal(lab.folder / "journal", ledger, 1000, chance)
    oracle = Oracle(lab, ledger)
    count = 100 if long else 12
    try:
        journal.start()
        oracle.start()
        for _ in range(count):
            lab.start()
            if chance.random() < 0.7:
                lab.wait_ready()
                journal.vacuum(keep=2)
            time.sleep(chance.uniform(0, 0.6))
            lab.kill()
        lab.start()
        lab.wait_ready()
        journal.end()
        compared = lab.drain(ledger)
        oracle.end()
        lab.stop()
    finally:
        journal.ended.set()
        oracle.ended.set()
        lab.remove()
    if ledger.number < 1000 / SLOW:
        raise Failure(f"only {ledger.number} entries were written")
    return (f"{count} kills, {journal.entries} entries, {ledger.number} of them of the unit, {journal.rotations} rotations, "
            f"{journal.vacuumed} files vacuumed, {compared} sums equal the ledger, {oracle.scrapes} scrapes, 0 differences")


if __name__ == "__main__":
    run_rows([kills])
