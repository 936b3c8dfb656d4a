"""T10 to T14: names, links and inodes on a real file system, against a ledger."""

import os
import signal
import time

from lab import Failure, Lab, Ledger
from rows import run_rows


def in_lab(scenario, **options):
    lab, ledger = Lab(**options), Ledger()
    try:
        return scenario(lab, ledger)
    finally:
        lab.remove()


def begin(lab):
    lab.start()
    lab.wait_ready()


def compare(lab, ledger):
    compared = lab.drain(ledger)
    lab.stop()
    return f"{ledger.number} lines, {compared} sums equal the ledger, 0 differences"


def wait_until_closed(lab, count, seconds):
    started = time.monotonic()
    while lab.logs_open() > count:
        if time.monotonic() - started > seconds:
            raise Failure(f"{lab.logs_open()} logs are open after {seconds} s")
        time.sleep(0.1)
    return time.monotonic() - started


def reused_inode(long, seed):
    """T10: the log is deleted and made anew with the same inode, while the reader runs and while it is down."""
    def scenario(lab, ledger):
        rounds, reused = 10 if long else 3, 0
        ledger.append(lab.log, 50)
        begin(lab)
        for number in range(rounds):
            lab.wait_for_lines(ledger.number)
            down = number % 2 == 0
            if down:
                lab.stop()
            inode = os.stat(lab.log).st_ino
            os.unlink(lab.log)
            if not down:
                wait_until_closed(lab, 0, 15)  # as long as it is open, its inode is taken
            ledger.append(lab.log, 100 + number)
            reused += os.stat(lab.log).st_ino == inode
            if down:
                begin(lab)
        return f"{reused} of {rounds} new files had the old one's inode: {compare(lab, ledger)}"

    return in_lab(scenario)


def same_head(long, seed):
    """T11: three files that begin with the same 4 KiB, and then differ. (While they do not, they are copies: FileBook.)"""
    def scenario(lab, ledger):
        head = Ledger(stamp=lambda: "2026-11-21T12:00:00.000000+00:00")
        text = head.lines(40)[:4096]
        text = text[:text.rindex(b"\n") + 1]
        lines = text.count(b"\n")
        names = [lab.folder / f"mail-{letter}.log" for letter in "abc"]
        for name in names:
            ledger.append(name, 0)
            again = Ledger(stamp=head.stamp)
            name.write_bytes(again.lines(lines))
            ledger.truth.update(again.truth)
            ledger.number += lines
            ledger.bytes += again.bytes
        if len({name.read_bytes() for name in names}) != 1:
            raise Failure("the heads are not the same")
        for name in names:
            ledger.append(name, 1)
        begin(lab)
        for number, name in enumerate(names):
            ledger.append(name, 20 + number)
        lab.wait_for_lines(ledger.number)
        lab.stop()
        for name in names:
            ledger.append(name, 20)
        begin(lab)
        return f"the first {len(text)} bytes alike: {compare(lab, ledger)}"

    return in_lab(scenario, paths="{folder}/mail-*.log")


def symbolic_links(long, seed):
    """T12: a link that is switched, switched back, and leads nowhere."""
    def scenario(lab, ledger):
        def link(target):
            os.symlink(target, lab.folder / "new")
            os.replace(lab.folder / "new", lab.log)

        targets = [lab.folder / f"target-{letter}" for letter in "abcd"]
        link(targets[0])
        begin(lab)
        slowest = 0.0
        for number in range(40 if long else 8):
            target = targets[ledger.random.randrange(len(targets))]
            if number % 5 == 4:
                link("nowhere")
                time.sleep(ledger.random.uniform(0.3, 2))
            link(target)
            ledger.append(target, 30)
            if number % 3:
                time.sleep(ledger.random.uniform(0.5, 1))  # it looks four times a second; what it never saw has no name to be found by
            else:
                slowest = max(slowest, lab.wait_for_lines(ledger.number, 5))
        return f"live again within {slowest:.1f} s: {compare(lab, ledger)}"

    return in_lab(scenario)


def hard_links(long, seed):
    """T13: one file under two watched names, each of which is deleted in turn."""
    def scenario(lab, ledger):
        first, second = lab.folder / "mail-a.log", lab.folder / "mail-b.log"
        for number in range(3 if long else 1):
            ledger.append(first, 100)
            os.link(first, second)
            if number == 0:
                begin(lab)
            ledger.append(second, 100)
            time.sleep(1.5)
            first.unlink()
            ledger.append(second, 100)
            time.sleep(12 if long else 1.5)  # past the time when a quiet file is closed
            ledger.append(second, 100)
            os.rename(second, first)
            lab.wait_for_lines(ledger.number)
        return compare(lab, ledger)

    return in_lab(scenario, paths="{folder}/mail-*.log")


def deleted(long, seed):
    """T14: deleted while unread, and made anew."""
    def scenario(lab, ledger):
        ledger.append(lab.log, 10)
        begin(lab)
        lab.wait_for_lines(ledger.number)
        slowest = 0.0
        for number in range(4 if long else 1):
            lab.process.send_signal(signal.SIGSTOP)
            ledger.append(lab.log, 5000)
            os.unlink(lab.log)
            if number % 2 == 0:
                ledger.append(lab.log, 100)
            lab.process.send_signal(signal.SIGCONT)
            lab.wait_for_lines(ledger.number)
            slowest = max(slowest, wait_until_closed(lab, 1 - number % 2, 15))
            if number % 2:
                ledger.append(lab.log, 100)
                lab.wait_for_lines(ledger.number)
        return f"closed {slowest:.1f} s after it was read: {compare(lab, ledger)}"

    return in_lab(scenario)


if __name__ == "__main__":
    run_rows([reused_inode, same_head, symbolic_links, hard_links, deleted], jobs=5)
