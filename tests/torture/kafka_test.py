"""T41 to T51: Kafka between hosts and who counts. tests/kafka has the parts: a mock cluster, shippers, readers and a ledger."""

import argparse
import os
import pathlib
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
import unittest

KAFKA = pathlib.Path(__file__).resolve().parents[1] / "kafka"
sys.path[:0] = [str(KAFKA)]
import cluster  # noqa: E402
import shipper_test  # noqa: E402
from cli_case import total  # noqa: E402
from keeping_broker import KeepingBroker  # noqa: E402
from lab import SLOW, Ledger, replace_text  # noqa: E402

LONG = "--long" in sys.argv


ROWS = ("T41", "T42", "T43", "T44", "T45", "T46", "T47", "T48", "T49", "T50", "T51")
HOSTILE_RANGES = ("18446744073709551615-0", "0-18446744073709551615", "-1-5", "5", "a-b", "", "0-99999999999999999999", "7-7", "9" * 400)
HOSTILE_STREAMS = ("mail", "/", "", "mail/\x1b[2J", "m" * 2000, "mail/0000000000000000.99999999999999999999")


class Rows(shipper_test.Shipper):
    skipped = ""  # why this machine cannot do the row

    def t41(self):
        self.test_kill_9_of_shippers_and_readers_loses_and_doubles_nothing()

    def t42(self):
        """What Kafka deletes while nobody reads is counted as lost, to the record. The mock keeps 5 MiB a partition."""
        reader, ledger, rounds = shipper_test.Reader(self, 1, 1), Ledger(), 4 if LONG else 1
        reader.start()
        self.cluster.produce("mail", ledger.lines(1000))
        self.wait_until_counted([reader], 1000)
        for _ in range(rounds):
            reader.kill()
            self.cluster.produce("mail", ledger.lines(40_000))
            reader.start()
            deadline = time.monotonic() + 60
            while self.counted([reader]) + reader.seen["lost"] < ledger.number and time.monotonic() < deadline:
                time.sleep(0.1)
        self.assertGreater(reader.seen["lost"], 0)
        self.assertEqual(reader.seen["lines"] + reader.seen["lost"], ledger.number)
        self.assertEqual(reader.daemon.stop(signal.SIGTERM), 0)
        self.proof = (f"{ledger.number} lines written, {reader.seen['lines']:.0f} counted, {reader.seen['lost']:.0f} counted as lost, "
                      f"{rounds} outages")


    def t43(self):
        """The newest record of a state is damaged after a kill -9: what it had is sent, or read, once more, and counted once."""
        chance, (host, reader), rounds = random.Random(shipper_test.OPTIONS.seed), self.start_both(), 40 if LONG else 6
        for number in range(rounds):
            host.ledger.append(host.log, chance.randrange(1, 200))
            time.sleep(chance.uniform(0, 0.5))
            victim = (host, reader)[number % 2]
            victim.kill()
            newest = max(victim.folder.glob("state/state.*.log"), key=lambda log: log.stat().st_mtime_ns, default=None)
            if newest is not None and newest.stat().st_size > 0:
                bytes_ = bytearray(newest.read_bytes())
                last = max(1, len(bytes_.rstrip(b"\0")))
                bytes_[max(0, last - chance.randrange(1, 100))] ^= 0x55
                newest.write_bytes(bytes_)
            victim.start()
        written = self.assert_ledgers_agree([host], [reader])
        self.proof = f"{rounds} damaged records, {written} lines, 0 differences, {reader.seen['repeated']:.0f} bytes left out"

    def t44(self):
        """Where the state cannot be written, figures stand still; after a kill -9 nothing is missing and nothing is there twice."""
        homes = host, reader = self.start_on_small_disks()
        if self.skipped:
            return
        for _ in range(3 if LONG else 1):
            before = reader.look()["lines"]
            self.start_on(homes, "ro")
            host.ledger.append(host.log, 500)
            reader.daemon.wait_for(lambda now: total(now, "bouncesight_state_age_seconds") > 1, "a state that grows old")
            self.assertEqual(reader.look()["lines"], before)
            self.start_on(homes, "rw")
            host.ledger.append(host.log, 50)
            written = self.assert_ledgers_agree([host], [reader])
        self.proof = f"{written} lines, figures stood still while the state was read-only, 0 differences"

    def start_on_small_disks(self):
        """A host and a reader, each with a state on a disk of its own of 8 MiB."""
        homes = host, reader = shipper_test.Host(self, "mx1"), shipper_test.Reader(self, 1, 1)
        for home in homes:
            state = home.folder / "state"
            state.mkdir()
            done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "none", state], capture_output=True, text=True, check=False)
            if done.returncode != 0:
                self.skipped = f"cannot mount: {done.stderr.strip()}"
                return homes
            self.addCleanup(subprocess.run, ["umount", "-l", state], check=False)
            home.start()
        host.ledger.append(host.log, 100)
        self.wait_until_counted([reader], 100)
        return homes

    def start_on(self, homes, how):
        """After a kill -9, with a state that is read-only (ro), or writable again (rw)."""
        for home in homes:
            home.kill()
            subprocess.run(["mount", "-o", f"remount,{how}", home.folder / "state"], check=True)
            home.start()

    def t45(self):
        """Brokers that keep their connections and answer nothing hold up neither files, nor scrapes, nor the end."""
        host, reader = self.start_both()
        host.ledger.append(host.log, 100)
        self.wait_until_counted([reader], 100)
        slowest = 0.0
        for _ in range(6 if LONG else 2):
            for _ in range(8):  # so that places are noted in Kafka just then
                host.ledger.append(host.log, 50)
                time.sleep(0.07)
            os.kill(self.cluster.process.pid, signal.SIGSTOP)
            try:
                counted = host.ledger.number
                host.ledger.append(host.log, 300)
                host.daemon.wait_for(lambda now: total(now, "bouncesight_source_lines_total", source="mail") == counted + 300, "the lines")
                time.sleep(2)
                for home in (host, reader):
                    began = time.monotonic()
                    self.assertEqual(home.daemon.stop(), 0)
                    slowest = max(slowest, time.monotonic() - began)
            finally:
                os.kill(self.cluster.process.pid, signal.SIGCONT)
            host.start()
            reader.start()
            self.assert_ledgers_agree([host], [reader])
        self.assertLess(slowest, 4 * SLOW)
        self.proof = f"{host.ledger.number} lines, 0 differences, the end within {slowest:.1f} s"

    def t46(self):
        """Reloads that add and remove another output and another source, half of them broken, under load."""
        chance, (host, reader), rounds = random.Random(shipper_test.OPTIONS.seed), self.start_both(), 100 if LONG else 15
        self.cluster.do("topic other 2")
        host.ledger.append(host.log, 10)
        self.wait_until_counted([reader], 10)
        whole = {home: home.daemon.config.read_text() for home in (host, reader)}
        more = {host: host.output().removeprefix("outputs:\n").replace("topic: mail", "topic: other"), reader: ""}
        for _ in range(rounds):
            home = chance.choice((host, reader))
            text = whole[home] + chance.choice(("", more[home]))
            if home is reader and chance.random() < 0.5:
                text = text.replace("sources:\n", "sources:\n" + self.cluster.source("other", "", "second") + "\n")
            replace_text(home.daemon.config, chance.choice((text, text + "nonsense: [\n")))
            home.daemon.process.send_signal(signal.SIGHUP)
            host.ledger.append(host.log, chance.randrange(1, 100))
            time.sleep(chance.uniform(0, 0.3))
        written = self.assert_ledgers_agree([host], [reader])
        self.proof = f"{rounds} reloads, half of them broken, {written} lines, 0 differences"

    def t47(self):
        """A backlog does not lie in memory: neither what a reader has to read, nor what brokers that are away do not take."""
        broker, lines = KeepingBroker("mail"), 1_500_000 if LONG else 400_000
        self.addCleanup(broker.stop)
        self.cluster.brokers = broker.address
        host, reader = shipper_test.Host(self, "mx1"), shipper_test.Reader(self, 1, 1)
        host.log.write_bytes(Ledger().noise(lines))
        host.start()
        host.daemon.wait_for(lambda now: total(now, "bouncesight_kafka_shipped_lines_total") == lines, "all lines", 120)
        host.daemon.stop()
        reader.start()
        reader.daemon.wait_for(lambda now: total(now, "bouncesight_kafka_partitions", state="open") == 1, "the topic")
        grown = [self.grown_while(reader, lambda: (broker.reveal(), self.wait_until_counted([reader], lines, 120)))]
        broker.stop()
        host.log.unlink()
        host.start()
        host.daemon.wait_for(lambda now: total(now, "bouncesight_kafka_ship_up") == 0, "the outage", 40)

        def fill():
            host.log.write_bytes(Ledger().noise(lines))
            host.daemon.wait_for(lambda now: total(now, "bouncesight_kafka_ship_lag_bytes") > lines * 40, "lag", 120)
            time.sleep(2)
        grown.append(self.grown_while(host, fill))
        for mebibytes in grown:
            if SLOW == 1:  # a sanitizer keeps what was freed
                self.assertLess(mebibytes, 96)  # lines that are all alike unpack to fifty times their bytes
        self.proof = f"{lines} lines behind, the reader grew by {grown[0]:.0f} MiB, a shipper without brokers by {grown[1]:.0f} MiB"

    def t48(self):
        """What others put into the topic (bytes of chance, a line without end, nothing, headers of nonsense) costs no line of ours."""
        chance, (host, reader), rounds = random.Random(shipper_test.OPTIONS.seed), self.start_both(), 60 if LONG else 8
        for number in range(rounds):
            host.ledger.append(host.log, chance.randrange(1, 200))
            payload = chance.choice((chance.randbytes(chance.randrange(1, 5000)), b"x" * chance.randrange(1, 900_000), b"", b"\0" * 99,
                                     b"{" * 3000, chance.randbytes(40) * 500))
            headers = (f"bouncesight-host={chance.choice(('mx1', '', 'h' * 3000))}",
                       f"bouncesight-stream=stranger{chance.choice(HOSTILE_STREAMS)}",
                       f"bouncesight-range={chance.choice(HOSTILE_RANGES)}")
            options = [word for header in chance.sample(headers, chance.randrange(4)) for word in ("-H", header)]
            self.cluster.produce("mail", payload.replace(b"%%%%", b""), chance.randrange(4), "-D", "%%%%", *options)
            if number % 4 == 3:
                reader.kill()
                reader.start()
        for outcome in shipper_test.OUTCOMES:
            truth = sum(count for kind, count in host.ledger.truth.items() if kind.outcome == outcome)
            reader.daemon.wait_for(lambda now, o=outcome, n=truth: total(now, "bouncesight_deliveries_total", source="fleet", outcome=o) == n,
                                   f"{truth} {outcome}")
        self.proof = f"{rounds} hostile records, {host.ledger.number} lines of ours, 0 differences"

    def t49(self):
        """No descriptor is left while brokers go and come: told, and nothing is missing when there are some again."""
        host, reader = self.start_both()
        for number in range(6 if LONG else 1):
            host.ledger.append(host.log, 100)
            self.wait_until_counted([reader], host.ledger.number)
            limits = {}
            for home in (host, reader):
                pid = home.daemon.process.pid
                limits[pid] = resource.prlimit(pid, resource.RLIMIT_NOFILE)
                resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, limits[pid][1]))
            for partition in range(4):
                self.cluster.do(f"leader mail {partition} {number % 2 + 1}")
            self.cluster.do("down 1")
            self.cluster.do("down 2")
            host.ledger.append(host.log, 300)
            self.cluster.do("up 1")
            self.cluster.do("up 2")
            time.sleep(3)
            for pid, limit in limits.items():
                resource.prlimit(pid, resource.RLIMIT_NOFILE, limit)
        written = self.assert_ledgers_agree([host], [reader])
        self.proof = f"{number + 1} times without descriptors, {written} lines, 0 differences"

    def t50(self):
        """A topic of many partitions, read over kill -9."""
        partitions, lines, ledger = 1000 if LONG else 200, 20_000 if LONG else 4000, Ledger()
        self.cluster.do(f"topic many {partitions}")
        home = shipper_test.Reader(self, 1, 1)
        home.source = self.cluster.source("many")
        for _ in range(3):
            self.cluster.produce("many", ledger.lines(lines), -1)
            began = time.monotonic()
            home.start()
            self.wait_until_counted([home], ledger.number, 60)
            took = time.monotonic() - began
            home.kill()
        home.start()
        samples = home.daemon.wait_for(lambda now: total(now, "bouncesight_kafka_partitions", state="open") == partitions, "all partitions")
        self.assertEqual(total(samples, "bouncesight_source_lines_total", source="fleet"), ledger.number)
        self.proof = f"{partitions} partitions, {ledger.number} lines, 3 kills, 0 differences, the last start and reading {took:.1f} s"

    def t51(self):
        """A disk of the state that is full: counting goes on in what room the state has set aside; killed then or not, nothing is missing."""
        homes = host, reader = self.start_on_small_disks()
        if self.skipped:
            return
        for number in range(6 if LONG else 2):
            fillers = [home.folder / "state" / "filler" for home in homes]
            for filler in fillers:
                subprocess.run(["dd", "if=/dev/zero", f"of={filler}", "bs=4k"], capture_output=True, check=False)
            host.ledger.append(host.log, 3000)
            time.sleep(1)
            for filler, home in zip(fillers, homes):
                if number % 2:
                    home.kill()
                filler.unlink()
                if number % 2:
                    home.start()
            written = self.assert_ledgers_agree([host], [reader])
        self.proof = f"{number + 1} times full, {written} lines, 0 differences"

    def grown_while(self, home, what):
        """By how many MiB at most."""
        def peak():
            fields = dict(line.split(":") for line in pathlib.Path(f"/proc/{home.daemon.process.pid}/status").read_text().splitlines())
            return int(fields["VmHWM"].split()[0]) / 1024
        pathlib.Path(f"/proc/{home.daemon.process.pid}/clear_refs").write_text("5")  # the peak begins anew
        before = peak()
        what()
        return peak() - before


def main():
    if not pathlib.Path(cluster.MOCK).exists() or shutil.which("kcat") is None:
        print("".join(f"{row}: skipped: needs kcat, and a build with Kafka\n" for row in ROWS), end="")
        return 77
    shipper_test.OPTIONS = argparse.Namespace(kills=150 if LONG else 12, shippers=4 if LONG else 2, consumers=2, seed=int(time.time()))
    well = True
    for row in [argument for argument in sys.argv if argument in ROWS] or ROWS:
        case = Rows(row.lower())
        result = unittest.TextTestRunner(stream=sys.stderr).run(case)
        passed = result.wasSuccessful()
        if passed and case.skipped:
            print(f"{row}: skipped: {case.skipped}", flush=True)
            continue
        print(f"{row}: {case.proof if passed else 'failed: seed ' + str(shipper_test.OPTIONS.seed)}", flush=True)
        well = well and passed
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
