"""What a night's increment costs, against a full run and against Splink's two calls.

A base is linked, a delta arrives (half of it new, a quarter changed, a quarter gone) and is linked
as an increment; Splink scores the same delta with the same model and keys by `predict_between` and
`predict_within`. Time and memory are those of a process of each side's own.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys

from benchmarks.commands import USAGE_OR_DATA_ERROR, CommandError, work_directory
from benchmarks.increment.measure import measure
from benchmarks.increment.tables import size_text, sizes_text

FEWEST = 1_000
"""Records; a delta of fewer says nothing."""


def main(words: list[str] | None = None) -> int:
    """Run the benchmark and return the exit code."""
    asked = _parser().parse_args(words)
    sizes = asked.sizes or [asked.records]
    if min(sizes) < FEWEST or not 4 <= asked.delta <= min(sizes) // 4:
        print(
            f"error: at least {FEWEST:,} records are needed, and a delta of 4 at least and a "
            "quarter of them at most",
            file=sys.stderr,
        )
        return USAGE_OR_DATA_ERROR
    found = []
    try:
        for size in sizes:
            with work_directory("increment", None) as work:
                found.append(
                    measure(size, asked.delta, work, splink=asked.splink, scratch=asked.scratch)
                )
            print(size_text(found[-1]), flush=True)
    except (CommandError, OSError, shutil.Error) as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE_OR_DATA_ERROR
    if len(found) > 1:
        print(f"\n{sizes_text(found)}")
    if asked.json:
        print(json.dumps(found[-1] if asked.sizes is None else {**found[-1], "sizes": found}))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.increment", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--records", type=int, default=10_000_000, help="default: 10000000")
    size.add_argument("--sizes", type=_sizes, metavar="N,N,...", help="several numbers of records")
    parser.add_argument(
        "--delta", type=int, default=50_000, help="records that change (default: 50000)"
    )
    parser.add_argument(
        "--no-splink", dest="splink", action="store_false", help="measure our side alone"
    )
    parser.add_argument(
        "--scratch",
        action="store_true",
        help="link the final state into a new store too, and compare pairs and entities",
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object on the last line"
    )
    return parser


def _sizes(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


if __name__ == "__main__":
    raise SystemExit(main())
