"""How many values too many entities hold after a night, from what changed.

Counted are the values that are held by too many entities to be told of, one of them at least in an
investigation, and the mentions that hold such a value (`linker.deconfliction.shared.LEFT_OUT`).
Only a value of a mention that came, died or moved can become one or cease to be one; only its
holders, and those mentions themselves, can become or cease to be counted.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from linker.blocking.hashing import Int64s, UInt64s
from linker.deconfliction.index_keys import VALUE, index_names, keys_of, value_names
from linker.deconfliction.night import Bools, Night, entities_each
from linker.deconfliction.shared import LEFT_OUT
from linker.deconfliction.timeline import INVESTIGATED
from linker.schemas import check


class _Values(NamedTuple):
    """Values of an identifier, ascending, and whether each was left out before and is after."""

    keys: UInt64s
    before: Bools
    after: Bools


class _Held(NamedTuple):
    """A row a value and mention that holds it."""

    keys: UInt64s
    mentions: Int64s


def left_out_after(night: Night, before: pl.DataFrame) -> pl.DataFrame:
    """Return `LEFT_OUT` after a night.

    Args:
        night: What changed.
        before: `LEFT_OUT` before it.
    """
    rows = []
    names, columns = value_names(night.warehouse.entity_type)
    moved = night.warehouse.rows(night.moved, columns)
    for name in names:
        own = _held(name, moved, night.moved)
        touched = _judged(night, name, own)
        flipped = touched.keys[touched.before != touched.after]
        others = np.setdiff1d(night.holders(name, flipped).mentions, night.moved)
        column = index_names(night.warehouse.entity_type)[name]
        theirs = _held(name, night.warehouse.rows(others, column), others)
        held = _Held(
            np.concatenate([own.keys, theirs.keys]), np.concatenate([own.mentions, theirs.mentions])
        )
        values = _judged(night, name, held)
        places = np.searchsorted(values.keys, held.keys)
        values_more = int(touched.after.sum()) - int(touched.before.sum())
        counted = [
            len(np.unique(held.mentions[left_out[places] & (serials[held.mentions] >= 0)]))
            for left_out, serials in ((values.before, night.before), (values.after, night.after))
        ]
        rows.append((name.removeprefix(VALUE), values_more, counted[1] - counted[0]))
    more = pl.DataFrame(rows, schema=dict(LEFT_OUT), orient="row")
    summed = pl.concat([before, more]).group_by("identifier").agg(pl.all().sum())
    found = summed.filter(pl.col("values_left_out") > 0).sort("identifier")
    return check(found, LEFT_OUT, "left_out")


def _held(name: str, values: pl.DataFrame, mentions: Int64s) -> _Held:
    keys, rows = keys_of(name, values)
    return _Held(keys, mentions[rows])


def _judged(night: Night, name: str, held: _Held) -> _Values:
    """Return which of some values were left out, and are.

    Args:
        night: What changed.
        name: Of the values' keys.
        held: The values; of mentions that died all that hold one of them.
    """
    keys, places = np.unique(held.keys, return_inverse=True)
    holders = night.holders(name, keys)
    died = night.after[held.mentions] < 0
    groups = np.concatenate([holders.groups, places[died]])
    mentions = np.concatenate([holders.mentions, held.mentions[died]])
    found = []
    for serials in (night.before[mentions], night.after[mentions]):
        many = entities_each(groups, serials, len(keys)) > night.max_entities
        some = many[groups] & (serials >= 0)
        placed = np.zeros(len(keys), dtype=np.bool_)
        placed[groups[some][_placed(night, mentions[some])]] = True
        found.append(many & placed)
    return _Values(keys, *found)


def _placed(night: Night, mentions: Int64s) -> Bools:
    """Return which mentions are of an investigation."""
    kinds = night.warehouse.rows(mentions, ["kind", "case_id"])
    return kinds.select(INVESTIGATED).to_series().to_numpy()
