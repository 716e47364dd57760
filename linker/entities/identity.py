"""Identities that persist: clusters of tonight take the ids of yesterday's entities.

An id is minted once and never reused (see `linker.entity_ids`). The rule for who keeps an id: each
entity of yesterday goes where the largest part of its records went (ties: the part with the first
record); where several arrive in one cluster the oldest id, by serial number, survives and the
others point to it; a cluster that no id arrives in gets a new one.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from linker.entities.causes import UNKNOWN, Causes
from linker.entities.events import Changes, entity_events
from linker.entities.ledger import RunStamp, stamped
from linker.entity_ids import mint
from linker.schemas import MEMBERSHIP, MOVES, EntityType, conform


@dataclass(frozen=True)
class Identities:
    """The membership after a run, what happened, and the next free serial number.

    `ledger` has schema `LEDGER`; `moves` schema `MOVES`: the records whose entity changed, sorted.
    """

    membership: pl.DataFrame
    ledger: pl.DataFrame
    moves: pl.DataFrame
    next_serial: int


def identify(
    entity_type: EntityType,
    clusters: pl.DataFrame,
    before: pl.DataFrame,
    first_serial: int,
    seed: int,
    stamp: RunStamp,
    causes: Causes = UNKNOWN,
) -> Identities:
    """Give every cluster an entity id and say in the ledger what happened to each entity.

    Some of the clusters will do, if no entity of yesterday has records both in them and in others:
    then the others are as they were, and all of them together would give the same.

    Args:
        entity_type: Whose clusters they are.
        clusters: Columns source, record_id, cluster (whole number), sorted by source and record id.
        before: Yesterday's `MEMBERSHIP` of every entity that has, or had, a record in them; empty
            on the first run.
        first_serial: The first serial number never used.
        seed: The store's seed for ids.
        stamp: What each ledger entry carries.
        causes: What joined and parted the records.
    """
    records = clusters.with_row_index("place").with_columns(pl.col("place").cast(pl.Int64))
    joined = records.join(before, on=["source", "record_id"], how="left", maintain_order="left")
    parts = (
        joined.drop_nulls("entity_id")
        .group_by("cluster", "entity_id", "serial")
        .agg(pl.len().alias("size"), pl.col("place").min().alias("first"))
    )
    homes = parts.sort(["entity_id", "size", "first"], descending=[False, True, False]).unique(
        "entity_id", keep="first", maintain_order=True
    )
    survivors = homes.sort("serial").unique("cluster", keep="first", maintain_order=True)
    sizes = records.group_by("cluster").agg(
        pl.len().alias("records").cast(pl.Int64), pl.col("place").min().alias("first")
    )
    new = (
        sizes.join(survivors, on="cluster", how="anti")
        .sort("first")
        .with_row_index("serial", offset=first_serial)
        .with_columns(pl.col("serial").cast(pl.Int64))
    )
    minted = new.with_columns(mint(seed, new["serial"].to_numpy(), entity_type))
    columns = ["cluster", "entity_id", "serial"]
    named = pl.concat([survivors.select(columns), minted.select(columns)]).join(
        sizes.select("cluster", "records"), on="cluster"
    )
    membership = records.join(named, on="cluster", maintain_order="left").select(list(MEMBERSHIP))
    events = entity_events(Changes(joined, named, minted, parts, homes, before), causes)
    ledger = stamped(events, entity_type, stamp)
    moved = _moves(joined, membership, before)
    return Identities(membership, ledger, moved, first_serial + new.height)


def _moves(joined: pl.DataFrame, membership: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Return the records whose entity changed, those that are gone included.

    Args:
        joined: ``source``, ``record_id`` and yesterday's ``entity_id`` of each record of today.
        membership: Today's, in the same order.
        before: Yesterday's.
    """
    was = joined["entity_id"]
    moved = conform(membership.filter(was.ne_missing(membership["entity_id"])), MOVES)
    if joined.height - was.null_count() == before.height:
        return moved
    gone = before.join(joined, on=["source", "record_id"], how="anti")
    gone = gone.with_columns(pl.lit(None, pl.String).alias("entity_id"))
    return pl.concat([moved, conform(gone, MOVES)]).sort("source", "record_id")
