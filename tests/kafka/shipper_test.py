"""An output to Kafka: every line of a host's files is counted once where the topic is read, over kill -9 of everybody.

For people: --kills 500 --shippers 4 --consumers 2 --seed N, as many as there is time for.
"""

import argparse
import collections
import json
import pathlib
import random
import shutil
import signal
import sys
import time
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / other) for other in ("cli", "torture")]
from cli_case import FAILED, OK, SLOW, CliCase, Daemon, total  # noqa: E402
from cluster import DUPLICATE_SEQUENCE, NOT_LEADER, REQUEST_TIMED_OUT, TOPIC_DENIED, UNKNOWN_TOPIC, Cluster  # noqa: E402
from lab import Ledger  # noqa: E402
from refusal import RefusingBroker  # noqa: E402

OPTIONS = argparse.Namespace(kills=20, shippers=2, consumers=2, seed=1)
OUTCOMES = ("delivered", "deferred", "bounced")


def states(samples):
    """Of the topic's partitions as the shipper sees them, without what is zero."""
    return {dict(labels)["state"]: value for (name, labels), value in samples.items()
            if name == "bouncesight_kafka_ship_partitions" and value > 0}


class Home:
    """What a daemon needs of its test, in a folder of its own."""

    def __init__(self, case, name):
        self.case, self.name, self.folder = case, name, case.folder / name
        self.folder.mkdir()
        self.daemon = None
        self.addCleanup, self.fail = case.addCleanup, case.fail

    def write(self, name, content):
        return CliCase.write(self, name, content)

    def start(self, sources, extra=""):
        self.daemon = Daemon(self, sources, "--log.level=warn", extra=extra)
        return self.daemon

    def kill(self):
        self.daemon.stop(signal.SIGKILL)


class Host(Home):
    """A host with a log, which is written, rotated and sent."""

    def __init__(self, case, name, send="lines"):
        super().__init__(case, name)
        self.log, self.ledger, self.send = self.folder / "mail.log", Ledger(name), send
        self.log.touch()

    def output(self, client=""):
        brokers = ", ".join(f'"{each}"' for each in self.case.cluster.brokers.split(","))
        return f"outputs:\n  - {{type: kafka, brokers: [{brokers}], topic: mail, send: {self.send}, host: {self.name}{client}}}\n"

    def start(self, client=""):
        return super().start(f"  - {{name: mail, type: file, paths: [{self.log}], start: beginning}}", self.output(client))

    def rotate(self, copy):
        names = [self.log, *(self.log.with_name(f"mail.log.{number}") for number in range(1, 200))]
        last = next(number for number, name in enumerate(names) if number and not name.exists())
        for number in range(last, 1, -1):
            names[number - 1].rename(names[number])
        if copy:
            shutil.copy2(self.log, names[1])
            with open(self.log, "rb+") as file:
                file.truncate(0)
        else:
            self.log.rename(names[1])
            self.log.touch()


class Reader(Home):
    def __init__(self, case, number, of):
        super().__init__(case, f"reader{number}")
        self.source = case.cluster.source("mail", f", partitions: shard {number}/{of}")
        self.seen = collections.Counter()

    def start(self):
        return super().start(self.source)

    def look(self):
        samples = self.daemon.metrics()
        self.seen = collections.Counter(
            {"lines": total(samples, "bouncesight_source_lines_total", source="fleet"),
             "lost": total(samples, "bouncesight_kafka_lost_records_total"),
             "repeated": total(samples, "bouncesight_kafka_repeated_bytes_total"),
             **{each: total(samples, "bouncesight_deliveries_total", source="fleet", outcome=each) for each in OUTCOMES}})
        return self.seen


class Shipper(CliCase):
    def setUp(self):
        super().setUp()
        self.cluster = Cluster(2)
        self.addCleanup(self.cluster.stop)
        self.cluster.do("topic mail 4")
        self.away = set()  # brokers that are down

    def counted(self, readers, name="lines"):
        return sum(reader.look()[name] for reader in readers)

    def wait_until_counted(self, readers, lines, seconds=60):
        deadline = time.monotonic() + seconds * SLOW
        while self.counted(readers) < lines and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertEqual(self.counted(readers), lines)

    def assert_ledgers_agree(self, hosts, readers):
        written = sum(host.ledger.number for host in hosts)
        self.wait_until_counted(readers, written)
        for outcome in OUTCOMES:
            truth = sum(count for host in hosts for kind, count in host.ledger.truth.items() if kind.outcome == outcome)
            self.assertGreater(truth, 0)
            self.assertEqual(self.counted(readers, outcome), truth, outcome)
        self.assertEqual(self.counted(readers, "lost"), 0)
        return written

    def disturb(self, chance, hosts):
        """What goes wrong around a kill."""
        self.cluster.do(f"leader mail {chance.randrange(4)} {chance.randrange(2) + 1}")
        if chance.random() < 0.5:
            self.cluster.do(f"produce-errors {chance.choice((NOT_LEADER, REQUEST_TIMED_OUT))} {chance.randrange(1, 4)}")
        if chance.random() < 0.2:
            chance.choice(hosts).rotate(copy=chance.random() < 0.5)
        self.cluster.do(f"rtt {chance.randrange(2) + 1} {chance.choice((0, 0, 50, 400))}")
        if self.away and chance.random() < 0.4:
            self.restore()
        elif not self.away and chance.random() < 0.08:
            self.away = set(chance.choice(((1,), (2,), (1, 2))))
            for broker in self.away:
                self.cluster.do(f"down {broker}")

    def restore(self):
        """All brokers answer again."""
        for broker in self.away:
            self.cluster.do(f"up {broker}")
        self.away.clear()

    def test_kill_9_of_shippers_and_readers_loses_and_doubles_nothing(self):
        chance = random.Random(OPTIONS.seed)
        hosts = [Host(self, f"mx{number}") for number in range(1, OPTIONS.shippers + 1)]
        readers = [Reader(self, number, OPTIONS.consumers) for number in range(1, OPTIONS.consumers + 1)]
        for each in hosts + readers:
            each.start()
        for host in hosts:  # a log that was rotated before anybody has seen it is nobody's
            host.daemon.wait_for(lambda now: total(now, "bouncesight_source_files", state="open") == 1 and
                                 total(now, "bouncesight_kafka_ship_up") == 1, "the log and the topic")
        began = time.monotonic()
        for _ in range(OPTIONS.kills):
            victim = chance.choice(hosts + readers)
            for host in hosts:
                host.ledger.append(host.log, chance.randrange(1, 300))
            self.disturb(chance, hosts)
            time.sleep(chance.uniform(0, 0.6))
            for host in hosts:
                host.ledger.append(host.log, chance.randrange(1, 30))
            victim.kill()
            self.assertLessEqual(sum(reader.seen["lines"] for reader in readers), sum(host.ledger.number for host in hosts))
            victim.start()
        self.restore()
        for broker in (1, 2):
            self.cluster.do(f"rtt {broker} 0")
        written = self.assert_ledgers_agree(hosts, readers)
        self.proof = (f"{OPTIONS.kills} kills, {OPTIONS.shippers} shippers, {OPTIONS.consumers} readers, {written} lines, 0 lost, "
                      f"0 doubled, {self.counted(readers, 'repeated'):.0f} bytes left out, {time.monotonic() - began:.0f} s")
        print(self.proof, file=sys.stderr)

    def start_both(self, **more):
        """A host and a reader of all its topic."""
        host, reader = Host(self, "mx1", **more), Reader(self, 1, 1)
        host.start()
        reader.start()
        return host, reader

    def test_brokers_that_are_away_hold_back_what_is_sent_and_not_the_counting(self):
        host, reader = Host(self, "mx1"), Reader(self, 1, 1)
        host.start(", client: {queue.buffering.max.messages: 2}")
        reader.start()
        host.ledger.append(host.log, 100)
        self.wait_until_counted([reader], 100)
        for broker in (1, 2):
            self.cluster.do(f"down {broker}")
        host.daemon.wait_for(lambda now: total(now, "bouncesight_kafka_ship_up") == 0, "the outage to be seen", 40)
        for number in range(3):  # the queue is full meanwhile
            host.ledger.append(host.log, 300)
            host.rotate(copy=number == 1)
        samples = host.daemon.wait_for(lambda now: total(now, "bouncesight_source_lines_total", source="mail") == 1000, "the lines")
        self.assertEqual(states(samples), {"away": 1})
        self.assertGreater(total(samples, "bouncesight_kafka_ship_lag_bytes"), 0)
        self.assertEqual(total(samples, "bouncesight_kafka_shipped_lines_total"), 100)
        host.kill()
        host.start()
        for broker in (1, 2):
            self.cluster.do(f"up {broker}")
        self.wait_until_counted([reader], 1000)
        samples = host.daemon.wait_for(lambda now: total(now, "bouncesight_kafka_ship_lag_bytes") == 0, "no lag")
        self.assertEqual(total(samples, "bouncesight_source_lines_total", source="mail"), 1000)
        self.assertEqual({dict(labels)["source"] for (name, labels) in samples if "source" in dict(labels)}, {"mail"})

    def test_rotated_and_cut_logs_are_sent_whole_while_the_shipper_is_down(self):
        host, reader = self.start_both()
        host.ledger.append(host.log, 50)
        self.wait_until_counted([reader], 50)
        for copy in (False, True, False):
            host.kill()
            host.ledger.append(host.log, 500)
            host.rotate(copy)
            host.ledger.append(host.log, 70)
            host.start()
            self.wait_until_counted([reader], host.ledger.number)
        self.assertEqual(reader.seen["lost"], 0)

    def test_what_is_called_written_without_a_place_is_sent_again(self):
        host, reader = self.start_both()
        host.ledger.append(host.log, 50)
        self.wait_until_counted([reader], 50)
        self.cluster.do(f"produce-errors {DUPLICATE_SEQUENCE} 1")  # the mock has not written it
        host.ledger.append(host.log, 70)
        self.wait_until_counted([reader], 120)
        self.assertEqual(total(host.daemon.metrics(), "bouncesight_kafka_ship_failures_total"), 1)
        self.assertIn("not said where they stand", host.daemon.log())

    def test_only_failures_are_sent_where_so_told(self):
        host, reader = self.start_both(send="failures")
        for _ in range(4):
            host.ledger.append(host.log, 250)
            host.kill()
            host.start()
        failures = sum(count for kind, count in host.ledger.truth.items() if kind.outcome != "delivered")
        self.wait_until_counted([reader], failures)
        self.assertEqual(reader.seen["bounced"] + reader.seen["deferred"], failures)

    def test_events_are_those_of_the_log_and_each_has_a_name_that_stays(self):
        host = Host(self, "mx1", send="events")
        host.start()
        for _ in range(4):
            host.ledger.append(host.log, 250)
            host.daemon.wait_for(lambda now: total(now, "bouncesight_kafka_shipped_lines_total") > 0, "events")
            host.kill()
            host.start()
        host.daemon.wait_for(lambda now: total(now, "bouncesight_kafka_ship_lag_bytes") == 0 and
                             total(now, "bouncesight_kafka_ship_up") == 1, "no lag")
        keys = ("queue_id", "outcome", "recipient", "time", "code", "cause", "rule", "relay_host", "reply")
        sent = collections.defaultdict(set)
        for line in filter(None, self.cluster.records("mail").splitlines()):
            event = json.loads(line)
            self.assertNotIn("user", event["recipient"])  # privacy
            sent[event["event_id"]].add(tuple(event.get(key) for key in keys))
        self.assertEqual({len(same) for same in sent.values()}, {1})
        result = self.run_command("events", "--addresses=hidden", host.log)
        self.assert_exit(result, OK)
        log = [tuple(json.loads(line).get(key) for key in keys) for line in result.stdout.splitlines()]
        self.assertEqual(collections.Counter(event for same in sent.values() for event in same), collections.Counter(log))
        self.assertEqual(len(log), sum(host.ledger.truth.values()))

    def test_a_reload_begins_and_ends_an_output(self):
        host, reader = self.start_both()
        host.ledger.append(host.log, 30)
        self.wait_until_counted([reader], 30)
        text = host.daemon.config.read_text()
        host.daemon.config.write_text(text.replace(host.output(), ""))
        host.daemon.process.send_signal(signal.SIGHUP)
        host.daemon.wait_for(lambda now: total(now, "bouncesight_kafka_shipped_lines_total") == 0, "the end of the output")
        host.ledger.append(host.log, 30)
        host.daemon.wait_for(lambda now: total(now, "bouncesight_source_lines_total", source="mail") == 60, "the lines")
        self.cluster.produce("mail", b"the next that comes\n")
        reader.daemon.wait_for(lambda now: total(now, "bouncesight_source_lines_total") >= 31, "the line behind them")
        self.assertEqual(reader.look()["lines"], 31)
        # Its place went with it: it begins as `start` says. What it sends again, the reader leaves out.
        host.daemon.config.write_text(text)
        host.daemon.process.send_signal(signal.SIGHUP)
        host.ledger.append(host.log, 30)
        self.wait_until_counted([reader], 91)
        host.daemon.wait_for(lambda now: total(now, "bouncesight_kafka_shipped_lines_total") == 90, "all lines again")
        self.assertGreater(reader.look()["repeated"], 0)

    def test_a_record_that_is_too_large_names_the_property_to_change(self):
        host = Host(self, "mx1")
        host.ledger.append(host.log, 400)
        host.start(", client: {message.max.bytes: 3000}")
        host.daemon.wait_for(lambda now: "max.message.bytes" in host.daemon.log(), "the refusal", 30)
        self.assertEqual(host.daemon.stop(), 0)

    def test_check_says_what_would_be_sent(self):
        self.cluster.do(f"topic-error nothing {UNKNOWN_TOPIC}")
        self.cluster.do(f"topic-error closed {TOPIC_DENIED}")
        host = Host(self, "mx1")
        rows = [("mail", "all lines of mail; partitions: 4 open", None), ("nothing", "partitions: 1 missing", "have no topic nothing"),
                ("closed", "partitions: 1 denied", "give its user the right")]
        sources = f"sources:\n  - {{name: mail, type: file, paths: [{host.log}]}}\n  - {{name: journal, type: journal}}\n"
        outputs = host.output() + "".join(host.output().replace("outputs:\n", "").replace("topic: mail", f"topic: {topic}")
                                          for topic, _, _ in rows[1:])
        result = self.run_command("check", f"--config.file={self.write('check.yaml', sources + outputs)}")
        self.assert_exit(result, OK)
        for topic, row, warning in rows:
            with self.subTest(topic):
                self.assertIn(f"output to {topic}: all lines of mail; {row.split('; ')[-1]}", result.stdout)
                if warning is not None:
                    self.assertIn(warning, result.stdout)
        self.assertIn("warning: output to mail: lines of journal are not sent", result.stdout)

    def test_brokers_that_refuse_are_told_without_the_secret_and_hold_up_nothing(self):
        refusing = RefusingBroker(self)
        client = ", client: {security.protocol: sasl_plaintext, sasl.mechanisms: PLAIN, sasl.username: ann, sasl.password: hunter2}"
        for brokers, keys, words, state in (
                (refusing.address, client, "refuse us: ", "1 denied"),
                (self.cluster.brokers.split(",")[0], ", client: {security.protocol: ssl}", "SSL handshake failed", "1 away")):
            with self.subTest(words):
                host = Host(self, f"mx-{words[:3]}")
                output = f'outputs:\n  - {{type: kafka, brokers: ["{brokers}"], topic: mail{keys}}}\n'
                source = f"  - {{name: mail, type: file, paths: [{host.log}], start: beginning}}"
                host.ledger.append(host.log, 40)
                daemon = Home.start(host, source, output)
                daemon.wait_for(lambda now: words in daemon.log(), "the refusal", 30)
                samples = daemon.wait_for(lambda now: total(now, "bouncesight_source_lines_total", source="mail") == 40, "40 lines")
                self.assertEqual(total(samples, "bouncesight_kafka_ship_up"), 0)
                result = self.run_command("check", f"--config.file={daemon.config}")
                self.assertIn(state, result.stdout)
                self.assertNotIn("hunter2", daemon.log() + result.stdout + result.stderr)
                self.assertEqual(daemon.stop(), 0)

    def test_a_property_that_librdkafka_refuses_stops_the_start(self):
        host = Host(self, "mx1")
        text = f"sources:\n  - {{name: mail, type: file, paths: [{host.log}]}}\n" + host.output(", client: {nonsense: 1}")
        result = self.run_command("serve", f"--config.file={self.write('serve.yaml', text)}", "--web.listen-address=127.0.0.1:0")
        self.assert_exit(result, FAILED)
        self.assertIn("output to mail: client.nonsense: librdkafka", result.stderr)


if __name__ == "__main__":
    if shutil.which("kcat") is None:
        print("skipped: kcat is not installed")
        sys.exit(77)
    parser = argparse.ArgumentParser()
    for option, value in vars(OPTIONS).items():
        parser.add_argument(f"--{option}", type=int, default=value)
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=sys.argv[:1] + rest)
