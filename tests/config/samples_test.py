import pathlib
import re
import tempfile

from checker import BINARY, CONFIG, CheckerCase, run_with


class Samples(CheckerCase):
    def check(self, config):
        command = [BINARY, "check", f"--config.file={config}"]
        asks = re.search(r"^[^#\n]*type: kafka", config.read_text(), flags=re.M)
        if asks and "without Kafka" in self.output_of(BINARY, "--version"):
            self.assertIn("this program was built without Kafka", self.output_of(*command))
        else:
            self.assert_passes(*command)

    def test_every_sample_is_a_good_configuration(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("relay.crt", "relay.key", "senders-ca.crt"):
                (pathlib.Path(folder) / name).touch()  # must be there, and are read when the source starts
            for sample in [CONFIG / "bouncesight.yaml", *sorted((CONFIG / "samples").glob("*.yaml"))]:
                with self.subTest(sample.name):
                    config = pathlib.Path(folder) / sample.name
                    config.write_text(sample.read_text().replace("/etc/bouncesight/tls", folder))
                    self.check(config)

    def test_what_the_notes_show_is_a_good_configuration(self):
        blocks = re.findall(r"^```yaml\n(.*?)^```", (CONFIG / "OPERATIONS.md").read_text(), flags=re.M | re.S)
        self.assertTrue(blocks)
        with tempfile.TemporaryDirectory() as folder:
            for number, block in enumerate(blocks):
                config = pathlib.Path(folder) / f"{number}.yaml"
                config.write_text(block)
                self.check(config)

    def test_the_commented_file_is_good_without_its_comment_signs_too(self):
        lines = (CONFIG / "bouncesight.yaml").read_text().splitlines()
        first = lines.index("# web:")
        text = "\n".join(re.sub(r"^# ?", "", line) for line in lines[first:])
        # Names of files that only an installed program has.
        text = re.sub(r"^.*\b(catalog|config_file): .*$", "", text, flags=re.M)
        with tempfile.TemporaryDirectory() as folder:
            config = pathlib.Path(folder) / "bouncesight.yaml"
            config.write_text(text)
            self.check(config)


if __name__ == "__main__":
    run_with(BINARY or "bouncesight", "bouncesight")
