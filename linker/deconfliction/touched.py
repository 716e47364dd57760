"""Which entities a night touched: those of which something else may be told than before.

What is told of an entity is made of

1. its own mentions, and the confirmed links among them;
2. what is told of its investigations, each of which depends on all mentions of it, those of other
   entities included (`linker.deconfliction.changed_cases`);
3. the entities that a possible link joins with it: their mentions, what is told of their
   investigations, their contacts;
4. the entities that share a value with it, told only while few entities hold the value: the same of
   them, but for contacts, which no shared value points at.

It is made of nothing that its neighbours' neighbours are or have: whom else a neighbour meets is
told of the neighbour. So one step from what changed is enough. With D the entities whose mentions
are not the same as before, and I those with an investigation that changed, touched are

- D and I themselves;
- both entities of every pair that came or went;
- whom a possible link joins with a mention that came or moved, or with an entity of D or I that has
  an investigation or a contact, before or after: with no other is there anything to meet;
- whoever holds a value that an entity of D or I with an investigation holds or held, if few enough
  entities hold it;
- whoever holds a value that few enough entities held before and do not after it, or the reverse.
  Only mentions that came, died or moved can bring that about.

That a possible link tells nothing where contacts alone make it and the two entities share an
identifier does not reach further: what makes two entities share or cease to share has touched both
already, where either has anything that the other could meet.

An entity without an investigation has no rows, and is told anew only if it had some.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from linker.blocking.hashing import Int64s, UInt64s
from linker.deconfliction.changed_cases import changed_cases
from linker.deconfliction.index_keys import keys_of, value_names
from linker.deconfliction.meetings import CONTACT_KINDS
from linker.deconfliction.night import Bools, Night, entities_each, union
from linker.deconfliction.timeline import INVESTIGATED


class Touched(NamedTuple):
    """Serial numbers, ascending.

    Attributes:
        tell: Of entities to tell of anew.
        told: Of entities whose earlier rows count no longer: these, and those that have no
            investigation any more or are no more.
    """

    tell: Int64s
    told: Int64s


class _Held(NamedTuple):
    """Values of an identifier: a row a value and mention that holds it.

    `carry` says whether the mention is of an entity whose investigations others may see anew.
    """

    keys: UInt64s
    mentions: Int64s
    carry: Bools


def touched_entities(night: Night) -> Touched:
    """Return the entities of which something else may be told after a night than before."""
    before, after, moved = night.before, night.after, night.moved
    changed = night.entities(before[moved], after[moved])
    recast = night.entities(after[changed_cases(night)])
    known = union(moved, night.mentions(changed))
    views, contacts = _appearing(night, known)
    viewed = changed & night.entities(before[known[views]], after[known[views]]) | recast
    appearing = changed & night.entities(before[known[contacts]], after[known[contacts]]) | viewed
    near = night.partners(union(moved, night.mentions(appearing)))
    altered = [night.altered[name].to_numpy() for name in ("mention_l", "mention_r")]
    touched = night.entities(*(after[some] for some in (near, *altered)))
    touched |= changed | recast | _sharing(night, viewed)
    some = night.mentions(touched)
    tell = touched & night.entities(after[some[_appearing(night, some)[0]]])
    return Touched(np.flatnonzero(tell), np.flatnonzero(tell | changed))


def _appearing(night: Night, mentions: Int64s) -> tuple[Bools, Bools]:
    """Return which mentions are of an investigation, and which are contacts."""
    kinds = night.warehouse.rows(mentions, ["kind", "case_id"])
    told = kinds.select(
        placed=INVESTIGATED,
        contact=pl.col("kind").is_in(CONTACT_KINDS).fill_null(value=False),
    )
    views, contacts = told["placed"].to_numpy(), told["contact"].to_numpy()
    return views, contacts & ~views


def _sharing(night: Night, viewed: Bools) -> Bools:
    """Return the entities with which others share something else than before.

    Args:
        night: What changed.
        viewed: The entities whose investigations others may be told of anew.
    """
    before, after, moved = night.before, night.after, night.moved
    carried = night.entities()
    mentions = union(moved, night.mentions(viewed))
    carry = viewed[before[mentions]] | viewed[after[mentions]]
    names, columns = value_names(night.warehouse.entity_type)
    values = night.warehouse.rows(mentions, columns)
    for name in names:
        keys, rows = keys_of(name, values)
        carried |= _of_values(night, name, _Held(keys, mentions[rows], carry[rows]))
    return carried


def _of_values(night: Night, name: str, held: _Held) -> Bools:
    """Return whoever holds a value of which something else is told than before."""
    before, after, most = night.before, night.after, night.max_entities
    keys, places = np.unique(held.keys, return_inverse=True)
    holders = night.holders(name, keys)
    died = after[held.mentions] < 0
    groups = np.concatenate([holders.groups, places[died]])
    earlier = np.concatenate([before[holders.mentions], before[held.mentions[died]]])
    few_before = entities_each(groups, earlier, len(keys)) <= most
    few_after = entities_each(holders.groups, after[holders.mentions], len(keys)) <= most
    carried = np.zeros(len(keys), dtype=np.bool_)
    carried[places[held.carry]] = True
    told = carried & few_after | (few_before != few_after)
    return night.entities(after[holders.mentions[told[holders.groups]]])
