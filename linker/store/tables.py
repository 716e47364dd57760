"""The warehouse as plain tables: mentions, membership and pairs, mentions counted from 0.

In the warehouse a mention has a number that it keeps; here it has its place among the living ones,
so that the n-th row of mentions and of membership is that of mention n.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from linker.entity_ids import mint
from linker.schemas import MEMBERSHIP, MENTIONS, Schema, empty
from linker.store.reading import read_table
from linker.store.warehouse import PAIRS, Warehouse

TOLD: Final = ("mentions", "membership", "pairs")
"""The tables that are made from a warehouse."""


def told(held: Warehouse, seed: int, table: str, columns: Sequence[str] | None) -> pl.DataFrame:
    """Return a table of a warehouse.

    Args:
        held: The warehouse.
        seed: The store's seed for entity ids.
        table: One of `TOLD`.
        columns: Those wanted; all unless given.
    """
    if table == "pairs":
        return _pairs(held, list(columns or PAIRS))
    if table == "membership":
        return membership(held, seed).select(list(columns or MEMBERSHIP))
    names = list(columns or MENTIONS[held.entity_type])
    place = pl.int_range(pl.len(), dtype=pl.Int64).alias("mention")
    whole = held.read([*names, "mention"]).with_columns(place)
    return whole.select(names)


def membership(held: Warehouse, seed: int) -> pl.DataFrame:
    """Return `schemas.MEMBERSHIP` of every living mention, in the order of their numbers."""
    serials = held.serials[held.live]
    return held.read(["source", "record_id"]).with_columns(
        mint(seed, serials, held.entity_type), serial=pl.Series(serials, dtype=pl.Int64)
    )


def _pairs(held: Warehouse, columns: list[str]) -> pl.DataFrame:
    ends = ["mention_l", "mention_r"]
    places = np.cumsum(~held.dead, dtype=np.int64) - 1
    found = held.pairs([*dict.fromkeys([*ends, *columns])])
    moved = (pl.Series(name, places[found[name].to_numpy()]) for name in ends)
    return found.with_columns(moved).sort(ends).select(columns)


def read_runs(directory: Path, schema: Schema) -> pl.DataFrame:
    """Return a table of which each run wrote a file, those of all runs in their order.

    Raises:
        StoreError: A file is missing or damaged.
    """
    parts = [read_table(path) for path in sorted(directory.glob("*.parquet"))]
    return pl.concat([empty(schema), *parts])
