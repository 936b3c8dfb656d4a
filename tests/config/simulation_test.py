"""The alerts over eight simulated days of a small, a middle and a large site: a table says which of them the trouble of the
last day must raise and how soon. No other may fire, and in the quiet week before none at all."""

import pathlib
import tempfile
import time

from checker import CONFIG, CheckerCase, run_with
from simulated_site import STEP, TROUBLE, Site, Trouble

SIZES = {500: 240, 50_000: 60, 5_000_000: 60}  # mails a day: minutes until a wanted alert is there, at most
SLOW = {"BouncesightSourceSilent": 120}  # it needs a whole hour without a line
LISTED = {("microsoft", "bounced", "ip_blocklisted"): 0.97}
ZEN, COP = ((("microsoft", "ip_blocklisted"), "dnsbl", name) for name in ("spamhaus_zen", "spamcop"))
TSS = (("yahoo", "rate_limited"), "provider", "yahoo_tss")
TABLE = [  # (name, what happens, the alerts that it must raise)
    ("quiet", Trouble(), []),
    ("monday-peak", Trouble(volume=3, hours=4), []),
    ("campaign", Trouble({("*", "bounced", "user_unknown"): 0.04, ("*", "deferred", "rate_limited"): 0.05}, volume=20, hours=3), []),
    ("bought-list", Trouble({("*", "bounced", "user_unknown"): 0.3}, volume=4), ["BouncesightBounceRatioHigh"]),
    # The page for the listed address holds the other one back (alertmanager.yml).
    ("listed", Trouble(LISTED, {ZEN: 0.7, COP: 0.3}), ["BouncesightBlocklisted", "BouncesightProviderRefuses"]),
    ("blocked-by-provider", Trouble({("microsoft", "bounced", "client_blocked"): 0.97}), ["BouncesightProviderRefuses"]),
    ("throttled", Trouble({("yahoo", "deferred", "rate_limited"): 0.8}, {TSS: 1}, volume=1.5), ["BouncesightThrottled"]),
    ("provider-down", Trouble({("gmail", "deferred", "connect_timeout"): 0.97}, volume=1.2), ["BouncesightProviderDown"]),
    ("network-down", Trouble({("*", "deferred", "connect_timeout"): 0.97}, volume=1.5), ["BouncesightNothingGetsOut"]),
    ("broken-spf", Trouble({("gmail", "bounced", "spf_fail"): 0.4, ("microsoft", "bounced", "spf_fail"): 0.4}), ["BouncesightAuthenticationFailures"]),
    ("own-dnsbl", Trouble(refusals={"ip_blocklisted": 5}), []),
    ("spam-bots", Trouble(refusals={"relay_denied": 40, "rdns_helo": 10}), []),
    ("log-stopped", Trouble(silent=True), ["BouncesightSourceSilent"]),
    ("log-denied", Trouble(silent=True, file="denied"), ["BouncesightFileNotRead", "BouncesightSourceSilent"]),
    ("first-day", Trouble({("*", "deferred", "rate_limited"): 0.15}, first_day=True), []),
]
# Promtool takes groups in any order else, and a step is longer than a sample lives.
ORDER = "group_eval_order: [bouncesight.recording, bouncesight.usual, bouncesight.mail, bouncesight.daemon]"
FIRED = 'group by (alertname, instance) (count_over_time(ALERTS{{alertstate="firing"}}[{minutes}m]))'


def instance(name, mails):
    return f"{name}-{mails}:19154"


def expected(mails, minutes):
    """Promtool's samples: what must have fired that long after the trouble began."""
    return "".join(f"          - {{value: 1, labels: '{{alertname=\"{alert}\", instance=\"{instance(name, mails)}\"}}'}}\n"
                   for name, _, alerts in TABLE for alert in alerts if minutes >= SLOW.get(alert, 0))


def check(at, minutes, samples):
    return (f"      - expr: '{FIRED.format(minutes=minutes)}'\n        eval_time: {at}m\n        exp_samples:\n{samples or '          []' + chr(10)}")


def simulation(mails, minutes):
    """Promtool's test of all sites of one size."""
    began = TROUBLE * 60
    lines = [f"rule_files: [{CONFIG}/prometheus/recording.yml, {CONFIG}/prometheus/alerts.yml]\nevaluation_interval: {STEP}m\n{ORDER}\ntests:\n",
             f"  - interval: {STEP}m\n    input_series:\n"]
    for name, trouble, _ in TABLE:
        lines += [f"      - {{series: '{series}', values: '{values}'}}\n" for series, values in Site(instance(name, mails), mails, trouble).series()]
    lines.append("    promql_expr_test:\n")
    lines.append(check(began, began, ""))
    lines.append(check(began + minutes, minutes, expected(mails, minutes)))
    lines.append(check(began + 600, 600, expected(mails, 600)))
    return "".join(lines)


class Simulation(CheckerCase):
    def test_each_trouble_raises_its_alerts_in_time_and_no_other(self):
        with tempfile.TemporaryDirectory() as folder:
            for mails, minutes in SIZES.items():
                with self.subTest(mails=mails):
                    path = pathlib.Path(folder) / f"{mails}.yml"
                    path.write_text(simulation(mails, minutes))
                    started = time.monotonic()
                    self.assert_passes("promtool", "test", "rules", path)
                    print(f"{mails} mails a day: {len(TABLE)} sites for eight days, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    run_with("promtool", "prometheus")
