import socket
import unittest

from cli_case import BAD_CONFIG, OK, USAGE, CliCase

GOOD = """rules:
  - id: own-rule
    cause: policy_rejected
    match: our house rule forbids it
    examples: ["550 5.7.1 Our house rule forbids it"]
"""
BAD_RULES = {  # file content, the line of the key or of its rule, a word of the complaint
    "a regular expression that does not compile": (GOOD.replace("our house rule forbids it\n", "'our (house'\n"), 2, "match"),
    "an unknown cause": (GOOD.replace("policy_rejected", "bad_weather"), 3, "bad_weather"),
    "a duplicate id": (GOOD + GOOD.partition("rules:\n")[2], 6, "own-rule"),
    "an unknown key": (GOOD + "    heft: 3\n", 6, "heft"),
    "no id": (GOOD.replace("- id: own-rule\n    cause", "- cause"), 2, "id"),
    "a pattern that matches nothing at all": (GOOD.replace("match: our house rule forbids it", "match: 'x*'"), 2, "match"),
    "an example of another cause": (GOOD.replace("550 5.7.1 Our house rule forbids it", "452 4.2.2 Mailbox full"), 2, "own-rule"),
    "no YAML": ("rules: [", 1, ""),
}
BAD_CONFIGS = {
    "an unknown key": ("web: {}\nsauces: []\n", 2, "sauces"),
    "an unknown key within": ("web:\n  listen_adress: x\n", 2, "listen_adress"),
    "a wrong type": ("workers: many\n", 1, "workers"),
    "an unknown source type": ("sources:\n  - {name: a, type: pigeon}\n", 2, "type"),
    "an unknown format": ("sources:\n  - {name: a, type: file, paths: [/x], format: morse}\n", 2, "format"),
    "no YAML": ("web: {\n", 1, ""),
}


class Check(CliCase):
    def test_the_shipped_catalogue_is_sound(self):
        config = self.write("empty.yaml", "")
        result = self.run_command("check", f"--config.file={config}")
        self.assert_exit(result, OK)

    def test_a_good_rule_file_passes(self):
        config = self.write("empty.yaml", "")
        self.assert_exit(self.run_command("check", f"--config.file={config}", self.write("own.yaml", GOOD)), OK)

    def test_a_bad_rule_file_is_named_with_its_line(self):
        config = self.write("empty.yaml", "")
        for what, (content, line, word) in BAD_RULES.items():
            with self.subTest(what):
                result = self.run_command("check", f"--config.file={config}", self.write("own.yaml", content))
                self.assert_exit(result, BAD_CONFIG)
                output = result.stdout + result.stderr
                self.assertIn(f"own.yaml:{line}", output)
                self.assertIn(word, output)

    def test_a_bad_configuration_is_named_with_line_and_key(self):
        for what, (content, line, word) in BAD_CONFIGS.items():
            with self.subTest(what):
                config = self.write("bouncesight.yaml", content)
                for command in ("check", "serve"):
                    result = self.run_command(command, f"--config.file={config}")
                    self.assert_complains(result, BAD_CONFIG, "bouncesight.yaml:", word)

    def test_a_folder_of_the_state_that_cannot_be_made_is_named(self):
        in_the_way = self.write("file", "x")
        config = self.write("state.yaml", f"state: {{path: {in_the_way}/state}}\n")
        result = self.run_command("check", f"--config.file={config}")
        self.assert_exit(result, OK)
        self.assertIn(f"warning: state.path: {in_the_way}/state: {in_the_way} is not a folder", result.stdout)

    def test_every_address_that_is_taken_is_named(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as two:
            listen = []
            for taken in (one, two):
                taken.bind(("127.0.0.1", 0))
                listen.append(f"udp://127.0.0.1:{taken.getsockname()[1]}")
            config = self.write("relay.yaml", f"sources: [{{name: relay, type: syslog, listen: {listen}}}]\n")
            result = self.run_command("check", f"--config.file={config}")
        for address in listen:
            self.assertIn(f"cannot listen on {address}", result.stdout)

    def test_logs_that_hold_the_same_lines_are_named(self):
        lines = "".join(f"Nov 28 01:00:{i:02} mx1 postfix/smtp[9]: {i}: to=<a@example.org>, status=sent (250 ok)\n" for i in range(50))
        mail, everything = self.write("mail.log", lines), self.write("syslog", "Nov 28 01:00:00 mx1 cron[1]: x\n" + lines)
        config = self.write(
            "two.yaml", f"sources:\n  - {{name: mail, type: file, paths: [{mail}]}}\n  - {{name: all, type: file, paths: [{everything}]}}\n"
        )
        result = self.run_command("check", f"--config.file={config}")
        self.assert_exit(result, OK)
        self.assertIn(f"warning: sources mail and all: {mail} and {everything} end alike", result.stdout)

    def test_serve_can_check_and_leave(self):
        config = self.write("bouncesight.yaml", "sources: [{name: a, type: file, paths: [/nowhere/*.log]}]\n")
        self.assert_exit(self.run_command("serve", "--config.check", f"--config.file={config}"), OK)

    def test_a_missing_configuration_is_named(self):
        for command in ("check", "serve"):
            self.assert_complains(self.run_command(command, "--config.file=nowhere.yaml"), BAD_CONFIG, "nowhere.yaml")


    def test_the_path_of_the_metrics_is_judged_alike_as_key_and_as_flag(self):
        for path in ("/", "/-/healthy", "/-", "/api/v1", "/m?x=1", "/a b", "metrics"):
            with self.subTest(path):
                config = self.write("bouncesight.yaml", f"web: {{telemetry_path: '{path}'}}\n")
                self.assert_complains(self.run_command("serve", "--config.check", f"--config.file={config}"), BAD_CONFIG,
                                      f"`{path}`", "as /metrics")
                config = self.write("bouncesight.yaml", "")
                self.assert_complains(
                    self.run_command("serve", "--config.check", f"--config.file={config}", f"--web.telemetry-path={path}"),
                    BAD_CONFIG, f"--web.telemetry-path: `{path}`", "as /metrics")

    def test_the_configuration_is_read_once(self):
        """From a pipe it can be: the second reading found nothing, and all was well."""
        config = b"rules: {files: [/nowhere/rules.yaml]}\n"
        self.assert_complains(self.run_command("check", "--config.file=/dev/stdin", stdin=config), BAD_CONFIG,
                              "/nowhere/rules.yaml")


class Usage(CliCase):
    def test_help_names_every_command(self):
        result = self.run_command("--help")
        self.assert_exit(result, OK)
        for command in ("serve", "report", "events", "explain", "check", "causes"):
            self.assertIn(command, result.stdout)
            self.assert_exit(self.run_command(command, "--help"), OK)

    def test_version_is_printed(self):
        result = self.run_command("--version")
        self.assert_exit(result, OK)
        self.assertIn("bouncesight", result.stdout)

    def test_an_unknown_command_is_named(self):
        """B5: all that was said is that a command is required."""
        for word in ("dance", "--loud"):
            self.assert_complains(self.run_command(word), USAGE, word, "--help")

    def test_a_rule_file_of_monstrous_size_is_refused_at_once(self):
        """B6: 60 MB of rules were compiled for minutes."""
        config = self.write("empty.yaml", "")
        result = self.run_command("check", f"--config.file={config}", self.write("own.yaml", "#" * (5 << 20)))
        self.assert_complains(result, BAD_CONFIG, "own.yaml", "4 MiB")

    def test_wrong_usage_exits_with_2(self):
        for arguments in ([], ["dance"], ["--loud"], ["report", "--loud"], ["serve", "--log.level=loud"]):
            with self.subTest(arguments):
                result = self.run_command(*arguments)
                self.assert_exit(result, USAGE)
                self.assertTrue(result.stderr)


if __name__ == "__main__":
    unittest.main()
