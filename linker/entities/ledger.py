"""What the ledger says of cuts, and what every entry of a run carries."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from linker.schemas import CUT_RECORDS, CUTS, LEDGER, EntityType, conform, empty


@dataclass(frozen=True)
class RunStamp:
    """What every ledger entry of a run carries."""

    generation: int
    at: str
    model: str


def stamped(events: pl.DataFrame, entity_type: EntityType, stamp: RunStamp) -> pl.DataFrame:
    """Return events as schema `LEDGER`, sorted; columns that they lack are null."""
    if events.is_empty():
        return empty(LEDGER)
    whole = pl.concat([empty(LEDGER), events], how="diagonal").with_columns(
        pl.lit(stamp.generation, dtype=pl.Int64).alias("generation"),
        pl.lit(stamp.at).alias("run_at"),
        pl.lit(entity_type).alias("entity_type"),
        pl.lit(stamp.model).alias("model"),
    )
    return whole.select(list(LEDGER)).sort(
        "entity_id", "event", "other_entity_id", "record_id", "other_record_id"
    )


def named_cuts(cuts: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Return cuts with their records named, schema `linker.schemas.CUTS`, sorted by them.

    Args:
        cuts: `linker.entities.causes.TOLD_CUTS`.
        records: ``source`` and ``record_id`` of every mention, in their order.
    """
    left, right = cuts["mention_l"], cuts["mention_r"]
    named = cuts.with_columns(
        records["source"].gather(left).alias("source"),
        records["record_id"].gather(left).alias("record_id"),
        records["source"].gather(right).alias("other_source"),
        records["record_id"].gather(right).alias("other_record_id"),
    )
    return conform(named, CUTS).sort(list(CUT_RECORDS))


def cut_events(
    cuts: pl.DataFrame,
    before: pl.DataFrame,
    membership: pl.DataFrame,
    entity_type: EntityType,
    stamp: RunStamp,
) -> pl.DataFrame:
    """Return the ledger's rows of the cuts that were not there before.

    Args:
        cuts: Today's, schema `linker.schemas.CUTS`.
        before: Yesterday's.
        membership: ``source``, ``record_id`` and ``entity_id`` of every mention.
        entity_type: Whose they are.
        stamp: What each entry carries.
    """
    same = [*CUT_RECORDS, "cut", "decision"]
    new = cuts.join(before, on=same, how="anti", nulls_equal=True)
    if new.is_empty():
        return empty(LEDGER)
    mine = membership.select("source", "record_id", "entity_id")
    theirs = mine.rename(
        {
            "source": "other_source",
            "record_id": "other_record_id",
            "entity_id": "other_entity_id",
        }
    )
    sizes = mine.group_by("entity_id").agg(pl.len().cast(pl.Int64).alias("records"))
    events = (
        new.join(mine, on=["source", "record_id"])
        .join(theirs, on=["other_source", "other_record_id"])
        .join(sizes, on="entity_id")
        .select(
            *("entity_id", "other_entity_id", "records", *CUT_RECORDS),
            *("match_weight", "decision", "reason"),
            event=pl.lit("cut"),
        )
    )
    return stamped(events, entity_type, stamp)
