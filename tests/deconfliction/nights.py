"""Small worlds that change from night to night: a warehouse in memory, and what the whole says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from linker.blocking.hashing import Int32s, Int64s, UInt64s
from linker.deconfliction.classify import Telling, tell_in_parts
from linker.deconfliction.index_keys import index_names, keys_of
from linker.deconfliction.shared import shared_identifiers, without_associations
from linker.schemas import INVESTIGATIONS, MENTIONS, SCORED_PAIRS, EntityType, empty

PAIRS = {**SCORED_PAIRS, "link": pl.Boolean()}
ORDER = [name for name in INVESTIGATIONS if name not in {"matched_on", "as_of"}]
Pair = tuple[int, int, float, float, bool, bool]
"""Two numbers, match weight, identity weight, confirmed, link."""


def ids(serials: Int64s) -> pl.Series:
    """Return ids in another order than that of serial numbers."""
    names = [f"p{serial * 7919 % 10007:05}" for serial in serials.tolist()]
    return pl.Series("entity_id", names, dtype=pl.String())


@dataclass(frozen=True)
class HeldIndex:
    """Keys in a dictionary."""

    held: dict[tuple[str, int], list[int]]

    def members(self, name: str, keys: UInt64s) -> tuple[Int32s, Int64s]:
        found = [self.held.get((name, key), []) for key in keys.tolist()]
        starts = np.cumsum([0, *map(len, found)], dtype=np.int64)
        return np.array([one for some in found for one in some], dtype=np.int32), starts


@dataclass
class HeldWarehouse:
    """Mentions in memory; `serials` is -1 where one is dead."""

    mentions: pl.DataFrame
    serials: Int64s
    entity_type: EntityType = "person"

    def rows(self, numbers: Int64s, columns: Iterable[str]) -> pl.DataFrame:
        wanted = {*columns, "mention"}
        return self.mentions.select(name for name in MENTIONS[self.entity_type] if name in wanted)[
            numbers
        ]

    @cached_property
    def index(self) -> HeldIndex:
        held: dict[tuple[str, int], list[int]] = {}
        for name in index_names(self.entity_type):
            found = keys_of(name, self.mentions)
            for key, row in zip(found.keys.tolist(), found.rows.tolist(), strict=True):
                if self.serials[row] >= 0 and row not in held.setdefault((name, key), []):
                    held[name, key].append(row)
        return HeldIndex(held)


@dataclass
class State:
    """Everything at the end of a night."""

    records: list[dict[str, Any]] = field(default_factory=list)
    serials: list[int] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    as_of: dt.date = dt.date(2024, 1, 6)
    entity_type: EntityType = "person"

    def warehouse(self) -> HeldWarehouse:
        rows = [{"mention": number, **row} for number, row in enumerate(self.records)]
        frame = pl.DataFrame(rows, schema=dict(MENTIONS[self.entity_type]))
        return HeldWarehouse(frame, np.array(self.serials, dtype=np.int64), self.entity_type)

    def living_pairs(self) -> list[Pair]:
        return [
            pair for pair in self.pairs if self.serials[pair[0]] >= 0 and self.serials[pair[1]] >= 0
        ]

    def pair_frame(self) -> pl.DataFrame:
        rows = [
            (left, right, 0, weight, 0.9, identity, sure, link)
            for left, right, weight, identity, sure, link in self.living_pairs()
        ]
        return pl.DataFrame(rows, schema=PAIRS, orient="row")


def whole(state: State, max_entities: int, most: int) -> pl.DataFrame:
    """Return what a full classification of a state says."""
    return whole_and_left_out(state, max_entities, most)[0]


def whole_and_left_out(
    state: State, max_entities: int, most: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what a full classification of a state says, and which values it left out."""
    held = state.warehouse()
    frame = held.mentions.with_columns(serial=pl.Series(held.serials)).filter(pl.col("serial") >= 0)
    frame = frame.sort("source", "record_id").rename({"mention": "number"})
    mentions = frame.with_columns(mention=pl.int_range(pl.len(), dtype=pl.Int64))
    membership = mentions.select(
        "mention",
        ids(mentions["serial"].to_numpy()).alias("entity_id"),
        entity=pl.col("mention").min().over("serial"),
    )
    place = dict(mentions.select("number", "mention").iter_rows())
    rows = []
    for left, right, weight, identity, sure, link in state.living_pairs():
        ends = sorted((place[left], place[right]))
        within = link and state.serials[left] == state.serials[right]
        rows.append((*ends, 0, weight, 0.9, identity, sure, within))
    pairs = pl.DataFrame(rows, schema=PAIRS, orient="row")
    shared, left_out = shared_identifiers(held.entity_type, mentions, membership, max_entities)
    numbers = membership.select("mention", entity_id="entity")
    alike = without_associations(pairs, numbers, shared)
    telling = Telling(state.as_of, most=most)
    parts = tell_in_parts(held.entity_type, mentions, membership, alike, shared, telling)
    return pl.concat([empty(INVESTIGATIONS), *parts]), left_out
