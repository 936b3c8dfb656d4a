"""T40: everything at once, against two ledgers; scripts/soak runs it for hours."""

import pathlib
import tempfile

from rows import run_rows
from soak import CHARTS, Soak


def soak(long, seed):
    """T40: load, rotation, cuts, kills, reloads, requests, hostile lines, datagrams and Kafka at once."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        text = Soak(300 if long else 15, seed, rate=1000 if long else 300, folder=folder).run()
        rows = (folder / "soak.csv").read_text(encoding="ascii").splitlines()
        assert len(rows) > 3 and rows[0].startswith("seconds,rss_mib,"), rows
        assert (folder / "soak.svg").read_text(encoding="utf-8").count("<polyline") == len(CHARTS)
    return text


if __name__ == "__main__":
    run_rows([soak])
