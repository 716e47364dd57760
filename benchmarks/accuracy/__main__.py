"""``python -m benchmarks.accuracy``: the scoreboard, compared with the committed one."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.accuracy.committed import (
    FILE,
    MARGIN,
    board_of,
    differences,
    fallen,
    read_board,
    write_board,
)
from benchmarks.accuracy.name_bench import NAME, name_bench
from benchmarks.accuracy.population import RECORDS, population_set
from benchmarks.accuracy.rows import measure_rows
from benchmarks.accuracy.text import board_text
from benchmarks.commands import CommandError, work_directory
from benchmarks.real.sets import DATA, SETS

POPULATION = "population"
SHOWN = 60
"""How many differences are printed."""


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print, compare; return 0, 1 where an F1 fell under ``--check``, 2 on an error."""
    given = _parser().parse_args(words)
    records = RECORDS if given.population is None else given.population
    chosen = given.set or [*SETS, NAME, POPULATION]
    if given.population:
        chosen = [*chosen, POPULATION]
    chosen = [name for name in dict.fromkeys(chosen) if name != POPULATION or records]
    if refusal := _refusal(given, chosen):
        print(refusal, file=sys.stderr)
        return 2
    rows: list[dict[str, Any]] = []
    for number, name in enumerate(chosen, 1):
        steps = "link, judge" if given.shipped else "train, link, judge"
        print(f"[{number}/{len(chosen)}] {name}: {steps}", file=sys.stderr, flush=True)
        try:
            with work_directory(name, given.keep) as work:
                rows += _measured(name, given.data, work, records, not given.shipped)
        except (CommandError, FileNotFoundError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 2
    print(board_text(rows))
    before, after = read_board(given.board), board_of(rows)
    changed, worse = differences(before, after), fallen(before, after, given.margin)
    print(f"\n{len(changed):,} figures differ from the committed scoreboard")
    for line in changed[:SHOWN]:
        print(f"  {line}")
    if len(changed) > SHOWN:
        print(f"  and {len(changed) - SHOWN:,} more")
    for line in worse:
        print(f"worse: {line}")
    if given.update:
        write_board(after, given.board)
        print("scoreboard written")
    if given.json:
        print(json.dumps(rows))
    return 1 if given.check and worse else 0


def _refusal(given: argparse.Namespace, chosen: Sequence[str]) -> str:
    """Return what is wrong with what is asked, empty where nothing is."""
    if given.shipped and given.update:
        return (
            "--shipped: in the committed scoreboard models are trained where a set allows it; "
            "leave out --update"
        )
    if any(name != POPULATION for name in chosen) and not given.data.is_dir():
        return f"{given.data}: no such folder; name the data sets with --data DIR"
    return ""


def _measured(name: str, data: Path, work: Path, records: int, train: bool) -> list[dict[str, Any]]:
    if name == NAME:
        return name_bench(data, work)
    real = population_set(records, work) if name == POPULATION else SETS[name](data, work)
    return measure_rows(real, work, train=train)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.accuracy",
        description="How right the product is on sets with known answers, at its own thresholds,"
        " and where it loses true pairs; compared with the committed benchmarks/accuracy.json."
        " Example: python -m benchmarks.accuracy --set febrl3 --set name_bench",
    )
    names = sorted([*SETS, NAME, POPULATION])
    parser.add_argument("--set", action="append", choices=names, help="one set; repeatable")
    parser.add_argument(
        "--population",
        type=int,
        metavar="N",
        help=f"records of the invented population, 0 to leave it out ({RECORDS:,})",
    )
    parser.add_argument(
        "--shipped", action="store_true", help="link with the shipped models, without training"
    )
    parser.add_argument("--update", action="store_true", help="write benchmarks/accuracy.json")
    parser.add_argument(
        "--check", action="store_true", help="exit with 1 if an F1 fell by more than the margin"
    )
    parser.add_argument("--margin", type=float, default=MARGIN, help=f"of --check ({MARGIN})")
    parser.add_argument("--json", action="store_true", help="the rows as JSON on the last line")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep what was made under DIR")
    parser.add_argument("--data", type=Path, metavar="DIR", default=DATA, help="the data sets")
    parser.add_argument(
        "--board", type=Path, metavar="FILE", default=FILE, help="another committed scoreboard"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
