"""What training a model takes, step by step, and what ten times the sample would change.

A population is generated and linked (or a store that is linked already is taken, with --config);
then a model of its published records is trained in a process of its own, its kernel compiled anew.
Another is trained on ten times as many sampled pairs, or records (--ten-times), and the
difference of each level's weight is told.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.bulk.measure import linked_population
from benchmarks.commands import USAGE_OR_DATA_ERROR, CommandError, work_directory
from benchmarks.training.measure import GIGABYTES, SECONDS, Wanted, measure
from linker.errors import LinkerError
from linker.schemas import ENTITY_TYPES

FEWEST_RECORDS: Final = 1_000
SHOWN: Final = 10
"""So many of the largest differences are printed; --json has all."""


def main(words: list[str] | None = None) -> int:
    """Run the benchmark and return the exit code."""
    asked = _parser().parse_args(words)
    if min(asked.records, asked.sample or FEWEST_RECORDS) < FEWEST_RECORDS:
        print(
            f"error: at least {FEWEST_RECORDS:,} records and a sample of as many are needed",
            file=sys.stderr,
        )
        return USAGE_OR_DATA_ERROR
    try:
        with work_directory("training", asked.keep) as work:
            config = asked.config or linked_population(asked.records, asked.seed, work)
            times = None if asked.ten_times == "nothing" else asked.ten_times
            found = measure(Wanted(config, asked.entity, asked.sample, times), work)
    except (CommandError, LinkerError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE_OR_DATA_ERROR
    print(_text(found))
    if asked.json:
        print(json.dumps(found))
    return 0


def _text(found: Mapping[str, Any]) -> str:
    lines = [f"{found['entity']}: trained on {found['origin']}"]
    lines.append(f"{'step':<46} {'seconds':>8} {'peak GB':>8}")
    lines.append(f"{'imports':<46} {found['import_seconds']:>8.1f}")
    lines += [
        f"{row['step']:<46} {row['seconds']:>8.1f} {row['peak_gb']:>8.2f}" for row in found["steps"]
    ]
    kept = "within" if found["within"] else "beyond"
    lines.append(
        f"{'in all':<46} {found['seconds']:>8.1f} {found['peak_gb']:>8.2f}   {kept} "
        f"{SECONDS // 60} minutes and {GIGABYTES} GB"
    )
    if "ten_times" in found:
        lines += _compared(found["sizes"], found["ten_times"])
    return "\n".join(lines)


def _compared(sizes: Mapping[str, float], other: Mapping[str, Any]) -> list[str]:
    rows = other["differences"]
    changed = ", ".join(
        f"{name} {other['sizes'][name]:,.0f} instead of {size:,.0f}"
        for name, size in sizes.items()
        if other["sizes"][name] != size
    )
    mean = sum(abs(row["difference"]) for row in rows) / max(len(rows), 1)
    largest = max((abs(row["difference"]) for row in rows), default=0.0)
    told = (
        f"ten times the {other['of']} ({changed}): {other['seconds']:.1f} s, "
        f"{other['peak_gb']:.2f} GB; of {len(rows)} weights the largest differs by {largest:.2f} "
        f"bits, the mean by {mean:.2f}; the prior by {abs(other['prior_difference']):.2f}; link "
        f"thresholds are {' and '.join(map(str, other['link_thresholds']))}"
    )
    lines = [told]
    lines += [
        f"  {row['difference']:>+7.2f}  {row['weight']:>+7.2f} to {row['ten_times']:>+7.2f}  "
        f"{row['comparison']}: {row['level']}"
        for row in rows[:SHOWN]
    ]
    return lines


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000, help="default: 100000")
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="take the store of this configuration as it is"
    )
    parser.add_argument("--entity", choices=ENTITY_TYPES, default="person")
    parser.add_argument(
        "--sample", type=int, metavar="N", help="sample N records instead of training.max_records"
    )
    parser.add_argument(
        "--ten-times",
        choices=("pairs", "records", "nothing"),
        default="pairs",
        help="what a second training has ten times of (default: pairs); nothing: there is none",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep population, store and models in DIR/training"
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object on the last line"
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
