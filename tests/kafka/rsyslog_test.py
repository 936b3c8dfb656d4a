"""rsyslog's omkafka as the producer: what is in the topic is counted exactly, with the doubles that rsyslog makes of a log when
it is killed; those nobody can tell from lines."""

import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / other) for other in ("cli", "torture")]
from cli_case import CliCase, Daemon, total  # noqa: E402
from cluster import Cluster  # noqa: E402
from lab import Ledger  # noqa: E402

CONFIG = """
global(workDirectory="{folder}/rsyslog")
module(load="imfile" pollingInterval="1" mode="polling")
module(load="omkafka")
template(name="line" type="string" string="%msg%")
input(type="imfile" file="{folder}/mail.log" tag="mail" persistStateInterval="20" ruleset="out")
ruleset(name="out") {{
  action(type="omkafka" broker=[{brokers}] topic="mail" partitions.number="2" template="line" closeTimeout="500"
         action.resumeRetryCount="-1" resubmitOnFailure="on" keepFailedMessages="on" failedMsgFile="{folder}/rsyslog/failed")
}}
"""


def has_omkafka():
    return shutil.which("rsyslogd") is not None and any(pathlib.Path("/usr/lib").glob("*/rsyslog/omkafka.so"))


class Omkafka(CliCase):
    def start(self):
        return subprocess.Popen(["rsyslogd", "-n", "-f", str(self.conf), "-i", str(self.folder / "rsyslog" / "pid")],
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def end(self, rsyslog, how):
        rsyslog.send_signal(how)
        try:
            rsyslog.wait(timeout=20)
        except subprocess.TimeoutExpired:
            rsyslog.kill()
            rsyslog.wait()

    def in_topic(self):
        return self.cluster.records("mail").splitlines()

    def test_what_is_in_the_topic_is_counted_once_with_the_doubles_that_rsyslog_made(self):
        self.cluster = Cluster(2)
        self.addCleanup(self.cluster.stop)
        self.cluster.do("topic mail 2")
        (self.folder / "rsyslog").mkdir()
        brokers = ", ".join(f'"{each}"' for each in self.cluster.brokers.split(","))
        self.conf = self.write("rsyslog.conf", CONFIG.format(folder=self.folder, brokers=brokers))
        daemon = Daemon(self, self.cluster.source("mail"))
        ledger, chance, log = Ledger(), random.Random(1), self.folder / "mail.log"
        log.touch()
        for round_number in range(4):
            rsyslog = self.start()
            self.addCleanup(rsyslog.kill)
            for _ in range(3):
                ledger.append(log, chance.randrange(20, 200))
                time.sleep(chance.uniform(0.3, 0.8))
            self.end(rsyslog, signal.SIGKILL if round_number % 2 == 0 else signal.SIGTERM)
        rsyslog = self.start()
        self.addCleanup(rsyslog.kill)
        last = log.read_bytes().splitlines()[-1]
        deadline = time.monotonic() + 40
        while (not (topic := self.in_topic()) or last not in topic) and time.monotonic() < deadline:
            time.sleep(0.5)
        self.end(rsyslog, signal.SIGTERM)
        topic = self.in_topic()
        self.assertIn(last, topic)
        samples = daemon.wait_for(lambda now: total(now, "bouncesight_source_lines_total", source="fleet") >= len(topic), "the topic")
        self.assertEqual(total(samples, "bouncesight_source_lines_total", source="fleet"), len(topic))
        for status, outcome in ((b"status=sent", "delivered"), (b"status=bounced", "bounced"), (b"status=deferred", "deferred")):
            there = sum(status in line for line in topic)
            self.assertGreater(there, 0)
            self.assertEqual(total(samples, "bouncesight_deliveries_total", source="fleet", outcome=outcome), there)
        print(f"{ledger.number} lines written, {len(topic)} in the topic, {len(set(topic))} of them different, all counted",
              file=sys.stderr)


if __name__ == "__main__":
    if os.geteuid() != 0 or not has_omkafka() or shutil.which("kcat") is None:
        print("skipped: needs root, rsyslog with omkafka (rsyslog-kafka) and kcat")
        sys.exit(77)
    unittest.main()
