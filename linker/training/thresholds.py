"""Thresholds that a model sets itself, from its own expectation of false and missed links.

Nobody labels the data of a new user. But a match weight is a probability: where it is near one,
nearly every link is right; where half of the links of some weight are expected to be wrong, they
do harm, and the more records they chain together the more. The link threshold is the one whose
clusters have the greatest expected F-beta of pairs, with beta below one where a false link is worse
than a missed one: links are taken from the heaviest down, and one that joins a cluster of 3 records
with one of 4 puts 12 pairs together, which are right if the link is and if both clusters are. (For
links
that are judged alone the best threshold for F1 is half the F1 that it reaches: Lipton, Elkan and
Naryanaswamy, "Optimal Thresholding of Classifiers to Maximize F1 Measure", 2014; so it falls where
the data cannot tell much, and rises where they tell all.)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from linker.compiled import compiled_once
from linker.scoring.features.pack import Int64s
from linker.scoring.kernel.drive import Floats
from linker.scoring.scorer import probabilities
from linker.training.smooth import rounded

LEAST: Final = 0.5
"""A pair that is more likely no match is never a link."""
MOST: Final = 0.9999
"""Above this a threshold would only tell of weights that nobody trusts so far."""
FLOOR_MARGIN: Final = 3.0
"""Bits by which a link must be likelier one person than two relatives."""
RELATIVES: Final = (2.0**-10, 4.0)
"""The fewest and most relatives for each match that are believed."""


@dataclass(frozen=True)
class LinkThreshold:
    """A link threshold, and what the model expects of the pairs that reach it.

    `probability` is the threshold. `links` counts the candidate pairs that reach it; of the pairs
    of records that they put together, `false_share` is the share expected to be false, and
    `found_share` the share of all matches expected to be among them.
    """

    probability: float
    links: int
    false_share: float
    found_share: float


def link_threshold(
    pairs: pl.DataFrame, records: int, matches: float, false_links_count: float
) -> LinkThreshold | None:
    """Return the link threshold with the greatest expected F-beta; None without any likely match.

    Args:
        pairs: ``mention_l``, ``mention_r`` and ``match_weight``, in bits, of candidate pairs that
            may be links, in any order.
        records: How many mentions there are, numbered from 0.
        matches: How many matches there are expected to be in all, found or not.
        false_links_count: How much worse a false link is than a missed one: 1 / beta.
    """
    likely_pairs = pairs.filter(pl.col("match_weight") >= math.log2(LEAST / (1 - LEAST))).sort(
        "match_weight", "mention_l", "mention_r", descending=[True, False, False]
    )
    if likely_pairs.is_empty():
        return None
    likely = probabilities(likely_pairs["match_weight"].to_numpy())
    together, true = _joined(
        likely_pairs["mention_l"].to_numpy(), likely_pairs["mention_r"].to_numpy(), likely, records
    )
    put, right = np.cumsum(together), np.cumsum(true)
    beta_squared = 1 / false_links_count**2
    whole = max(matches, float(right[-1]))
    f_beta = (1 + beta_squared) * right / (beta_squared * whole + put)
    probability = min(max(float(likely[int(np.argmax(f_beta))]), LEAST), MOST)
    reached = int(np.sum(likely >= probability))
    found, of = (float(right[reached - 1]), float(put[reached - 1])) if reached else (0.0, 0.0)
    return LinkThreshold(
        probability=_rounded_down(probability),
        links=reached,
        false_share=1 - found / of if of else 0.0,
        found_share=found / whole,
    )


def _rounded_down(probability: float) -> float:
    """Return a threshold to nine digits that the pair it was taken from still reaches."""
    near = rounded(probability)
    return near if near <= probability else rounded(near - 10 ** (math.floor(math.log10(near)) - 8))


@compiled_once
def _joined(left: Int64s, right: Int64s, likely: Floats, records: int) -> tuple[Floats, Floats]:
    """Return how many pairs each link puts together that none before it had, and how many right.

    Of a cluster of n records with r right pairs expected, a record of it and another (or itself)
    are one target with probability (n + 2 r) / n^2.
    """
    parent, size, true = np.arange(records), np.ones(records), np.zeros(records)
    joined, expected = np.zeros(len(left)), np.zeros(len(left))
    for link in range(len(left)):
        one, other = left[link], right[link]
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        while parent[other] != other:
            parent[other] = parent[parent[other]]
            other = parent[other]
        if one == other:
            continue
        joined[link] = size[one] * size[other]
        whole = (size[one] + 2 * true[one]) * (size[other] + 2 * true[other])
        expected[link] = likely[link] * whole / joined[link]
        if size[one] < size[other]:
            one, other = other, one
        parent[other] = one
        size[one] += size[other]
        true[one] += true[other] + expected[link]
    return joined, expected


def identity_floor(match_share: float) -> float:
    """Return the least identity weight of a link where some pairs of a household match.

    What a household shares says nothing of which of its members a record is about. Of its pairs a
    share matches and the others are relatives; the identity weight, whose levels count relatives as
    those who may agree by chance, must outweigh these odds by `FLOOR_MARGIN` bits.

    Args:
        match_share: The share of matches among pairs of records of one family name and place.
    """
    least, most = RELATIVES
    odds = (1 - match_share) / max(match_share, 1e-9)
    return round(math.log2(min(max(odds, least), most)) + FLOOR_MARGIN, 3)
