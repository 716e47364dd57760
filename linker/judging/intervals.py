"""Pairwise and B-cubed figures, and their intervals by resampling the true entities.

The method is the cluster bootstrap: true entities are drawn with replacement, each with all of its
records, as many as there are, and the figures of each draw give a percentile interval (B. Efron and
R. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13). Entities and not records are
drawn, because records of one entity are not independent and pairs of one record still less; that a
sample of true entities gives unbiased sums for precision too is from O. Binette and others,
Estimating the Performance of Entity Resolution Algorithms: Lessons Learned Through PatentsView.org,
The American Statistician 2023: every predicted pair is shared by halves between the entities of its
two records.

Two entities share a false merge and yet are drawn apart, so intervals of precision are somewhat
narrow where false merges are many (a simulation in the tests: 84 of 100 cover instead of 95).

So each figure is a ratio of sums over true entities. Entities with equal parts are counted together
and a draw is one multinomial over these few kinds of entities: the same distribution as drawing
them one by one, at a cost that hardly grows with the records.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import polars as pl

from linker.judging.judgement import Figures

DRAWS: Final = 200
SEED: Final = 20260101
COVERAGE: Final = 0.95
FIGURES: Final = (
    "pairwise_precision",
    "pairwise_recall",
    "pairwise_f1",
    "b3_precision",
    "b3_recall",
    "b3_f1",
)
PARTS: Final = ("records", "both", "predicted", "true", "b3_precision", "b3_recall")
"""What the figures are ratios of: records, pairs that are predicted and true, that are predicted,
that are true, and of each record the two shares that B-cubed figures are the means of."""
_DIGITS: Final = 9
"""Parts that agree to so many digits are equal."""

Floats = np.ndarray[Any, np.dtype[np.float64]]


def record_parts(records: pl.DataFrame) -> pl.DataFrame:
    """Return records with `PARTS`; each record has half of every pair that it is in.

    Args:
        records: ``true_id`` and ``entity_id`` of every record with a known answer; a record that
            was put into no entity has null and stands alone.
    """
    alone = pl.col("entity_id").is_null()
    one = pl.lit(1, dtype=pl.Int64)
    sizes = records.with_columns(
        _true=pl.len().over("true_id").cast(pl.Int64),
        _predicted=pl.when(alone).then(one).otherwise(pl.len().over("entity_id")).cast(pl.Int64),
        _cell=pl.when(alone)
        .then(one)
        .otherwise(pl.len().over("true_id", "entity_id"))
        .cast(pl.Int64),
    )
    return sizes.with_columns(
        records=one,
        both=(pl.col("_cell") - 1) / 2,
        predicted=(pl.col("_predicted") - 1) / 2,
        true=(pl.col("_true") - 1) / 2,
        b3_precision=pl.col("_cell") / pl.col("_predicted"),
        b3_recall=pl.col("_cell") / pl.col("_true"),
    ).drop("_true", "_predicted", "_cell")


def sums_of_units(rows: pl.DataFrame, unit: str = "unit") -> pl.DataFrame:
    """Return the sums of `PARTS` of each unit, which is what is drawn.

    Args:
        rows: `PARTS` and the unit.
        unit: The column that names what is drawn: true entities, or groups of whole ones.
    """
    return rows.group_by(unit).agg(pl.col(PARTS).sum().round(_DIGITS))


def figures_of(sums: pl.DataFrame) -> dict[str, float]:
    """Return `FIGURES` of some `PARTS`."""
    whole = sums.select(pl.col(PARTS).sum())
    parts = {name: whole[name].to_numpy().astype(np.float64) for name in PARTS}
    return {name: float(values[0]) for name, values in _figures(parts).items()}


def intervals_of(
    sums: pl.DataFrame, draws: int = DRAWS, seed: int = SEED
) -> dict[str, tuple[float, float]]:
    """Return the 95% interval of each of `FIGURES`.

    Args:
        sums: `PARTS` of each unit.
        draws: How many times the units are resampled.
        seed: Of the draws.
    """
    kinds = (
        sums.group_by(PARTS)
        .agg(units=pl.len())
        .sort(PARTS)  # grouping has no order, and the draws must have one
    )
    if kinds.is_empty():
        return dict.fromkeys(FIGURES, (1.0, 1.0))
    counts = kinds["units"].to_numpy().astype(np.float64)
    drawn = np.random.default_rng(seed).multinomial(
        int(counts.sum()), counts / counts.sum(), size=draws
    )
    drawn_sums = drawn @ kinds.select(PARTS).to_numpy().astype(np.float64)
    tail = (1 - COVERAGE) / 2
    found = {}
    for name, values in _figures(dict(zip(PARTS, drawn_sums.T, strict=True))).items():
        low, high = np.quantile(values, [tail, 1 - tail])
        found[name] = (float(low), float(high))
    return found


def judged_figures(rows: pl.DataFrame) -> Figures:
    """Return the figures of some rows with their intervals.

    Args:
        rows: ``unit`` and `PARTS`; where they say nothing of records, there are no B-cubed figures.
    """
    sums = sums_of_units(rows)
    values, ends = figures_of(sums), intervals_of(sums)
    found = {
        name: (value, min(ends[name][0], value), max(ends[name][1], value))
        for name, value in values.items()
        if name.startswith("pairwise") or sums["records"].sum()
    }
    return Figures.model_validate(found)


def _figures(sums: Mapping[str, Floats]) -> dict[str, Floats]:
    precision = _share(sums["both"], sums["predicted"])
    recall = _share(sums["both"], sums["true"])
    b3_precision = _share(sums["b3_precision"], sums["records"])
    b3_recall = _share(sums["b3_recall"], sums["records"])
    return {
        "pairwise_precision": precision,
        "pairwise_recall": recall,
        "pairwise_f1": _harmonic_mean(precision, recall),
        "b3_precision": b3_precision,
        "b3_recall": b3_recall,
        "b3_f1": _harmonic_mean(b3_precision, b3_recall),
    }


def _share(part: Floats, whole: Floats) -> Floats:
    """Return part / whole; 1 where there is nothing to be wrong about."""
    return np.divide(part, whole, out=np.ones_like(part), where=whole > 0)


def _harmonic_mean(one: Floats, other: Floats) -> Floats:
    total = one + other
    return np.divide(2 * one * other, total, out=np.zeros_like(total), where=total > 0)
