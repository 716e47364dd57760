"""What is a change, and what is chance: the statistics that profiles are compared by.

Levels and weights are compared by the population stability index, the sum over classes of
(p - q) ln(p / q), which is the divergence of Kullback and Leibler (1951) summed both ways. By
custom nothing has changed below 0.1 that matters, and from 0.25 on a model is to be built anew
(Siddiqi 2006, Credit Risk Scorecards, chapter 8).

What chance alone brings about is no change. Shares differ by chance by so many standard errors of a
difference of two proportions as one in `CHANCE` differences exceeds. Of nothing but chance the
index is distributed as chi square, with one degree of freedom less than classes, times 1/n + 1/m
(Yurdakul and Naranjo 2020, Statistical properties of the population stability index). Counts are
compared by the logarithm of their ratio, whose variance is 1/n + 1/m (Poisson).
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from scipy.stats import chi2, norm

CHANCE: Final = 1e-4
"""A change that chance brings about as rarely as this is one; many are looked at each time."""
CERTAIN: Final = 1e6
"""A distribution that is known counts as one of so many things."""
_HALF: Final = 0.5
"""Added to every class, of either as if it were of as few as the other: where one is told of few
things, that a rare class is not among them says nothing."""

Numbers = np.ndarray[Any, np.dtype[np.float64]]


def share_chance(shares: tuple[float, float], counts: tuple[float, float]) -> float:
    """Return by how much chance makes two shares differ.

    Args:
        shares: Between 0 and 1.
        counts: Of how many independent things each is told.
    """
    pooled = sum(share * count for share, count in zip(shares, counts, strict=True))
    pooled /= max(sum(counts), 1.0)
    return _errors() * math.sqrt(pooled * (1 - pooled) * _variance(counts))


def ratio_chance(counts: tuple[float, float]) -> float:
    """Return how large chance makes the logarithm of the ratio of two counts."""
    return _errors() * math.sqrt(_variance(counts))


def stability_index(
    then: Numbers, now: Numbers, counts: tuple[float, float]
) -> tuple[float, float]:
    """Return the population stability index of two distributions, and what chance makes of it.

    Args:
        then: Shares that sum to 1.
        now: Likewise, of the same classes.
        counts: Of how many independent things each is told; `CERTAIN` of one that is known.
    """
    used = (then > 0) | (now > 0)
    both = [_smooth(shares[used], min(counts)) for shares in (then, now)]
    index = float(((both[1] - both[0]) * np.log(both[1] / both[0])).sum())
    freedom = int(used.sum()) - 1
    chance = float(chi2.isf(CHANCE, freedom)) if freedom else 0.0
    return index, chance * _variance(counts)


def _smooth(shares: Numbers, count: float) -> Numbers:
    found: Numbers = (shares * count + _HALF) / (count + _HALF * len(shares))
    return found


def _variance(counts: tuple[float, float]) -> float:
    return sum(1 / max(count, 1.0) for count in counts)


def _errors() -> float:
    return float(norm.isf(CHANCE / 2))
