import re

from checker import CONFIG, CheckerCase, run_with
from simulation_test import TABLE

FOLDER = CONFIG / "prometheus"


class Rules(CheckerCase):
    def test_promtool_finds_no_fault(self):
        self.assert_passes("promtool", "check", "rules", FOLDER / "recording.yml", FOLDER / "alerts.yml", FOLDER / "fleet.yml")
        self.assert_passes("promtool", "check", "config", "--syntax-only", FOLDER / "scrape.yml")
        self.assert_passes("promtool", "check", "config", FOLDER / "federate.yml")

    def test_every_alert_fires_when_it_should_and_only_then(self):
        self.assert_passes("promtool", "test", "rules", *sorted(FOLDER.glob("*_test.yml")))

    def test_every_alert_has_both_tests_and_a_section_of_the_runbook(self):
        alerts = re.findall(r"- alert: (\w+)", (FOLDER / "alerts.yml").read_text())
        sections = re.findall(r"^## (\w+)$", (FOLDER / "RUNBOOK.md").read_text(), re.M)
        self.assertEqual(sorted(alerts), sorted(sections))
        tests = "".join(path.read_text() for path in FOLDER.glob("*_test.yml"))
        simulated = {alert for _, _, wanted in TABLE for alert in wanted}
        for alert in set(alerts) - simulated | {"BouncesightBlocklisted", "BouncesightSourceSilent"}:
            blocks = [block for block in tests.split("- name: ") if block.startswith(f"'{alert}: ")]
            fires = [block for block in blocks if "exp_samples" in block or "exp_alerts" in block]
            self.assertTrue(fires, f"{alert} has no test in which it fires")
            self.assertGreater(len(blocks), len(fires), f"{alert} has no test in which it keeps quiet")

    def test_every_alert_says_what_to_read(self):
        text = (FOLDER / "alerts.yml").read_text()
        for block in text.split("- alert: ")[1:]:
            name = block.split()[0]
            for word in ("severity: ", "summary: ", "description: ", f"RUNBOOK.md#{name.lower()}\n"):
                self.assertIn(word, block, name)


if __name__ == "__main__":
    run_with("promtool", "prometheus")
