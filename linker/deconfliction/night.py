"""What a night changed in the mentions of one entity type, and sets of entities and mentions.

A mention is named by a number that it keeps; an entity by its serial number. A set of entities is
an array of Booleans by serial number whose last place belongs to none and is false, so that -1, the
serial of a dead mention, is in no set.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
import polars as pl

from linker.blocking.hashing import Int32s, Int64s, UInt64s
from linker.deconfliction.shared import MAX_ENTITIES
from linker.schemas import EntityType

Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]


class Index(Protocol):
    """Which living mentions have a key; see `linker.deconfliction.index_keys`."""

    def members(self, name: str, keys: UInt64s) -> tuple[Int32s, Int64s]:
        """Return the mentions of each key, and where those of each start, and the last end."""


class Warehouse(Protocol):
    """All mentions of one entity type by number, the dead ones too."""

    @property
    def entity_type(self) -> EntityType:
        """What they are of."""

    @property
    def serials(self) -> Int64s:
        """By number the serial number of the mention's entity, -1 where it is dead."""

    @property
    def index(self) -> Index:
        """The keys of living mentions."""

    def rows(self, numbers: Int64s, columns: Iterable[str]) -> pl.DataFrame:
        """Return some columns of some mentions, in the order asked."""


class Holders(NamedTuple):
    """Who has each of some keys: `groups` is the place of the key, one row a key and mention."""

    groups: Int64s
    mentions: Int64s


@dataclass(frozen=True)
class Night:
    """One entity type before and after a run.

    Attributes:
        warehouse: After the run. Mentions that died in it can still be read.
        serials_before: By number as it was before the run; mentions that came lack.
        pairs: After the run: `schemas.SCORED_PAIRS` and ``link``, by number. Pairs that a person
            judged to be no match are left out.
        altered: ``mention_l``, ``mention_r`` of every pair that there was only before or is only
            after the run; more of them do no harm.
        as_of_before: The date that was judged at before.
        as_of: The date to judge at.
        max_entities: See `linker.deconfliction.shared.shared_identifiers`.
    """

    warehouse: Warehouse
    serials_before: Int64s
    pairs: pl.DataFrame
    altered: pl.DataFrame
    as_of_before: dt.date
    as_of: dt.date
    max_entities: int = MAX_ENTITIES

    @cached_property
    def after(self) -> Int64s:
        """By number the serial number of the mention's entity after the run."""
        return np.asarray(self.warehouse.serials)

    @cached_property
    def before(self) -> Int64s:
        """The same before the run, -1 for mentions that came."""
        came = np.full(len(self.after) - len(self.serials_before), -1, dtype=np.int64)
        return np.concatenate([self.serials_before, came])

    @cached_property
    def moved(self) -> Int64s:
        """The mentions that came, died, or went to another entity."""
        return np.flatnonzero(self.before != self.after)

    @cached_property
    def died(self) -> Int64s:
        """The mentions that died."""
        return self.moved[self.after[self.moved] < 0]

    @cached_property
    def ends(self) -> tuple[Int64s, Int64s]:
        """The two mentions of every pair."""
        return self.pairs["mention_l"].to_numpy(), self.pairs["mention_r"].to_numpy()

    def entities(self, *serials: Int64s) -> Bools:
        """Return the set of the entities that are named; -1 names none."""
        found = np.zeros(2 + max(self.before.max(initial=-1), self.after.max(initial=-1)), np.bool_)
        for some in serials:
            found[some] = True
        found[-1] = False
        return found

    def mentions(self, entities: Bools) -> Int64s:
        """Return the living mentions of a set of entities."""
        return np.flatnonzero(entities[self.after])

    def partners(self, mentions: Int64s) -> Int64s:
        """Return the mentions that a pair joins with some mentions."""
        among = np.zeros(len(self.after), dtype=np.bool_)
        among[mentions] = True
        left, right = self.ends
        return np.concatenate([right[among[left]], left[among[right]]])

    def holders(self, name: str, keys: UInt64s) -> Holders:
        """Return the living mentions of each of some keys."""
        found, starts = self.warehouse.index.members(name, keys)
        groups = np.repeat(np.arange(len(keys)), np.diff(starts))
        return Holders(groups, found.astype(np.int64))


def union(*numbers: Int64s) -> Int64s:
    """Return numbers once each, ascending."""
    return np.unique(np.concatenate(numbers)) if numbers else np.empty(0, np.int64)


def entities_each(groups: Int64s, serials: Int64s, count: int) -> Int64s:
    """Return how many entities there are in each of `count` groups; -1 is none."""
    living = serials >= 0
    size = int(serials.max(initial=0)) + 1
    different = np.unique(groups[living] * size + serials[living])
    return np.bincount(different // size, minlength=count)
