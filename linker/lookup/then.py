"""Whose a record is: in the published generation, or at an earlier time that was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from linker.blocking.hashing import Int32s
from linker.entity_ids import id_of, serial_of
from linker.schemas import EntityType
from linker.store.generation import Generation
from linker.store.history import History, as_of, end_of
from linker.store.layout import Store
from linker.store.lookup_index.index import LookupIndex
from linker.store.record_keys import numbers_of

NOBODY: Final = -1


@dataclass(frozen=True)
class Entities:
    """Which entity each mention is of, and which mentions each entity has.

    Attributes:
        index: Tells of today.
        seed: The store's.
        number: The generation whose entities are told.
        moved: Mentions that were another's then, or nobody's (`NOBODY`).
    """

    index: LookupIndex
    seed: int
    number: int
    moved: Mapping[int, int] = field(default_factory=dict)

    def serial(self, mention: int) -> int:
        """Return the serial number of a mention's entity, or `NOBODY`."""
        told = self.moved.get(mention)
        return int(self.index.serials[mention]) if told is None else told

    def mentions(self, serial: int) -> list[int]:
        """Return the mentions of an entity, ascending."""
        today = self.index.of_entity(serial)
        if not self.moved:
            return sorted(today.tolist())
        there = {mention for mention in today.tolist() if self.serial(mention) == serial}
        there |= {mention for mention, whose in self.moved.items() if whose == serial}
        return sorted(there)

    def id_of(self, serial: int) -> str:
        """Return an entity's id."""
        return id_of(self.seed, serial, self.index.held.entity_type)

    def known(self, mentions: Int32s) -> Int32s:
        """Return those of some mentions that were somebody's, in their order."""
        if not self.moved:
            return mentions
        nobody = [mention for mention, whose in self.moved.items() if whose == NOBODY]
        return mentions[~np.isin(mentions, nobody)]


def entities_at(
    store: Store,
    generation: Generation,
    index: LookupIndex,
    entity_type: EntityType,
    until: str | None,
) -> Entities:
    """Return the entities of the published generation, or of the last one up to a date.

    Args:
        store: Where the generations lie.
        generation: The published one.
        index: Its lookup index.
        entity_type: What is asked for.
        until: The date; None for today.

    Raises:
        UsageError: Nothing had been published by then, or the date cannot be read.
    """
    seed = generation.manifest["seed"]
    if until is None:
        return Entities(index, seed, generation.number)
    history = History(generation)
    number = as_of(store, history, end_of(until)).number
    moved = history.moved_since(entity_type, number)
    numbers = numbers_of(index.held, moved).tolist()
    then = {}
    for mention, entity_id in zip(numbers, moved["entity_id"], strict=True):
        if mention >= 0:
            told = serial_of(seed, entity_id) if entity_id else None
            then[mention] = told[1] if told else NOBODY
    return Entities(index, seed, number, then)
