"""T02, T04, T05, T06: real logrotate under load: rename, compress, copytruncate; a reader that is stopped meanwhile.

Needs logrotate; exit code 77 where there is none.
"""

import os
import shutil
import signal
import subprocess
import sys
import time

from lab import Failure, Lab, Oracle, Traffic, total

# Debian has it where users' PATH does not look.
LOGROTATE = shutil.which("logrotate", path=os.environ.get("PATH", "") + ":/usr/sbin")


class Rotator:
    def __init__(self, lab, options):
        self.config, self.state = lab.folder / "logrotate.conf", lab.folder / "logrotate.state"
        self.config.write_text(f"{lab.log} {{\n  rotate 60\n  {options}\n  postrotate\n    touch {lab.log}.hup\n  endscript\n}}\n")
        self.config.chmod(0o644)

    def rotate(self):
        subprocess.run([LOGROTATE, "--force", f"--state={self.state}", self.config], check=True)


def renamed(lab, traffic):
    """T02: the writer is told up to 0.5 s late."""
    rotator = Rotator(lab, "create 0644\n  nocompress")
    for _ in range(12):
        time.sleep(0.7)
        rotator.rotate()


def stopped(lab, traffic):
    """T04: five rotations while the reader stands still."""
    rotator = Rotator(lab, "create 0644\n  nocompress")
    time.sleep(1)
    lab.process.send_signal(signal.SIGSTOP)
    for _ in range(5):
        rotator.rotate()
        time.sleep(0.7)
    lab.process.send_signal(signal.SIGCONT)


def compressed(lab, traffic):
    """T05: four rotations with delaycompress while the reader is down: the first ones come back as .gz."""
    rotator = Rotator(lab, "create 0644\n  compress\n  delaycompress")
    time.sleep(1)
    lab.stop()
    for _ in range(4):
        time.sleep(0.7)
        rotator.rotate()
    time.sleep(0.7)
    lab.start()
    for _ in range(4):
        time.sleep(0.7)
        rotator.rotate()


def cut(lab, traffic):
    """T06: copytruncate, each time after the reader has caught up."""
    rotator = Rotator(lab, "copytruncate\n  nocompress")
    for _ in range(6):
        time.sleep(0.5)
        resting = traffic.rest()
        deadline = time.monotonic() + 20
        while total(lab.scrape() or {}, "source_lines_total") < traffic.number:
            if time.monotonic() > deadline:
                raise Failure(f"the reader does not catch up\n{lab.tail()}")
            time.sleep(0.05)
        rotator.rotate()
        resting.clear()


def run(scenario, seed):
    lab = Lab()
    traffic = Traffic(lab.log, seed, rotate_every=None, late=0.5)
    oracle = Oracle(lab, traffic)
    try:
        traffic.start()
        lab.start()
        lab.wait_ready()
        oracle.start()
        scenario(lab, traffic)
        traffic.end()
        compared = lab.drain(traffic)
        oracle.end()
        lab.stop()
        if traffic.rotations == 0:
            raise Failure("nothing was rotated")
    finally:
        traffic.ended.set()
        oracle.ended.set()
        lab.remove()
    return f"{traffic.number} lines, {traffic.rotations} rotations, {compared} sums equal the ledger, 0 differences"


def main():
    if not LOGROTATE:
        print("skipped: logrotate is not installed")
        sys.exit(77)
    failed = False
    for scenario in (renamed, stopped, compressed, cut):
        name = scenario.__doc__.partition(":")[0]
        try:
            print(f"{name}:", run(scenario, int(time.time())), flush=True)
        except Failure as failure:
            failed = True
            print(f"{name}: failed: {failure}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
