"""Counts of a run for its report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from linker.deconfliction.crowds import MOST, Crowded
from linker.entities.hold import REASONS
from linker.jobs.matching import Matched
from linker.model import LinkageModel, Thresholds, weight_of
from linker.schemas import EntityType
from linker.store.mention_table import MentionTable

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


def entity_summary(
    mentions: MentionTable,
    matched: Matched,
    membership: pl.DataFrame,
    thresholds: Thresholds,
    cuts: pl.Series,
) -> dict[str, Any]:
    """Return the counts of one entity type: rules, pairs, links, cuts, entities by size."""
    pairs = matched.pairs
    links = int(pairs["link"].sum())
    strong = pairs["match_probability"] >= thresholds.link
    bare = pairs["identity_weight"] < thresholds.identity_floor
    entities = membership.group_by("entity_id").agg(
        pl.len().alias("records"), pl.col("source").n_unique().alias("sources")
    )
    sizes = entities.group_by("records").len("entities").sort("records")
    largest = entities.sort(["records", "entity_id"], descending=[True, False]).head(LARGEST)
    return {
        "mentions": mentions.height,
        "rules": [
            {
                "rule": count.rule,
                "keys": count.keys,
                "pairs": count.pairs,
                "first_found": matched.first_found[count.rule],
                "keys_capped": count.keys_capped,
                "records_capped": count.records_capped,
                "pairs_capped": count.pairs_capped,
            }
            for count in matched.counts
        ],
        "candidate_pairs": matched.candidate_pairs,
        "links": links,
        "associations": int((strong & bare).sum()),
        "possible_links": pairs.height - links - int((strong & bare).sum()),
        "cuts": cuts_by_reason(cuts),
        "entities": entities.height,
        "sizes": sizes.to_dicts(),
        "largest": largest.to_dicts(),
        "weights": _histogram(pairs["match_weight"].to_numpy()),
        "link_weight": round(weight_of(thresholds.link), 3),
        "review_weight": round(weight_of(thresholds.review), 3),
        "fill": {
            column: round(1 - lacking / max(mentions.height, 1), 4)
            for column, lacking in mentions.nulls.items()
            if lacking < mentions.height
        },
    }


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


class InvestigationTally:
    """Counts investigations by class and tier, and who meets whom, a part of them at a time."""

    def __init__(self) -> None:
        """Start with none."""
        self._classes: list[pl.DataFrame] = []
        self._cases: list[pl.DataFrame] = []
        self._pairs: dict[str, list[pl.DataFrame]] = {"SIMULTANEOUS": [], "PRIOR": []}
        self.warnings: list[str] = []

    def add(self, investigations: pl.DataFrame) -> None:
        """Count some rows of `schemas.INVESTIGATIONS`; no entity is in two parts."""
        self._classes.append(investigations.group_by("class", "tier").len("rows"))
        self._cases.append(investigations.select("agency", "case_id").unique())
        for wanted, found in self._pairs.items():
            found.append(_by_unit_pair(investigations, wanted))

    def crowds(self, entity_type: EntityType, crowded: Crowded) -> None:
        """Warn of entities of which not every meeting is told."""
        if crowded.entities:
            self.warnings.append(
                f"{entity_type}: entities of more than {MOST:,} investigations or contacts: "
                f"{crowded.entities:,}, the largest with {crowded.investigations:,} and "
                f"{crowded.contacts:,}; of each an investigation is told the first {MOST:,}, the "
                "active and latest before others"
            )

    def summary(self) -> dict[str, Any]:
        """Return the counts for the report."""
        if not self._classes:
            return {"total": 0, "classes": [], "simultaneous": [], "prior": []}
        classes = pl.concat(self._classes).group_by("class", "tier").agg(pl.col("rows").sum())
        return {
            "total": pl.concat(self._cases).unique().height,
            "classes": classes.sort("class", "tier", nulls_last=True).to_dicts(),
            "simultaneous": _summed(self._pairs["SIMULTANEOUS"]),
            "prior": _summed(self._pairs["PRIOR"]),
        }


def _summed(parts: Sequence[pl.DataFrame]) -> list[dict[str, Any]]:
    return (
        pl.concat(parts)
        .group_by("unit", "other_unit")
        .agg(pl.col("meetings", "entities").sum())
        .sort(["meetings", "unit", "other_unit"], descending=[True, False, False])
        .to_dicts()
    )


def _by_unit_pair(investigations: pl.DataFrame, wanted: str) -> pl.DataFrame:
    """Count the meetings of a class by pair of units; a symmetric class counts each once."""
    rows = investigations.filter(
        (pl.col("class") == wanted) & pl.col("tier").is_in(["CONFIRMED", "PROBABLE"])
    ).select(
        "entity_id",
        "case_id",
        "other_case_id",
        _unit("agency", "unit").alias("unit"),
        _unit("other_agency", "other_unit").alias("other_unit"),
    )
    if wanted == "SIMULTANEOUS":
        rows = rows.filter(
            (pl.col("unit") < pl.col("other_unit"))
            | (
                (pl.col("unit") == pl.col("other_unit"))
                & (pl.col("case_id") < pl.col("other_case_id"))
            )
        )
    return rows.group_by("unit", "other_unit").agg(
        pl.len().alias("meetings"), pl.col("entity_id").n_unique().alias("entities")
    )


def _unit(agency: str, unit: str) -> pl.Expr:
    return pl.concat_str(
        [pl.col(agency).fill_null("?"), pl.col(unit).fill_null("?")], separator=" / "
    )


def run_warnings(
    model: LinkageModel,
    pairs: pl.DataFrame,
    membership: pl.DataFrame,
    cuts: pl.Series,
    trainable: int,
) -> list[str]:
    """Return what looks wrong with one entity type by its own signs.

    Args:
        model: What the pairs were scored with.
        pairs: `SCORED_PAIRS` and ``link``.
        membership: ``entity_id`` of each mention.
        cuts: Why each link that was cut was, by short word.
        trainable: The fewest records that a model can be trained on.
    """
    entity, records = model.entity_type, membership.height
    found = []
    sizes = membership.group_by("entity_id").len()["len"]
    largest = int(sizes.max() or 0)  # type: ignore[arg-type]
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
