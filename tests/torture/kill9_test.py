"""T18: kill -9 at random under rotation, while an oracle scrapes. No line lost, none counted twice, no counter falls, and the
history holds what the counters do.

    tests/torture/kill9_test.py [--long] [--kills N] [--seconds S] [--seed N]    ends at whichever comes first; --long: 500 kills
"""

import argparse
import random
import sys
import time

from lab import SLOW, Failure, Lab, Oracle, Traffic


def run(kills, seconds, seed):
    chance = random.Random(seed)
    lab = Lab()
    traffic = Traffic(lab.log, seed)
    traffic.joins = True
    oracle = Oracle(lab, traffic)
    started = time.monotonic()
    killed = 0
    try:
        traffic.start()
        oracle.start()
        while killed < kills and time.monotonic() - started < seconds:
            lab.start()
            # Some die while they start, most while they read and commit.
            time.sleep(chance.choice((chance.uniform(0, 0.3), chance.uniform(0.2, 1.2))) * SLOW)
            lab.kill()
            killed += 1
            time.sleep(chance.uniform(0, 0.2))
        lab.start()
        lab.wait_ready()
        traffic.end()
        compared = lab.drain(traffic)
        oracle.end()
        lab.stop()
        kept = lab.compare_history(traffic)
        if killed == 0 or oracle.scrapes == 0:
            raise Failure(f"{killed} kills and {oracle.scrapes} scrapes prove nothing")
    finally:
        traffic.ended.set()
        oracle.ended.set()
        lab.remove()
    return (f"{killed} kills, {traffic.number} lines, {traffic.rotations} rotations, {oracle.scrapes} scrapes answered and "
            f"{oracle.refused} refused, {compared} sums and {kept} of the history equal the ledger, 0 differences")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--kills", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    kills = options.kills or (500 if options.long else 10_000)
    seconds = options.seconds or (3600 if options.long else 40)
    try:
        print("T18:", run(kills, seconds, options.seed))
    except Failure as failure:
        sys.exit(f"T18: failed: with --seed={options.seed}: {failure}")


if __name__ == "__main__":
    main()
