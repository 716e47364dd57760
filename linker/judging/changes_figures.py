"""How good two models are by one truth, and how sure it is that one is better.

Both link the same records, so the same true entities are drawn for both in each draw of the
bootstrap (see `linker.judging.intervals`): what is hard for both models cancels out of the
difference, whose interval is then much narrower than those of the two figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from linker.judging.intervals import (
    COVERAGE,
    DRAWS,
    PARTS,
    SEED,
    figures_of,
    judged_figures,
    sums_of_units,
)
from linker.judging.judgement import Figures, Interval
from linker.judging.known import known_of
from linker.judging.linking import Linking
from linker.judging.truth import Truth
from linker.training.smooth import rounded


@dataclass(frozen=True)
class BothJudged:
    """Two models by one truth.

    Attributes:
        before: Figures of the one.
        after: Figures of the other.
        difference: By figure: after less before, with its 95% interval.
        notes: What there is to say of the truth, a sentence each.
    """

    before: Figures
    after: Figures
    difference: dict[str, Interval]
    notes: tuple[str, ...]


def judge_both(before: Linking, after: Linking, truth: Truth, *, sampled: bool) -> BothJudged:
    """Hold two linkings of the same records against one truth.

    Args:
        before: By the one model.
        after: By the other.
        truth: What is known of the records.
        sampled: Whether they are a sample of those that there are.

    Raises:
        UsageError: Too little of the truth is among the records.
    """
    one, other = (known_of(linking, truth, sampled=sampled) for linking in (before, after))
    return BothJudged(
        judged_figures(one.rows),
        judged_figures(other.rows),
        differences(sums_of_units(one.rows), sums_of_units(other.rows)),
        (*truth.notes, *one.notes),
    )


def differences(before: pl.DataFrame, after: pl.DataFrame) -> dict[str, Interval]:
    """Return the difference of each figure, after less before, with its 95% interval.

    Args:
        before: ``unit`` and `PARTS`, a row a unit.
        after: The same units.
    """
    later = {name: f"{name}_after" for name in PARTS}
    parts = [*PARTS, *later.values()]
    kinds = (
        before.join(after.rename(later), on="unit").group_by(parts).agg(units=pl.len()).sort(parts)
    )
    counts = kinds["units"].to_numpy().astype(np.float64)
    drawn = np.random.default_rng(SEED).multinomial(
        int(counts.sum()), counts / counts.sum(), size=DRAWS
    )
    sums = pl.DataFrame(drawn @ kinds.select(parts).to_numpy().astype(np.float64), schema=parts)
    whole = _differences(kinds.select(pl.col(parts) * pl.col("units")).sum())
    draws = [_differences(sums[place]) for place in range(DRAWS)]
    tail = (1 - COVERAGE) / 2
    of_records = bool(before["records"].sum())
    found: dict[str, Interval] = {}
    for name, value in whole.items():
        if name.startswith("pairwise") or of_records:
            low, high = np.quantile([draw[name] for draw in draws], [tail, 1 - tail])
            ends = (min(float(low), value), max(float(high), value))
            found[name] = (rounded(value), rounded(ends[0]), rounded(ends[1]))
    return found


def _differences(sums: pl.DataFrame) -> dict[str, float]:
    one = figures_of(sums.select(PARTS))
    other = figures_of(sums.select(pl.col(f"{name}_after").alias(name) for name in PARTS))
    return {name: other[name] - one[name] for name in one}
