"""Entity events: yesterday's entities against today's, and what made the difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from linker.entities.causes import Causes, strongest_between, strongest_within
from linker.schemas import CUT_RECORDS, RECORD, TEXT

_NONE_LEFT: Final = pl.lit(0, dtype=pl.Int64)
_UNLINKED: Final = "no link joins these records to the other entity's any more"

_LEFT_OVER: Final = (
    ", since their sources hold no duplicates and neither record of it has another partner there"
)


@dataclass(frozen=True)
class Changes:
    """What became of yesterday's entities.

    Attributes:
        records: ``source``, ``record_id``, ``place``, ``cluster``, and yesterday's ``entity_id``
            and ``serial``, null where there was none, of each mention in their order.
        named: ``cluster``, ``entity_id``, ``serial`` and ``records`` of each entity of today.
        minted: ``cluster``, ``entity_id``, ``records`` and ``first`` place of the new ones.
        parts: ``cluster``, ``entity_id``, ``serial``, ``size`` and ``first`` place of each part
            of yesterday's entities.
        homes: The rows of `parts` that say where each of these entities went.
        before: Yesterday's `linker.entities.identity.MEMBERSHIP`.
    """

    records: pl.DataFrame
    named: pl.DataFrame
    minted: pl.DataFrame
    parts: pl.DataFrame
    homes: pl.DataFrame
    before: pl.DataFrame


def entity_events(changes: Changes, causes: Causes) -> pl.DataFrame:
    """Return one row an event: columns of schema `LEDGER`, those of the run left out."""
    now = changes.named.select("cluster", "entity_id", "records", survivor="serial")
    met = strongest_between(
        causes.links,
        changes.records["cluster"],
        changes.records["serial"],
        changes.homes.select("cluster", "serial").join(
            now.select("cluster", "survivor"), on="cluster"
        ),
    )
    told = [
        _created(changes, causes),
        _merged(changes, now, met, causes),
        _split(changes, now, causes),
        _changed(changes, now, met, causes),
    ]
    return pl.concat([*told, _retired(changes)], how="diagonal")


def _created(changes: Changes, causes: Causes) -> pl.DataFrame:
    several = changes.minted.filter(pl.col("records") > 1)["cluster"]
    joined = strongest_within(causes.links, changes.records["cluster"], several)
    rows = (
        changes.minted.join(joined, on="cluster", how="left")
        .with_columns(pl.coalesce("mention_l", "first").alias("mention_l"))
        .join(causes.authors, on="decision", how="left")
    )
    reason = (
        pl.when(pl.col("decision").is_not_null())
        .then(pl.format("decision {} of {} joins these records", "decision", "author"))
        .when(pl.col("records") == 1)
        .then(pl.lit("no link joins this record to another"))
        .when("left_over")
        .then(pl.lit("a link joins these records" + _LEFT_OVER))
        .otherwise(pl.lit("links join these records"))
    )
    return _told(rows, "created", reason, changes.records)


def _merged(changes: Changes, now: pl.DataFrame, met: pl.DataFrame, causes: Causes) -> pl.DataFrame:
    """Tell of each entity whose home is another's cluster."""
    moved = changes.homes.select("cluster", "serial", old="entity_id").join(now, on="cluster")
    rows = (
        moved.filter(pl.col("old") != pl.col("entity_id"))
        .select("serial", entity_id="old", other_entity_id="entity_id", records=_NONE_LEFT)
        .join(met, on="serial", how="left")
        .join(causes.authors, on="decision", how="left")
    )
    theirs = "its records to the other entity's"
    reason = (
        pl.when(pl.col("decision").is_not_null())
        .then(pl.format("decision {} of {} joins " + theirs, "decision", "author"))
        .when("left_over")
        .then(pl.lit("a link joins " + theirs + _LEFT_OVER))
        .otherwise(pl.lit("links join " + theirs))
    )
    return _told(rows, "merged", reason, changes.records)


def _split(changes: Changes, now: pl.DataFrame, causes: Causes) -> pl.DataFrame:
    """Tell of each part of an entity that is not at its home."""
    parting = parted_by(changes.records["cluster"], changes.records["entity_id"], causes.cuts)
    home = changes.homes.select("cluster", "entity_id")
    rows = (
        changes.parts.join(home, on=["cluster", "entity_id"], how="anti")
        .select("cluster", "first", other_entity_id="entity_id")
        .join(now, on="cluster")
        .join(parting, on=["cluster", "other_entity_id"], how="left")
        .with_columns(pl.coalesce("mention_l", "first").alias("mention_l"))
    )
    reason = pl.coalesce("parted_by", pl.lit(_UNLINKED))
    return _told(rows, "split", reason, changes.records)


def _changed(
    changes: Changes, now: pl.DataFrame, met: pl.DataFrame, causes: Causes
) -> pl.DataFrame:
    then = changes.before.group_by("entity_id").agg(pl.len().cast(pl.Int64).alias("before"))
    rows = (
        changes.homes.select("cluster", "entity_id", kept=pl.col("size").cast(pl.Int64))
        .join(now, on=["cluster", "entity_id"])
        .join(then, on="entity_id")
        .with_columns(
            gained=pl.col("records") - pl.col("kept"), lost=pl.col("before") - pl.col("kept")
        )
        .filter((pl.col("gained") > 0) | (pl.col("lost") > 0))
        .join(met, left_on="survivor", right_on="serial", how="left")
        .join(causes.authors, on="decision", how="left")
    )
    counted = pl.format("gained {} records, lost {}", "gained", "lost")
    decided = pl.format("; decision {} of {} joins them", "decision", "author")
    over = pl.when("left_over").then(pl.lit(_LEFT_OVER)).otherwise(pl.lit(""))
    reason = pl.concat_str(counted, decided.fill_null(""), over)
    told = _told(rows, "changed", reason, changes.records)
    return told.join(_lost(changes, rows), on="entity_id", how="left").with_columns(
        pl.coalesce(name, f"lost_{name}").alias(name) for name in RECORD
    )


def _lost(changes: Changes, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the first record that left each entity which gained none."""
    only = rows.filter(pl.col("gained") == 0).select("entity_id", home="cluster")
    if only.is_empty():
        return only.select("entity_id", *(pl.lit(None, TEXT).alias(f"lost_{n}") for n in RECORD))
    here = changes.records.select(*RECORD, "cluster")
    left = (
        changes.before.join(only, on="entity_id")
        .join(here, on=list(RECORD), how="left")
        .filter(pl.col("cluster").ne_missing(pl.col("home")))
    )
    return _first_of_each(left).select(
        "entity_id", lost_source="source", lost_record_id="record_id"
    )


def _retired(changes: Changes) -> pl.DataFrame:
    gone = changes.before.join(changes.homes, on="entity_id", how="anti")
    return _first_of_each(gone).select(
        *("entity_id", *RECORD),
        event=pl.lit("retired"),
        records=_NONE_LEFT,
        reason=pl.lit("its records are gone from their sources"),
    )


def _first_of_each(membership: pl.DataFrame) -> pl.DataFrame:
    return membership.sort(list(RECORD)).unique("entity_id", keep="first", maintain_order=True)


def _told(rows: pl.DataFrame, event: str, reason: pl.Expr, records: pl.DataFrame) -> pl.DataFrame:
    """Return rows as events, with the names of ``mention_l`` and ``mention_r``."""
    names = {
        name: records[name.removeprefix("other_")].gather(rows[mention])
        for name, mention in zip(
            CUT_RECORDS, ("mention_l", "mention_l", "mention_r", "mention_r"), strict=True
        )
    }
    columns = ["entity_id", "other_entity_id", "records", "match_weight", "decision"]
    return rows.with_columns(reason.alias("reason"), pl.lit(event).alias("event"), **names).select(
        *(name for name in columns if name in rows.columns), *CUT_RECORDS, "event", "reason"
    )


def parted_by(clusters: pl.Series, before: pl.Series, cuts: pl.DataFrame) -> pl.DataFrame:
    """Return why clusters of today are apart from what is left of yesterday's entities.

    Args:
        clusters: The cluster of each mention today.
        before: The entity id of each mention yesterday; null where it had none.
        cuts: `linker.entities.causes.TOLD_CUTS`.

    Returns:
        ``cluster``, ``other_entity_id``, and of the cut between a record of the cluster,
        ``mention_l``, and one that the entity had, ``mention_r``, that a decision made or else of
        the heaviest link: ``match_weight``, ``decision`` and the reason, ``parted_by``.
    """
    sides = (("mention_l", "mention_r"), ("mention_r", "mention_l"))
    return (
        pl.concat(
            cuts.select(
                *("match_weight", "decision"),
                clusters.gather(cuts[here]).alias("cluster"),
                before.gather(cuts[there]).alias("other_entity_id"),
                mention_l=here,
                mention_r=there,
                parted_by="reason",
            )
            for here, there in sides
        )
        .drop_nulls("other_entity_id")
        .sort(
            [pl.col("decision").is_null(), -pl.col("match_weight"), "mention_l", "mention_r"],
        )
        .unique(["cluster", "other_entity_id"], keep="first", maintain_order=True)
    )
