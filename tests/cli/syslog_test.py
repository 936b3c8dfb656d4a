"""Syslog through the real binary: sockets of its own and of systemd, and what it says when it cannot have them."""

import os
import pathlib
import socket
import subprocess
import unittest

from cli_case import FAILED, NOBODY, OK, CliCase, Daemon, total

LINE = (b"<22>Nov 21 18:00:00 mx1 postfix/smtp[1]: 902C386BBC4: to=<a@example.org>, relay=mx.example.net[192.0.2.1]:25, delay=1, "
        b"delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.example.net[192.0.2.1] said: 550 5.1.1 User unknown (in reply to RCPT "
        b"TO command))")


def bound(kind, address=("127.0.0.1", 0)):
    opened = socket.socket(socket.AF_INET, kind)
    opened.bind(address)
    if kind == socket.SOCK_STREAM:
        opened.listen()
    return opened


def send(kind, address, text):
    with socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET, kind) as sender:
        sender.connect(address)
        sender.sendall(text)


def counted(number):
    return lambda samples: total(samples, "bouncesight_source_lines_total", result="counted") >= number


class ActivatedDaemon(Daemon):
    """Started as systemd does it, with (name, socket) each at descriptor 3 and on."""

    def __init__(self, case, sources, sockets, *flags):
        self.sockets = sockets
        self.launcher = case.write("launch", '#!/bin/sh\nLISTEN_PID=$$ exec "$@"\n')
        self.launcher.chmod(0o755)
        super().__init__(case, sources, *flags)
        self.port = dict(sockets)["http"].getsockname()[1]

    def launch(self, command, **options):
        count = len(self.sockets)
        names = ":".join(name for name, _ in self.sockets)

        def hand_over():
            for place, (_, held) in enumerate(self.sockets):  # out of the way of 3 and on
                os.dup2(held.fileno(), 100 + place)
            for place in range(count):
                os.dup2(100 + place, 3 + place)

        return super().launch([self.launcher, *command], preexec_fn=hand_over, pass_fds=range(3, 3 + count),
                              env={**os.environ, "LISTEN_FDS": str(count), "LISTEN_FDNAMES": names}, **options)


class Syslog(CliCase):
    def test_counts_lines_of_datagrams_and_streams(self):
        with bound(socket.SOCK_DGRAM) as datagrams, bound(socket.SOCK_STREAM) as streams:
            udp, tcp = datagrams.getsockname(), streams.getsockname()
        log, stream = str(self.folder / "log"), str(self.folder / "stream")
        daemon = Daemon(self, f'  - {{name: relay, type: syslog, listen: ["udp://127.0.0.1:{udp[1]}", "tcp://127.0.0.1:{tcp[1]}", '
                              f'"unix://{log}", "unix-stream://{stream}"]}}')
        daemon.get("/metrics")
        send(socket.SOCK_DGRAM, udp, LINE)
        send(socket.SOCK_STREAM, tcp, b"%d %s" % (len(LINE), LINE) + LINE + b"\n")
        send(socket.SOCK_DGRAM, log, LINE + b"\n" + LINE + b"\0")
        send(socket.SOCK_STREAM, stream, LINE)
        samples = daemon.wait_for(counted(6), "six lines")
        self.assertEqual(total(samples, "bouncesight_source_lines_total"), 6)
        self.assertEqual(total(samples, "bouncesight_syslog_datagrams_total", source="relay", result="accepted"), 2)
        self.assertEqual(total(samples, "bouncesight_syslog_connections_total", source="relay", result="closed"), 2)
        self.assertEqual(daemon.stop(), OK)
        self.assertFalse(os.path.exists(log) or os.path.exists(stream))

    def test_takes_the_sockets_of_systemd_each_by_its_name(self):
        sockets = [("syslog", bound(socket.SOCK_DGRAM)), ("http", bound(socket.SOCK_STREAM)),
                   ("syslog", bound(socket.SOCK_STREAM)), ("other", bound(socket.SOCK_DGRAM))]
        for _, held in sockets:
            self.addCleanup(held.close)
        daemon = ActivatedDaemon(self, "  - {name: relay, type: syslog, listen: systemd:syslog}", sockets, "--web.systemd-socket")
        daemon.get("/metrics")
        send(socket.SOCK_DGRAM, sockets[0][1].getsockname(), LINE)
        send(socket.SOCK_STREAM, sockets[2][1].getsockname(), LINE + b"\n")
        daemon.wait_for(counted(2), "both lines")
        self.assertIn("the socket other, which nothing reads", daemon.log())
        self.assertEqual(daemon.stop(), OK)

    def test_names_source_address_and_remedy_when_a_socket_cannot_be_had(self):
        def complaint(listen, **options):
            config = self.write("c.yaml", f"state: {{path: {self.folder}/state}}\nrules: {{files: []}}\n"
                                          f"sources: [{{name: relay, type: syslog, listen: '{listen}'}}]\n")
            result = self.run_command("serve", f"--config.file={config}", "--web.listen-address=127.0.0.1:0", **options)
            self.assert_exit(result, FAILED)
            return result.stderr.splitlines()[-1]

        with bound(socket.SOCK_DGRAM) as taken:
            address = f"udp://127.0.0.1:{taken.getsockname()[1]}"
            text = complaint(address)
            for word in ("source relay", address, "in use", f"(process {os.getpid()}) listens there: stop it"):
                self.assertIn(word, text)
        self.assertIn("FileDescriptorName=syslog", complaint("systemd:syslog"))
        start = int(pathlib.Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text())
        if os.getuid() == 0 and start > 514:
            (self.folder / "state").mkdir(exist_ok=True)
            (self.folder / "state").chmod(0o777)
            for file in (self.folder / "state").iterdir():
                file.unlink()
            self.assertIn("bouncesight-syslog.socket", complaint("udp://127.0.0.1:514", user=NOBODY))


if __name__ == "__main__":
    unittest.main()
