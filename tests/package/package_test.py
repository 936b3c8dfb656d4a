"""The Debian package: built, judged by lintian, and lived through in a clean system."""

import functools
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from clean_root import CleanRoot

SOURCE = pathlib.Path(__file__).resolve().parents[2]
REPLY = "550 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org"
CONFIG = "etc/bouncesight/bouncesight.yaml"
NOTE = "etc/bouncesight/rules.d/README"
OWN_RULES = "etc/bouncesight/rules.d/own.yaml"
STATE = "var/lib/private/bouncesight/state"
ENABLED = "etc/systemd/system/multi-user.target.wants/bouncesight.service"


def build(source=SOURCE, **options):
    result = subprocess.run([source / "scripts" / "package"], check=True, stdout=subprocess.PIPE, text=True, **options)
    return pathlib.Path(result.stdout.splitlines()[-1])


@functools.cache
def package():
    """BOUNCESIGHT_DEB, or what scripts/package builds."""
    named = os.environ.get("BOUNCESIGHT_DEB")
    return pathlib.Path(named) if named else build()


def later_version(deb, folder):
    """The same package, grown a version and with both its conffiles changed."""
    tree = folder / "tree"
    subprocess.run(["dpkg-deb", "--raw-extract", deb, tree], check=True)
    for name in (CONFIG, NOTE):
        (tree / name).write_text((tree / name).read_text() + "# of a later version\n")
    control = tree / "DEBIAN" / "control"
    control.write_text(re.sub(r"^Version: .*$", "Version: 99.0.0", control.read_text(), flags=re.M))
    subprocess.run(["dpkg-deb", "--root-owner-group", "--build", tree, folder / "later.deb"], check=True,
                   stdout=subprocess.DEVNULL)
    return folder / "later.deb"


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.package = package()

    def test_lintian_finds_neither_errors_nor_warnings(self):
        if not shutil.which("lintian"):
            self.skipTest("lintian is not installed (scripts/install-deps packaging)")
        result = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning", self.package], capture_output=True,
                                text=True)
        self.assertEqual((result.returncode, result.stdout), (0, ""), result.stderr)

    def test_another_folder_gives_the_same_bytes(self):
        if "BOUNCESIGHT_DEB" in os.environ:
            self.skipTest("BOUNCESIGHT_DEB names a package that is built already")
        with tempfile.TemporaryDirectory() as folder:
            clone = pathlib.Path(folder, "a-clone", "with", "a-longer-name")
            shutil.copytree(SOURCE, clone, symlinks=True, ignore=shutil.ignore_patterns("build"))
            again = build(clone, umask=0o077, env={**os.environ, "TZ": "Asia/Shanghai", "LANG": "de_DE.UTF-8"})
            self.assertEqual(hashlib.sha256(again.read_bytes()).hexdigest(), hashlib.sha256(self.package.read_bytes()).hexdigest())

    def test_its_version_is_the_programs(self):
        def version(pattern, *path):
            return re.search(pattern, SOURCE.joinpath(*path).read_text())[1]

        project = version(r"project\(bouncesight VERSION ([\d.]+)", "CMakeLists.txt")
        self.assertEqual(version(r"^bouncesight \(([^)]*)\)", "config", "debian", "changelog"), project)
        shown = subprocess.run(["dpkg-deb", "--field", self.package, "Version"], check=True, capture_output=True, text=True)
        self.assertEqual(shown.stdout.strip(), project)


class Life(unittest.TestCase):
    """Install, upgrade, remove, purge: one system, in this order."""

    @classmethod
    def setUpClass(cls):
        cls.package = package()
        cls.root = CleanRoot()
        cls.addClassCleanup(cls.root.remove)

    def inside(self, *command):
        result = self.root.run(*command)
        self.assertEqual(result.returncode, 0, f"{' '.join(command)}\n{result.stdout[-3000:]}")
        return result.stdout

    def apt(self, *arguments):
        return self.inside("apt-get", "-qy", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold", *arguments)

    def install(self, deb):
        shutil.copy(deb, self.root.path / "tmp" / deb.name)
        self.apt("install", f"/tmp/{deb.name}")

    def exists(self, name):
        return os.path.lexists(self.root.path / name)

    def text(self, name):
        return (self.root.path / name).read_text()

    def test_install_upgrade_remove_purge(self):
        self.install(self.package)
        self.installed_without_systemd()
        self.program_works()
        self.pretend_systemd()
        self.upgraded()
        self.removed()
        self.purged()

    def installed_without_systemd(self):
        self.assertEqual(self.inside("dpkg", "--verify", "bouncesight"), "")
        self.assertTrue(self.exists(ENABLED))  # for the day when there is a systemd
        conffiles = self.inside("dpkg-query", "-W", "-f", "${Conffiles}", "bouncesight").split()[::2]
        self.assertEqual(conffiles, [f"/{CONFIG}", f"/{NOTE}"])
        self.assertFalse(list((self.root.path / "etc/systemd/system").glob("sockets.target.wants/*")))
        for name in ("lib/systemd/system/bouncesight.service", "lib/systemd/system/bouncesight-syslog.socket",
                     "lib/systemd/system/bouncesight-http.socket", "share/man/man1/bouncesight.1.gz",
                     "share/man/man5/bouncesight.yaml.5.gz", "share/bash-completion/completions/bouncesight",
                     "share/zsh/vendor-completions/_bouncesight", "share/bouncesight/rules/catalog/provider-gmail.yaml",
                     "share/doc/bouncesight/RUNBOOK.md", "share/doc/bouncesight/prometheus/alerts.yml",
                     "share/bouncesight/grafana/bouncesight.json"):
            self.assertGreater((self.root.path / "usr" / name).stat().st_size, 100, name)

    def program_works(self):
        self.assertIn("version " + self.inside("dpkg-query", "-W", "-f", "${Version}", "bouncesight"),
                      self.inside("bouncesight", "--version"))
        self.assertIn("ip_blocklisted", self.inside("bouncesight", "explain", "--format=json", REPLY))
        self.inside("bouncesight", "serve", "--config.check")
        built_in = self.inside("bouncesight", "check")
        self.assertIn("all is well", built_in)
        self.root.write("tmp/catalog.yaml", "rules: {catalog: /usr/share/bouncesight/rules}\n")
        self.assertEqual(self.inside("bouncesight", "check", "--config.file=/tmp/catalog.yaml"), built_in)
        # The configuration as it is shipped is all comments; without them it must hold too.
        self.assertEqual(re.sub(r"(?m)^#.*\n", "", self.text(CONFIG)), "")

    def pretend_systemd(self):
        """From now on systemctl is there, and writes down what it is asked for."""
        self.root.write("run/systemd/system/.keep", "")
        self.root.write("usr/bin/systemctl", '#!/bin/sh\necho "$@" >>/var/log/asked\n', 0o755)

    def asked(self):
        log = self.root.path / "var/log/asked"
        words = log.read_text() if log.exists() else ""
        log.write_text("")
        return words

    def upgraded(self):
        self.root.write(CONFIG, "workers: 2\n")
        self.root.write(OWN_RULES, "rules: []\n")
        self.root.write(STATE, "counted\n")
        with tempfile.TemporaryDirectory() as folder:
            self.install(later_version(self.package, pathlib.Path(folder)))
        self.assertEqual(self.text(CONFIG), "workers: 2\n")
        self.assertIn("later version", self.text(f"{CONFIG}.dpkg-dist"))
        self.assertIn("later version", self.text(NOTE))
        self.assertEqual((self.text(STATE), self.text(OWN_RULES)), ("counted\n", "rules: []\n"))
        self.assertTrue(self.exists(ENABLED))
        asked = self.asked()
        self.assertRegex(asked, r"daemon-reload[^$]*restart bouncesight\.service")
        self.assertNotIn("stop bouncesight", asked)
        self.assertIn("version", self.inside("bouncesight", "--version"))

    def removed(self):
        self.apt("remove", "bouncesight")
        self.assertRegex(self.asked(), r"stop bouncesight\.service[^$]*daemon-reload")
        self.assertFalse(self.exists("usr/bin/bouncesight"))
        self.assertEqual((self.text(CONFIG), self.text(STATE)), ("workers: 2\n", "counted\n"))

    def purged(self):
        self.apt("purge", "bouncesight")
        shutil.rmtree(self.root.path / "tmp")
        left = [name for name in self.root.find("*bouncesight*") if not name.startswith("/var/cache/")]
        self.assertEqual(left, ["/etc/bouncesight"])  # for the rules that are not the package's
        self.assertEqual(self.root.find("own.yaml"), [f"/{OWN_RULES}"])
        self.assertEqual(len(list((self.root.path / "etc/bouncesight").rglob("*"))), 2)


if __name__ == "__main__":
    unittest.main()
