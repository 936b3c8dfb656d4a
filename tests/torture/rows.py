"""How a script of the torture matrix runs its rows: see scripts/torture."""

import argparse
import concurrent.futures
import sys
import time
import traceback

from lab import Failure, Skipped


def run_rows(rows, jobs=1):
    """Each of `rows` is a function row(long, seed) with the docstring "Tnn: what"; it returns what it has measured, or raises
    Failure or Skipped. Ends the program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--long", action="store_true", help="at full length")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("rows", nargs="*", help="only these: T02 T05")
    options = parser.parse_args()
    rows = [row for row in rows if not options.rows or row.__doc__[:3] in options.rows]

    def run(row):
        name = row.__doc__[:3]
        started = time.monotonic()
        try:
            text, well = row(options.long, options.seed), True
        except Failure as failure:
            text, well = f"failed: with --seed={options.seed}: {failure}", False
        except Skipped as skipped:
            text, well = f"skipped: {skipped}", None
        except Exception:  # the test's own fault
            text, well = f"failed: {traceback.format_exc()}", False
        print(f"{name}: {text} [{time.monotonic() - started:.0f} s]", flush=True)
        return well

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        wells = list(pool.map(run, rows))
    sys.exit(1 if False in wells else 0 if True in wells else 77)
