"""T27: configuration and rules reloaded under load, half of the reloads broken."""

import random
import signal
import time

from lab import SLOW, Failure, Lab, Oracle, Traffic, total
from rows import run_rows

# What may be wrong with a configuration, or with the rules that it names.
BROKEN = [
    "sources: [\n",
    "fruit: 1\n",
    "sources:\n  - {name: mail, type: file, paths: [mail.log]}\n",
    "sources:\n  - {name: mail, type: file, paths: [/a], formt: auto}\n",
    "sources:\n  - {name: mail, type: fiel, paths: [/a]}\n",
    "sources:\n  - {name: one, paths: [/log/a]}\n  - {name: two, paths: [/log/*]}\n",
    "rules: {catalog: /nonexistent}\n",
    "rules: {files: [/nonexistent.yaml]}\n",
]


class Two:
    """The ledger of two logs together."""

    def __init__(self, *traffics):
        self.traffics = traffics

    @property
    def number(self):
        return sum(traffic.number for traffic in self.traffics)

    def expected(self):
        first, second = (traffic.expected() for traffic in self.traffics)
        first.update(second)
        return first


class Reloader:
    """Writes configurations; knows by the daemon's messages when each was taken or refused."""

    def __init__(self, lab, other_log, chance):
        self.lab, self.other_log, self.chance = lab, other_log, chance
        self.head = lab.config.read_text().split("sources:")[0]
        self.good = self.refused = 0

    def configuration(self):
        """mail and other are always followed, in one of many ways; a third comes and goes."""
        ways = [f"format: {self.chance.choice(('auto', 'postfix'))}", "start: beginning"]
        if self.chance.random() < 0.3:
            ways.append("json_keys: {message: [text]}")
        sources = [f"{{name: mail, paths: [{self.lab.log}], {', '.join(ways)}}}",
                   f"{{name: other, type: file, paths: [{self.other_log}, {self.lab.folder}/none.log], start: beginning}}"]
        if self.chance.random() < 0.5:
            sources.append(f"{{name: drop, type: directory, directory: {self.lab.folder}/drop}}")
        self.chance.shuffle(sources)
        return self.head + "sources:\n" + "".join(f"  - {source}\n" for source in sources)

    def broken_configuration(self):
        fault = self.chance.choice(BROKEN)
        if fault.startswith("sources"):
            return self.head + fault
        good = self.configuration()
        if fault.startswith("rules"):
            good = "".join(line for line in good.splitlines(keepends=True) if not line.startswith("rules:"))
        return good + fault

    def messages(self):
        text = (self.lab.folder / "serve.log").read_text(errors="replace")
        return text.count("rules are in force"), text.count("nothing was reloaded: ")

    def reload(self, broken):
        text = self.broken_configuration() if broken else self.configuration()
        before = self.messages()
        self.lab.config.write_text(text)
        self.lab.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 10 * SLOW
        while self.messages() == before:
            if time.monotonic() > deadline or self.lab.process.poll() is not None:
                raise Failure(f"a reload has no outcome\n{text}\n{self.lab.tail()}")
            time.sleep(0.005)
        after = self.messages()
        wanted = (before[0], before[1] + 1) if broken else (before[0] + 1, before[1])
        if after != wanted:
            raise Failure(f"a {'broken' if broken else 'good'} configuration was {'taken' if broken else 'refused'}\n{text}\n{self.lab.tail()}")
        self.good, self.refused = self.good + (not broken), self.refused + broken
        return broken


def wait_for_outcome(lab, wanted):
    """A page is made once for each commit: it may take a moment."""
    deadline = time.monotonic() + 5 * SLOW
    while total(lab.scrape() or {}, "config_last_reload_successful") != wanted:
        if time.monotonic() > deadline:
            raise Failure(f"config_last_reload_successful is not {wanted}\n{lab.tail()}")
        time.sleep(0.02)


def reloads(long, seed):
    """T27: reloads of sources and rules under load, half of them broken."""
    chance = random.Random(seed)
    lab = Lab()
    (lab.folder / "drop").mkdir()
    other_log = str(lab.folder / "other.log")
    traffics = [Traffic(lab.log, seed, rate=2000), Traffic(other_log, seed + 1, rate=1000)]
    both = Two(*traffics)
    oracle = Oracle(lab, both)
    reloader = Reloader(lab, other_log, chance)
    try:
        lab.config.write_text(reloader.configuration())
        lab.start()
        lab.wait_ready()
        for traffic in traffics:
            traffic.start()
        oracle.start()
        count = 200 if long else 60
        last = False
        for number in range(count):
            last = reloader.reload(number % 2 == 1)
            if number % 20 < 2:
                wait_for_outcome(lab, 0 if last else 1)
            time.sleep(chance.choice((0, 0.01, 0.05)))
        for traffic in traffics:
            traffic.end()
        compared = lab.drain(both)
        oracle.end()
        lab.stop()
    finally:
        for traffic in traffics:
            traffic.ended.set()
        oracle.ended.set()
        lab.remove()
    rotations = sum(traffic.rotations for traffic in traffics)
    return (f"{reloader.good} reloads taken, {reloader.refused} broken ones refused, {both.number} lines, {rotations} rotations, "
            f"{compared} sums equal the ledger, {oracle.scrapes} scrapes, 0 differences")


if __name__ == "__main__":
    run_rows([reloads])
