import pathlib
import tempfile

from checker import CONFIG, CheckerCase, run_with

UNIT = CONFIG / "systemd" / "bouncesight.service"


class Unit(CheckerCase):
    def test_systemd_finds_no_fault(self):
        with tempfile.TemporaryDirectory() as folder:
            # The program is not installed where the tests run, so another stands in for it.
            unit = pathlib.Path(folder) / UNIT.name
            unit.write_text(UNIT.read_text().replace("/usr/bin/bouncesight", "/bin/true"))
            self.assertEqual(self.assert_passes("systemd-analyze", "verify", "--man=no", unit), "")

    def test_its_exposure_is_at_most_1_5(self):
        self.assert_passes("systemd-analyze", "security", "--offline=true", "--threshold=15", UNIT)

    def test_it_may_read_the_logs_and_says_when_it_is_ready(self):
        lines = UNIT.read_text().splitlines()
        for line in ("Type=notify", "SupplementaryGroups=adm systemd-journal", "MemoryDenyWriteExecute=yes", "StateDirectory=bouncesight"):
            self.assertIn(line, lines)


if __name__ == "__main__":
    run_with("systemd-analyze", "systemd")
