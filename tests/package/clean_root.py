"""A clean system to install packages into: debootstrap's smallest, from wherever this machine's own apt gets its packages."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77  # the exit code that CTest takes for "skipped"
ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
               "DEBIAN_FRONTEND": "noninteractive"}


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def text_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def apt_sources():
    """[(URI, suite, component)] of this machine."""
    targets = text_of("apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages")
    return sorted({tuple(line.split()) for line in targets.splitlines()})


def release_name():
    lines = pathlib.Path("/etc/os-release").read_text().splitlines()
    return next((line.split("=")[1].strip('"') for line in lines if line.startswith("VERSION_CODENAME=")), "")


def proxies():
    """apt's proxies under the names that debootstrap's downloader knows."""
    found = {}
    for scheme in ("http", "https"):
        address = text_of("apt-config", "shell", "ADDRESS", f"Acquire::{scheme}::Proxy").partition("=")[2].strip().strip("'")
        if address and address != "DIRECT":
            found[f"{scheme}_proxy"] = address
    return found


class CleanRoot:
    """Skips the test, saying why, where no such system can be made. remove() ends it."""

    def __init__(self):
        if os.geteuid() != 0:
            skip("changing the root folder needs root")
        if not shutil.which("debootstrap"):
            skip("debootstrap is not installed (scripts/install-deps packaging)")
        release, sources = release_name(), apt_sources()
        mirror = next((uri for uri, suite, component in sources if (suite, component) == (release, "main")), None)
        if not mirror:
            skip(f"apt on this machine knows no source of {release or 'a Debian release'}")
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="bouncesight-root-"))
        self.path.chmod(0o755)
        made = subprocess.run(["debootstrap", "--variant=minbase", release, self.path, mirror], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, env={**os.environ, **proxies()}, timeout=900)
        if made.returncode != 0:
            self.remove()
            skip(f"debootstrap could not make a system: {(made.stderr or made.stdout).strip()[-300:]}")
        self.write("etc/apt/sources.list", "".join(f"deb {' '.join(source)}\n" for source in sources))
        self.write("etc/apt/apt.conf.d/99machine", text_of("apt-config", "dump", "Acquire"))
        self.write("etc/dpkg/dpkg.cfg.d/speed", "force-unsafe-io\n")
        shutil.copytree("/etc/apt/auth.conf.d", self.path / "etc/apt/auth.conf.d", dirs_exist_ok=True)
        shutil.copytree("/etc/apt/trusted.gpg.d", self.path / "etc/apt/trusted.gpg.d", dirs_exist_ok=True)
        if self.run("apt-get", "-q", "update").returncode != 0:
            self.remove()
            skip("apt in the clean system reaches no package source")

    def write(self, name, text, mode=0o644):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
        return path

    def run(self, *command):
        """Runs it inside; stderr is within stdout."""
        return subprocess.run(["chroot", self.path, *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, env=ENVIRONMENT, timeout=600)

    def find(self, pattern):
        """Names, from the root, of what is called so."""
        return sorted("/" + str(path.relative_to(self.path)) for path in self.path.rglob(pattern))

    def remove(self):
        def mounted():
            return [line.split()[1] for line in pathlib.Path("/proc/mounts").read_text().splitlines()
                    if line.split()[1].startswith(f"{self.path}/")]

        for place in reversed(mounted()):
            subprocess.run(["umount", place], check=False)
        if mounted():  # to delete through a mount would delete the machine's own files
            print(f"{self.path} is left behind: something is mounted there", file=sys.stderr)
        else:
            shutil.rmtree(self.path, ignore_errors=True)
