"""Counts of a run for its report."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl

from linker.entities.hold import REASONS
from linker.entity_ids import mint
from linker.model import LinkageModel, weight_of
from linker.night.linked import Linked
from linker.schemas import EntityType
from linker.scoring.features.pack import Int64s
from linker.store.warehouse import Warehouse

LARGEST = 10
"""How many of the largest entities are listed."""
HISTOGRAM_BINS = 30
GIANT_RECORDS = 100
GIANT_SHARE = 0.01
"""An entity of more records, and of more than this share of all, is suspicious."""
OTHER_SIZE = 3
"""A model's prior fits data up to so many times larger or smaller than what it was trained on."""


def set_aside_summary(set_aside: pl.DataFrame) -> list[dict[str, Any]]:
    """Return how often each reason set a row or a value aside, by source and column."""
    keys = ["source", "column", "outcome", "reason"]
    return (
        set_aside.group_by(keys)
        .len("rows")
        .sort(["source", "rows", "column", "reason"], descending=[False, True, False, False])
        .select("source", "column", "outcome", "reason", "rows")
        .to_dicts()
    )


def demoted_summary(entity_type: EntityType, demoted: pl.DataFrame) -> list[dict[str, Any]]:
    """Return how many values of each identifier were demoted, and how many records hold them."""
    counted = demoted.group_by("column").agg(values=pl.len(), records=pl.col("records").sum())
    return [
        {"entity_type": entity_type, "identifier": column, "values": values, "records": records}
        for column, values, records in counted.sort("column").iter_rows()
    ]


def entity_summary(linked: Linked, pairs: pl.DataFrame, seed: int) -> dict[str, Any]:
    """Return the counts of one entity type: rules, pairs, links, cuts, entities by size.

    Args:
        linked: What the entity type became.
        pairs: Its scored pairs, `linker.store.warehouse.PAIRS`.
        seed: The store's seed for entity ids.
    """
    held, thresholds = linked.held, linked.thresholds
    links = int(pairs["link"].sum())
    strong = pairs["match_probability"] >= thresholds.link
    bare = (pairs["identity_weight"] < thresholds.identity_floor) & ~pairs["link"]
    sizes = entity_sizes(held)
    counted = np.bincount(sizes)
    return {
        "mentions": held.height,
        "rules": [
            {
                "rule": count.rule,
                "keys": count.keys,
                "pairs": count.pairs,
                "first_found": linked.first_found[count.rule],
                "keys_capped": count.keys_capped,
                "records_capped": count.records_capped,
                "pairs_capped": count.pairs_capped,
            }
            for count in linked.counts
        ],
        "candidate_pairs": sum(linked.first_found.values()),
        "links": links,
        "associations": int((strong & bare).sum()),
        "possible_links": pairs.height - links - int((strong & bare).sum()),
        "cuts": cuts_by_reason(linked.cuts["cut"]),
        "entities": int((sizes > 0).sum()),
        "sizes": [
            {"records": records, "entities": int(counted[records])}
            for records in np.flatnonzero(counted).tolist()
            if records
        ],
        "largest": _largest(held, sizes, seed),
        "weights": _histogram(pairs["match_weight"].to_numpy()),
        "link_weight": round(weight_of(thresholds.link), 3),
        "review_weight": round(weight_of(thresholds.review), 3),
        "fill": {
            column: round(1 - lacking / max(held.height, 1), 4)
            for column, lacking in linked.nulls.items()
            if lacking < held.height
        },
    }


def entity_sizes(held: Warehouse) -> Int64s:
    """Return by serial number how many records an entity has, 0 where it is no more."""
    return np.bincount(held.serials[held.live])


def _largest(held: Warehouse, sizes: Int64s, seed: int) -> list[dict[str, Any]]:
    """Return the entities with the most records, and from how many sources they are."""
    serials = np.argsort(-sizes, kind="stable")[: 10 * LARGEST]
    serials = serials[sizes[serials] > 0]
    entities = (
        pl.DataFrame(
            [
                mint(seed, serials, held.entity_type),
                pl.Series("serial", serials),
                pl.Series("records", sizes[serials]),
            ]
        )
        .sort(["records", "entity_id"], descending=[True, False])
        .head(LARGEST)
    )
    found = []
    for entity_id, serial, records in entities.iter_rows():
        members = held.rows(np.flatnonzero(held.serials == serial), ["source"])
        sources = members["source"].n_unique()
        found.append({"entity_id": entity_id, "records": records, "sources": sources})
    return found


def cuts_by_reason(cuts: pl.Series) -> list[dict[str, Any]]:
    """Return how often each reason parted records that links join, the most frequent first."""
    counts = dict(cuts.value_counts().iter_rows())
    rows = [{"reason": REASONS[word], "cuts": number} for word, number in counts.items()]
    return sorted(rows, key=lambda row: (-row["cuts"], row["reason"]))


def _histogram(weights: np.ndarray[Any, Any]) -> list[dict[str, float]]:
    if not len(weights):
        return []
    # whole bits; never fewer than one, however alike the weights are
    low, high = math.floor(weights.min()), math.floor(weights.max()) + 1
    width = math.ceil((high - low) / HISTOGRAM_BINS)
    edges = np.arange(low, high + width, width)
    counts, _ = np.histogram(weights, bins=edges)
    return [
        {"from": float(start), "to": float(end), "pairs": int(pairs)}
        for start, end, pairs in zip(edges[:-1], edges[1:], counts, strict=True)
    ]


def run_warnings(
    model: LinkageModel, pairs: pl.DataFrame, sizes: Int64s, cuts: pl.Series, trainable: int
) -> list[str]:
    """Return what looks wrong with one entity type by its own signs.

    Args:
        model: What the pairs were scored with.
        pairs: `linker.store.warehouse.PAIRS`.
        sizes: How many records each entity has; of some 0.
        cuts: Why each link that was cut was, by short word.
        trainable: The fewest records that a model can be trained on.
    """
    entity, records, largest = model.entity_type, int(sizes.sum()), int(sizes.max(initial=0))
    found = []
    if largest > max(GIANT_RECORDS, GIANT_SHARE * records):
        found.append(
            f"{entity}: the largest entity holds {largest:,} records; links may have chained; look "
            f"at it before anyone relies on it, raise {entity}.link_threshold, or leave out a "
            "field whose values strangers share"
        )
    if len(cuts):
        by_reason = (f"{row['reason']} ({row['cuts']:,})" for row in cuts_by_reason(cuts))
        found.append(
            f"{entity}: {len(cuts):,} groups of records were parted although links join them: "
            f"{'; '.join(by_reason)}; the ledger names them"
        )
    if (cuts == "size").any():
        found.append(
            f"{entity}: links would have made an entity of more records than "
            f"{entity}.max_entity_records allows; check the model, or raise it if one target has "
            "so many"
        )
    if records > GIANT_RECORDS and not pairs["link"].any():
        found.append(f"{entity}: nothing was linked; check the field mapping and the model")
    trained_on = int(model.training.get("records", records))
    fits = trained_on / OTHER_SIZE <= records <= trained_on * OTHER_SIZE
    if records >= trainable and not fits:
        found.append(
            f"{entity}: the model was trained on {trained_on:,} records and there are {records:,} "
            "here: its prior fits another size, so more of its links are wrong where there are "
            "more records, and more are missed where there are fewer; run linker train, or set "
            f"{entity}.expected_records"
        )
    return found
