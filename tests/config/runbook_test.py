"""What the runbook tells a postmaster to type at three in the morning works as it stands there."""

import os
import re
import subprocess
import tempfile
import pathlib

from checker import BINARY, CONFIG, SOURCE, CheckerCase, run_with

RUNBOOK = (CONFIG / "prometheus" / "RUNBOOK.md").read_text()
SAMPLE = SOURCE / "tests" / "data" / "sample-mail.log"
CODE = re.findall(r"`([^`\n]+)`", RUNBOOK)
QUERIES = sorted({code for code in CODE if re.search(r"\bbouncesight_\w+", code) and " " in code})
COMMANDS = sorted({code for code in CODE if code.startswith("bouncesight ") and not code.startswith("bouncesight check")})
SYSTEM = {"systemctl", "journalctl", "mailq", "nc", "dig", "df", "ls", "postqueue"}  # of others, and not run here
STAND_INS = {"/var/log/mail.log": str(SAMPLE), "THE REPLY": "550 5.7.1 Service unavailable, client host [192.0.2.1] blocked using zen.spamhaus.org"}
ANY_TIME = re.compile(r" --since 1h\b")  # the sample is older


def metrics_in(text):
    return set(re.findall(r"\bbouncesight_[a-z_]+", text))


class Runbook(CheckerCase):
    def test_its_queries_are_promql_over_metrics_that_exist(self):
        self.assertGreater(len(QUERIES), 5)
        documented = (SOURCE / "metrics" / "METRICS.md").read_text()
        for query in QUERIES:
            for metric in metrics_in(query):
                self.assertIn(metric.removeprefix("bouncesight_"), documented, query)
        rules = "".join(f"  - record: query:{number}\n    expr: '{query}'\n" for number, query in enumerate(QUERIES))
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "queries.yml"
            path.write_text("groups:\n- name: runbook\n  rules:\n" + rules)
            self.assert_passes("promtool", "check", "rules", path)

    def test_its_commands_over_the_log_find_what_they_promise(self):
        self.assertGreater(len(COMMANDS), 4)
        for command in COMMANDS:
            with self.subTest(command):
                line = ANY_TIME.sub("", command)
                for word, stand_in in STAND_INS.items():
                    line = line.replace(word, stand_in)
                line = line.replace('"provider":"NAME"', '"provider":"gmail"').replace("trace NAME", f"trace k.patel364@club.example.net {SAMPLE}")
                result = subprocess.run(["bash", "-o", "pipefail", "-c", line], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                                        env=os.environ | {"PATH": f"{pathlib.Path(BINARY).parent}:{os.environ['PATH']}"})
                cause, key = re.search(r"\| grep (\w+)", line), re.search(r"""\| grep '"(account)":""", line)
                if result.returncode == 1 and (cause or key):  # the sample lacks it, but it exists
                    self.assertEqual(result.stderr, "", line)
                    if cause:
                        self.assert_passes(BINARY, "causes", cause[1])
                    else:
                        self.assertIn(key[1], (CONFIG / "man" / "bouncesight.1").read_text())
                    continue
                self.assertEqual(result.returncode, 0, line + "\n" + result.stderr)
                self.assertTrue(result.stdout.strip(), line)

    def test_what_else_it_types_begins_with_a_program_that_it_knows(self):
        others = [code for code in CODE if " " in code and code not in QUERIES and not code.startswith("bouncesight ")]
        for code in others:
            if not re.search(r"^[a-z_.]+=|[(){}]|^/", code):
                self.assertIn(code.split()[0], SYSTEM, code)


if __name__ == "__main__":
    run_with("promtool", "prometheus")
