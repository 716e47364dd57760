"""What being left over says: how much likelier a pair is once all others have found their partner.

Of two sources that hold each target once, take away the records that links have given a partner in
the other. Among the s records left of one and the t of the other, the pairs that may match are
expected to hold E matches, the sum of their probabilities; so a pair of them matches with
probability E / (s t) before any evidence, and not with the prior of all pairs. (One record has one
partner: the assignment of Jaro, "Advances in Record-Linkage Methodology", JASA 1989, takes that for
granted; here it is one more piece of evidence.) Likelier pairs make for more expected matches, so
this is repeated from below until nothing changes: the least such answer, and never more than one
match a record. Where many have no partner, being left over says nothing, and nothing is added.
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import Final

import numpy as np
import polars as pl

from linker.model import MOST_PRIOR, LeftOver, Thresholds, weight_of
from linker.scoring.scorer import probabilities

ROUNDS: Final = 20
"""So often the expected matches are counted anew; they hardly change after a few."""


def left_over(
    pairs: pl.DataFrame, once: pl.Series, thresholds: Thresholds, prior_weight: float
) -> tuple[LeftOver, ...]:
    """Return what being left over weighs between each two sources without duplicates.

    Sources between which it weighs nothing, or speaks against a match, are not told of.

    Args:
        pairs: mention_l, mention_r, match_weight, match_probability, identity_weight and ``link``
            of the candidate pairs from the review threshold on.
        once: The source of each mention, null where it may hold duplicates.
        thresholds: Those of the model.
        prior_weight: The prior of all pairs, in bits.
    """
    ends = pairs.with_columns(
        source_l=once.gather(pairs["mention_l"]), source_r=once.gather(pairs["mention_r"])
    ).filter(pl.col("source_l") != pl.col("source_r"))
    sizes = dict(once.drop_nulls().value_counts().rows())
    found = (
        (pair, _weight(_between(ends, pair), pair, sizes, thresholds, prior_weight))
        for pair in combinations(sorted(sizes), 2)
    )
    return tuple(LeftOver(sources=pair, weight=weight) for pair, weight in found if weight > 0)


def _between(ends: pl.DataFrame, pair: tuple[str, str]) -> pl.DataFrame:
    """Return the pairs between two sources: the mention ``one`` of the first, ``other``'s."""
    first = pl.col("source_l") == pair[0]
    other = pl.when(first).then("mention_r").otherwise("mention_l")
    return ends.filter(
        pl.col("source_l").is_in(list(pair)) & pl.col("source_r").is_in(list(pair))
    ).with_columns(one=pl.when(first).then("mention_l").otherwise("mention_r"), other=other)


def _weight(
    pairs: pl.DataFrame,
    pair: tuple[str, str],
    sizes: dict[str, int],
    thresholds: Thresholds,
    prior_weight: float,
) -> float:
    """Return how many bits likelier a match is of what is left over of two sources."""
    links = pairs.filter("link")
    left = [
        sizes[source] - links[end].n_unique()
        for source, end in zip(pair, ("one", "other"), strict=True)
    ]
    may = pairs.filter(pl.col("match_probability") >= thresholds.review)
    for end in ("one", "other"):
        may = may.join(links, on=end, how="anti")
    # the heaviest pair of both its records: they have one partner at most
    for end in ("one", "other"):
        heaviest = pl.col("match_weight") == pl.col("match_weight").max().over(end)
        may = may.with_columns(heaviest.alias(f"heaviest_of_{end}"))
    may = may.filter("heaviest_of_one", "heaviest_of_other")
    if not may.height:
        return 0.0
    more = 0.0
    for _ in range(ROUNDS):
        told = may.filter(pl.col("identity_weight") + more >= thresholds.identity_floor)
        expected = float(np.sum(probabilities(told["match_weight"].to_numpy() + more)))
        share = min(min(expected, *left) / math.prod(left), MOST_PRIOR)
        if not share:
            return 0.0
        more = max(more, weight_of(share) - prior_weight)
    return round(more, 3)
