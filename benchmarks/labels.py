"""Labels for a population, as a patient clerk would write them: ``python -m benchmarks.labels``.

The scored pairs of the published generation are looked at, as many of each range of match weights
and the doubtful ones first, and each is called a match or not by the population's truth. What comes
out is a file for ``linker review import``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks.commands import USAGE_OR_DATA_ERROR, CommandError, run, work_directory
from linker.schemas import DECISION_RECORDS

SURE: Final = 12.0
"""Bits: pairs of this match weight and above are one range; below, each bit is a range."""


def main(words: Sequence[str] | None = None) -> int:
    """Write the labels and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.labels",
        description=__doc__,
        epilog="Example: python -m benchmarks.labels --config configs/justice.toml"
        " --truth var/demo/truth.parquet --out var/demo/labels.csv",
    )
    parser.add_argument("--config", type=Path, required=True, metavar="FILE")
    parser.add_argument("--truth", type=Path, required=True, metavar="FILE", help="truth.parquet")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.csv")
    parser.add_argument("--entity", choices=["person", "organization"], default="person")
    parser.add_argument("--pairs", type=int, default=600, help="how many (default: 600)")
    given = parser.parse_args(words)
    try:
        with work_directory("labels", None) as work:
            out = work / "pairs.parquet"
            run("export", "--config", str(given.config), "--table", "pairs", "--out", str(out))
            labels = labelled(
                pl.read_parquet(out), pl.read_parquet(given.truth), given.entity, given.pairs
            )
        labels.write_csv(given.out)
    except (CommandError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE_OR_DATA_ERROR
    counts = dict(labels["decision"].value_counts().iter_rows())
    print(f"{labels.height:,} labels written to {given.out}: {counts}")
    return 0


def labelled(pairs: pl.DataFrame, truth: pl.DataFrame, entity: str, count: int) -> pl.DataFrame:
    """Return labels as `linker review import` reads them.

    Args:
        pairs: `PAIRS_EXPORT` of the published generation.
        truth: ``source``, ``record_id``, ``entity_type`` and ``true_id``.
        entity: Of which entity type.
        count: How many at most.
    """
    known = truth.filter(pl.col("entity_type") == entity).select("source", "record_id", "true_id")
    told = pairs
    for side in ("l", "r"):
        told = told.join(
            known.rename({name: f"{name}_{side}" for name in known.columns}),
            on=[f"source_{side}", f"record_id_{side}"],
        )
    told = told.sort(list(DECISION_RECORDS)).with_columns(
        range=pl.col("match_weight").floor().clip(upper_bound=SURE)
    )
    # the first of each range, then the second of each, so that doubtful pairs are as many as others
    drawn = told.with_columns(turn=pl.int_range(pl.len()).shuffle(seed=1).over("range"))
    chosen = drawn.sort("turn", "range").head(count)
    match = pl.col("true_id_l") == pl.col("true_id_r")
    return chosen.sort(list(DECISION_RECORDS)).select(
        pl.lit(entity).alias("entity"),
        *DECISION_RECORDS,
        pl.when(match).then(pl.lit("match")).otherwise(pl.lit("non_match")).alias("decision"),
        pl.lit("a patient clerk").alias("author"),
        pl.lit("the truth of the population").alias("reason"),
    )


if __name__ == "__main__":
    sys.exit(main())
