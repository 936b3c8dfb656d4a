"""T21, T22: a state folder that is full, read-only or somebody else's, and states that are not ours.

Full disks are real ones: an ext4 image on a loop device and a small tmpfs. Needs root for these.
"""

import errno
import os
import pathlib
import shutil
import struct
import subprocess
import time

from lab import CATALOG, SLOW, Failure, Lab, Ledger, Oracle, Skipped, Traffic, total
from rows import run_rows

NOBODY = 65534


class Disk:
    """A small file system mounted on the lab's state folder."""

    def __init__(self, lab, kind):
        self.lab, self.filler = lab, lab.state / "filler"
        if os.geteuid() != 0:
            raise Skipped("needs root")
        lab.state.mkdir(mode=0o700)
        if kind == "ext4":
            image = lab.folder / "disk.img"
            with open(image, "wb") as file:
                file.truncate(8 << 20)
            subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)
            mount = ["mount", "-o", "loop", image, lab.state]
        else:
            mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", lab.state]
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Skipped(f"cannot mount: {done.stderr.strip()}")

    def fill(self):
        with open(self.filler, "ab", buffering=0) as file:
            for size in (1 << 20, 4096, 512, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise

    def free(self):
        self.filler.unlink()

    def remount(self, how):
        subprocess.run(["mount", "-o", f"remount,{how}", self.lab.state], check=True)

    def unmount(self):
        subprocess.run(["umount", "-l", self.lab.state], check=False, stderr=subprocess.DEVNULL)


def lines(lab):
    return total(lab.scrape() or {}, "source_lines_total")


def stands_still(lab, seconds=3):
    """The daemon lives, its figures stand still, and it says how old they are; returns the age."""
    time.sleep(1 * SLOW)
    before = lines(lab)
    time.sleep(seconds)
    samples = lab.scrape() or {}
    if lab.process.poll() is not None:
        raise Failure(f"the daemon has ended: {lab.process.returncode}\n{lab.tail()}")
    if total(samples, "source_lines_total") != before:
        raise Failure("figures move that a restart would not restore")
    age = total(samples, "state_age_seconds")
    if samples and age < seconds:
        raise Failure(f"the state is said to be {age} s old")
    if "cannot" not in lab.tail() or "state" not in lab.tail():
        raise Failure("the log says nothing about the state")
    return age


def goes_on(lab, traffic):
    """Seconds until figures move again."""
    wanted = traffic.number
    took = lab.wait_for_lines(wanted, 10)
    if took > 5 * SLOW:
        raise Failure(f"live again after {took:.1f} s")
    return took


def full_disk(kind, seed):
    lab = Lab()
    traffic = Traffic(lab.log, seed, rate=500)
    oracle = Oracle(lab, traffic)
    disk = None
    try:
        disk = Disk(lab, kind)
        disk.fill()
        traffic.start()
        lab.start()
        oracle.start()
        stands_still(lab)
        disk.free()
        back = [goes_on(lab, traffic)]
        resting = traffic.rest()
        goes_on(lab, traffic)
        time.sleep(0.5)  # for both slots to be written
        disk.fill()
        for _ in range(5):  # the record does not grow: its place is enough
            os.write(traffic.writer, traffic.noise(100))
            goes_on(lab, traffic)
        lab.kill()
        lab.start()
        lab.wait_ready()
        disk.free()
        resting.clear()
        lab.stop()
        disk.remount("ro")
        lab.start()
        age = stands_still(lab)
        disk.remount("rw")
        back.append(goes_on(lab, traffic))
        lab.kill()
        lab.start()
        lab.wait_ready()
        traffic.end()
        compared = lab.drain(traffic)
        oracle.end()
        lab.stop()
    finally:
        traffic.ended.set()
        oracle.ended.set()
        if lab.process and lab.process.poll() is None:
            lab.process.kill()
            lab.process.wait()
        if disk:
            disk.unmount()
        lab.remove()
    return (f"{kind}: full at the start, full while it ran (commits went on in place), killed on the full disk, read-only; figures "
            f"stood still, state_age_seconds {age:.1f}, live again within {max(back):.1f} s; {traffic.number} lines, "
            f"{oracle.scrapes} scrapes, {compared} sums equal the ledger, 0 differences")


def full_ext4(long, seed):
    """T21: a full and a read-only ext4."""
    return full_disk("ext4", seed)


def full_tmpfs(long, seed):
    """T21: a full tmpfs of 1 MiB."""
    return full_disk("tmpfs", seed)


def wrong_owner(long, seed):
    """T21: the folder is another user's."""
    if os.geteuid() != 0:
        raise Skipped("needs root")
    lab = Lab()
    traffic = Traffic(lab.log, seed, rate=500)

    def become_nobody():
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)

    try:
        lab.folder.chmod(0o755)
        lab.config.chmod(0o644)
        lab.state.mkdir(mode=0o700)
        lab.before_exec = become_nobody
        if not os.access(os.environ.get("BOUNCESIGHT", "/"), os.X_OK) or not readable_by_nobody():
            raise Skipped("the program lies where nobody else may read it")
        traffic.start()
        lab.start()
        code = lab.process.wait(timeout=20 * SLOW)
        if code == 0 or "state.0: cannot read the state: Permission denied" not in lab.tail():
            raise Failure(f"exit {code}\n{lab.tail()}")
        os.chown(lab.state, NOBODY, NOBODY)
        lab.start()
        lab.wait_ready()
        time.sleep(1)
        os.chown(lab.state, 0, 0)  # under its hands: what is open stays open
        time.sleep(1)
        goes_on(lab, traffic)
        os.chown(lab.state, NOBODY, NOBODY)
        lab.kill()
        lab.start()
        lab.wait_ready()
        traffic.end()
        compared = lab.drain(traffic)
        lab.stop()
    finally:
        traffic.ended.set()
        lab.remove()
    return (f"another user's folder at the start: exit {code}, and why; while it runs: no matter; {traffic.number} lines, {compared} sums equal the ledger, 0 differences")


def readable_by_nobody():
    path = pathlib.Path(os.environ.get("BOUNCESIGHT", "build/dev/bouncesight")).resolve()
    return all(parent.stat().st_mode & 0o001 for parent in (path, *path.parents)) and \
        all(parent.stat().st_mode & 0o001 for parent in CATALOG.resolve().parents)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def with_state(scenario):
    lab, ledger = Lab(), Ledger()
    try:
        ledger.append(lab.log, 3000)
        lab.start()
        lab.wait_ready()
        lab.wait_for_lines(ledger.number)
        lab.stop()
        text = scenario(lab, ledger)
        lab.start()
        lab.wait_ready()
        ledger.append(lab.log, 100)
        compared = lab.drain(ledger)
        lab.stop()
    finally:
        lab.remove()
    return f"{text}; {ledger.number} lines, {compared} sums equal the ledger, 0 differences"


def future_version(long, seed):
    """T22: a state of a later version is refused and left alone."""
    def scenario(lab, ledger):
        slots = [lab.state / "state.0", lab.state / "state.1"]
        ours = [slot.read_bytes() for slot in slots]
        foreign = []
        for slot, content in zip(slots, ours):
            header = content[:8] + struct.pack("<I", 99) + content[12:36]
            foreign.append(header + struct.pack("<I", crc32c(header)) + content[40:])
            slot.write_bytes(foreign[-1])
        ledger.append(lab.log, 10)
        lab.start()
        code = lab.process.wait(timeout=20 * SLOW)
        if code == 0 or "version 99" not in lab.tail():
            raise Failure(f"exit {code}\n{lab.tail()}")
        if [slot.read_bytes() for slot in slots] != foreign:
            raise Failure("the foreign state was written to")
        for slot, content in zip(slots, ours):
            slot.write_bytes(content)
        return f"version 99 refused with exit {code} and left as it was"

    return with_state(scenario)


def other_rules(long, seed):
    """T22: a state of other rules is taken over."""
    def scenario(lab, ledger):
        catalog = lab.folder / "catalog"
        shutil.copytree(CATALOG, catalog)
        for file in catalog.iterdir():  # every rule has another name now, so none is the one that was counted
            file.write_text(file.read_text().replace("id: ", "id: other-"))
        lab.config.write_text(lab.config.read_text().replace(str(CATALOG), str(catalog)))
        return "other rules: the counters go on"

    return with_state(scenario)


def other_host(long, seed):
    """T22: state and log moved to another host: device and inode differ, path and content do not."""
    def scenario(lab, ledger):
        ledger.append(lab.log, 50)
        for path in (pathlib.Path(lab.log), lab.state):
            copy = path.with_name("moved")
            (shutil.copytree if path.is_dir() else shutil.copyfile)(path, copy)
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            copy.rename(path)
        return "another host: the log is read on"

    return with_state(scenario)


if __name__ == "__main__":
    run_rows([full_ext4, full_tmpfs, wrong_owner, future_version, other_rules, other_host], jobs=6)
