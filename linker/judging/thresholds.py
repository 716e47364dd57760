"""Precision and recall over thresholds, and the link threshold of the least stated cost.

The curve is of links, pair by pair: a pair is a link at a threshold as
`linker.entities.cluster.mark_links` says, if it reaches it and the identity floor, or a biometric
identifier is equal. What entities make of links is not in it: a chain of links finds pairs that are
none, one false link puts many pairs together, and some links are cut. So the thresholds that are
proposed are those of entities, clustered anew at each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import polars as pl

from linker.judging.judgement import CurvePoint, Proposed
from linker.judging.known import Known
from linker.judging.linking import Linking, at_threshold
from linker.model import Thresholds, weight_of
from linker.scoring.scorer import probabilities

LEAST_WEIGHT: Final = -10.0
"""Pairs of a lower weight, in bits, are not kept: fewer than one in a thousand of them match."""
HIGHEST_WEIGHT: Final = 29.0
"""The highest threshold tried; the probability of a higher one is 1 to nine digits."""
STEP: Final = 0.5
TRIED: Final = (*range(-3, 15), 16, 18, 20)
"""The thresholds that are proposed besides the review threshold, in bits; higher than that."""

Floats = np.ndarray[Any, np.dtype[np.float64]]


def curve_of(
    pairs: pl.DataFrame, true_pairs: int, thresholds: Thresholds
) -> tuple[CurvePoint, ...]:
    """Return precision and recall of links at every half bit of match weight.

    Args:
        pairs: Scored pairs with a known answer: ``match_weight``, ``identity_weight``,
            ``confirmed`` and ``is_match``.
        true_pairs: How many pairs belong together, those that were never scored too.
        thresholds: Those in use, for the identity floor.
    """
    grid, right, wrong = _counted(pairs, thresholds)
    precision = _shares(right, right + wrong)
    recall = right / max(true_pairs, 1)
    total = precision + recall
    f1 = np.divide(2 * precision * recall, total, out=np.zeros_like(total), where=total > 0)
    columns = (grid, probabilities(grid), precision, recall, f1)
    return tuple(
        CurvePoint(weight=weight, probability=share, precision=one, recall=other, f1=both)
        for weight, share, one, other, both in zip(
            *(column.tolist() for column in columns), strict=True
        )
    )


def proposed_thresholds(
    known: Known, linking: Linking, costs: Sequence[float]
) -> tuple[Proposed, ...]:
    """Return for each cost of a false merge the link threshold that costs least on the truth.

    The records are clustered anew at each threshold: what counts is the pairs of records that
    entities put together, a missed one costing 1. No threshold below the review threshold is
    proposed; of equal costs the highest threshold is.

    Args:
        known: What is known of the linking.
        linking: The records linked.
        costs: What a false pair costs.
    """
    review = weight_of(linking.thresholds.review)
    weights = [review, *(bits for bits in TRIED if bits > review)]
    tried = probabilities(np.array(weights, dtype=np.float64)).tolist()
    tried = [linking.thresholds.review, *tried[1:]]
    counts = [known.counted(at_threshold(linking, share).labels) for share in tried]
    true_pairs = max(known.true_pairs, 1)
    found = []
    for cost in costs:
        paid = [cost * wrong + true_pairs - right for right, wrong in counts]
        place = max(place for place, one in enumerate(paid) if one == min(paid))
        right, wrong = counts[place]
        found.append(
            Proposed(
                false_merge_cost=cost,
                link_threshold=tried[place],
                precision=right / (right + wrong) if right + wrong else 1.0,
                recall=right / true_pairs,
                cost=paid[place] / true_pairs,
            )
        )
    return tuple(found)


def _counted(pairs: pl.DataFrame, thresholds: Thresholds) -> tuple[Floats, Floats, Floats]:
    """Return thresholds, in bits, and how many links at each are right and how many wrong."""
    grid = np.arange(LEAST_WEIGHT, HIGHEST_WEIGHT + STEP, STEP)
    may_link = pairs.filter(
        pl.col("confirmed") | (pl.col("identity_weight") >= thresholds.identity_floor)
    )
    reached = may_link.select(
        "is_match", weight=pl.when("confirmed").then(np.inf).otherwise(pl.col("match_weight"))
    )
    counts = []
    for answer in (True, False):
        weights = np.sort(reached.filter(pl.col("is_match") == answer)["weight"].to_numpy())
        counts.append((len(weights) - np.searchsorted(weights, grid)).astype(np.float64))
    return grid, counts[0], counts[1]


def _shares(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.ones_like(part), where=whole > 0)
