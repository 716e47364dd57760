"""``python -m benchmarks.real --all``: the scoreboard on public data with known answers."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

from benchmarks.commands import CommandError, work_directory
from benchmarks.real.dataset import with_fields
from benchmarks.real.measurement import Row, measure_set
from benchmarks.real.sets import DATA, OTHERS, SETS


def main(words: Sequence[str] | None = None) -> int:
    """Measure the chosen sets and print a table; return the exit code."""
    given = _parser().parse_args(words)
    if not given.data.is_dir() and (given.all or not set(given.set) <= set(OTHERS)):
        print(f"{given.data}: no such folder; name the data sets with --data DIR", file=sys.stderr)
        return 2
    rows: list[Row] = []
    makers = {**SETS, **OTHERS}
    for name in SETS if given.all else given.set:
        try:
            with work_directory(name, given.keep) as work:
                real = makers[name](given.data, work)
                if given.fields:
                    real = with_fields(real, given.fields.split(","))
                found = measure_set(real, work)
        except (CommandError, FileNotFoundError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 2
        if not rows:
            print(_line([field.name for field in fields(Row)]))
        for row in found:
            print(_line([_cell(value) for value in asdict(row).values()]), flush=True)
        rows += found
    if given.json:
        print(json.dumps([asdict(row) for row in rows]))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.real",
        description="Link public data sets with the product's own commands and compare with the"
        " known answers. Example: python -m benchmarks.real --set febrl3 --set fake_1000",
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--all", action="store_true", help=f"every set but {', '.join(sorted(OTHERS))}"
    )
    which.add_argument(
        "--set",
        action="append",
        choices=sorted({**SETS, **OTHERS}),
        help=f"one set; repeatable; {', '.join(sorted(OTHERS))} say how they are fetched",
    )
    parser.add_argument(
        "--fields", metavar="NAME,NAME", help="map these fields alone: what is found by fewer"
    )
    parser.add_argument("--json", action="store_true", help="the rows as JSON on the last line")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep what was made under DIR")
    parser.add_argument("--data", type=Path, metavar="DIR", default=DATA, help="the data sets")
    return parser


def _cell(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _line(cells: Sequence[str]) -> str:
    widths = [32, 20, 8, 16, *([18] * 6), 9, 0]
    return " ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


if __name__ == "__main__":
    sys.exit(main())
