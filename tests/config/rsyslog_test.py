"""The forwarding sample: by rsyslog's own checker, and through a real rsyslog into a real bouncesight, each line once."""

import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.request

from checker import BINARY, CONFIG, SOURCE, CheckerCase, run_with

SAMPLE = (CONFIG / "rsyslog" / "30-bouncesight.conf").read_text()
LINES = 1000
GTLS = list(pathlib.Path("/usr/lib").glob("*/rsyslog/lmnsd_gtls.so"))
REPLY = "550 5.1.1 no torture subject of this name"


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def line(number):
    """As Postfix hands it to the system's log; some are longer than old syslog allowed."""
    padding = " and on and on" * (number % 7 * 20)
    return (f"<22>Nov 21 18:00:00 postfix/smtp[9]: {number:012X}: to=<user@example.org>, relay=mx.example.org[192.0.2.1]:25, delay=1, "
            f"delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.example.org[192.0.2.1] said: {REPLY}{padding})").encode()


class Forwarding(CheckerCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bouncesight-rsyslog-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def run_until_the_end(self, command, log):
        with open(self.folder / log, "wb") as output:
            process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=output, stderr=output)

        def end():
            process.terminate()
            process.wait(timeout=30)
        self.addCleanup(end)

    def wait_for(self, what, holds, seconds=20):
        deadline = time.monotonic() + seconds
        while not holds():
            logs = "\n".join(path.read_text(errors="replace") for path in self.folder.glob("*.log"))
            self.assertLess(time.monotonic(), deadline, f"no {what}: {self.lines_by_result()}\n{logs}")
            time.sleep(0.05)

    def serve(self, listen, options=""):
        self.web = free_port()
        config = self.folder / "bouncesight.yaml"
        config.write_text(f'web: {{listen_address: "127.0.0.1:{self.web}"}}\nstate: {{path: {self.folder}/state, interval: 100ms}}\n'
                          f"rules: {{catalog: {SOURCE}/tests/torture/catalog}}\n"
                          f'sources: [{{name: relay, type: syslog, listen: "{listen}"{options}}}]\n')
        self.run_until_the_end([BINARY, "serve", f"--config.file={config}"], "serve.log")
        self.wait_for("daemon", lambda: self.scrape() is not None)

    def scrape(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.web}/metrics", timeout=5) as answer:
                text = answer.read().decode()
        except OSError:
            return None
        return {name: float(value) for name, value in re.findall(r"(?m)^(bouncesight_\S+) (\S+)$", text)}

    def lines_by_result(self):
        samples = self.scrape() or {}
        return {name.split('"')[3]: value for name, value in samples.items()
                if name.startswith("bouncesight_source_lines_total") and value > 0}

    def forward(self, port, protocol="tcp", more="", head=""):
        """Runs rsyslog with the sample, changed in these places only, and sends through it."""
        changed = SAMPLE.replace('port="5514" protocol="tcp"', f'port="{port}" protocol="{protocol}" {more}')
        self.assertNotEqual(changed, SAMPLE)
        inlet = self.folder / "inlet"
        config = self.folder / "rsyslog.conf"
        config.write_text(f'global(workDirectory="{self.folder}" {head})\nmodule(load="imuxsock" SysSock.Use="off")\n'
                          f'input(type="imuxsock" Socket="{inlet}" RateLimit.Interval="0")\n{changed}')
        self.run_until_the_end(["rsyslogd", "-n", "-f", config, "-i", self.folder / "rsyslog.pid"], "rsyslog.log")
        self.wait_for("rsyslog", inlet.exists)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.connect(str(inlet))
            for number in range(LINES):
                sender.send(line(number))

    def assert_all_arrived(self):
        self.wait_for("line", lambda: sum(self.lines_by_result().values()) >= LINES)
        # rsyslog has a word to say of itself only in its own log; every line is a delivery.
        self.assertEqual(self.lines_by_result(), {"counted": LINES})
        samples = self.scrape()
        self.assertEqual(sum(value for name, value in samples.items() if name.startswith("bouncesight_failures_total")
                             and 'cause="user_unknown"' in name), LINES)

    def test_rsyslog_finds_no_fault(self):
        whole = self.folder / "rsyslog.conf"
        whole.write_text(f'global(workDirectory="{self.folder}")\n{SAMPLE}')
        self.assert_passes("rsyslogd", "-N1", "-f", whole)

    @unittest.skipUnless(BINARY, "no binary was named")
    def test_every_line_arrives_once_as_the_sample_stands(self):
        port = free_port()
        self.serve(f"tcp://127.0.0.1:{port}")
        self.forward(port)
        self.assert_all_arrived()

    @unittest.skipUnless(BINARY, "no binary was named")
    def test_every_line_arrives_once_with_octet_counts(self):
        port = free_port()
        self.serve(f"tcp://127.0.0.1:{port}")
        self.forward(port, more='TCP_Framing="octet-counted"')
        self.assert_all_arrived()

    @unittest.skipUnless(BINARY, "no binary was named")
    def test_every_line_arrives_once_by_udp(self):
        port = free_port(socket.SOCK_DGRAM)
        self.serve(f"udp://127.0.0.1:{port}")
        self.forward(port, protocol="udp")
        self.assert_all_arrived()

    @unittest.skipUnless(BINARY, "no binary was named")
    @unittest.skipUnless(GTLS, "rsyslog-gnutls is not installed")
    def test_every_line_arrives_once_by_tls(self):
        cert, key = self.folder / "relay.crt", self.folder / "relay.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                        "-subj", "/CN=relay", "-addext", "subjectAltName=DNS:relay.example.net", "-keyout", key, "-out", cert],
                       check=True, capture_output=True)
        port = free_port()
        self.serve(f"tls://127.0.0.1:{port}", f", cert_file: {cert}, key_file: {key}, client_ca_file: {cert}")
        self.forward(port, head=f'defaultNetstreamDriverCAFile="{cert}" defaultNetstreamDriverCertFile="{cert}" '
                                f'defaultNetstreamDriverKeyFile="{key}"',
                     more='StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/name" '
                          'StreamDriverPermittedPeers="relay.example.net"')
        self.assert_all_arrived()


if __name__ == "__main__":
    os.umask(0o077)
    run_with("rsyslogd", "rsyslog")
