"""Handing records to their files: record ids, cases, layout, truth."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from benchmarks.population.cases import Cases
from benchmarks.population.layouts import laid_out
from benchmarks.population.numbering import padded, scrambled
from benchmarks.population.profiles import CASE
from benchmarks.population.source_files import CASE_ORGANIZATIONS, SOURCES, Form
from benchmarks.population.write import open_sink

TRUTH: Final = (
    "source",
    "record_id",
    "entity_type",
    "true_id",
    "culture",
    "relation",
    "kinds",
    "findable",
)


class Output:
    """The open files of a population, and how far each has got."""

    def __init__(self, directory: Path, form: Form, counts: list[int], cases: Cases) -> None:
        """Open a file for each source that has records.

        Args:
            directory: Where the files go; made where absent.
            form: Whether everything is Parquet.
            counts: Records of each source in the whole population.
            cases: The cases, whose subjects are handed out in order.
        """
        directory.mkdir(parents=True, exist_ok=True)
        self._counts = counts
        self._cases = cases
        self._written = [0] * len(SOURCES)
        self._subjects = 0
        self._sinks = {
            number: open_sink(directory / source.file_name(form))
            for number, source in enumerate(SOURCES)
            if counts[number]
        }
        self._truth = open_sink(directory / "truth.parquet")

    def write(self, rng: np.random.Generator, records: pl.DataFrame) -> pl.DataFrame:
        """Write records to the files of their sources and to the truth.

        Args:
            rng: For what a layout chooses.
            records: Columns source (number in `SOURCES`), true_id, culture, relation, kinds,
                findable and what the layouts need.

        Returns:
            The records with record_id and case (null outside cases), one source after another.
        """
        written = []
        for number in sorted(set(records["source"].to_list())):
            source = SOURCES[number]
            own = records.filter(pl.col("source") == number)
            own = own.with_columns(
                self._record_ids(number, len(own)), self._case_codes(number, len(own))
            )
            self._sinks[number].write(laid_out(number, rng, own, self._cases))
            truth = own.with_columns(
                pl.lit(source.name).alias("source"), pl.lit(source.entity).alias("entity_type")
            )
            self._truth.write(truth.select(TRUTH))
            written.append(own)
        return pl.concat(written)

    def close(self) -> None:
        """Finish all files."""
        for sink in (*self._sinks.values(), self._truth):
            sink.close()

    def _record_ids(self, number: int, rows: int) -> pl.Series:
        """Return the next ids, scattered so that nearness of ids says nothing."""
        start = self._written[number]
        self._written[number] += rows
        order = scrambled(np.arange(start, start + rows), self._counts[number])
        return (SOURCES[number].prefix + "-" + padded(order, 8)).alias("record_id")

    def _case_codes(self, number: int, rows: int) -> pl.Series:
        if number not in (CASE, CASE_ORGANIZATIONS):
            return pl.Series("case", [None] * rows, dtype=pl.Int64)
        start = self._subjects
        self._subjects += rows
        return pl.Series("case", self._cases.slots[start : start + rows], dtype=pl.Int64)
