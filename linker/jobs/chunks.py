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

import polars as pl

from linker.config import Source
from linker.schemas import QUARANTINE
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
        rows: The raw rows; those numbered in `repeats` are no part of the source.
        columns: The columns of mentions that are wanted, ``record_id`` besides.
        bounds: The first record id of each range but the first, sorted.
        pieces: The directory to set the mentions down in; without one they are returned.
    """

    number: int
    source: Source
    as_of: dt.date
    rows: Rows
    repeats: pl.Series
    habits: Habits
    columns: Sequence[str]
    bounds: pl.Series
    pieces: Path | None


@dataclass(frozen=True)
class Made:
    """What a chunk became: its mentions by range, how many, and what was set aside."""

    pieces: dict[int, Rows]
    mentions: int
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


def make(chunk: Chunk) -> Made:
    """Standardise a chunk; its mentions have no numbers yet, and no columns without any value."""
    rows = without(take_up(chunk.rows), chunk.repeats)
    made = standardise(rows, chunk.source, as_of=chunk.as_of, written=chunk.habits)
    kept = [
        column.name
        for column in made.mentions.drop("mention")
        if column.name in chunk.columns and column.null_count() < len(column)
    ]
    mentions = made.mentions.select(list(dict.fromkeys(["record_id", *kept])))
    pieces = {
        number: part
        if chunk.pieces is None
        else set_down(part, chunk.pieces / f"{chunk.number}-{number}.arrow")
        for number, part in _ranges(mentions, chunk.bounds)
    }
    return Made(pieces, mentions.height, made.set_aside.select(list(QUARANTINE)))


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
