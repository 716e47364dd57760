"""Mentions of the warehouse and new ones brought into one table, in (source, record_id) order.

A run that starts over renumbers all mentions. They are sixty columns wide and need not fit into
memory, so their order is found first, and then they are written a range at a time: each part is in
that order by itself, so that a range is consecutive rows of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import polars as pl

from linker.schemas import EntityType
from linker.store.mention_table import MentionTable, MentionWriter
from linker.store.segment import UInt64s
from linker.store.warehouse import Bools, Warehouse

AT_ONCE: Final = 1 << 18
"""Mentions that are written together."""
_ORDER: Final = ("source", "record_id")


class _Part(Protocol):
    """Mentions in (source, record_id) order."""

    def order(self) -> pl.DataFrame:
        """Return source, record_id and ``row`` of those that are wanted."""

    def slice(self, offset: int, length: int) -> pl.DataFrame:
        """Return all columns of consecutive ones."""


@dataclass(frozen=True)
class _Kept:
    """What is kept of a segment."""

    held: Warehouse
    place: int
    kept: Bools

    def order(self) -> pl.DataFrame:
        segment = self.held.segments[self.place]
        rows = np.flatnonzero(self.kept[segment.first : segment.stop])
        return segment.read(_ORDER).with_row_index("row")[rows]

    def slice(self, offset: int, length: int) -> pl.DataFrame:
        return self.held.segments[self.place].slice(offset, length)


@dataclass(frozen=True)
class _New:
    """New mentions."""

    table: MentionTable

    def order(self) -> pl.DataFrame:
        return self.table.read(_ORDER).with_row_index("row")

    def slice(self, offset: int, length: int) -> pl.DataFrame:
        return self.table.slice(offset, length)


def merged(
    held: Warehouse, kept: Bools, new: MentionTable, contents: UInt64s, path: Path
) -> tuple[MentionTable, UInt64s]:
    """Write mentions that are kept and new ones into one table, numbered from 0.

    Args:
        held: The warehouse.
        kept: By number, which of its mentions are kept.
        new: The new mentions.
        contents: The hash of the row that each new one was made from.
        path: The Parquet file to write.

    Returns:
        The table, and the hash of each of its mentions' rows.

    Raises:
        OSError: The disk is full, or cannot be written.
        StoreError: The warehouse is damaged.
    """
    entity: EntityType = held.entity_type
    parts: list[_Part] = [_Kept(held, place, kept) for place in range(len(held.segments))]
    parts.append(_New(new))
    order = pl.concat(
        part.order().with_columns(part=pl.lit(place)) for place, part in enumerate(parts)
    ).sort(_ORDER)
    order = order.select("part", "row")
    with MentionWriter(entity, path) as writer:
        for start in range(0, order.height, AT_ONCE):
            writer.append(_range(parts, order.slice(start, AT_ONCE)))
    hashes = [segment.contents for segment in held.segments] + [contents]
    rows = order["row"].to_numpy()
    found = np.zeros(order.height, dtype=np.uint64)
    for place, of_part in enumerate(hashes):
        here = np.flatnonzero((order["part"] == place).to_numpy())
        found[here] = of_part[rows[here]]
    return writer.table(), found


def _range(parts: list[_Part], order: pl.DataFrame) -> pl.DataFrame:
    """Return the mentions of some consecutive places, in their order."""
    found: list[pl.DataFrame] = []
    for place in order["part"].unique().to_list():
        rows = order.filter(pl.col("part") == place)
        wanted = rows["row"].sort().cast(pl.Int64)
        first, last = int(wanted[0]), int(wanted[-1])
        whole = parts[place].slice(first, last - first + 1)
        found.append(whole[(wanted - first).to_numpy()])
    together: pl.DataFrame = pl.concat(found)
    return together.sort(_ORDER)
