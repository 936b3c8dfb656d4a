"""A mock cluster of Kafka as a process of its own, and kcat as its producer."""

import os
import pathlib
import subprocess

SOURCE = pathlib.Path(__file__).resolve().parents[2]
MOCK = os.environ.get("MOCK_CLUSTER", str(SOURCE / "build" / "dev" / "tests" / "kafka" / "mock_cluster"))

# Error codes of Kafka's protocol.
UNKNOWN_TOPIC, NOT_LEADER, REQUEST_TIMED_OUT, TOPIC_DENIED, DUPLICATE_SEQUENCE = 3, 6, 7, 29, 46


class Cluster:
    def __init__(self, brokers=1):
        self.process = subprocess.Popen([MOCK, str(brokers)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True, bufsize=1)
        self.brokers = self.process.stdout.readline().strip()

    def do(self, command):
        """One command of mock_cluster.cc."""
        print(command, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline().strip()
        if answer != "ok":
            raise RuntimeError(f"{command}: {answer}")

    def produce(self, topic, lines, partition=0, *options):
        """`lines`: bytes, each line a record; with "-D" and another delimiter in `options`, as kcat cuts them."""
        subprocess.run(["kcat", "-P", "-q", "-b", self.brokers, "-t", topic, "-p", str(partition), *options], input=lines,
                       check=True, timeout=60, capture_output=True)

    def records(self, topic):
        """The payloads of all records, newlines within them as they stand."""
        result = subprocess.run(["kcat", "-C", "-q", "-e", "-b", self.brokers, "-t", topic, "-o", "beginning"],
                                capture_output=True, timeout=60, check=True)
        return result.stdout

    def source(self, topic, more="", name="fleet"):
        """A source of the configuration."""
        brokers = ", ".join(f'"{each}"' for each in self.brokers.split(","))
        return f"  - {{name: {name}, type: kafka, brokers: [{brokers}], topic: {topic}, start: beginning{more}}}"

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
