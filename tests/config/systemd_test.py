import ctypes
import email
import email.policy
import pathlib
import re
import shutil
import subprocess
import tempfile

from checker import BINARY, CONFIG, CheckerCase, run_with

UNIT = CONFIG / "systemd" / "bouncesight.service"
REPORT = CONFIG / "systemd" / "bouncesight-report.service"
SOCKETS = sorted(UNIT.parent.glob("*.socket"))


class Unit(CheckerCase):
    def test_systemd_finds_no_fault(self):
        with tempfile.TemporaryDirectory() as folder:
            # The program is not installed where the tests run, so another stands in for it.
            unit = pathlib.Path(folder) / UNIT.name
            unit.write_text(UNIT.read_text().replace("/usr/bin/bouncesight", "/bin/true"))
            sockets = [shutil.copy(socket, folder) for socket in SOCKETS]
            self.assertEqual(self.assert_passes("systemd-analyze", "verify", "--man=no", unit, *sockets), "")

    def test_systemd_finds_no_fault_in_the_mailed_report(self):
        self.assertEqual(self.assert_passes("systemd-analyze", "verify", "--man=no", REPORT, REPORT.with_suffix(".timer")), "")

    def test_the_mailed_report_is_a_mail(self):
        command = re.search("^ExecStart=/bin/sh -c '(.*)'$", REPORT.read_text(), re.M)[1]
        if not BINARY:
            self.skipTest("no binary was named")
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder) / "mail.log"
            log.write_text("Nov 21 18:00:00 mx1 postfix/qmgr[1]: 4F1A2B3C4D: removed\n")
            command = command.replace("$$", "$").replace("/usr/bin/bouncesight", BINARY).replace("/usr/sbin/sendmail -t -oi", "cat")
            result = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60, 
                                    env={"BOUNCESIGHT_MAIL_TO": "ann@example.com", "PATH": "/usr/bin:/bin",
                                         "BOUNCESIGHT_LOGS": f"{log} {log}.1"})
        mail = email.message_from_string(result.stdout, policy=email.policy.default)
        self.assertEqual((mail["To"], mail.get_content_type(), result.stderr), ("ann@example.com", "multipart/alternative", ""))

    def test_the_sockets_are_named_apart_and_start_the_service(self):
        names = [re.search("^FileDescriptorName=(.*)$", socket.read_text(), re.M)[1] for socket in SOCKETS]
        self.assertEqual(names, ["http", "syslog"])
        for socket in SOCKETS:
            self.assertIn(f"Service={UNIT.name}\n", socket.read_text())

    def test_its_exposure_is_at_most_1_5(self):
        self.assert_passes("systemd-analyze", "security", "--offline=true", "--threshold=15", UNIT)

    def test_it_may_read_the_logs_and_says_when_it_is_ready(self):
        lines = UNIT.read_text().splitlines()
        for line in ("Type=notify", "SupplementaryGroups=adm systemd-journal", "MemoryDenyWriteExecute=yes", "StateDirectory=bouncesight"):
            self.assertIn(line, lines)

    def test_hyperscan_works_where_no_memory_may_become_executable(self):
        # What MemoryDenyWriteExecute= asks of the kernel since Linux 6.3; it is inherited by what is run.
        PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN = 65, 1
        libc = ctypes.CDLL(None, use_errno=True)
        if not BINARY:
            self.skipTest("no binary was named")

        def deny():
            if libc.prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) != 0:
                raise OSError(ctypes.get_errno(), "prctl")

        command = [BINARY, "explain", "--format=json", "550 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org"]
        try:
            result = subprocess.run(command, capture_output=True, text=True, timeout=60, preexec_fn=deny)
        except subprocess.SubprocessError:
            self.skipTest("this kernel has no PR_SET_MDWE (Linux 6.3)")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn('"cause":"ip_blocklisted"', result.stdout.replace(": ", ":"))


if __name__ == "__main__":
    run_with("systemd-analyze", "systemd")
