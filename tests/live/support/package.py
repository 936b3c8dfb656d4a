"""Debian packages that are unpacked beside what is installed: packages of mail servers exclude each other."""

import os
import pathlib
import re
import subprocess

from .workspace import install_live_packages, skip


def download(package):
    """The package's file, in a cache outside the source tree; downloads it there if need be. Needs the outer network."""
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "bouncesight-tests"
    cache.mkdir(parents=True, exist_ok=True)
    if not list(cache.glob(f"{package}_*.deb")):
        install_live_packages()
    for attempt in (["apt-get", "download", package], ["apt-get", "-qq", "update"], ["apt-get", "download", package]):
        if list(cache.glob(f"{package}_*.deb")):
            break
        print(f"getting {package} into {cache}: {' '.join(attempt)}")
        result = subprocess.run(attempt, cwd=cache, capture_output=True, text=True)
    found = sorted(cache.glob(f"{package}_*.deb"))
    if not found:
        skip(f"could not download {package}: {result.stderr.strip()}")
    return found[-1]


def unpack(package, folder):
    subprocess.run(["dpkg", "-x", package, folder], check=True)
    folder.chmod(0o755)


def unpack_program(package, folder, program):
    """The path of `program`; skips the test where its libraries are missing."""
    unpack(package, folder)
    binary = folder / program
    lacking = re.findall(r"(\S+) => not found", subprocess.run(["ldd", binary], capture_output=True, text=True).stdout)
    if lacking:
        skip(f"{binary.name} needs {', '.join(lacking)}; `scripts/install-deps live` installs what Debian 12's needs")
    return binary
