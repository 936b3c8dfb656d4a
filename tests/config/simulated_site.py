"""Eight days of what a daemon shows, for promtool: a site of some size, whose last day brings some trouble."""

import collections
import math
import random

STEP = 30  # minutes
DAYS = 8
STEPS = DAYS * 24 * 60 // STEP
TROUBLE = 7 * 24 + 10  # in hours: ten in the morning of the last day, a Monday as the first one
PROVIDERS = {"gmail": 0.35, "microsoft": 0.25, "yahoo": 0.1, "": 0.3}
# Share of the attempts at any provider that fail every day, by outcome and cause.
EVERY_DAY = {("deferred", "greylisted"): 0.04, ("deferred", "rate_limited"): 0.01, ("deferred", "connect_timeout"): 0.005,
             ("bounced", "user_unknown"): 0.02, ("bounced", "spf_fail"): 0.001, ("bounced", "mailbox_full"): 0.004}
BY_HOUR = [0.3] * 6 + [0.6, 0.9] + [1.7] * 10 + [1.1] * 4 + [0.5, 0.4]
BY_DAY = [1.1, 1.1, 1.1, 1.1, 1.1, 0.75, 0.75, 1.1]


class Trouble:
    """What differs from TROUBLE on. `fails`: {(provider, outcome, cause): share}; `lists`: of the hits of a provider that name
    them; `volume`: attempts by hour are so many times as usual; `refusals`: own ones at a full hour, by cause; `file`: what becomes
    of the source's only file ("denied")."""

    def __init__(self, fails=(), lists=(), volume=1, hours=24, refusals=(), silent=False, first_day=False, file="open"):
        self.fails, self.lists, self.volume, self.hours = dict(fails), dict(lists), volume, hours
        self.refusals, self.silent, self.first_day, self.file = dict(refusals), silent, first_day, file


class Site:
    """`mails` a day. series() gives promtool's input."""

    def __init__(self, instance, mails, trouble):
        self.instance, self.mails, self.trouble = instance, mails, trouble
        self.random = random.Random(instance)
        self.counts = collections.defaultdict(dict)  # {series: {step: increment}}

    def _some(self, expected):
        """A number of events of which `expected` are expected."""
        if expected > 50:
            return max(0, round(self.random.gauss(expected, math.sqrt(expected))))
        left, product, number = math.exp(-expected), self.random.random(), 0
        while product > left:
            product *= self.random.random()
            number += 1
        return number

    def _count(self, step, metric, number, **labels):
        key = (metric, tuple(sorted(labels.items())))
        self.counts[key][step] = self.counts[key].get(step, 0) + number

    def _attempts(self, step, provider, number, failures):
        place = {"source": "mail", "mta_instance": "postfix"}
        mta = place | {"mta": "postfix"}
        left = number
        for (outcome, cause), share in failures.items():
            failed = min(left, self._some(number * share))
            left -= failed
            self._count(step, "deliveries_total", failed, outcome=outcome, **mta)
            self._count(step, "failures_total", failed, outcome=outcome, cause=cause, **mta)
            self._count(step, "provider_deliveries_total", failed, provider=provider, outcome=outcome, **place)
            if failed:
                self._count(step, "domain_failures_total", failed, source="mail", provider=provider, domain=provider + ".example",
                            outcome=outcome, code="", enhanced_code="", cause=cause)
                for (at, kind, blocklist), part in self.trouble.lists.items():
                    if at == (provider, cause):
                        self._count(step, "blocklist_hits_total", round(failed * part + 0.4), source="mail", blocklist=blocklist, kind=kind,
                                    listed_ip="198.51.100.25", outcome=outcome)
        self._count(step, "deliveries_total", left, outcome="delivered", **mta)
        self._count(step, "provider_deliveries_total", left, provider=provider, outcome="delivered", **place)

    def _play(self, step):
        hour = step * STEP / 60
        troubled = TROUBLE < hour <= TROUBLE + self.trouble.hours
        rate = self.mails * STEP / 1440 * BY_HOUR[int(hour) % 24] * BY_DAY[min(int(hour) // 24, DAYS - 1)]
        silent = self.trouble.silent and troubled
        for provider, share in PROVIDERS.items():
            failures = EVERY_DAY
            if troubled:
                trouble = {(outcome, cause): part for (at, outcome, cause), part in self.trouble.fails.items() if at in (provider, "*")}
                failures = trouble | {kind: part for kind, part in EVERY_DAY.items() if kind not in trouble}
            number = 0 if silent else self._some(rate * share * (self.trouble.volume if troubled else 1))
            self._attempts(step, provider, number, failures)
        for cause, times in self.trouble.refusals.items():
            self._count(step, "rejections_total", self._some(rate * times), source="mail", mta="postfix", mta_instance="postfix", cause=cause,
                        permanence="permanent")
            self._count(step, "rejection_blocklists_total", self._some(rate * times), source="mail", blocklist="spamhaus_zen")
        self._count(step, "source_lines_total", 0 if silent else 5 + self._some(rate * 6), source="mail", result="counted")

    def series(self):
        begin = (DAYS - 1) * 24 * 60 // STEP if self.trouble.first_day else 0
        for step in range(begin, STEPS):
            self._play(step)
        target = f'job="bouncesight", instance="{self.instance}"'
        yield f"up{{{target}}}", f"_x{begin} 1x{STEPS - begin}" if begin else f"1x{STEPS}"
        yield f"process_start_time_seconds{{{target}}}", f"{begin * STEP * 60}x{STEPS}"
        change = TROUBLE * 60 // STEP
        for state in ("open", "missing", "denied", "hung"):
            before, after = int(state == "open"), int(state == self.trouble.file)
            yield (f'bouncesight_source_files{{{target}, source="mail", state="{state}"}}',
                   (f"_x{begin} " if begin else "") + f"{before}x{change - begin} {after}x{STEPS - change}" if change > begin else f"_x{begin} {after}x{STEPS - begin}")
        for (metric, labels), steps in self.counts.items():
            names = ", ".join(f'{name}="{value}"' for name, value in labels)
            yield f"bouncesight_{metric}{{{target}, {names}}}", self._values(metric, steps)

    def _values(self, metric, steps):
        """Families of a closed set begin with a zero, others with their first count."""
        first, total, values = min(steps), 0, []
        if first:
            values.append(f"_x{first}")
        for step in range(first, STEPS):
            total += steps.get(step, 0)
            values.append(str(total))
        return " ".join(values)
