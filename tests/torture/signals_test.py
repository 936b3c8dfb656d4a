"""T28: SIGTERM under load, twice, and while rules are compiled; SIGPIPE; a SIGHUP that comes too early, and many of them.

The daemon commits and ends well within 2 s, and not a line is lost or counted twice.
"""

import os
import random
import signal
import sys
import time

from lab import SLOW, Failure, Lab, Oracle, Traffic


def starts_with_a_reload(lab):
    """SIGHUP before the configuration is read: the daemon waits for it at a FIFO."""
    text = lab.config.read_text()
    lab.config.unlink()
    os.mkfifo(lab.config)
    lab.start()
    with open(lab.config, "w") as fifo:  # opened: the daemon has opened it, too
        lab.process.send_signal(signal.SIGHUP)
        fifo.write(text)
    lab.wait_ready()
    lab.config.unlink()
    lab.config.write_text(text)


def run(seed):
    chance = random.Random(seed)
    lab = Lab()
    traffic = Traffic(lab.log, seed, rate=5000)
    oracle = Oracle(lab, traffic)
    slowest = 0.0
    rounds = 0
    try:
        starts_with_a_reload(lab)
        lab.stop()
        traffic.start()
        oracle.start()
        endings = [(signal.SIGTERM,), (signal.SIGTERM, signal.SIGTERM), (signal.SIGINT,), (signal.SIGPIPE, signal.SIGTERM),
                   (signal.SIGHUP, signal.SIGTERM), (signal.SIGHUP, signal.SIGHUP, signal.SIGHUP, signal.SIGTERM, signal.SIGTERM)]
        for signals in endings:
            lab.start()
            lab.wait_ready()
            time.sleep(chance.uniform(0, 0.4))
            slowest = max(slowest, lab.stop(*signals))
            rounds += 1
        lab.start()
        lab.wait_ready()
        for _ in range(30):  # T27, in small: reloads under load
            lab.process.send_signal(signal.SIGHUP)
            time.sleep(0.02)
        traffic.end()
        lab.drain(traffic)
        oracle.end()
        slowest = max(slowest, lab.stop())
    finally:
        traffic.ended.set()
        oracle.ended.set()
        lab.remove()
    return f"{rounds} ends under load, the slowest took {slowest:.2f} s, {traffic.number} lines, 0 differences"


def while_the_shipped_rules_compile():
    """These take long enough to be in the middle of."""
    lab = Lab(catalog=None)
    try:
        lab.start()
        lab.wait_ready(60)
        lab.process.send_signal(signal.SIGHUP)
        time.sleep(0.1 * SLOW)
        took = lab.stop()
    finally:
        lab.remove()
    return f"while the shipped rules were compiled: {took:.2f} s"


def main():
    seed = int(time.time())
    try:
        print("T28:", run(seed))
        print("T28:", while_the_shipped_rules_compile())
    except Failure as failure:
        sys.exit(f"T28: failed: {failure}")


if __name__ == "__main__":
    main()
