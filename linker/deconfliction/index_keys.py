"""Keys by which mentions are found that hold a value, are of an investigation, or of a day.

They lie beside the blocking keys, under names of their own:

- ``value.<column>``: a value of an identifier (`linker.deconfliction.shared`); that of an address
  goes with its postal code, and once more with its city;
- ``case``: what names an investigation (`linker.deconfliction.timeline.place_investigations`); a
  mention that is an investigation of its own has none;
- ``opened`` and ``closed``: that day, of mentions of investigations.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from linker.blocking.hashing import EVERY_CHARACTER, Int32s, UInt64s, joined_keys
from linker.blocking.keys import KeyPart, hash_part
from linker.blocking.one_keys import hash_values, joined, texts_of
from linker.deconfliction.shared import OF_ADDRESS, identifiers
from linker.deconfliction.timeline import INVESTIGATED
from linker.schemas import MENTIONS, EntityType

VALUE: Final = "value."
"""What the names of the keys of identifiers begin with."""
DAYS: Final = ("opened", "closed")
"""The names of the keys of days, and the columns they are made of."""


class Keyed(NamedTuple):
    """Keys of some mentions, in no order; a mention may have several, and one of them twice.

    `rows` says for each key in which row of the table its mention is.
    """

    keys: UInt64s
    rows: Int32s


def index_names(entity_type: EntityType) -> dict[str, tuple[str, ...]]:
    """Return the name of every index of an entity type, and the columns its keys are made of."""
    values = {
        f"{VALUE}{column}": (column, *(OF_ADDRESS if column == "address" else ()))
        for column in identifiers(entity_type)
        if column in MENTIONS[entity_type]
    }
    return {**values, "case": _CASE, **{day: (day, "kind", "case_id") for day in DAYS}}


def value_names(entity_type: EntityType) -> tuple[tuple[str, ...], set[str]]:
    """Return the names of the indexes of values, and all columns that they take together."""
    names = index_names(entity_type)
    of_values = tuple(name for name in names if name.startswith(VALUE))
    return of_values, {column for name in of_values for column in names[name]}


def keys_of(name: str, mentions: pl.DataFrame) -> Keyed:
    """Return the keys of mentions under a name of `index_names`, given the columns it takes."""
    if name == "case":
        return _joined(mentions, pl.coalesce("agency", "source"), pl.col("case_id"))
    if name in DAYS:
        return _joined(mentions, pl.when(INVESTIGATED).then(name))
    column = name.removeprefix(VALUE)
    if column != "address":
        return _joined(mentions, pl.col(column))
    parts = [_joined(mentions, pl.col(column), pl.col(place)) for place in OF_ADDRESS]
    return Keyed(
        np.concatenate([part.keys for part in parts]), np.concatenate([part.rows for part in parts])
    )


def keys_of_days(first: dt.date, last: dt.date) -> UInt64s:
    """Return the keys of all days from the first to the last, both included."""
    days = pl.DataFrame({"day": pl.date_range(first, last, eager=True)})
    return _joined(days, pl.col("day")).keys


def value_keys(entity_type: EntityType, mention: Mapping[str, object]) -> dict[str, list[int]]:
    """Return by identifier the keys of one mention's values, as `keys_of` makes them of a table.

    Args:
        entity_type: What it is of.
        mention: Columns and what it has of them.
    """
    return value_keys_of(entity_type, [mention])[0]


def value_keys_of(
    entity_type: EntityType, mentions: Sequence[Mapping[str, object]]
) -> list[dict[str, list[int]]]:
    """Return the keys of the values of each of some mentions; see `value_keys`."""
    asked = [
        (number, name, [texts_of(mention, name)] + ([texts_of(mention, place)] if place else []))
        for number, mention in enumerate(mentions)
        for name in identifiers(entity_type)
        if name in mention
        for place in (OF_ADDRESS if name == "address" else (None,))
    ]
    # in one go: each call of the compiled function has its price
    hashed = iter(hash_values((texts, EVERY_CHARACTER) for *_, parts in asked for texts in parts))
    found: list[dict[str, list[int]]] = [{} for _ in mentions]
    for number, name, parts in asked:
        keys = joined([1], [next(hashed) for _ in parts])
        if keys:
            found[number].setdefault(name, []).extend(keys)
    return found


_CASE: Final = ("source", "kind", "case_id", "agency")


def _joined(mentions: pl.DataFrame, *values: pl.Expr) -> Keyed:
    """Return the keys of mentions made of one or several values; of a list, one of each value."""
    keys = np.ones(mentions.height, dtype=np.uint64)
    rows = np.arange(mentions.height, dtype=np.int32)
    for value in values:
        hashed = hash_part(KeyPart("", value, (), EVERY_CHARACTER), mentions)
        keys, rows = joined_keys(keys, rows, hashed.hashes, hashed.offsets)
    return Keyed(keys, rows)
