"""Identities that persist: clusters of tonight take the ids of yesterday's entities.

An id is minted once and never reused: the store's seed and a serial number, mixed by a bijection
of 64-bit numbers, written in 13 letters and digits. The rule for who keeps an id: each entity of
yesterday goes where the largest part of its records went (ties: the part with the first record);
where several arrive in one cluster the oldest id, by serial number, survives and the others point
to it; a cluster that no id arrives in gets a new one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from linker.entities.ledger import RunStamp, parted_by, stamped
from linker.schemas import EntityType

MEMBERSHIP: Final = {
    "source": pl.String(),
    "record_id": pl.String(),
    "entity_id": pl.String(),
    "serial": pl.Int64(),
}
"""Which record belongs to which entity, with the entity's serial number."""

_ALPHABET: Final = np.frombuffer(b"0123456789abcdefghjkmnpqrstvwxyz", dtype=np.uint8)
_PREFIX: Final[dict[EntityType, bytes]] = {"person": b"p", "organization": b"o"}


@dataclass(frozen=True)
class Identities:
    """The membership after a run, what happened, and the next free serial number.

    `entity_of` holds the entity id of each mention by its number; `ledger` has schema `LEDGER`.
    """

    membership: pl.DataFrame
    ledger: pl.DataFrame
    next_serial: int


def mint(seed: int, serials: np.ndarray, entity_type: EntityType) -> pl.Series:
    """Return the ids of serial numbers: 14 characters, distinct for distinct serials.

    The mix is splitmix64's finaliser (Steele, Lea and Flood 2014), a bijection.
    """
    value = serials.astype(np.uint64) + np.uint64(seed)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    value ^= value >> np.uint64(31)
    letters = np.empty((len(serials), 14), dtype=np.uint8)
    letters[:, 0] = _PREFIX[entity_type][0]
    for place in range(13, 0, -1):
        letters[:, place] = _ALPHABET[(value & np.uint64(31)).astype(np.intp)]
        value >>= np.uint64(5)
    return pl.Series("entity_id", letters.view("S14").ravel().astype("U14"), dtype=pl.String())


def identify(
    entity_type: EntityType,
    clusters: pl.DataFrame,
    before: pl.DataFrame,
    first_serial: int,
    seed: int,
    stamp: RunStamp,
    cuts: pl.DataFrame | None = None,
) -> Identities:
    """Give every cluster an entity id and say in the ledger what happened to each entity.

    Args:
        entity_type: Whose clusters they are.
        clusters: Columns source, record_id, cluster (whole number), in mention order.
        before: Yesterday's `MEMBERSHIP`, empty on the first run.
        first_serial: The first serial number never used.
        seed: The store's seed for ids.
        stamp: What each ledger entry carries.
        cuts: `linker.entities.hold.CUTS`, which say why records of yesterday's entities parted.
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
    parting = parted_by(joined["cluster"], joined["entity_id"], cuts)
    ledger = _ledger(named, minted, parts, homes, before, parting)
    ledger = stamped(ledger, entity_type, stamp)
    return Identities(membership, ledger, first_serial + new.height)


def _ledger(
    named: pl.DataFrame,
    minted: pl.DataFrame,
    parts: pl.DataFrame,
    homes: pl.DataFrame,
    before: pl.DataFrame,
    parting: pl.DataFrame,
) -> pl.DataFrame:
    """Compare yesterday's entities with today's and write one row an event."""
    now = named.select("cluster", "entity_id", "records")
    then = before.group_by("entity_id").agg(pl.len().cast(pl.Int64).alias("before"))
    none_left = pl.lit(0, dtype=pl.Int64)
    created = minted.select("entity_id").join(now, on="entity_id")
    # an entity whose home is another's cluster was merged into it
    moved = homes.select("cluster", old="entity_id").join(now, on="cluster")
    merged = moved.filter(pl.col("old") != pl.col("entity_id")).select(
        entity_id="old", other_entity_id="entity_id", records=none_left
    )
    # a part of an entity that is not at its home was split off
    away = parts.join(homes.select("cluster", "entity_id"), on=["cluster", "entity_id"], how="anti")
    split = (
        away.select("cluster", other_entity_id="entity_id")
        .join(now, on="cluster")
        .join(parting, on=["cluster", "other_entity_id"], how="left")
    )
    changed = (
        homes.select("cluster", "entity_id", kept=pl.col("size").cast(pl.Int64))
        .join(now, on=["cluster", "entity_id"])
        .join(then, on="entity_id")
        .filter((pl.col("records") != pl.col("kept")) | (pl.col("before") != pl.col("kept")))
    )
    retired = then.join(homes, on="entity_id", how="anti").select("entity_id", records=none_left)
    alone = pl.col("records") == 1
    lone, several = "no link joins this record to another", "links join these records"
    unlinked = "no link joins these records to the other entity's any more"
    gained, lost = pl.col("records") - pl.col("kept"), pl.col("before") - pl.col("kept")
    happened = (
        ("created", created, pl.when(alone).then(pl.lit(lone)).otherwise(pl.lit(several))),
        ("merged", merged, pl.lit("links join its records to the other entity's")),
        ("split", split, pl.coalesce("parted_by", pl.lit(unlinked))),
        ("changed", changed, pl.format("gained {} records, lost {}", gained, lost)),
        ("retired", retired, pl.lit("its records are gone from their sources")),
    )
    return pl.concat(
        [
            entities.with_columns(pl.lit(event).alias("event"), reason.alias("reason"))
            for event, entities, reason in happened
        ],
        how="diagonal",
    )
