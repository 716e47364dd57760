"""The classes of deconfliction: each investigation and what it meets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from linker.deconfliction.crowds import MOST, Crowded, crowded, crowds_of, parts_of, seen_of
from linker.deconfliction.describe import describe, shown_of_mentions
from linker.deconfliction.meetings import (
    Appearances,
    confirmed_groups,
    contact_meetings,
    declared_joint,
    find_appearances,
    number_entities,
    possible_entities,
    possible_meetings,
    same_entity_meetings,
    shared_meetings,
)
from linker.deconfliction.timeline import (
    LATER,
    class_of_pair,
    place_investigations,
    timelines,
)
from linker.schemas import (
    CROWDS,
    INVESTIGATIONS,
    TEXTS,
    EntityType,
    Schema,
    check,
    conform,
    empty,
)

READ: Final = (
    *("mention", "source", "record_id", "kind", "case_id", "joint_case_ids", "agency", "unit"),
    *("status", "opened", "closed", "arrest_id", "report_id"),
)
"""The columns of mentions that `classify` uses."""

ENTITIES_AT_ONCE: Final = 100_000
"""Of so many entities the rows are made together; it bounds memory."""

_PAIR: Final[Schema] = {
    "entity": pl.Int64(),
    "other_entity": pl.Int64(),
    "weight": pl.Float64(),
}
_SHARING: Final[Schema] = {
    "entity": pl.Int64(),
    "other_entity": pl.Int64(),
    "mention": pl.Int64(),
    "other_mention": pl.Int64(),
    "q": pl.Int64(),
    "c": pl.Int64(),
    "matched_on": TEXTS,
}


@dataclass(frozen=True)
class Telling:
    """What is told, and how.

    Attributes:
        as_of: The date to judge at.
        at_once: How many entities a part tells of: all of them together may not fit into memory.
        most: Of so many others an investigation is told; see `linker.deconfliction.crowds`.
        only: Numbers of the entities to tell of (``entity``); all unless given.
        crowds: Receives `schemas.CROWDS`, of which of these not all is told.
    """

    as_of: dt.date
    at_once: int = ENTITIES_AT_ONCE
    most: int = MOST
    only: pl.Series | None = None
    crowds: Callable[[pl.DataFrame], None] | None = None

    def of(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows whose ``entity`` is told of."""
        if self.only is None:
            return rows
        return rows.join(self.only.alias("entity").to_frame(), on="entity", how="semi")


def classify(
    entity_type: EntityType,
    mentions: pl.DataFrame,
    membership: pl.DataFrame,
    pairs: pl.DataFrame,
    shared: pl.DataFrame,
    as_of: dt.date,
) -> pl.DataFrame:
    """Return what `classify_in_parts` yields, given the same, as one table."""
    parts = classify_in_parts(entity_type, mentions, membership, pairs, shared, as_of)
    return pl.concat([empty(INVESTIGATIONS), *parts])


def classify_in_parts(
    entity_type: EntityType,
    mentions: pl.DataFrame,
    membership: pl.DataFrame,
    pairs: pl.DataFrame,
    shared: pl.DataFrame,
    as_of: dt.date,
    at_once: int = ENTITIES_AT_ONCE,
    tell: Callable[[Crowded], None] | None = None,
) -> Iterator[pl.DataFrame]:
    """Say of each investigation what else is known of its entities.

    Two investigations meet on an entity that both have a mention of, or on two entities that a
    possible link joins, unless either declares the other joint. Each of the two sees the other in
    a row of its own, with one exception: where C opened on or after the day Q closed, C's row says
    PRIOR of Q, and Q has no row for C, since a case opened later tells nothing of Q's past. Q has
    met something all the same, so it is not NO_HIT: it may have no row at all. NO_HIT is said of
    an investigation and entity that meet nothing but, at most, joint investigations.

    The PRIOR that accounts for such a Q need not name the same entity of Q: where C also meets Q
    on C's own entity, that stands for what a possible link says of Q's other entities.

    A meeting on the entity itself stands for meetings of the same two investigations through
    possible links or shared identifiers, and a possible link for a shared identifier: an ordered
    pair never has two classes on one entity. SHARED_IDENTIFIER has the tier POSSIBLE, the weakest:
    identity is not asserted. Arrests, intelligence and watchlist mentions that carry a case id
    belong to that investigation and are no contacts.

    Args:
        entity_type: What the mentions are of.
        mentions: `schemas.PERSON` or `schemas.ORGANIZATION`, numbered in the order of source and
            record id; only the columns `READ` are used.
        membership: ``mention`` Int64, ``entity_id`` String; every mention once.
        pairs: `schemas.SCORED_PAIRS` and ``link`` Boolean (true: a link; false: a possible link).
            Pairs that a person judged to be no match are to be left out beforehand.
        shared: ``mention_l``, ``mention_r``, ``matched_on``, as `shared_identifiers` returns it.
        as_of: The date to judge at.
        at_once: How many entities a part tells of: all of them together may not fit into memory.
        tell: Receives of how many entities not all is told; see `linker.deconfliction.crowds`.

    Yields:
        `schemas.INVESTIGATIONS`, sorted by its columns, and so are the parts one after the other.
        ``agency`` is the source's name where the mention has none. ``other_entity_id`` is null
        where the meeting is on the same entity.
    """
    crowds = (lambda frame: tell(crowded(frame))) if tell else None
    telling = Telling(as_of, at_once, crowds=crowds)
    yield from tell_in_parts(entity_type, mentions, membership, pairs, shared, telling)


def tell_in_parts(
    entity_type: EntityType,
    mentions: pl.DataFrame,
    membership: pl.DataFrame,
    pairs: pl.DataFrame,
    shared: pl.DataFrame,
    telling: Telling,
) -> Iterator[pl.DataFrame]:
    """Yield what `classify_in_parts` does, given the same, of some entities and with other limits.

    Args:
        entity_type: What the mentions are of.
        mentions: See `classify_in_parts`, and so the next three.
        membership: See there.
        pairs: See there.
        shared: See there.
        telling: What is told.
    """
    facts = mentions.select(READ)
    cases = place_investigations(facts)
    appear = find_appearances(facts, cases, number_entities(membership))
    groups = confirmed_groups(pairs, appear.entities)
    joint, times = declared_joint(cases), timelines(cases, telling.as_of)
    seen = seen_of(appear, times, telling.most)
    names = _ranked(membership, appear)
    if telling.crowds:
        told_of = replace(appear, views=telling.of(appear.views))
        crowds = crowds_of(told_of, telling.most).join(names, on="entity").sort("rank")
        kind = pl.lit(entity_type).alias("entity_type")
        telling.crowds(conform(crowds.with_columns(kind), CROWDS))
    shown = shown_of_mentions(facts, cases, appear)
    del facts, cases
    part_of = telling.of(parts_of(names, seen, telling.at_once))
    views, placed, possible, sharing = (
        _split(frame, part_of)
        for frame in (
            appear.views,
            appear.cases,
            possible_entities(pairs, appear.entities),
            shared_meetings(appear, seen, shared, telling.most).join(
                joint, on=["q", "c"], how="anti"
            ),
        )
    )
    no_pair, no_sharing = empty(_PAIR), empty(_SHARING)
    for number in sorted(views):
        here = replace(appear, views=views.pop(number), cases=placed.pop(number))
        met = _Met(
            seen,
            groups,
            possible.pop(number, no_pair),
            sharing.pop(number, no_sharing),
            joint,
            times,
        )
        published = describe(_rows(here, met, telling.most), names, shown).select(
            pl.lit(entity_type).alias("entity_type"),
            *(name for name in INVESTIGATIONS if name not in {"entity_type", "as_of"}),
            pl.lit(telling.as_of, dtype=pl.Date).alias("as_of"),
        )
        yield check(published, INVESTIGATIONS, "investigations")


def _ranked(membership: pl.DataFrame, appear: Appearances) -> pl.DataFrame:
    """Return ``entity``, ``entity_id`` and ``rank`` of the entities that rows may name."""
    concerned = pl.concat([appear.views.select("entity"), appear.contacts.select("entity")])
    return (
        membership.select(entity="mention", entity_id="entity_id")
        .join(concerned.unique(), on="entity", how="semi")
        .sort("entity_id")
        .select("entity", "entity_id", rank=pl.int_range(pl.len(), dtype=pl.Int64))
        .sort("entity")
    )


def _split(rows: pl.DataFrame, part_of: pl.DataFrame) -> dict[int, pl.DataFrame]:
    """Return rows by the part of their ``entity``."""
    placed = rows.join(part_of, on="entity")
    if part_of["part"].max() in (None, 0):
        return {} if rows.is_empty() else {0: placed.drop("part")}
    parts = placed.partition_by("part", as_dict=True, include_key=False)
    return {int(key[0]): part for key, part in parts.items()}


@dataclass(frozen=True)
class _Met:
    """What the entities of one part may meet.

    Attributes:
        seen: Who appears in what, as far as others are told of it.
        groups: `confirmed_groups`.
        possible: `possible_entities`, as far as they concern the part.
        sharing: `shared_meetings`, as far as they concern the part, without joint investigations.
        joint: `declared_joint`.
        times: `timelines`.
    """

    seen: Appearances
    groups: pl.DataFrame
    possible: pl.DataFrame
    sharing: pl.DataFrame
    joint: pl.DataFrame
    times: pl.DataFrame


def _rows(here: Appearances, others: _Met, most: int) -> pl.DataFrame:
    """Return in numbers what the entities of one part meet.

    Args:
        here: Who appears in what: views and cases of the part's entities alone.
        others: What they may meet.
        most: Of so many others an investigation is told.
    """
    met = _met(here, others, most).pipe(_classed, others.times)
    sharing = others.sharing.join(met, on=["entity", "q", "c"], how="anti").with_columns(
        pl.lit("SHARED_IDENTIFIER").alias("class"), tier=pl.lit("POSSIBLE")
    )
    touched = contact_meetings(
        replace(here, contacts=others.seen.contacts), others.groups, others.possible, most
    ).with_columns(pl.lit("PRIOR_CONTACT").alias("class"))
    shown = pl.concat([met.filter(pl.col("class") != LATER), sharing, touched], how="diagonal")
    views = here.views.rename({"investigation": "q"})
    hits = pl.concat([frame.select("entity", "q") for frame in (met, sharing, touched)])
    missed = views.join(hits, on=["entity", "q"], how="anti").with_columns(
        pl.lit("NO_HIT").alias("class")
    )
    return pl.concat([shown, missed], how="diagonal")


def _met(here: Appearances, others: _Met, most: int) -> pl.DataFrame:
    """Return the meetings of investigations that are not joint; the surest of each pair."""
    same = same_entity_meetings(here, others.seen, others.groups)
    maybe = possible_meetings(here, others.seen, others.possible, most).join(
        same, on=["entity", "q", "c"], how="anti"
    )
    columns = ["entity", "other_entity", "q", "c", "mention", "other_mention", "tier"]
    meetings = pl.concat([same.select(columns), maybe.select(columns)])
    return meetings.join(others.joint, on=["q", "c"], how="anti")


def _classed(meetings: pl.DataFrame, times: pl.DataFrame) -> pl.DataFrame:
    """Add ``class``, LATER included."""
    of_c = times.rename({name: f"{name}_c" for name in times.columns})
    return (
        meetings.join(times, left_on="q", right_on="investigation")
        .join(of_c, left_on="c", right_on="investigation_c")
        .select(*meetings.columns, class_of_pair().alias("class"))
    )
