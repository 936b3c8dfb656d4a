"""T23, T24: clocks that jump, and a system that has no descriptors left or forbids the log, against a ledger."""

import glob
import os
import resource
import time

from lab import SLOW, Failure, Lab, Ledger, Oracle, Skipped, Traffic
from rows import run_rows
from state_test import NOBODY, readable_by_nobody

FAKETIME = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
STEPS = ["+1d", "-1d", "+1h", "-1h", "+0", "@2027-03-28 01:59:58", "@2026-10-25 02:59:58", "@2028-02-28 23:59:58", "@2026-12-31 23:59:58",
         "@2027-01-01 00:00:01", "@1970-01-02 00:00:00", "@2038-01-19 03:14:05", "-1d", "+0"]


def clocks(long, seed):
    """T23: the clock steps by hours and days, over both changes of summer time, a leap day, a new year, 1970 and 2038."""
    if not FAKETIME:
        raise Skipped("libfaketime is not installed")
    if SLOW != 1:
        raise Skipped("a sanitizer bears no library before its own")
    lab = Lab()

    def stamp():  # some without a year or a zone, as RFC 3164 has them, and these jump as well
        now = time.time() + traffic.random.choice((0, 0, 86_400, -86_400, 3600, -3600, 40 * 86_400))
        return time.strftime("%b %e %H:%M:%S" if traffic.number % 2 else "%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(now))

    traffic = Traffic(lab.log, seed, stamp=stamp)
    oracle = Oracle(lab, traffic)
    clock = lab.folder / "clock"
    clock.write_text("+0\n")
    lab.environment |= {"LD_PRELOAD": FAKETIME[0], "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1", "TZ": "Europe/Berlin",
                        "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}
    restarts = 0
    try:
        traffic.start()
        lab.start()
        lab.wait_ready()
        oracle.start()
        steps = STEPS * (2 if long else 1)
        for number, step in enumerate(steps):
            clock.write_text(step + "\n")
            time.sleep(1.5 if long else 0.4)
            if number % 5 == 4:
                lab.kill()
                lab.start()
                lab.wait_ready()
                restarts += 1
        traffic.end()
        compared = lab.drain(traffic)
        oracle.end()
        lab.stop()
    finally:
        traffic.ended.set()
        oracle.ended.set()
        lab.remove()
    return (f"{len(steps)} steps of the clock, {restarts} kills, {traffic.number} lines, {traffic.rotations} rotations, {compared} sums equal "
            "the ledger, 0 differences")


def idle_share(lab, seconds):
    """Of a core, while something fails."""
    before = lab.cpu_seconds()
    time.sleep(seconds)
    share = (lab.cpu_seconds() - before) / seconds
    if share > 0.05 * SLOW:
        raise Failure(f"{100 * share:.1f} % of a core while nothing can be done")
    return share


def no_permission(long, seed):
    """T24: the new log is forbidden for 3 s after a rotation."""
    if os.geteuid() == 0 and not readable_by_nobody():
        raise Skipped("the program lies where nobody else may read it")
    lab, ledger = Lab(), Ledger()

    def become_nobody():
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)

    try:
        if os.geteuid() == 0:  # root may read everything
            lab.folder.chmod(0o755)
            lab.config.chmod(0o644)
            lab.state.mkdir()
            os.chown(lab.state, NOBODY, NOBODY)
            lab.before_exec = become_nobody
        ledger.append(lab.log, 100)
        lab.start()
        lab.wait_ready()
        share = slowest = 0.0
        for number in range(4 if long else 1):
            lab.wait_for_lines(ledger.number)
            os.rename(lab.log, f"{lab.log}.{number + 1}")
            ledger.append(lab.log, 100)
            os.chmod(lab.log, 0)
            share = max(share, idle_share(lab, 3))
            os.chmod(lab.log, 0o644)
            slowest = max(slowest, lab.wait_for_lines(ledger.number, 5))
        compared = lab.drain(ledger)
        lab.stop()
    finally:
        lab.remove()
    return (f"EACCES for 3 s: {100 * share:.1f} % of a core meanwhile, live again within {slowest:.1f} s, {ledger.number} lines, {compared} "
            "sums equal the ledger, 0 differences")


def no_descriptors(long, seed):
    """T24: more logs than descriptors, and none left for a scrape; then some of the logs go."""
    if not long:
        raise Skipped("takes half a minute")
    count, limit = 60, 64
    lab, ledger = Lab(paths="{folder}/mail-*.log"), Ledger()
    lab.before_exec = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    try:
        for number in range(count):
            ledger.append(lab.folder / f"mail-x{number}.log", 20)
        lab.start()
        time.sleep(2)
        share = idle_share(lab, 5)
        if lab.process.poll() is not None:
            raise Failure(f"the daemon has ended\n{lab.tail()}")
        if lab.scrape() is None:
            raise Failure(f"no scrape is answered\n{lab.tail()}")
        opened = lab.logs_open()
        if opened >= count:
            raise Failure(f"{opened} logs are open with {limit} descriptors")
        gone = {target for target in lab.log_names() if target.endswith(".log")}
        for name in gone:
            os.unlink(name)
        started = time.monotonic()
        while lab.logs_open() and gone & set(lab.log_names()):
            if time.monotonic() - started > 15:
                raise Failure("deleted logs are not closed")
            time.sleep(0.1)
        back = lab.wait_for_lines(ledger.number, 20)
        compared = lab.drain(ledger)
        lab.stop()
    finally:
        lab.remove()
    return (f"EMFILE: {opened} of {count} logs open, {100 * share:.1f} % of a core meanwhile, the others read {back:.1f} s after there were "
            f"descriptors, {ledger.number} lines, {compared} sums equal the ledger, 0 differences")


if __name__ == "__main__":
    run_rows([clocks, no_permission, no_descriptors], jobs=3)
