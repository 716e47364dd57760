"""What the ledger says of cuts, and what every entry of a run carries."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from linker.entities.hold import REASONS
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
        cuts: `linker.entities.hold.CUTS`.
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
    new = cuts.join(before, on=[*CUT_RECORDS, "cut"], how="anti")
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
            event=pl.lit("cut"),
            reason=pl.col("cut").replace_strict(REASONS, return_dtype=pl.String),
        )
    )
    return stamped(events, entity_type, stamp)


def parted_by(clusters: pl.Series, before: pl.Series, cuts: pl.DataFrame | None) -> pl.DataFrame:
    """Return why clusters of today are apart from what is left of yesterday's entities.

    Args:
        clusters: The cluster of each mention today.
        before: The entity id of each mention yesterday; null where it had none.
        cuts: `linker.entities.hold.CUTS`.

    Returns:
        ``cluster``, ``other_entity_id`` and ``parted_by``, the reason of the heaviest link that was
        cut between a record of the cluster and one that the entity had.
    """
    columns = ["cluster", "other_entity_id", "parted_by"]
    if cuts is None:
        texts = {"other_entity_id": pl.String(), "parted_by": pl.String()}
        return pl.DataFrame(schema={"cluster": clusters.dtype, **texts})
    sides = (("mention_l", "mention_r"), ("mention_r", "mention_l"))
    return (
        pl.concat(
            cuts.select(
                "match_weight",
                clusters.gather(cuts[here]).alias("cluster"),
                before.gather(cuts[there]).alias("other_entity_id"),
                parted_by=pl.col("cut").replace_strict(REASONS, return_dtype=pl.String),
            )
            for here, there in sides
        )
        .drop_nulls("other_entity_id")
        .sort(["match_weight", "parted_by"], descending=[True, False])
        .unique(["cluster", "other_entity_id"], keep="first", maintain_order=True)
        .select(columns)
    )
