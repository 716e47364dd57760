"""How well a partition of records agrees with the truth: pairwise and B-cubed."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from linker.errors import UsageError

RECORD = ["source", "record_id"]


@dataclass(frozen=True)
class Accuracy:
    """Agreement of a predicted partition with the truth; shares lie between 0 and 1.

    Attributes:
        records: Records that have a truth.
        true_pairs: Pairs of records that belong together.
        predicted_pairs: Pairs of records that were put together.
        pairwise_precision: Share of the predicted pairs that are true; 1 where there are none.
        pairwise_recall: Share of the true pairs that were predicted; 1 where there are none.
        pairwise_f1: Harmonic mean of the two.
        b3_precision: Mean over records of the share of the record's predicted cluster that
            belongs with it.
        b3_recall: Mean over records of the share of the record's true cluster that was put
            with it.
        b3_f1: Harmonic mean of the two.
    """

    records: int
    true_pairs: int
    predicted_pairs: int
    pairwise_precision: float
    pairwise_recall: float
    pairwise_f1: float
    b3_precision: float
    b3_recall: float
    b3_f1: float


def measure(
    predicted: pl.DataFrame, truth: pl.DataFrame, links: pl.DataFrame | None = None
) -> Accuracy:
    """Compare a predicted partition with the true one.

    Both kinds of figures are computed from the sizes of the cells (predicted cluster, true
    cluster), so the cost grows with the records and not with their pairs. A record that the
    prediction lacks counts as a cluster of its own; a record without a truth is left out.

    Args:
        predicted: Columns ``source``, ``record_id`` and ``entity_id``.
        truth: Columns ``source``, ``record_id`` and ``true_id``.
        links: Columns ``source_l``, ``record_id_l``, ``source_r`` and ``record_id_r``, in any
            direction and order. Given these, the pairwise figures judge the links as they stand
            instead of every pair that the predicted clusters imply.

    Raises:
        UsageError: A frame lacks a column, or names a record twice.
    """
    _require(predicted, [*RECORD, "entity_id"], "predicted")
    _require(truth, [*RECORD, "true_id"], "truth")
    known = truth.select(*RECORD, "true_id").drop_nulls("true_id")
    for frame, name in ((predicted, "predicted"), (known, "truth")):
        if frame.select(pl.struct(RECORD).is_duplicated().any()).item():
            raise UsageError(f"accuracy: table {name} names a record twice; give each record once")
    joined = known.join(predicted.select(*RECORD, "entity_id"), on=RECORD, how="left")

    true_sizes = joined.group_by("true_id").agg(true_size=pl.len())
    cells = _cells(joined, true_sizes)
    both = _pairs(cells["size"])
    true_pairs = _pairs(true_sizes["true_size"])
    predicted_pairs = _pairs(cells.unique("entity_id")["predicted_size"])
    if links is not None:
        both, predicted_pairs = _judge(links, known)

    records = joined.height
    precision, recall = _share(both, predicted_pairs), _share(both, true_pairs)
    overlap = pl.col("size") * pl.col("size")
    alone = joined.filter(pl.col("entity_id").is_null()).join(true_sizes, on="true_id")
    b3_precision = _mean(cells, overlap / pl.col("predicted_size"), records, alone.height)
    b3_recall = _mean(
        cells, overlap / pl.col("true_size"), records, float((1 / alone["true_size"]).sum())
    )
    return Accuracy(
        records=records,
        true_pairs=true_pairs,
        predicted_pairs=predicted_pairs,
        pairwise_precision=precision,
        pairwise_recall=recall,
        pairwise_f1=_harmonic_mean(precision, recall),
        b3_precision=b3_precision,
        b3_recall=b3_recall,
        b3_f1=_harmonic_mean(b3_precision, b3_recall),
    )


def _cells(joined: pl.DataFrame, true_sizes: pl.DataFrame) -> pl.DataFrame:
    """Return the sizes of the cells and of their clusters; records that stand alone left out."""
    return (
        joined.drop_nulls("entity_id")
        .group_by("entity_id", "true_id")
        .agg(size=pl.len().cast(pl.Int64))
        .with_columns(predicted_size=pl.col("size").sum().over("entity_id"))
        .join(true_sizes, on="true_id")
    )


def _judge(links: pl.DataFrame, known: pl.DataFrame) -> tuple[int, int]:
    """Return how many links are true and how many there are, among records with a truth."""
    sides = [f"{column}_{side}" for side in ("l", "r") for column in RECORD]
    _require(links, sides, "links")
    numbered = known.with_row_index("row")
    found = links.select(sides)
    for side in ("l", "r"):
        found = found.join(
            numbered.rename({name: f"{name}_{side}" for name in numbered.columns}),
            on=[f"{column}_{side}" for column in RECORD],
        )
    distinct = (
        found.filter(pl.col("row_l") != pl.col("row_r"))
        .with_columns(
            first=pl.min_horizontal("row_l", "row_r"), second=pl.max_horizontal("row_l", "row_r")
        )
        .unique(["first", "second"])
    )
    return distinct.filter(pl.col("true_id_l") == pl.col("true_id_r")).height, distinct.height


def _require(frame: pl.DataFrame, columns: list[str], name: str) -> None:
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise UsageError(f"accuracy: table {name} lacks the column {missing[0]!r}")


def _pairs(sizes: pl.Series) -> int:
    counts = sizes.cast(pl.Int64)
    return int((counts * (counts - 1) // 2).sum())


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _mean(cells: pl.DataFrame, share: pl.Expr, records: int, alone: float) -> float:
    if not records:
        return 1.0
    return (float(cells.select(share.sum()).item()) + alone) / records


def _harmonic_mean(precision: float, recall: float) -> float:
    total = precision + recall
    return 2 * precision * recall / total if total else 0.0
