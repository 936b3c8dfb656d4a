import pathlib
import tempfile

from checker import CONFIG, CheckerCase, run_with


class Forwarding(CheckerCase):
    def test_rsyslog_finds_no_fault(self):
        with tempfile.TemporaryDirectory() as folder:
            whole = pathlib.Path(folder) / "rsyslog.conf"
            whole.write_text(f'global(workDirectory="{folder}")\n' + (CONFIG / "rsyslog" / "30-bouncesight.conf").read_text())
            self.assert_passes("rsyslogd", "-N1", "-f", whole)


if __name__ == "__main__":
    run_with("rsyslogd", "rsyslog")
