"""What every reader yields: some rows of a file as text, column by column."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from linker.sources.quarantine import Rejection


@dataclass(frozen=True)
class Batch:
    """Consecutive rows of one file.

    Attributes:
        rows: Record numbers within the file, from 1, Int64; rejected rows are not among them.
        texts: One String column a wanted source column the file holds; one row a record number.
        lists: List[String] columns, for source columns whose values are lists. A column may be
            here and in `texts`: each value is then in one of the two, and null in the other.
        rejected: Rows of this stretch that could not be read.
        names: The file's column names as far as known.
    """

    rows: pl.Series
    texts: pl.DataFrame
    lists: pl.DataFrame
    rejected: list[Rejection] = field(default_factory=list)
    names: frozenset[str] = frozenset()

    @property
    def total(self) -> int:
        """How many rows of the file this batch accounts for."""
        return len(self.rows) + len(self.rejected)
