"""A source of type kafka: what it counts, what it says of a cluster in trouble, and that kill -9 costs nothing."""

import json
import pathlib
import random
import shutil
import signal
import sys
import time
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / other) for other in ("cli", "torture")]
from cli_case import OK, CliCase, Daemon, total  # noqa: E402
from cluster import TOPIC_DENIED, UNKNOWN_TOPIC, Cluster  # noqa: E402
from keeping_broker import KeepingBroker  # noqa: E402
from lab import Ledger  # noqa: E402

KILLS = 500 if "--long" in sys.argv else 8


def counted(samples):
    return total(samples, "bouncesight_source_lines_total", source="fleet")


def states(samples):
    """What the gauge says of partitions, without what is zero."""
    return {dict(labels)["state"]: value for (name, labels), value in samples.items()
            if name == "bouncesight_kafka_partitions" and value > 0}


class KafkaSource(CliCase):
    def setUp(self):
        super().setUp()
        self.cluster = Cluster(2)
        self.addCleanup(self.cluster.stop)

    def test_every_form_of_a_payload_is_counted(self):
        self.cluster.do("topic mail 1")
        ledger = Ledger()
        text = ledger.lines(40).decode().splitlines()
        stamp = text[0].split(" ")[0]
        forms = [
            text[0], "\n".join(text[1:11]) + "\n", "\n".join(text[11:20]),
            json.dumps({"@timestamp": stamp, "host": {"name": "mx1"}, "message": text[20], "log": {"offset": 7}}),  # Filebeat
            json.dumps({"file": "/var/log/mail.log", "host": "mx1", "message": text[21], "source_type": "file"}),  # Vector
            json.dumps({"@timestamp": 1764000000.1, "log": text[22]}),  # Fluent Bit
            json.dumps({"time": stamp, "host": "mx1", "tag": "postfix/smtp[1200]:", "msg": text[23].split("]: ", 1)[1]}),  # rsyslog
        ]
        self.cluster.produce("mail", "\x01".join(forms).encode(), 0, "-D", "\x01")
        daemon = Daemon(self, self.cluster.source("mail"))
        samples = daemon.wait_for(lambda now: counted(now) >= 24, "24 lines")
        self.assertEqual(counted(samples), 24)
        self.assertEqual(total(samples, "bouncesight_kafka_records_total"), len(forms))
        events = [line for line in text[:24] if "/smtp[" in line]
        self.assertEqual(total(samples, "bouncesight_deliveries_total", source="fleet"), len(events))

    def test_all_partitions_or_the_own_shard(self):
        self.cluster.do("topic mail 4")
        for partition in range(4):
            self.cluster.produce("mail", Ledger(partition).lines(10 ** partition), partition)
        for choice, lines in (("all", 1111), ("[0, 2-3]", 1101), ("shard 2/2", 1010)):
            with self.subTest(choice):
                shutil.rmtree(self.folder / "state", ignore_errors=True)
                daemon = Daemon(self, self.cluster.source("mail", f", partitions: {choice}"))
                samples = daemon.wait_for(lambda now: counted(now) >= lines, f"{lines} lines")
                self.assertEqual(counted(samples), lines)
                self.assertEqual(total(samples, "bouncesight_kafka_lag_records"), 0)
                self.assertEqual(daemon.stop(), 0)

    def test_kill_9_loses_and_doubles_nothing(self):
        self.cluster.do("topic mail 2")
        chance, ledger, written = random.Random(1), Ledger(), 0
        for _ in range(KILLS):
            daemon = Daemon(self, self.cluster.source("mail"))
            for _ in range(3):
                count = chance.randrange(1, 400)
                written += count
                self.cluster.produce("mail", ledger.lines(count), chance.randrange(2))
            self.cluster.do(f"leader mail {chance.randrange(2)} {chance.randrange(2) + 1}")
            until = time.monotonic() + chance.uniform(0, 0.8)
            while time.monotonic() < until and daemon.process.poll() is None:
                self.assertLessEqual(counted(daemon.metrics()), written)
            daemon.stop(signal.SIGKILL)
        daemon = Daemon(self, self.cluster.source("mail"))
        samples = daemon.wait_for(lambda now: counted(now) >= written, f"{written} lines", 60)
        self.assertEqual(counted(samples), written)
        # The causes of its replies are those of a catalogue that is not loaded here.
        outcomes = {key: value for key, value in ledger.expected().items() if key[0] == "deliveries_total"}
        self.assertGreaterEqual(len(outcomes), 3)
        for (name, labels), value in outcomes.items():
            with self.subTest(f"{name}{labels}"):
                self.assertEqual(total(samples, "bouncesight_" + name, **dict(labels)), value)
        print(f"{KILLS} kills, {written} lines, 0 differences", file=sys.stderr)

    def test_a_topic_in_trouble_is_told_and_waited_for(self):
        self.cluster.do("topic mail 2")
        self.cluster.do(f"topic-error mail {UNKNOWN_TOPIC}")
        daemon = Daemon(self, self.cluster.source("mail"))
        daemon.wait_for(lambda now: states(now) == {"missing": 1}, "a missing topic")
        self.assertIn("have no topic mail", daemon.log())
        self.cluster.do(f"topic-error mail {TOPIC_DENIED}")
        daemon.wait_for(lambda now: states(now) == {"denied": 1}, "a topic that is denied")
        self.assertIn("give its user the right to describe it", daemon.log())
        self.cluster.do("topic-error mail 0")
        self.cluster.produce("mail", Ledger().lines(7))
        daemon.wait_for(lambda now: states(now) == {"open": 2} and counted(now) == 7, "the topic and its lines")
        self.assertIn("can be read now", daemon.log())

    def test_brokers_that_come_and_go_cost_nothing(self):
        self.cluster.do("topic mail 1")
        ledger = Ledger()
        self.cluster.produce("mail", ledger.lines(5))
        daemon = Daemon(self, self.cluster.source("mail"))
        daemon.wait_for(lambda now: counted(now) == 5, "5 lines")
        for broker in (1, 2):
            self.cluster.do(f"down {broker}")
        for broker in (1, 2):
            self.cluster.do(f"up {broker}")
        self.cluster.produce("mail", ledger.lines(6))
        samples = daemon.wait_for(lambda now: counted(now) >= 11, "6 lines more", 40)
        self.assertEqual(counted(samples), 11)

    def test_a_coordinator_that_is_away_holds_up_neither_the_counting_nor_the_end(self):
        broker = KeepingBroker("mail")  # knows no coordinator, so that places cannot be noted
        self.addCleanup(broker.stop)
        self.cluster.brokers = broker.address
        self.cluster.produce("mail", Ledger().lines(8))
        daemon = Daemon(self, self.cluster.source("mail"))
        broker.reveal()
        daemon.wait_for(lambda now: counted(now) == 8, "8 lines")
        self.assertEqual(daemon.stop(), 0)

    def test_another_cluster_under_the_same_name_is_read_from_its_start(self):
        self.cluster.do("topic mail 1")
        self.cluster.produce("mail", Ledger().lines(9))
        daemon = Daemon(self, self.cluster.source("mail"))
        daemon.wait_for(lambda now: counted(now) == 9, "9 lines")
        daemon.stop()
        for count in (4, 30):  # shorter than the place in the one before, and longer
            other = Cluster()
            self.addCleanup(other.stop)
            other.do("topic mail 1")
            other.produce("mail", Ledger(count).lines(count))
            before = daemon
            daemon = Daemon(self, other.source("mail"))
            expected = {4: 13, 30: 43}[count]
            samples = daemon.wait_for(lambda now: counted(now) >= expected, f"{expected} lines")
            self.assertEqual(counted(samples), expected)
            self.assertIn("it was deleted and made again", daemon.log())
            self.assertNotEqual(before.process.pid, daemon.process.pid)
            daemon.stop()

    def test_check_says_what_it_sees(self):
        self.cluster.do("topic mail 3")
        self.cluster.do("topic few 3")
        self.cluster.do(f"topic-error nothing {UNKNOWN_TOPIC}")  # the mock makes what it is asked for
        nowhere = self.cluster.source("mail", "", "away")
        for number, broker in enumerate(self.cluster.brokers.split(","), 1):
            nowhere = nowhere.replace(broker, f"127.0.0.1:{number}")
        rows = [
            (self.cluster.source("mail", ", partitions: [0]", "one"), "one (kafka)      1 open  ", None),
            (self.cluster.source("mail", ", partitions: [1, 7]", "two"), "two (kafka)      1 open, 1 missing", "are not among them"),
            (self.cluster.source("few", ", partitions: shard 4/4", "none"), "none (kafka)     -", "none is left for shard 4 of 4"),
            (self.cluster.source("nothing", "", "missing"), "missing (kafka)  1 missing", "have no topic nothing"),
            (nowhere, "away (kafka)     1 away", "no broker of 127.0.0.1:1"),
            (self.cluster.source("other", ", client: {nonsense: 1}", "odd"), "odd (kafka)      -", "knows no such property"),
        ]
        sources = "\n".join(source for source, _, _ in rows)
        config = self.write("check.yaml", f"sources:\n{sources}\n")
        result = self.run_command("check", f"--config.file={config}")
        self.assert_exit(result, OK)
        for _, row, warning in rows:
            with self.subTest(row):
                self.assertIn(row, result.stdout)
                if warning is not None:
                    self.assertIn(warning, result.stdout)
        self.assertNotIn("warning: source one", result.stdout)

    def test_a_property_that_librdkafka_refuses_stops_the_start_without_its_secret(self):
        self.cluster.do("topic mail 1")
        for client, words in (("{sasl.mechanisms: PLAIN, security.protocol: sasl_paintext}", "security.protocol"),
                              ("{ssl.key.pem: hunter2, security.protocol: ssl}", "fleet"),
                              ("{sasl.pasword: hunter2}", "knows no such property")):
            with self.subTest(client):
                config = self.write("bad.yaml", f"state: {{path: {self.folder}/state}}\nsources:\n" +
                                    self.cluster.source("mail", f", client: {client}") + "\n")
                result = self.run_command("serve", f"--config.file={config}", "--web.listen-address=127.0.0.1:0")
                self.assertNotEqual(result.returncode, OK)
                self.assertIn(words, result.stderr)
                self.assertNotIn("hunter2", result.stderr + result.stdout)


if __name__ == "__main__":
    if shutil.which("kcat") is None:
        print("skipped: kcat is not installed")
        sys.exit(77)
    unittest.main(argv=[argument for argument in sys.argv if argument != "--long"])
