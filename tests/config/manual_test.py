import re
import subprocess

from checker import BINARY, CONFIG, SOURCE, CheckerCase, run_with
from command_help import COMMANDS, options

PAGES = sorted((CONFIG / "man").glob("*.[15]"))


def words_of(page):
    """The page as it is read, made of plain characters."""
    text = subprocess.run(["man", "-E", "ascii", "-l", CONFIG / "man" / page], check=True, capture_output=True, text=True,
                          env={"MANWIDTH": "500", "PATH": "/usr/bin:/bin", "LC_ALL": "C", "MAN_KEEP_FORMATTING": ""}).stdout
    return set(re.findall(r"[\w./-]+", re.sub(r".\x08", "", text)))


class Manual(CheckerCase):
    def test_every_page_is_set_without_a_warning(self):
        self.assertEqual([page.name for page in PAGES], ["bouncesight.1", "bouncesight.yaml.5"])
        for page in PAGES:
            with self.subTest(page.name):
                result = subprocess.run(["man", "--warnings=w", "-E", "UTF-8", "-l", page], capture_output=True, text=True,
                                        env={"MANWIDTH": "80", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
                self.assertEqual((result.returncode, result.stderr), (0, ""))
                self.assertIn("SEE ALSO", result.stdout)

    def test_every_option_and_choice_of_every_command_stands_in_it(self):
        if not BINARY:
            self.skipTest("no binary was named")
        words = words_of("bouncesight.1")
        for command in ("", *COMMANDS):
            known = options(command)
            self.assertIn("--help", known)
            for option, choices in known.items():
                with self.subTest(f"{command} {option}"):
                    self.assertTrue(any(word == option for word in words), f"{option} is not in bouncesight.1")
                    self.assertLessEqual(set(choices), {word.rstrip(".") for word in words})

    def test_it_names_no_option_that_is_gone(self):
        if not BINARY:
            self.skipTest("no binary was named")
        known = set().union(*(options(command) for command in ("", *COMMANDS)))
        self.assertLessEqual({word for word in words_of("bouncesight.1") if word.startswith("--")}, known)

    def test_every_key_of_the_configuration_stands_in_it(self):
        keys, prefix = set(), "sources."  # ReadByType, above the map that it is handed, reads keys of a source
        lines = [line for name in ("config.cc", "config_lines.cc") for line in (SOURCE / "daemon" / "config" / name).read_text().splitlines()]
        for line in lines:
            begins = re.search(r'YamlMap map\(\w+, "([\w.]*)"', line)
            prefix = begins[1] if begins else "sources." if "YamlMap& map, SourceConfig" in line else prefix
            prefix = "" if "YamlMap& map, Config&" in line else prefix  # the whole file's map, handed on
            inner = re.search(r'source\.prefix_of\("(\w+)"\)', line)
            prefix = f"sources.{inner[1]}." if inner else prefix
            keys.update(prefix + key for key in re.findall(r'\bmap\.(?:Read|ReadChoice)\("(\w+)"', line))
            keys.update("sources." + key for key in re.findall(r'\bsource\.Read\("(\w+)"', line))
        self.assertGreaterEqual(len(keys), 25)
        self.assertLessEqual({"web.listen_address", "sources.paths", "sources.name", "workers", "log.level"}, keys)
        self.assertEqual(sorted(keys - words_of("bouncesight.yaml.5")), [])


if __name__ == "__main__":
    run_with("man", "man-db")
