"""``python -m benchmarks.blocking``: tuned rules against the shipped ones and hand-written ones."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.accuracy.population import RECORDS
from benchmarks.blocking.by_hand import BY_HAND
from benchmarks.blocking.measurement import POPULATION, Row, measure_set
from benchmarks.commands import CommandError, work_directory
from benchmarks.real.sets import DATA
from linker.tuning.pool import PROBES


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print; return 0, or 2 on an error."""
    given = _parser().parse_args(words)
    chosen = list(dict.fromkeys(given.set or BY_HAND))
    if any(name != POPULATION for name in chosen) and not given.data.is_dir():
        print(f"{given.data}: no such folder; name the data sets with --data DIR", file=sys.stderr)
        return 2
    rows: list[Row] = []
    for number, name in enumerate(chosen, 1):
        print(f"[{number}/{len(chosen)}] {name}: link, tune, judge", file=sys.stderr, flush=True)
        try:
            with work_directory(name, given.keep) as work:
                rows += measure_set(name, given.data, work, given.records, given.probes)
        except (CommandError, FileNotFoundError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 2
    print(rows_text(rows))
    if given.json:
        print(json.dumps([row.to_json() for row in rows]))
    return 0


def rows_text(rows: Sequence[Row]) -> str:
    """Return a table of the rows, and how near each estimator of the misses came."""
    heads = (
        f"{'set':<20} {'rules':<18} {'number':>6} {'pairs':>13} {'recall':>8} {'of links':>8} "
        f"{'missed':>7} {'estimate':>9} {'from':>7} {'to':>7} {'off':>6} {'seconds':>8}"
    )
    lines = [heads]
    for row in rows:
        line = (
            f"{row.set:<20} {row.rules:<18} {row.count:>6} {row.pairs:>13,} {row.recall:>8.2%} "
            f"{row.recall_of_links:>8.2%} {1 - row.recall:>7.2%}"
        )
        if row.estimates:
            value, low, high = next(iter(row.estimates.values()))
            line += f" {1 - value:>9.2%} {1 - high:>7.2%} {1 - low:>7.2%} {row.error or 0:>+6.2f}"
        else:
            line += " " * 33
        lines.append(f"{line} {row.seconds:>8.1f}")
    lines += ["", "estimates of what is missed, by estimator, less the truth, in points:"]
    for row in rows:
        if row.estimates:
            told = ", ".join(
                f"{name} {100 * (row.recall - value):+.2f}"
                for name, (value, _, _) in row.estimates.items()
            )
            lines.append(f"  {row.set}, {row.rules}: {told}")
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.blocking",
        description=(
            "Blocking rules tuned to the pairs that the shipped rules make, and to those that "
            "hand-written Splink rules make: pairs and recall of true pairs of each, and what "
            "tuning, which is not shown the truth, thinks is missed."
        ),
        epilog="Example: python -m benchmarks.blocking --set historical_50k --json",
    )
    parser.add_argument(
        "--set", action="append", choices=list(BY_HAND), help="a data set; all unless given"
    )
    parser.add_argument(
        "--records", type=int, default=RECORDS, metavar="N", help="of the population (%(default)s)"
    )
    parser.add_argument(
        "--probes", type=int, default=PROBES, metavar="N", help="records sampled (%(default)s)"
    )
    parser.add_argument(
        "--data", type=Path, default=DATA, metavar="DIR", help="the public sets (%(default)s)"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep what is made there")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON last")
    return parser


if __name__ == "__main__":
    sys.exit(main())
