"""Entities told anew after a night, from a small world that holds all their rows are made of.

The world of some entities holds every mention

- of the entities themselves, of those that a possible link joins with them, and of those that share
  with them a value that few enough entities hold;
- of the investigations of all these, whoever it is about: when an investigation was active, its
  unit, its first mention and what it is joint with depend on all of its mentions;
- of a value that too many hold, as many entities as show that it is too many.

Of these entities it tells what the whole would, since that depends on numbers only by their order
and mentions are numbered in the same order here, that of source and record id: entities and
investigations are named and put in order by their smallest mention, and of whatever counts all
mentions are here. Of its other entities it would tell too little, so they are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import polars as pl

from linker.blocking.hashing import Int64s
from linker.deconfliction.classify import READ, Telling, tell_in_parts
from linker.deconfliction.crowds import MOST
from linker.deconfliction.index_keys import index_names, keys_of, value_names
from linker.deconfliction.night import Bools, Night, entities_each, union
from linker.deconfliction.shared import (
    shared_columns,
    shared_identifiers,
    without_associations,
)

IN_ONE_WORLD: Final = 250_000
"""Of so many entities one world is made; it bounds memory."""

EntityIds = Callable[[Int64s], pl.Series]
"""Gives the ids of entities by their serial numbers."""


def tell_anew(
    night: Night,
    entities: Int64s,
    ids: EntityIds,
    most: int = MOST,
    in_one_world: int = IN_ONE_WORLD,
    crowds: Callable[[pl.DataFrame], None] | None = None,
) -> Iterator[pl.DataFrame]:
    """Tell of some entities what `classify_in_parts` tells of them among all others.

    Args:
        night: Everything, after the run; what there was before is not read.
        entities: Their serial numbers.
        ids: Gives the ids.
        most: Of so many others an investigation is told.
        in_one_world: Of so many entities one world is made.
        crowds: Receives `schemas.CROWDS`, of which of these entities not all is told, in parts.

    Yields:
        `schemas.INVESTIGATIONS`, sorted, and so are the parts one after the other.
    """
    named = pl.DataFrame({"serial": entities, "entity_id": ids(entities)}).sort("entity_id")
    for first in range(0, named.height, in_one_world):
        some = named["serial"].slice(first, in_one_world).to_numpy()
        yield from _told(night, night.entities(some), ids, most, crowds)


def _told(
    night: Night,
    entities: Bools,
    ids: EntityIds,
    most: int,
    crowds: Callable[[pl.DataFrame], None] | None,
) -> Iterator[pl.DataFrame]:
    """Tell of a set of entities, from a world of their own."""
    entity_type = night.warehouse.entity_type
    numbers = surroundings(night, entities)
    columns = {*READ, *shared_columns(entity_type), "record_id"}
    rows = night.warehouse.rows(numbers, columns).rename({"mention": "number"})
    mentions = rows.sort("source", "record_id").with_columns(
        mention=pl.int_range(pl.len(), dtype=pl.Int64)
    )
    order = mentions["number"].to_numpy()
    serials = night.after[order]
    different, first, place = np.unique(serials, return_index=True, return_inverse=True)
    membership = mentions.select(
        "mention", ids(different).gather(place).alias("entity_id"), entity=pl.Series(first[place])
    )
    numbered = membership.select("mention", entity_id="entity")
    shared, _ = shared_identifiers(entity_type, mentions, membership, night.max_entities)
    of_them = entities[serials]
    ends = [of_them[shared[name].to_numpy()] for name in ("mention_l", "mention_r")]
    shared = shared.filter(pl.Series(ends[0] | ends[1], dtype=pl.Boolean))
    pairs = without_associations(_pairs(night, order), numbered, shared)
    only = pl.Series(np.unique(first[place][of_them]), dtype=pl.Int64)
    telling = Telling(night.as_of, most=most, only=only, crowds=crowds)
    yield from tell_in_parts(entity_type, mentions, membership, pairs, shared, telling)


def surroundings(night: Night, entities: Bools) -> Int64s:
    """Return the mentions of the world of some entities."""
    mentions = night.mentions(entities)
    few, proofs = _holders(night, mentions)
    joined = night.after[night.partners(mentions)]
    whole = night.mentions(entities | few | night.entities(joined))
    named = keys_of(
        "case", night.warehouse.rows(whole, index_names(night.warehouse.entity_type)["case"])
    )
    return union(whole, proofs, night.holders("case", np.unique(named.keys)).mentions)


def _holders(night: Night, mentions: Int64s) -> tuple[Bools, Int64s]:
    """Return who shares values with mentions, and of values too many hold mentions that show it."""
    few = night.entities()
    proofs = []
    names, columns = value_names(night.warehouse.entity_type)
    values = night.warehouse.rows(mentions, columns)
    for name in names:
        keys = np.unique(keys_of(name, values).keys)
        groups, held = night.holders(name, keys)
        serials = night.after[held]
        many = entities_each(groups, serials, len(keys)) > night.max_entities
        few |= night.entities(serials[~many[groups]])
        crowd = pl.DataFrame({"key": groups, "serial": serials, "mention": held})
        crowd = crowd.filter(pl.Series(many[groups], dtype=pl.Boolean)).unique(["key", "serial"])
        nth = pl.int_range(pl.len()).over("key")
        proofs.append(crowd.filter(nth <= night.max_entities)["mention"].to_numpy())
    return few, union(*proofs)


def _pairs(night: Night, order: Int64s) -> pl.DataFrame:
    """Return the pairs within a world, by its own numbers.

    Args:
        night: All pairs.
        order: The mention's number of each mention of the world.
    """
    place = np.full(len(night.after), -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    here = [place[end] for end in night.ends]
    kept = (here[0] >= 0) & (here[1] >= 0)
    left, right = (end[kept] for end in here)
    serials = night.after[order]
    return night.pairs.filter(pl.Series(kept, dtype=pl.Boolean)).with_columns(
        pl.Series("mention_l", np.minimum(left, right), dtype=pl.Int64),
        pl.Series("mention_r", np.maximum(left, right), dtype=pl.Int64),
        link=pl.col("link") & pl.Series(serials[left] == serials[right], dtype=pl.Boolean),
    )
