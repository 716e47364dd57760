"""Intervals of pairwise and B-cubed figures of a set, by resampling its true entities.

How that is done, and why, is told in `linker.judging.intervals`.
"""

from __future__ import annotations

import polars as pl

from linker.judging.intervals import (
    DRAWS,
    FIGURES,
    SEED,
    figures_of,
    intervals_of,
    record_parts,
    sums_of_units,
)

__all__ = ["FIGURES", "figures", "intervals"]


def intervals(
    records: pl.DataFrame, draws: int = DRAWS, seed: int = SEED, unit: str = "true_id"
) -> dict[str, tuple[float, float]]:
    """Return the 95% interval of each of `FIGURES`.

    Args:
        records: ``true_id`` and ``entity_id`` of every record with a known answer; a record that
            was put into no entity has null and stands alone.
        draws: How many times the true entities are resampled.
        seed: Of the draws.
        unit: The column that names what is drawn: true entities, or groups of whole ones.
    """
    return intervals_of(sums_of_units(record_parts(records), unit), draws, seed)


def figures(records: pl.DataFrame) -> dict[str, float]:
    """Return `FIGURES` themselves; see `intervals`."""
    return figures_of(sums_of_units(record_parts(records), "true_id"))
