"""BouncesightSenderTurned over a day of minutes at a small, a middle and a large site: stolen accounts are told within minutes, by
domain alone where that can be seen and by account; what only looks like one is not. Prints the table of recall and delay."""

import math
import pathlib
import random
import re
import tempfile

from checker import CONFIG, CheckerCase, run_with

THEFT = 26 * 60  # minutes into the simulation: there is a yesterday
MINUTES = THEFT + 3 * 60
BY_HOUR = [0.3] * 6 + [0.6, 0.9] + [1.7] * 10 + [1.1] * 4 + [0.5, 0.4]
BEGIN_HOUR = 8  # of the first day, so that the theft is at ten
USUAL = {"user_unknown": 0.02, "spam_content": 0.001, "greylisted": 0.04}
DEFERRED = {"greylisted"}
# Mails a day: what the watched domain and one account of it send of them. At 5 million it is one of very many.
SIZES = {500: (1, 0.2), 50_000: (0.2, 0.01), 5_000_000: (0.03, 0.0005)}


class Case:
    """`extra`: mails an hour from THEFT on, of which `fails` fail; `times`: the domain's usual traffic is so many times as large.
    `usual` fails every day. `domain` and `account`: minutes until the alert must be there by either, None: it must not fire at all;
    a list: by the size of the site; MAY: it is at the edge."""

    def __init__(self, extra=0, fails=(), times=1, usual=(), forged=False, domain=None, account=None):
        self.extra, self.fails, self.times, self.forged = extra, dict(fails), times, forged
        self.usual = USUAL | dict(usual)
        self.wanted = {"domain": domain, "account": account}


MAY = "may"
THIEF = {"spam_content": 0.15, "user_unknown": 0.2}
CASES = {
    "quiet": Case(),
    "peak": Case(times=3),
    "newsletter": Case(2000, {"user_unknown": 0.04, "spam_content": 0.005}),
    "forwards-spam": Case(times=1.3, usual={"spam_content": 0.03}),
    "stolen-burst": Case(2000, THIEF, domain=[10, 10, None], account=[10, 10, 10]),
    "stolen-quick": Case(300, THIEF, domain=[20, MAY, None], account=[20, 20, 20]),
    "stolen-slow": Case(60, THIEF, domain=[90, None, None], account=[90, 90, MAY]),
    "stolen-forged": Case(2000, THIEF, forged=True, account=[10, 10, 10]),
    "bought-list": Case(1000, {"user_unknown": 0.35}, domain=[10, 10, None], account=[10, 10, 10]),
}


class Counters:
    """The series of one instance; every minute adds to them."""

    def __init__(self, instance):
        self.instance, self.random, self.series = instance, random.Random(instance), {}

    def some(self, expected):
        if expected > 50:
            return max(0, round(self.random.gauss(expected, math.sqrt(expected))))
        left, product, number = math.exp(-expected), self.random.random(), 0
        while product > left:
            product, number = product * self.random.random(), number + 1
        return number

    def mails(self, minute, expected, fails, senders):
        """Some mails of these senders, (family, label, name) each."""
        number = self.some(expected)
        failed = {cause: self.some(number * share) for cause, share in fails.items()}
        outcomes = {"delivered": max(0, number - sum(failed.values()))}
        for cause, count in failed.items():
            outcome = "deferred" if cause in DEFERRED else "bounced"
            outcomes[outcome] = outcomes.get(outcome, 0) + count
        for family, label, name in senders:
            for outcome, count in outcomes.items():
                self.add(minute, f'bouncesight_{family}_deliveries_total', f'{label}="{name}", outcome="{outcome}"', count)
            for cause, count in failed.items():
                self.add(minute, f'bouncesight_{family}_failures_total', f'{label}="{name}", cause="{cause}"', count)

    def add(self, minute, metric, labels, count):
        key = f'{metric}{{job="bouncesight", instance="{self.instance}", {labels}}}'
        self.series.setdefault(key, [0] * MINUTES)[minute] += count

    def lines(self):
        for key, steps in self.series.items():
            first = next((i for i, one in enumerate(steps) if one), None)
            if first is None:
                continue
            total, values = 0, []
            for one in steps[first:]:
                total += one
                values.append(str(total))
            gap = f"_x{first} " if first else ""
            yield f"      - {{series: '{key}', values: '{gap}{' '.join(values)}'}}\n"


def play(instance, mails, case):
    domain_share, account_share = SIZES[mails]
    counters = Counters(instance)
    domain, account, other = (("sender", "sender_domain", "example.com"), ("account", "account", "ann"), ("sender", "sender_domain", "other"))
    for minute in range(MINUTES):
        rate = mails / 1440 * BY_HOUR[(BEGIN_HOUR + minute // 60) % 24] * (case.times if minute >= THEFT else 1)
        counters.mails(minute, rate * account_share, case.usual, [domain, account])
        counters.mails(minute, rate * (domain_share - account_share), case.usual, [domain])
        counters.mails(minute, rate * (1 - domain_share), USUAL, [other])
        if minute >= THEFT and case.extra:
            counters.mails(minute, case.extra / 60, case.fails, [other if case.forged else domain, account])
    return counters.lines()


def rules(folder):
    """The shipped rules of this alert alone, looked at every minute: all of them would take promtool many times as long."""
    records = re.findall(r"      - record: who:.*?(?=\n\n|\n      - record|\n      #|\Z)", (CONFIG / "prometheus/recording.yml").read_text(), re.S)
    usual = [one for one in records if "usual7d" in one.split("\n")[0]]
    alert = re.search(r"      - alert: BouncesightSenderTurned\n.*?\n\n", (CONFIG / "prometheus/alerts.yml").read_text(), re.S).group()
    now = [one for one in records if one not in usual]
    assert len(now) == 6 and len(usual) == 2, records
    group = "  - name: {}\n    interval: {}\n    rules:\n{}\n"
    path = pathlib.Path(folder) / "rules.yml"
    path.write_text("groups:\n" + group.format("now", "1m", "\n".join(now)) + group.format("usual", "10m", "\n".join(usual)) +
                    group.format("alert", "1m", alert))
    return path


FIRST = 'min by (instance, who) (min_over_time(timestamp(ALERTS{alertname="BouncesightSenderTurned", alertstate="firing"})[%dm:1m]))' % (MINUTES - 1)


def simulation(mails, folder):
    lines = [f"rule_files: [{rules(folder)}]\nevaluation_interval: 1m\ngroup_eval_order: [now, usual, alert]\ntests:\n",
             "  - interval: 1m\n    input_series:\n"]
    for name, case in CASES.items():
        lines += play(name, mails, case)
    lines.append(f"    promql_expr_test:\n      - expr: '{FIRST}'\n        eval_time: {MINUTES - 1}m\n        exp_samples: []\n")
    return "".join(lines)


class StolenAccount(CheckerCase):
    def measure(self, mails, folder):
        """{(case, "domain" or "account"): minutes after the theft began}, where the alert fired; promtool names them, as none is
        expected."""
        path = pathlib.Path(folder) / f"{mails}.yml"
        path.write_text(simulation(mails, folder))
        said = self.output_of("promtool", "test", "rules", path)
        found = re.findall(r'\{instance="([^"]+)", who="the (\w+) [^"]+"\} (\S+?)[,\s]', said)
        self.assertTrue(found, said)
        return {(instance, by): float(value) / 60 - THEFT for instance, by, value in found}

    def test_a_stolen_account_is_told_within_minutes_and_nothing_else(self):
        print(f"{'mails a day':>12}  {'case':14} {'by domain':>12} {'by account':>12}   minutes after the first mail; -: never")
        with tempfile.TemporaryDirectory() as folder:
            for index, mails in enumerate(SIZES):
                fired = self.measure(mails, folder)
                for name, case in CASES.items():
                    shown = [f"{fired[name, by]:.0f}" if (name, by) in fired else "-" for by in case.wanted]
                    print(f"{mails:12}  {name:14} {shown[0]:>12} {shown[1]:>12}", flush=True)
                    for by, wanted in case.wanted.items():
                        with self.subTest(mails=mails, case=name, by=by):
                            self.judge(fired.get((name, by)), wanted[index] if wanted else None)

    def judge(self, after, wanted):
        if wanted is MAY:
            return
        if wanted is None:
            self.assertIsNone(after)
            return
        self.assertIsNotNone(after)
        self.assertGreaterEqual(after, 0, "before anything happened")
        self.assertLessEqual(after, wanted)


if __name__ == "__main__":
    run_with("promtool", "prometheus")
