"""A source standardised in chunks: raw rows set down on disk, mentions taken up in order.

A chunk is some consecutive rows of a source. Its mentions fall into ranges of record ids, so that
the mentions of one range, from all the chunks, can be sorted and passed on without the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from linker.config import Source
from linker.intake.changes import CONTENT, KNOWN, STAYS, TOLD
from linker.intake.contents import SET_ASIDE, record_hashes
from linker.schemas import KEPT_QUARANTINE, empty
from linker.sources.read import without
from linker.standardise.habits import Habits
from linker.standardise.mentions import standardise

ROWS_AT_ONCE: Final = 3 << 16
"""Rows of a source that are standardised together; it bounds the memory of a process."""

Rows = pl.DataFrame | Path
"""Rows at hand, or the file they were set down in."""


@dataclass(frozen=True)
class Chunk:
    """A chunk and what standardising it takes.

    Attributes:
        number: Its place in the source, from 0.
        as_of: When its rows were drawn.
        rows: The raw rows, with the columns `changes.TOLD`; those numbered in `left_out` are no
            part of the source.
        columns: The columns of mentions that are wanted, ``record_id`` besides.
        bounds: The first record id of each range but the first, sorted.
        pieces: The directory to set the mentions down in; without one they are returned.
    """

    number: int
    source: Source
    as_of: dt.date
    rows: Rows
    left_out: pl.Series
    habits: Habits
    columns: Sequence[str]
    bounds: pl.Series
    pieces: Path | None


@dataclass(frozen=True)
class Made:
    """What a chunk became.

    Attributes:
        pieces: Its new and changed mentions by range, with the columns `changes.CONTENT` and
            `changes.KNOWN`.
        mentions: How many these are.
        changed: How many of them are changed ones.
        set_aside: What was set aside, of mentions that stay too.
    """

    pieces: dict[int, Rows]
    mentions: int
    changed: int
    set_aside: pl.DataFrame = field(repr=False)


def set_down(rows: pl.DataFrame, path: Path) -> Path:
    """Write rows to a file of their own, to be taken up once."""
    rows.write_ipc(path, compression="lz4")
    return path


def take_up(rows: Rows) -> pl.DataFrame:
    """Return rows that were set down, and remove their file."""
    if isinstance(rows, pl.DataFrame):
        return rows
    with rows.open("rb") as file:  # not mapped into memory: the file is about to go
        found = pl.read_ipc(file)
    rows.unlink()
    return found


class Gathered:
    """Rows put together to chunks, set down on disk if there is more than one."""

    def __init__(self, directory: Path | None) -> None:
        """Start with none; `directory` is where to set chunks down, made where it is needed."""
        self.chunks: list[tuple[Rows, dt.date]] = []
        self._directory = directory
        self._tables: list[pl.DataFrame] = []
        self._ids: list[pl.Series] = []
        self._height = 0
        self._drawn: dt.date | None = None

    def add(self, rows: pl.DataFrame, drawn: dt.date) -> None:
        """Add rows that were drawn on one day."""
        if rows.is_empty():
            return
        if drawn != self._drawn:
            self.end()
            self._drawn = drawn
        self._tables.append(rows)
        self._ids.append(rows["record_id"])
        self._height += rows.height
        if self._height >= ROWS_AT_ONCE:
            self.end()

    def end(self) -> None:
        """Make a chunk of the rows that came last."""
        if not self._height or self._drawn is None:
            return
        self.chunks.append((pl.concat(self._tables, rechunk=True), self._drawn))
        self._tables, self._height = [], 0
        if self._directory and len(self.chunks) > 1:  # the first may have been the only one
            self._directory.mkdir(parents=True, exist_ok=True)
            for number, (held, drawn) in enumerate(self.chunks):
                if isinstance(held, pl.DataFrame):
                    path = set_down(held, self._directory / f"{number}.arrow")
                    self.chunks[number] = (path, drawn)

    def record_ids(self) -> pl.Series:
        """Return the record ids of all rows."""
        return pl.concat([pl.Series("record_id", [], dtype=pl.String()), *self._ids])


def make(chunk: Chunk) -> Made:
    """Standardise a chunk; its mentions have no numbers yet, and no columns without any value."""
    rows = without(take_up(chunk.rows), chunk.left_out)
    made = standardise(rows, chunk.source, as_of=chunk.as_of, written=chunk.habits)
    kept = [
        column.name
        for column in made.mentions.drop("mention")
        if column.name in chunk.columns and column.null_count() < len(column)
    ]
    set_aside = _of_records(made.set_aside, rows)
    told = rows.select("record_id", *TOLD).with_columns(_flagged(rows, set_aside))
    mentions = (
        made.mentions.select(list(dict.fromkeys(["record_id", *kept])))
        .join(told, on="record_id", how="left", maintain_order="left")
        .filter(~pl.col(STAYS))
        .drop(STAYS)
    )
    pieces = {
        number: part
        if chunk.pieces is None
        else set_down(part, chunk.pieces / f"{chunk.number}-{number}.arrow")
        for number, part in _ranges(mentions, chunk.bounds)
    }
    return Made(pieces, mentions.height, int((mentions[KNOWN] >= 0).sum()), set_aside)


def _of_records(set_aside: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return what was set aside as a generation keeps it."""
    if set_aside.is_empty():
        return empty(KEPT_QUARANTINE)
    found = rows.select("row", "record_id").filter(
        pl.col("row").is_in(set_aside["row"].unique().implode())
    )
    records = found.select("row", record_hashes(found["record_id"]))
    return set_aside.join(records, on="row", how="left", maintain_order="left").select(
        list(KEPT_QUARANTINE)
    )


def _flagged(rows: pl.DataFrame, set_aside: pl.DataFrame) -> pl.Series:
    """Return the contents of rows, marked where something of the row was set aside."""
    contents = rows[CONTENT].to_numpy()
    marked = rows["row"].is_in(set_aside["row"].unique().implode()).to_numpy()
    return pl.Series(CONTENT, np.where(marked, contents | SET_ASIDE, contents))


def _ranges(mentions: pl.DataFrame, bounds: pl.Series) -> Iterator[tuple[int, pl.DataFrame]]:
    """Cut mentions, sorted by record id, into ranges; empty ones are left out."""
    if mentions.is_empty():
        return
    cuts = mentions["record_id"].search_sorted(bounds, side="left").to_list()
    for number, (start, end) in enumerate(pairwise([0, *cuts, mentions.height])):
        if end > start:
            yield number, mentions.slice(start, end - start)


def bounds_of(record_ids: pl.Series) -> pl.Series:
    """Return where ranges of `ROWS_AT_ONCE` record ids begin, the first left out."""
    if len(record_ids) <= ROWS_AT_ONCE:
        return record_ids.head(0)
    return record_ids.sort().gather_every(ROWS_AT_ONCE, offset=ROWS_AT_ONCE)


def in_order(made: Sequence[Made], ranges: int) -> Iterator[pl.DataFrame]:
    """Yield the mentions of a source sorted by record id, a range at a time."""
    for number in range(ranges):
        parts = [take_up(it.pieces[number]) for it in made if number in it.pieces]
        if len(parts) == 1:
            yield parts[0]
        elif parts:
            yield pl.concat(parts, how="diagonal").sort("record_id")
