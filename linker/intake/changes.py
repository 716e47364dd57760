"""Which of a source's rows are new or changed, which are as they were, and what is gone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

from linker.blocking.hashing import Int64s, UInt64s
from linker.config import Source
from linker.intake.contents import SET_ASIDE, contents, same_content
from linker.intake.known import KnownSource
from linker.sources.read import SourceFacts

Found = tuple[Int64s, UInt64s]
Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]

CONTENT: Final = "content"
KNOWN: Final = "known"
STAYS: Final = "stays"
TOLD: Final = (CONTENT, KNOWN, STAYS)
"""Columns that `Sieve` adds to raw rows: what the row says, the number of its record's mention
until now (-1: none), and whether that mention stays."""
NOBODY: Final[Int64s] = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Changes:
    """What a source's rows change.

    Attributes:
        unchanged: How many records are as they were.
        gone: Numbers of mentions that are superseded or gone, ascending.
        deletions_unknown: How many deletions are of records that had no mention.
    """

    unchanged: int = 0
    gone: Int64s = field(default_factory=lambda: NOBODY)
    deletions_unknown: int = 0


class Sieve:
    """Takes the rows of a source as they come, and passes on those that must be standardised."""

    def __init__(self, source: Source, known: KnownSource | None, *, anew: bool = False) -> None:
        """Prepare for a source.

        Args:
            source: Its configuration.
            known: What the last generation holds of it; everything is new without.
            anew: Whether all records count as changed.
        """
        self._source = source
        self._known = known
        self._anew = anew
        self.counts_back = False
        """Whether a content so far depends on when the source was drawn."""
        self._rows: list[Int64s] = []
        self._numbers: list[Int64s] = []
        self._same: list[Bools] = []

    def passed(
        self, rows: pl.DataFrame, drawn: dt.date, known: Found | None = None
    ) -> pl.DataFrame:
        """Return the rows that are new or changed, and those that stay but had something set aside.

        What is set aside of a row is told by standardising it: the same every night.

        Args:
            rows: Raw rows.
            drawn: When they were drawn.
            known: What `KnownSource.find` says of them, where it was asked already.

        Returns:
            Those rows with the columns `TOLD`.
        """
        found, back = contents(rows, self._source, drawn)
        self.counts_back = self.counts_back or back
        if self._known is None:
            new = pl.lit(-1, pl.Int64()).alias(KNOWN)
            return rows.with_columns(pl.Series(CONTENT, found), new, pl.lit(False).alias(STAYS))
        numbers, before = known or self._known.find(rows["record_id"])
        numbers = numbers.astype(np.int64)
        same: Bools = (numbers >= 0) & same_content(found, before)
        if self._anew:
            same[:] = False
        self._rows.append(rows["row"].to_numpy())
        self._numbers.append(numbers)
        self._same.append(same)
        wanted = ~same | ((before & SET_ASIDE) != 0)
        return rows.with_columns(
            pl.Series(CONTENT, found), pl.Series(KNOWN, numbers), pl.Series(STAYS, same)
        ).filter(pl.Series(wanted))

    def changes(self, facts: SourceFacts) -> Changes:
        """Return what the rows change, once all have come.

        Args:
            facts: What the end of the source tells: which rows are no part of it.
        """
        if self._known is None:
            return Changes()
        numbers = np.concatenate([NOBODY, *self._numbers])
        same = np.concatenate([np.empty(0, np.bool_), *self._same])
        if len(facts.left_out):
            rows = np.concatenate([NOBODY, *self._rows])
            part = ~np.isin(rows, facts.left_out.to_numpy())
            numbers, same = numbers[part], same[part]
        deleted = NOBODY
        if len(facts.deleted):
            deleted = self._known.find(facts.deleted)[0].astype(np.int64)
        if self._source.mode == "snapshot" or self._anew:
            gone = _without(self._known.numbers(), numbers[same])
        else:
            gone = np.union1d(numbers[(numbers >= 0) & ~same], deleted[deleted >= 0])
        return Changes(int(same.sum()), gone.astype(np.int64), int((deleted < 0).sum()))


def _without(numbers: Int64s, staying: Int64s) -> Int64s:
    """Return numbers, ascending, but for those that stay; without sorting millions."""
    left = np.zeros(int(numbers.max()) + 1 if len(numbers) else 0, dtype=np.bool_)
    left[numbers] = True
    left[staying] = False
    return np.flatnonzero(left).astype(np.int64)
