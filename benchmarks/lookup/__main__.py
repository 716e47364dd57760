"""What one question costs and finds: milliseconds, memory, recall, and Splink beside it.

A population is generated and linked (or a store that is linked already is taken, with --config);
then 10,000 questions of a stated mix are asked in a process of their own. With --evaluate a model
is evaluated by questions of known targets, which says how probable it is that a lookup missed one.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Final, get_args

from benchmarks.commands import USAGE_OR_DATA_ERROR, CommandError, work_directory
from benchmarks.lookup.evaluate import SEED, evaluate
from benchmarks.lookup.measure import Wanted, measure
from benchmarks.lookup.tables import text_of
from linker.errors import LinkerError
from linker.schemas import ENTITY_TYPES, EntityType

FEWEST: Final = 1_000
EVALUATED: Final = 300_000


def main(words: list[str] | None = None) -> int:
    """Run the benchmark and return the exit code."""
    asked = _parser().parse_args(words)
    records = asked.records if asked.records is not None else EVALUATED
    if records < FEWEST or asked.lookups < 1:
        print(f"error: at least {FEWEST:,} records and one lookup are needed", file=sys.stderr)
        return USAGE_OR_DATA_ERROR
    try:
        with work_directory("lookup", asked.keep) as work:
            if asked.evaluate is not None:
                seed = asked.seed if asked.seed is not None else SEED
                evaluate(asked.evaluate, records, seed, work)
                return 0
            found = measure(_wanted(asked), work)
    except (CommandError, LinkerError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE_OR_DATA_ERROR
    print(text_of(found))
    if asked.json:
        print(json.dumps(found))
    return 0


def _wanted(asked: argparse.Namespace) -> Wanted:
    entities = ENTITY_TYPES if asked.entity == "both" else (asked.entity,)
    return Wanted(
        records=asked.records if asked.records is not None else EVALUATED,
        config=asked.config,
        entities=entities,
        lookups=asked.lookups,
        own=asked.own,
        judged=asked.judged,
        seed=asked.seed if asked.seed is not None else Wanted.seed,
        cold=asked.cold,
        splink=asked.splink,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lookup", description=__doc__)
    parser.add_argument("--records", type=int, help=f"mentions to generate (default: {EVALUATED})")
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="take the store of this configuration, of a population written as Parquet, as it is",
    )
    parser.add_argument("--lookups", type=int, default=Wanted.lookups, help="default: 10000")
    parser.add_argument(
        "--entity",
        choices=["both", *get_args(EntityType)],
        default="both",
        help="what is asked for (default: both, as often as there are records of it)",
    )
    parser.add_argument("--seed", type=int, help="of the population, and of the questions")
    parser.add_argument(
        "--own",
        type=int,
        default=Wanted.own,
        metavar="N",
        help="records looked up by their own values (default: 3000; 0 for none)",
    )
    parser.add_argument(
        "--judged",
        type=int,
        default=Wanted.judged,
        metavar="N",
        help="questions of a combination of fields by which it is judged what is said of misses "
        "(default: 400; 0 for none)",
    )
    parser.add_argument(
        "--cold",
        action="store_true",
        help="open the index too after the system forgot its files, which slows the machine down",
    )
    parser.add_argument(
        "--no-splink", dest="splink", action="store_false", help="measure our side alone"
    )
    parser.add_argument(
        "--evaluate",
        type=Path,
        metavar="DIRECTORY",
        help="evaluate this model, and write evaluation.json into its directory",
    )
    parser.add_argument("--keep", type=Path, metavar="DIRECTORY", help="leave all files in there")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object on the last line"
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
