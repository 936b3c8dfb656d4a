from checker import CONFIG, CheckerCase, run_with

SAMPLE = CONFIG / "alertmanager" / "alertmanager.yml"


class Sample(CheckerCase):
    def route(self, **labels):
        output = self.assert_passes("amtool", "config", "routes", "test", f"--config.file={SAMPLE}",
                                    *(f"{name}={value}" for name, value in labels.items()))
        return output.splitlines()[-1]  # a warning about flags may stand before it

    def test_amtool_finds_no_fault(self):
        self.assert_passes("amtool", "check-config", SAMPLE)

    def test_what_cannot_wait_reaches_the_one_on_call(self):
        self.assertEqual(self.route(alertname="BouncesightBlocklisted", severity="critical"), "on-call")
        self.assertEqual(self.route(alertname="BouncesightNothingGetsOut", severity="critical"), "on-call")
        self.assertEqual(self.route(alertname="BouncesightDown", severity="warning"), "postmaster")
        self.assertEqual(self.route(alertname="BouncesightThrottled", severity="warning"), "postmaster")


if __name__ == "__main__":
    run_with("amtool", "prometheus-alertmanager")
