"""A night's delta of a population: new records, changed ones, and records that are gone.

A changed record is written afresh about the same person or organization, with the errors that the
generator makes anyway. So a population is made larger than asked for, and what is withheld from its
files becomes the delta.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from benchmarks.population.draws import stream
from benchmarks.population.source_files import SOURCES, SourceFile
from linker.errors import UsageError
from linker.schemas import CONTEXT

DELETED: Final = "deleted"
"""The column of a delta file that says that a record is gone."""
FOLDER: Final = "delta"
"""Where the delta lies beside the files that it changes."""
_STREAM: Final = 9


@dataclass(frozen=True)
class DeltaPlan:
    """How many records a delta has: half of them new, a quarter changed, a quarter gone."""

    records: int

    @property
    def new(self) -> int:
        """How many are new."""
        return self.records - self.changed - self.gone

    @property
    def changed(self) -> int:
        """How many are changed."""
        return self.records // 4

    @property
    def gone(self) -> int:
        """How many are gone."""
        return self.records // 4

    @property
    def withheld(self) -> int:
        """How many records more than asked for a population needs."""
        return self.new + self.changed


def write_delta(directory: Path, plan: DeltaPlan, seed: int) -> None:
    """Take a delta out of a population.

    Every source keeps its file, which now has the column `DELETED`, and gets a file of what
    changes, ``delta/<source>_delta.parquet``. The truth is divided likewise: ``truth.parquet`` is
    that of the files as they are, ``delta/truth.parquet`` that of the state after the delta.

    Args:
        directory: The files of a population, in Parquet, of `plan.withheld` records too many.
        plan: How many records the delta has.
        seed: Of what is drawn.

    Raises:
        UsageError: The population is too small for the delta.
    """
    folder = directory / FOLDER
    folder.mkdir(exist_ok=True)
    truth = pl.read_parquet(directory / "truth.parquet")
    drawn = _drawn(truth.select("source", "record_id", "true_id"), plan, seed)
    for source in SOURCES:
        path = directory / source.file_name("parquet")
        if path.exists():
            _divide(path, folder / f"{source.name}_delta.parquet", source, drawn)
    withheld, gone = drawn.filter(~pl.col("gone")), drawn.filter("gone")
    keys = ["source", "record_id"]
    before = truth.join(withheld, on=keys, how="anti", maintain_order="left")
    after = truth.join(
        pl.concat([gone.select(keys), drawn.drop_nulls("of").select(keys)]),
        on=keys,
        how="anti",
        maintain_order="left",
    )
    before.write_parquet(directory / "truth.parquet")
    after.write_parquet(folder / "truth.parquet")


def _drawn(truth: pl.DataFrame, plan: DeltaPlan, seed: int) -> pl.DataFrame:
    """Return source and record_id of what the delta is made of.

    Returns:
        ``gone``, false for what is withheld; ``of`` is the record that a withheld one will change.
    """
    order = stream(seed, _STREAM).permutation(truth.height)
    shuffled = truth.with_columns(pl.Series("order", order)).sort("order")
    twins = (
        shuffled.group_by("source", "true_id", maintain_order=True)
        .agg(pl.col("record_id").head(2))
        .filter(pl.col("record_id").list.len() > 1)
        .head(plan.changed)
        .select(
            "source",
            record_id=pl.col("record_id").list.last(),
            of=pl.col("record_id").list.first(),
        )
    )
    others = shuffled.join(twins, on=["source", "record_id"], how="anti", maintain_order="left")
    others = others.join(
        twins,
        left_on=["source", "record_id"],
        right_on=["source", "of"],
        how="anti",
        maintain_order="left",
    )
    if twins.height < plan.changed or others.height <= plan.new + plan.gone:
        raise UsageError(f"--delta {plan.records}: too many for so few --records")
    rest = others.head(plan.new + plan.gone).select(
        "source", "record_id", of=pl.lit(None, dtype=pl.String)
    )
    return pl.concat([twins, rest]).with_columns(
        gone=pl.Series(np.arange(twins.height + rest.height) >= twins.height + plan.new)
    )


def _divide(path: Path, aside: Path, source: SourceFile, drawn: pl.DataFrame) -> None:
    """Divide the file of a source into what is there before the delta and what changes."""
    own = drawn.filter(source=source.name).drop("source").rename({"record_id": source.record_id})
    key, columns = source.record_id, list(pl.read_parquet_schema(path))
    rows = pl.scan_parquet(path)
    told = rows.join(own.lazy(), on=key, how="inner", maintain_order="left").collect()
    kept = [
        column
        for field, column in source.fields.items()
        if field in CONTEXT and column != key and column in columns
    ]
    first = rows.join(own.lazy().drop_nulls("of").select("of"), left_on=key, right_on="of").select(
        pl.col(key).alias("of"), *kept
    )
    # what a changed record belongs to stays: its case, its arrest, its report
    changed = told.drop_nulls("of").drop(kept).join(first.collect(), on="of", maintain_order="left")
    parts = [
        changed.with_columns(pl.col("of").alias(key)).select(columns),
        told.filter(pl.col("of").is_null() & ~pl.col("gone")).select(columns),
        told.filter("gone").select(key),
    ]
    flags = [None, None, "yes"]
    pl.concat(
        [
            part.with_columns(pl.lit(flag, dtype=pl.String).alias(DELETED))
            for part, flag in zip(parts, flags, strict=True)
        ],
        how="diagonal",
    ).write_parquet(aside)
    whole = path.with_suffix(".whole")
    path.rename(whole)
    withheld = own.filter(~pl.col("gone")).lazy().select(key)
    pl.scan_parquet(whole).join(withheld, on=key, how="anti", maintain_order="left").with_columns(
        pl.lit(None, dtype=pl.String).alias(DELETED)
    ).sink_parquet(path)
    whole.unlink()
