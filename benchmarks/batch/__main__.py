"""Blocking and scoring against Splink's, on the same data, model and rules, in one run.

Prints what each side took, that both kept the same pairs at the same weights, what two threads
bring, and what each comparison costs. Time and memory are those of a process of each side's own.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.batch.designs import ModelName
from benchmarks.batch.measure import measure
from benchmarks.batch.tables import model_text, sizes_text
from benchmarks.commands import USAGE_OR_DATA_ERROR, CommandError
from linker.compiled import thread_count

FEWEST: Final = 1_000
"""Records; among fewer the simple model finds too little to be trained on."""
MODELS: Final[dict[str, tuple[ModelName, ...]]] = {
    "simple": ("simple",),
    "multi": ("multi",),
    "both": ("simple", "multi"),
}


def main(words: list[str] | None = None) -> int:
    """Run the benchmark and return the exit code."""
    asked = _parser().parse_args(words)
    sizes = asked.sizes or [asked.records]
    if asked.rounds < 1 or asked.threads < 0:
        print("error: --rounds must be 1 at least, --threads 0", file=sys.stderr)
        return USAGE_OR_DATA_ERROR
    if min(sizes) < FEWEST:
        print(f"error: at least {FEWEST:,} records are needed", file=sys.stderr)
        return USAGE_OR_DATA_ERROR
    found = []
    try:
        for size in sizes:
            with tempfile.TemporaryDirectory(prefix="linker-batch-") as work:
                found.append(
                    measure(
                        size,
                        MODELS[asked.model],
                        thread_count(asked.threads),
                        Path(work),
                        rounds=asked.rounds,
                        splink=asked.splink,
                    )
                )
            print("\n\n".join(model_text(one) for one in found[-1]["models"]), flush=True)
    except (CommandError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE_OR_DATA_ERROR
    if len(found) > 1:
        print(f"\n{sizes_text(found)}")
    if asked.json:
        print(json.dumps(found[0] if asked.sizes is None else {"sizes": found}))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.batch", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--records", type=int, default=3_000_000, help="mentions (default: 3000000)")
    size.add_argument("--sizes", type=_sizes, metavar="N,N,...", help="several numbers of mentions")
    parser.add_argument(
        "--threads", type=int, default=0, help="of each side (default: one a processor)"
    )
    parser.add_argument(
        "--rounds", type=int, default=2, help="of both sides in turn; the best counts (default: 2)"
    )
    parser.add_argument("--model", choices=MODELS, default="both")
    parser.add_argument(
        "--no-splink", dest="splink", action="store_false", help="measure our side alone"
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object on the last line"
    )
    return parser


def _sizes(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


if __name__ == "__main__":
    raise SystemExit(main())
