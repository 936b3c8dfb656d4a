"""The same source in two folders, in two zones and under two masks, gives the same bytes: one object of the release, and the compiled
catalogue. The whole package, which takes minutes: tests/package."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from checker import BINARY, SOURCE

# A source that CMake has written, which takes in our own.
OBJECT = "parsers/CMakeFiles/bouncesight_parsers.dir/Unity/unity_event0_cxx.cxx.o"
BUILDS = (("a", {"TZ": "UTC", "LC_ALL": "C"}, 0o022), ("a-longer/name", {"TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8"}, 0o077))


def build(folder, environment, mask):
    """The bytes of OBJECT, built from a copy of the source there."""
    shutil.copytree(SOURCE, folder, ignore=lambda at, names: {"build", ".git"} if pathlib.Path(at) == SOURCE else ())
    options = {"cwd": folder, "env": {**os.environ, **environment, "CCACHE_DISABLE": "1"}, "umask": mask, "check": True,
               "stdout": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
    subprocess.run(["cmake", "--log-level=WARNING", "--preset", "release", "-B", "build/package", "-DBOUNCESIGHT_TESTS=OFF"], **options)
    subprocess.run(["ninja", "-C", "build/package", OBJECT], **options)
    return (folder / "build" / "package" / OBJECT).read_bytes()


class Reproducible(unittest.TestCase):
    def test_an_object_does_not_tell_where_it_was_built(self):
        with tempfile.TemporaryDirectory() as folder:
            first, second = (build(pathlib.Path(folder, name), *how) for name, *how in BUILDS)
            self.assertEqual(first, second)
            self.assertNotIn(folder.encode(), first)

    def test_the_compiled_catalogue_is_the_same_each_time(self):
        if not BINARY:
            self.skipTest("no binary was named")
        rules = pathlib.Path(BINARY).parent / "rules"
        with tempfile.TemporaryDirectory() as folder:
            again = pathlib.Path(folder, "image")
            subprocess.run([rules / "write_catalog_image", again], check=True)
            self.assertEqual(again.read_bytes(), (rules / "catalog_image.bin").read_bytes())


if __name__ == "__main__":
    unittest.main()
