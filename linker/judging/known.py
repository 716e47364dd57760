"""A linking held against the truth: the records, pairs and sums that every figure is made of."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from linker.errors import UsageError
from linker.judging.intervals import PARTS, record_parts
from linker.judging.linking import Linking
from linker.judging.truth import Truth, components
from linker.night.clusters import Labels
from linker.schemas import DECISION_RECORDS, RECORD

SIDES = ("mention_l", "mention_r")


@dataclass(frozen=True)
class Known:
    """What is known of a linking.

    Attributes:
        whole: Whether whole entities are known, and not only some pairs.
        rows: What figures are sums of: ``unit`` (what is resampled) and `PARTS`. A row is a record
            (``mention``, null where it is not among those linked, ``source``, ``true_id``,
            ``entity_id``, perhaps ``culture``) where whole entities are known, else a labelled pair
            (`SIDES`, ``source_l``, ``source_r``).
        true: The pairs that belong together: `SIDES`, ``unit``, and whether they lie ``together``
            in an entity.
        absent: How many more such pairs there are, of which a record was not linked.
        pairs: The scored pairs whose answer is known: `SIDES`, ``match_weight``,
            ``identity_weight``, ``confirmed``, ``is_match``, ``unit_l`` and ``unit_r``.
        notes: What there is to say, a sentence each.
    """

    whole: bool
    rows: pl.DataFrame
    true: pl.DataFrame
    absent: int
    pairs: pl.DataFrame
    notes: tuple[str, ...]

    def counted(self, labels: Labels) -> tuple[float, float]:
        """Return how many known pairs lie together that should, and how many that should not.

        Args:
            labels: The cluster of each mention that was linked.
        """
        of = pl.Series(labels)
        if not self.whole:
            together = of.gather(self.rows["mention_l"]) == of.gather(self.rows["mention_r"])
            right = float((self.rows["true"] * together).sum())
            return right, float(together.sum()) - right
        there = self.rows.select("mention", "unit").drop_nulls()
        cells = there.with_columns(entity=of.gather(there["mention"])).group_by("unit", "entity")
        sizes = cells.len("size").cast({"size": pl.Int64})
        whole = sizes.group_by("entity").agg(pl.col("size").sum())["size"]
        right = float((sizes["size"] * (sizes["size"] - 1)).sum() / 2)
        return right, float((whole * (whole - 1)).sum() / 2) - right

    @property
    def true_pairs(self) -> int:
        """How many pairs belong together."""
        return self.true.height + self.absent

    @property
    def records(self) -> int:
        """How many records the truth says something of."""
        if self.whole:
            return self.rows.height
        return pl.concat([self.rows[side].alias("mention") for side in SIDES]).n_unique()


def known_of(linking: Linking, truth: Truth, *, sampled: bool) -> Known:
    """Hold a linking against a truth.

    Args:
        linking: The records linked.
        truth: What is known of them.
        sampled: Whether the records are a sample: then the others count for nothing. Otherwise one
            that is not there was set aside, and its pairs are missed.

    Raises:
        UsageError: Most records of the truth are not there, or too few pairs are left.
    """
    if truth.clusters is not None:
        return _of_clusters(linking, truth, truth.clusters, sampled=sampled)
    if truth.pairs is None:
        raise UsageError(f"{truth.name}: holds neither pairs nor entities")
    return _of_pairs(linking, truth, truth.pairs, sampled=sampled)


def _of_clusters(linking: Linking, truth: Truth, clusters: pl.DataFrame, *, sampled: bool) -> Known:
    entities = linking.records.with_columns(entity_id=pl.Series(linking.labels, dtype=pl.Int64))
    joined = clusters.join(entities, on=list(RECORD), how="left", maintain_order="left")
    notes = _absent_notes(
        truth, joined.height, int(joined["mention"].null_count()), sampled=sampled, left_out=sampled
    )
    if sampled:
        joined = joined.drop_nulls("mention")
    units = joined["true_id"].rank("dense").cast(pl.Int64)
    rows = record_parts(joined.with_columns(unit=units))
    sizes = joined.group_by("true_id").len()["len"].cast(pl.Int64)
    there = rows.drop_nulls("mention").select("mention", "unit", "entity_id")
    true = _true_pairs(there)
    total = int((sizes * (sizes - 1) // 2).sum())
    _refuse_none(truth, total)
    return Known(
        whole=True,
        rows=rows,
        true=true,
        absent=total - true.height,
        pairs=_with_answer(linking.pairs, there),
        notes=notes,
    )


def _true_pairs(records: pl.DataFrame) -> pl.DataFrame:
    left = records.rename({"mention": "mention_l", "entity_id": "entity_l"})
    right = records.rename({"mention": "mention_r", "entity_id": "entity_r"})
    return (
        left.lazy()
        .join(right.lazy(), on="unit")
        .filter(pl.col("mention_l") < pl.col("mention_r"))
        .select(*SIDES, "unit", together=pl.col("entity_l") == pl.col("entity_r"))
        .sort(SIDES)
        .collect()
    )


def _with_answer(pairs: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Return the scored pairs of two records of the truth, and whether they match."""
    found = pairs.lazy()
    for side in ("l", "r"):
        named = records.lazy().select(
            pl.col("mention").alias(f"mention_{side}"), pl.col("unit").alias(f"unit_{side}")
        )
        found = found.join(named, on=f"mention_{side}", maintain_order="left")
    return (
        found.with_columns(is_match=pl.col("unit_l") == pl.col("unit_r"))
        .select(*SIDES, *_SCORES, "is_match", "unit_l", "unit_r")
        .collect()
    )


_SCORES = ("match_weight", "identity_weight", "confirmed")


def _of_pairs(linking: Linking, truth: Truth, labels: pl.DataFrame, *, sampled: bool) -> Known:
    found = labels
    for side in ("l", "r"):
        numbered = linking.records.rename(
            {"mention": f"mention_{side}", **{name: f"{name}_{side}" for name in RECORD}}
        )
        on = [name for name in DECISION_RECORDS if name.endswith(side)]
        found = found.join(numbered, on=on, how="left", maintain_order="left")
    there = found.drop_nulls(SIDES)
    absent = found.height - there.height
    notes = _absent_notes(truth, found.height, absent, sampled=sampled, left_out=True)
    labels_of = pl.Series(linking.labels, dtype=pl.Int64)
    unit, _ = components(there["mention_l"], there["mention_r"])
    match = pl.col("is_match").cast(pl.Float64)
    together = (pl.col("entity_l") == pl.col("entity_r")).cast(pl.Float64)
    rows = there.with_columns(
        unit=unit,
        entity_l=labels_of.gather(there["mention_l"]),
        entity_r=labels_of.gather(there["mention_r"]),
    ).with_columns(
        both=match * together,
        predicted=together,
        true=match,
        **{name: pl.lit(0.0) for name in PARTS if name.startswith("b3") or name == "records"},
    )
    true = rows.filter("is_match").select(*SIDES, "unit", together=pl.col("predicted") > 0)
    _refuse_none(truth, true.height)
    scored = linking.pairs.select(*SIDES, *_SCORES)
    answers = rows.select(*SIDES, "is_match", unit_l="unit", unit_r="unit")
    return Known(
        whole=False,
        rows=rows,
        true=true.sort(SIDES),
        absent=0,
        pairs=scored.join(answers, on=SIDES, maintain_order="left"),
        notes=notes,
    )


def _absent_notes(
    truth: Truth, total: int, absent: int, *, sampled: bool, left_out: bool
) -> tuple[str, ...]:
    """Return what there is to say of records or pairs of the truth that were not linked.

    Raises:
        UsageError: They are more than half, though all records were linked.
    """
    what = "names" if truth.clusters is not None else "labelled pairs"
    if absent and not sampled and 2 * absent > total:
        raise UsageError(
            f"{truth.name}: {what} of records that are not there: {absent:,} of {total:,}; "
            "check the source names and record ids, or link again if the store is old"
        )
    if not absent:
        return ()
    place = "of records that are not in the sample" if sampled else "of records that are not there"
    if left_out:
        return (f"{what} {place}, left out: {absent:,} of {total:,}",)
    return (f"records that are not there, whose pairs count as missed: {absent:,} of {total:,}",)


def _refuse_none(truth: Truth, true_pairs: int) -> None:
    if not true_pairs:
        raise UsageError(
            f"{truth.name}: no two records that belong together are among those linked; give more "
            "records"
        )
