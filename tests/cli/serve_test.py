import gzip
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import time
import unittest
import urllib.error
import urllib.request

from cli_case import BINARY, FAILED, NOBODY, OK, SAMPLE, SLOW, SOURCE, TRUTH, CliCase, Daemon, total


def lines_counted(number):
    return lambda samples: total(samples, "bouncesight_source_lines_total") >= number


# The sample's lines in another file: one that begins alike would be a copy, and counted once.
LINES = SAMPLE.read_bytes().splitlines(keepends=True)
OTHER_FILE = b"".join(LINES[1:] + LINES[:1])


class Serve(CliCase):
    def follow(self, log, *flags, **options):
        return Daemon(self, f"  - {{name: mail, type: file, paths: [{log}], start: beginning}}", *flags, **options)

    def test_conservation_holds_on_every_sample(self):
        generated = subprocess.run([SOURCE / "scripts" / "generate-log", "--lines=5000", "--header=bsd"], capture_output=True, check=True)
        samples = {"sample": SAMPLE.read_bytes(), "generated": generated.stdout, "hostile": b"x\0y\n\n  \nx\n" + b"y" * 200_000 + b"\n"}
        for name, content in samples.items():
            with self.subTest(name):
                daemon = self.follow(self.write(f"{name}.log", content))
                metrics = daemon.wait_for(lines_counted(content.count(b"\n")), "every line")
                counted = total(metrics, "bouncesight_source_lines_total", result="counted")
                self.assertEqual(total(metrics, "bouncesight_source_lines_total"), content.count(b"\n"))
                self.assertEqual(total(metrics, "bouncesight_source_bytes_total"), len(content))
                refused = total(metrics, "bouncesight_rejections_total")
                self.assertEqual(counted, total(metrics, "bouncesight_deliveries_total") + refused)
                failed = sum(total(metrics, "bouncesight_deliveries_total", outcome=outcome)
                             for outcome in ("deferred", "bounced", "expired"))
                self.assertEqual(failed, total(metrics, "bouncesight_failures_total"))
                self.assertEqual(failed, total(metrics, "bouncesight_domain_failures_total"))
                attempts = sum(total(metrics, "bouncesight_deliveries_total", outcome=outcome)
                               for outcome in ("delivered", "deferred", "bounced", "expired"))
                self.assertEqual(attempts, total(metrics, "bouncesight_provider_deliveries_total"))
                self.assertEqual(attempts, total(metrics, "bouncesight_domain_deliveries_total"))
                self.assertEqual(daemon.stop(), OK)
                shutil.rmtree(self.folder / "state")

    def test_counts_the_sample_as_its_generator_meant_it(self):
        truth = json.loads(TRUTH.read_text())
        daemon = self.follow(SAMPLE)
        metrics = daemon.wait_for(lines_counted(truth["lines"]), "every line")
        refused = truth["outcomes"].pop("rejected")
        self.assertEqual(total(metrics, "bouncesight_rejections_total"), refused)
        for cause, count in truth["causes"]["rejected"].items():
            self.assertEqual(total(metrics, "bouncesight_rejections_total", cause=cause), count, cause)
        for outcome, count in truth["outcomes"].items():
            self.assertEqual(total(metrics, "bouncesight_deliveries_total", outcome=outcome), count, outcome)
        for outcome in ("bounced", "deferred"):
            for cause, count in truth["causes"][outcome].items():
                self.assertEqual(total(metrics, "bouncesight_failures_total", outcome=outcome, cause=cause), count, (outcome, cause))

    def test_every_cause_is_there_at_zero_from_the_first_line(self):
        sent = next(line for line in SAMPLE.read_text().splitlines(keepends=True) if "status=sent" in line)
        daemon = self.follow(self.write("mail.log", sent))
        metrics = daemon.wait_for(lines_counted(1), "the line")
        series = {labels for name, labels in metrics if name == "bouncesight_failures_total"}
        causes = {dict(labels)["cause"] for labels in series}
        self.assertGreaterEqual(len(causes), 46)
        for outcome in ("deferred", "bounced", "expired"):
            self.assertEqual(len([labels for labels in series if ("outcome", outcome) in labels]), len(causes), outcome)
        self.assertEqual(total(metrics, "bouncesight_failures_total"), 0)

    def test_counts_each_line_once_over_a_restart(self):
        log = self.write("mail.log", SAMPLE.read_bytes())
        daemon = self.follow(log)
        before = daemon.wait_for(lines_counted(480), "the first half")
        self.assertEqual(daemon.stop(), OK)
        with open(log, "ab") as file:
            file.write(SAMPLE.read_bytes())
        daemon = self.follow(log)
        after = daemon.wait_for(lines_counted(960), "the second half")
        self.assertEqual(total(after, "bouncesight_source_lines_total"), 960)
        for (name, labels), value in before.items():
            if name in ("bouncesight_deliveries_total", "bouncesight_failures_total"):
                self.assertEqual(after[name, labels], 2 * value, (name, labels))

    def test_a_kill_neither_loses_nor_doubles_a_line(self):
        log = self.write("mail.log", SAMPLE.read_bytes())
        daemon = self.follow(log)
        daemon.wait_for(lines_counted(480), "the first half")
        daemon.stop(signal.SIGKILL)
        with open(log, "ab") as file:
            file.write(SAMPLE.read_bytes())
        daemon = self.follow(log)
        after = daemon.wait_for(lines_counted(960), "the second half")
        self.assertEqual(total(after, "bouncesight_source_lines_total"), 960)

    def test_follows_a_log_through_its_rotation(self):
        log = self.write("mail.log", SAMPLE.read_bytes())
        daemon = self.follow(log)
        daemon.wait_for(lines_counted(480), "the first file")
        os.rename(log, self.folder / "mail.log.1")
        self.write("mail.log", OTHER_FILE)
        metrics = daemon.wait_for(lines_counted(960), "the second file")
        self.assertEqual(total(metrics, "bouncesight_source_lines_total"), 960)
        self.assertEqual(total(metrics, "bouncesight_source_rotations_total"), 1)

    def test_speaks_the_exposition_formats(self):
        daemon = self.follow(SAMPLE)
        daemon.wait_for(lines_counted(480), "every line")
        _, headers, _ = daemon.get("/metrics")
        self.assertEqual(headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        _, headers, body = daemon.get("/metrics", Accept="application/openmetrics-text; version=1.0.0")
        self.assertTrue(headers["Content-Type"].startswith("application/openmetrics-text; version=1.0.0"))
        self.assertTrue(body.endswith(b"# EOF\n"))
        _, headers, body = daemon.get("/metrics", **{"Accept-Encoding": "gzip"})
        self.assertEqual(headers["Content-Encoding"], "gzip")
        self.assertIn(b"bouncesight_deliveries_total", gzip.decompress(body))

    def test_promtool_finds_nothing_to_say(self):
        if not shutil.which("promtool"):
            self.skipTest("promtool is not installed (scripts/install-deps live)")
        daemon = self.follow(SAMPLE)
        daemon.wait_for(lines_counted(480), "every line")
        lint = subprocess.run(["promtool", "check", "metrics"], input=daemon.get("/metrics")[2], capture_output=True)
        self.assertEqual((lint.returncode, lint.stdout, lint.stderr), (0, b"", b""))

    def test_answers_health_readiness_and_nothing_else(self):
        daemon = self.follow(SAMPLE)
        daemon.wait_for(lines_counted(480), "every line")
        self.assertEqual(daemon.get("/-/healthy")[0], 200)
        self.assertEqual(daemon.get("/-/ready")[0], 200)
        self.assertEqual(daemon.get("/")[0], 200)
        self.assertEqual(daemon.get("/etc/passwd")[0], 404)

    def test_reloads_its_rules_at_a_hangup_and_keeps_the_old_ones_when_the_new_are_bad(self):
        (self.folder / "rules.d").mkdir()
        log = self.write("mail.log", "")
        daemon = self.follow(log)
        daemon.wait_for(lambda samples: total(samples, "bouncesight_config_last_reload_successful") == 1, "the start")
        self.write("rules.d/own.yaml", "rules: [{id: own, cause: bad_weather}]\n")
        daemon.process.send_signal(signal.SIGHUP)
        daemon.wait_for(lambda samples: total(samples, "bouncesight_config_last_reload_successful") == 0, "the failed reload")
        self.write("rules.d/own.yaml", "rules:\n  - {id: own, cause: policy_rejected, match: our house rule, examples: [550 our house rule]}\n")
        daemon.process.send_signal(signal.SIGHUP)
        daemon.wait_for(lambda samples: total(samples, "bouncesight_config_last_reload_successful") == 1, "the good reload")
        with open(log, "a", encoding="utf-8") as file:
            file.write("Nov 21 18:00:00 mx1 postfix/smtp[1]: 902C386BBC4: to=<a@example.org>, relay=mx[192.0.2.1]:25, delay=1, "
                       "delays=0/0/0/1, dsn=5.0.0, status=bounced (host mx[192.0.2.1] said: 550 Our house rule (in reply to RCPT TO command))\n")
        daemon.wait_for(lambda samples: total(samples, "bouncesight_failures_total", cause="policy_rejected") == 1, "the new rule's count")

    def test_a_reload_by_http_answers_what_became_of_it(self):
        (self.folder / "rules.d").mkdir()
        daemon = Daemon(self, f"  - {{name: mail, paths: [{self.write('mail.log', '')}]}}", "--web.enable-lifecycle")
        daemon.metrics()

        def reload():
            request = urllib.request.Request(f"http://127.0.0.1:{daemon.port}/-/reload", method="POST")
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return answer.status, answer.read().decode()
            except urllib.error.HTTPError as error:
                return error.code, error.read().decode()

        self.assertEqual(reload()[0], 200)
        good = daemon.config.read_text()
        daemon.config.write_text(good + "sauces: []\n")
        status, body = reload()
        self.assertEqual(status, 500)
        self.assertIn("unknown key; did you mean `sources`?", body)
        daemon.config.write_text("")  # as it is for a moment, where an editor writes it in place
        status, body = reload()
        self.assertEqual(status, 500)
        self.assertIn("names no sources any more: is it being written just now?", body)
        daemon.config.write_text(good + "workers: 2\n")
        self.assertEqual(reload(), (200, "configuration and rules are reloaded\nworkers has changed: that needs a restart\n"))
        daemon.config.write_text(good)
        self.assertEqual(reload(), (200, "configuration and rules are reloaded\n"))

    def test_no_counter_falls_at_a_restart(self):
        """B7: rotations, truncations and commits began at zero again."""
        log = self.write("mail.log", SAMPLE.read_bytes())
        daemon = self.follow(log)
        daemon.wait_for(lines_counted(1), "the log")
        log.rename(self.folder / "mail.log.1")
        self.write("mail.log", OTHER_FILE)
        before = daemon.wait_for(lambda samples: total(samples, "bouncesight_source_rotations_total") == 1, "the rotation")
        daemon.stop(signal.SIGKILL)
        after = self.follow(log).wait_for(lines_counted(1), "the restart")
        for name in ("source_rotations_total", "state_commits_total", "source_lines_total", "source_bytes_total"):
            self.assertGreaterEqual(total(after, f"bouncesight_{name}"), total(before, f"bouncesight_{name}"), name)

    def test_a_start_without_a_state_says_so_each_time_and_one_with_a_state_does_not(self):
        sources = f"  - {{name: mail, paths: [{self.folder}/mail.log]}}"
        for expected in (True, False):
            daemon = Daemon(self, sources)
            self.assertEqual(daemon.get("/-/healthy")[0], 200)
            self.assertEqual(f"no state in {self.folder}/state: counters begin at 0" in daemon.log(), expected)
            self.assertEqual(daemon.stop(), 0)

    def test_a_start_without_enough_descriptors_ends_with_one_line(self):
        config = self.write("c.yaml", "state: {path: state}\nweb: {listen_address: '127.0.0.1:0'}\n"
                            "sources: [{name: s, type: syslog, listen: ['udp://127.0.0.1:0']}]\n")
        named = 0
        for most in range(6, 14):
            with self.subTest(descriptors=most):
                done = subprocess.run([BINARY, "serve", f"--config.file={config}"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, text=True, cwd=self.folder, timeout=60, check=False,
                                      preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (most, most)))
                self.assertGreater(done.returncode, 0, done.stdout)
                self.assertIn("Too many open files", done.stdout.splitlines()[-1])
                named += "cannot start: Too many open files: no descriptor is left for it; raise LimitNOFILE=" in done.stdout
                self.assertNotIn("terminate", done.stdout)
        self.assertGreater(named, 0, "no start failed for a library that had no descriptor")

    @unittest.skipIf(os.geteuid() != 0, "the limit is the user's, and one who runs nothing else is wanted")
    def test_a_start_without_enough_threads_ends_with_one_line_that_names_the_remedy(self):
        self.folder.chmod(0o777)
        config = self.write("c.yaml", "state: {path: state}\nweb: {listen_address: '127.0.0.1:0'}\nhistory: {enabled: true}\n"
                            "sources: [{name: s, paths: [/no/log]}]\n")
        for most in range(1, 32):
            with self.subTest(threads=most), open(self.folder / "log", "w+") as log:
                process = subprocess.Popen([BINARY, "serve", f"--config.file={config}"], stdin=subprocess.DEVNULL, stdout=log,
                                           stderr=log, cwd=self.folder, user=NOBODY - most, extra_groups=[],
                                           preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NPROC, (most, most)))
                self.addCleanup(process.kill)
                while process.poll() is None and "ready:" not in (self.folder / "log").read_text():
                    time.sleep(0.01)
                if process.poll() is None:
                    process.terminate()
                    self.assertEqual(process.wait(20 * SLOW), OK)
                    self.assertGreater(most, 1, "no start without threads was seen")
                    return
                said = (self.folder / "log").read_text()
                self.assertEqual(process.returncode, FAILED, said)
                self.assertIn("cannot start: Resource temporarily unavailable: no thread is left for it; raise TasksMax=",
                              said.splitlines()[-1])
                shutil.rmtree(self.folder / "state", ignore_errors=True)
        self.fail("it does not start with 31 threads")

    def test_an_address_of_another_host_is_not_said_to_be_in_use(self):
        config = self.write("bouncesight.yaml", f"state: {{path: {self.folder}/state}}\n")
        result = self.run_command("serve", f"--config.file={config}", "--web.listen-address=192.0.2.1:9154")
        self.assert_exit(result, FAILED)
        self.assertIn("no interface of this host has the address", result.stderr)
        self.assertNotIn("another program", result.stderr)

    def test_the_watchdog_is_fed_however_seldom_it_commits(self):
        """It was fed once a commit: with an interval of 1m and WatchdogSec=30s, systemd ended it."""
        config = self.write("bouncesight.yaml", (
            f"web: {{listen_address: '127.0.0.1:0'}}\nstate: {{path: {self.folder}/state, interval: 1m}}\n"
            f"sources: [{{name: mail, paths: [{self.folder}/mail.log]}}]\n"))
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.bind(str(self.folder / "notify"))
            notify.settimeout(20)
            environment = {**os.environ, "NOTIFY_SOCKET": str(self.folder / "notify"), "WATCHDOG_USEC": "600000"}
            process = subprocess.Popen([BINARY, "serve", f"--config.file={config}"], stdin=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, env=environment)
            try:
                pings = 0
                while pings < 12:  # more than the commits of a start, fewer than a minute's
                    pings += notify.recv(4096) == b"WATCHDOG=1"
            finally:
                process.terminate()
                process.wait(20)

    def test_a_second_daemon_on_the_same_state_is_refused(self):
        """B1: each forgot what the other had counted."""
        first = self.follow(SAMPLE)
        first.metrics()
        second = self.run_command("serve", f"--config.file={first.config}")
        self.assert_complains(second, FAILED, "state/lock", "state.path")

    def test_a_port_in_use_is_an_error_that_names_it(self):
        first = self.follow(SAMPLE)
        first.metrics()
        shutil.copy(first.config, self.folder / "second.yaml")
        text = (self.folder / "second.yaml").read_text().replace("/state,", "/state2,")
        result = self.run_command("serve", f"--config.file={self.write('second.yaml', text)}")
        self.assert_exit(result, FAILED)
        self.assertIn(str(first.port), result.stderr)


if __name__ == "__main__":
    unittest.main()
