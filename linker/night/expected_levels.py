"""Which levels a model expects its links to meet, given what their records lack.

Links are not all matches: those whose evidence is weak are left out, and so links agree more than
the m probabilities say. Comparing with m itself would take that for a change of the data. So
comparison vectors are drawn from m, as the model thinks they come about (each comparison by itself,
Fellegi and Sunter 1969), with the fields missing that each link lacks, and of those the ones count
that would be links. What term frequencies add to a weight is left out.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from linker.model import LinkageModel, TrainedComparison
from linker.training.smooth import rounded

DRAWS: Final = 16
"""So many vectors are drawn for each link."""
MOST_DRAWN: Final = 5_000
"""For so many links at most."""
SEED: Final = 20260101

Vectors = np.ndarray[tuple[int, int], np.dtype[np.int64]]
Shares = np.ndarray[tuple[int], np.dtype[np.float64]]


def expected_levels(model: LinkageModel, found: Vectors, link: float) -> dict[str, list[float]]:
    """Return by comparison the share of links that a model expects to meet each level.

    Args:
        model: The model.
        found: By link and comparison the place of the level that is met, in the model's order.
        link: The least match weight of a link, in bits.

    Returns:
        A share for each level, those that say that something is missing included; of nothing where
        no drawn vector would be a link.
    """
    drawn_for = found[:MOST_DRAWN]
    whole = np.repeat(drawn_for, DRAWS, axis=0)
    numbers = np.random.default_rng(SEED)
    weights = np.full(len(whole), model.prior_weight)
    for place, comparison in enumerate(model.comparisons):
        levels = comparison.levels
        missing = np.array([level.is_missing for level in levels])
        met = numbers.choice(len(levels), size=len(whole), p=_shares(comparison))
        whole[:, place] = np.where(missing[whole[:, place]], whole[:, place], met)
        weights += np.array([level.weight for level in levels])[whole[:, place]]
    linked = weights >= link
    # each link counts once, by however many of its draws
    of_link = np.repeat(np.arange(len(drawn_for)), DRAWS)
    draws = np.bincount(of_link[linked], minlength=len(drawn_for))
    counts_for = 1 / draws[of_link[linked]]
    told = {}
    for place, comparison in enumerate(model.comparisons):
        met = whole[linked, place]
        sums = np.bincount(met, weights=counts_for, minlength=len(comparison.levels))
        if sums.sum():
            told[comparison.name] = [rounded(share) for share in (sums / sums.sum()).tolist()]
    return told


def _shares(comparison: TrainedComparison) -> Shares:
    """Return the share of matches that meet each level, none of them where something is missing.

    Where training bounds how light a level may be, its m is raised, and all together exceed 1: what
    is too much is taken back, from the lightest first.
    """
    levels = comparison.levels
    shares = np.array([0.0 if level.is_missing else level.m or 0.0 for level in levels])
    over = max(float(shares.sum()) - 1, 0.0)
    for place in sorted(range(len(levels)), key=lambda place: levels[place].weight):
        taken = min(shares[place], over)
        shares[place] -= taken
        over -= taken
    found: Shares = shares / shares.sum()
    return found
