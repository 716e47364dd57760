"""What a file of targets takes: seconds, memory, answers, and the same targets one by one.

A population is generated and linked (or a store that is linked already is taken, with --config);
then `linker lookup --file` is run in a process of its own over targets drawn from it: four of ten
as a record has them, four mistyped, two who are not there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.bulk.measure import FROM, Wanted, linked_population, measure
from benchmarks.commands import USAGE_OR_DATA_ERROR, CommandError, work_directory
from linker.errors import LinkerError
from linker.schemas import ENTITY_TYPES

FEWEST_RECORDS: Final = 1_000
FEWEST_TARGETS: Final = 10


def main(words: list[str] | None = None) -> int:
    """Run the benchmark and return the exit code."""
    asked = _parser().parse_args(words)
    if asked.records < FEWEST_RECORDS or min(asked.targets, asked.sample) < FEWEST_TARGETS:
        print(
            f"error: at least {FEWEST_RECORDS:,} records, {FEWEST_TARGETS} targets and a sample of "
            "as many are needed",
            file=sys.stderr,
        )
        return USAGE_OR_DATA_ERROR
    wanted = Wanted(asked.targets, asked.entity, asked.sample, asked.seed)
    try:
        with work_directory("bulk", None) as work:
            config = asked.config or linked_population(asked.records, asked.seed, work)
            found = measure(config, wanted, work)
    except (CommandError, LinkerError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE_OR_DATA_ERROR
    print(_text(found))
    if asked.json:
        print(json.dumps(found))
    return 0


def _text(found: Mapping[str, Any]) -> str:
    ratio = found["one_by_one_seconds"] / found["seconds"]
    outcomes = ", ".join(f"{count:,} {name}" for name, count in found["outcomes"].items())
    took = (
        f"{found['targets']:,} targets against {found['records']:,} records: {found['seconds']:.1f}"
        f" s, {found['targets_per_second']:,.0f} a second; {found['own_gb']:.2f} GB, "
        f"{found['peak_gb']:.2f} with the pages of the store that were read"
    )
    alone = (
        f"one by one they take {found['one_by_one_seconds']:.1f} s, {ratio:.1f} times as long; of "
        f"{found['sample']:,} asked alone {found['sample_differs']:,} had another answer"
    )
    lines = [took, alone, outcomes]
    lines += [
        f"{kind:<8} {row['targets']:>7,} targets {FROM[kind]:<20} {row['hit']:>7.1%} had a hit, "
        f"{row['found']:>7.1%} their own entity"
        for kind, row in found["kinds"].items()
    ]
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk", description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000, help="default: 1000000")
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="take the store of this configuration, of a population written as Parquet, as it is",
    )
    parser.add_argument("--targets", type=int, default=10_000, help="default: 10000")
    parser.add_argument("--entity", choices=ENTITY_TYPES, default="person")
    parser.add_argument(
        "--sample", type=int, default=500, help="so many are asked one by one (default: 500)"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object on the last line"
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
