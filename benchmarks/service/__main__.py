"""What the real server answers over loopback, while a generation is published in the middle.

A population is generated and linked twice (or a store that has two generations is taken, with
--config: its audit log and tokens get entries of the benchmark). The service is started as `linker
serve` starts it, and clients in a process of their own ask the mix of questions of
benchmarks.lookup: 1, 8 and 64 at a time, each waiting for its answer before it asks again. Half way
through each measurement the other generation is published. All of it is done with the step of time
that answers wait for by default, and without.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Final

from benchmarks.commands import USAGE_OR_DATA_ERROR, CommandError, work_directory
from benchmarks.service.measure import Wanted, measure
from benchmarks.service.tables import text_of
from linker.errors import LinkerError

FEWEST: Final = 1_000


def main(words: list[str] | None = None) -> int:
    """Run the benchmark and return the exit code."""
    asked = _parser().parse_args(words)
    if asked.records < FEWEST or asked.seconds <= 0 or not asked.clients:
        print(
            f"error: at least {FEWEST:,} records, a client and some time are needed",
            file=sys.stderr,
        )
        return USAGE_OR_DATA_ERROR
    wanted = Wanted(
        records=asked.records,
        config=asked.config,
        clients=asked.clients,
        seconds=asked.seconds,
        workers=asked.workers,
        questions=asked.questions,
        seed=asked.seed,
    )
    try:
        with work_directory("service", asked.keep) as work:
            found = measure(wanted, work)
    except (CommandError, LinkerError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE_OR_DATA_ERROR
    print(text_of(found))
    if asked.json:
        print(json.dumps(found))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service", description=__doc__)
    parser.add_argument(
        "--records", type=int, default=Wanted.records, help="mentions (default: 300000)"
    )
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="take the store of this configuration, of a population written as Parquet",
    )
    parser.add_argument(
        "--clients",
        type=_numbers,
        default=Wanted.clients,
        metavar="N,N,...",
        help="how many ask at a time (default: 1,8,64)",
    )
    parser.add_argument(
        "--seconds", type=float, default=Wanted.seconds, help="of each measurement (default: 10)"
    )
    parser.add_argument("--workers", type=int, default=Wanted.workers, help="default: 2")
    parser.add_argument(
        "--questions", type=int, default=Wanted.questions, help="that are drawn (default: 2000)"
    )
    parser.add_argument("--seed", type=int, default=Wanted.seed)
    parser.add_argument("--keep", type=Path, metavar="DIRECTORY", help="leave all files in there")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object on the last line"
    )
    return parser


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


if __name__ == "__main__":
    raise SystemExit(main())
