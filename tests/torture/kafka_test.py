"""T41, T42: Kafka between hosts and who counts. tests/kafka has the parts: a mock cluster, shippers, readers and a ledger."""

import argparse
import pathlib
import shutil
import signal
import sys
import time
import unittest

KAFKA = pathlib.Path(__file__).resolve().parents[1] / "kafka"
sys.path[:0] = [str(KAFKA)]
import cluster  # noqa: E402
import shipper_test  # noqa: E402
from lab import Ledger  # noqa: E402

LONG = "--long" in sys.argv


class Rows(shipper_test.Shipper):
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


def main():
    if not pathlib.Path(cluster.MOCK).exists() or shutil.which("kcat") is None:
        print("T41: skipped: needs kcat, and a build with Kafka\nT42: skipped: the same")
        return 77
    shipper_test.OPTIONS = argparse.Namespace(kills=150 if LONG else 12, shippers=4 if LONG else 2, consumers=2, seed=int(time.time()))
    well = True
    for row in ("T41", "T42"):
        case = Rows(row.lower())
        passed = unittest.TextTestRunner(stream=sys.stderr).run(case).wasSuccessful()
        print(f"{row}: {case.proof if passed else 'failed: seed ' + str(shipper_test.OPTIONS.seed)}", flush=True)
        well = well and passed
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
