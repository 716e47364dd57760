"""Crowds: entities of so many investigations that not all of what they meet can be told.

Of k investigations of one entity each meets k - 1 others: where links have chained strangers, or an
organization is in every other case, the meetings of one entity are more than anyone reads and more
than memory holds. So an investigation is told of at most `MOST` others on its entity, as many
contacts, as many on entities that may be its own, and as many through shared identifiers; what is
told grows with the investigations and no faster. Who is active comes first, then who opened last.
No investigation loses all it meets, so none becomes a NO_HIT.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from linker.deconfliction.meetings import Appearances

MOST: Final = 100
"""Of so many others an investigation is told on an entity."""
ROWS_AN_ENTITY: Final = 16
"""An entity of more rows counts for several where entities are made together."""


@dataclass(frozen=True)
class Crowded:
    """Entities of which not all meetings are told: how many, and the most that one has."""

    entities: int
    investigations: int
    contacts: int


def seen_of(appear: Appearances, times: pl.DataFrame, most: int = MOST) -> Appearances:
    """Return who appears in what, as far as others are told of it.

    Args:
        appear: Everyone.
        times: `linker.deconfliction.timeline.timelines`.
        most: How many investigations and contacts of an entity are told.
    """
    when = times.select("investigation", "active", "opened")
    views = (
        appear.views.join(when, on="investigation", how="left")
        .sort(
            ["entity", "active", "opened", "investigation"],
            descending=[False, True, True, False],
            nulls_last=True,
        )
        .pipe(first_of_each, "entity", most)
        .select(appear.views.columns)
    )
    contacts = first_of_each(appear.contacts.sort("entity", "mention"), "entity", most)
    return replace(appear, views=views, contacts=contacts)


def first_of_each(rows: pl.DataFrame, key: str, most: int = MOST) -> pl.DataFrame:
    """Return the first so many rows of each value of a column."""
    return rows.filter(pl.int_range(pl.len()).over(key) < most)


def crowds_of(appear: Appearances, most: int = MOST) -> pl.DataFrame:
    """Return ``entity``, ``investigations`` and ``contacts`` of those of which not all is told."""
    views = appear.views.group_by("entity").len("investigations")
    contacts = appear.contacts.group_by("entity").len("contacts")
    return (
        views.join(contacts, on="entity", how="left")
        .with_columns(pl.col("contacts").fill_null(0))
        .filter((pl.col("investigations") > most) | (pl.col("contacts") > most))
    )


def crowded(crowds: pl.DataFrame) -> Crowded:
    """Return how many entities not all is told of.

    Args:
        crowds: ``investigations`` and ``contacts`` of each.
    """
    if crowds.is_empty():
        return Crowded(0, 0, 0)
    largest = crowds.select(pl.col("investigations", "contacts").max()).row(0)
    return Crowded(crowds.height, *map(int, largest))


def parts_of(names: pl.DataFrame, appear: Appearances, at_once: int) -> pl.DataFrame:
    """Return ``entity`` and ``part``: entities in the order of ``rank``, about so many a part.

    Args:
        names: ``entity`` and ``rank``.
        appear: Who appears in what, as far as it is told.
        at_once: How many entities of few rows a part has.
    """
    views = appear.views.group_by("entity").len("views")
    contacts = appear.contacts.group_by("entity").len("contacts")
    rows = pl.col("views").fill_null(0) * (
        pl.col("views").fill_null(0) + pl.col("contacts").fill_null(0)
    )
    return (
        names.sort("rank")
        .join(views, on="entity", how="left", maintain_order="left")
        .join(contacts, on="entity", how="left", maintain_order="left")
        .with_columns(cost=(1 + rows // ROWS_AN_ENTITY).cast(pl.Int64))
        .select("entity", part=(pl.col("cost").cum_sum() - pl.col("cost")) // at_once)
    )
