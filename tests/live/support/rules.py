"""The shipped rules with their windows shortened, so that a test need not wait for hours."""

import pathlib

RULES = pathlib.Path(__file__).resolve().parents[3] / "config" / "prometheus"


def shortened_rules(workspace, seconds):
    """Copies of recording.yml and alerts.yml that look back `seconds` in place of 30 minutes and of 4 hours."""
    for name in ("recording.yml", "alerts.yml"):
        text = (RULES / name).read_text().replace("interval: 30s", "interval: 1s")
        for window in ("30m", "4h"):
            text = text.replace(f"[{window}]", f"[{seconds}s]").replace(f"offset {window}", f"offset {seconds}s")
        yield workspace.write(f"rules/{name}", text)
