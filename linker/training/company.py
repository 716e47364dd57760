"""Which words keep company: names are as common as their words are together.

Words of one language of names stand together far more often than by chance: of a hundred random
names one has Nguyen, one Thi and one Van, but of a hundred with Nguyen and Thi far more than one.
The product of their shares would call such a name a million times rarer than it is, and two
strangers of that name one person. So words are sorted into groups that keep company, softly, a
word into several: a name draws a group, and the group draws the words (a mixture of unigrams,
fitted by expectation maximisation: Nigam, McCallum, Thrun and Mitchell, "Text Classification from
Labeled and Unlabeled Documents using EM", 2000). The groups are nameless, come from the names
alone, and only say how much more common a name is than its words by themselves.

Where the groups begin decides where they end, and so how common a name seems that no record has. So
words are sorted several times, and a name is as common as it is on average.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from linker.training.smooth import rounded

NAMES_A_GROUP: Final = 2_000
"""So many different names are needed for each group; fewer would show company by chance."""
SORTINGS: Final = 3
"""So often words are sorted, from other beginnings. (Of 160,000 names without a tenth, one sorting
gives each name of that tenth 2.22 bits more than its words on average, .25 bits apart from seed to
seed; three give 2.29, .18 apart, and four .008 more.)"""
ROUNDS: Final = 100
"""Rounds of expectation maximisation, after which weights hardly change."""
PSEUDO_NAMES: Final = 0.5
"""A word's groups are smoothed as if so many more names had it, of groups as among all names: what
two names of one group share may still be met in another."""
SPREAD: Final = 0.7
"""How far apart the groups begin; the seed draws it."""

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Int64s = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True)
class Company:
    """Groups of words.

    Attributes:
        shares: The share of names of each group, of all sortings together.
        words: ``word`` and ``groups``, a list of float32: by group, how many times more common the
            word is there than among all names. Words of one name alone are left out.
    """

    shares: tuple[float, ...]
    words: pl.DataFrame


def company(names: pl.Series, most: int, seed: int) -> Company | None:
    """Sort the words of names into groups; None where there are too few names for two.

    Args:
        names: Lists of distinct words, one for each different name, in a fixed order: a name that
            many records hold counts once, or one target's records would be company.
        most: How many groups there are at most, of one sorting.
        seed: Draws how the groups begin.
    """
    groups = min(most, len(names) // NAMES_A_GROUP)
    if groups < 2:  # noqa: PLR2004 - one group is the product of shares
        return None
    each = pl.DataFrame({"name": np.arange(len(names)), "word": names}).explode("word")
    counts = each.drop_nulls().group_by("word").len().filter(pl.col("len") > 1).sort("word")
    numbered = counts.select("word").with_row_index("place")
    held = each.join(numbered, on="word").sort("name", "place")
    place = held["place"].cast(pl.Int64).to_numpy()
    _, name = np.unique(held["name"].to_numpy(), return_inverse=True)
    if not len(place):
        return None
    fits = [_fit(name, place, groups, [seed, sorting]) for sorting in range(SORTINGS)]
    shares = np.concatenate([shares for shares, _ in fits]) / SORTINGS
    more = np.hstack([more for _, more in fits])
    return Company(
        tuple(rounded(float(share)) for share in shares),
        counts.select("word").with_columns(
            groups=pl.Series(more.astype(np.float32)).arr.to_list(),
        ),
    )


def _fit(name: Int64s, place: Int64s, groups: int, seed: list[int]) -> tuple[Floats, Floats]:
    """Return the share of each group, and by word and group how much more common it is there."""
    held = np.bincount(place)
    words, names = len(held), int(name[-1]) + 1
    begin = np.random.default_rng(seed).normal(0.0, SPREAD, (words, groups))
    more: Floats = np.exp(begin)
    shares: Floats = np.full(groups, 1 / groups)
    for _ in range(ROUNDS):
        chances = _chances(np.log(more), np.log(shares), name, place)
        of_group = chances.sum(axis=0)
        shares = (of_group + 1) / (names + groups)
        counted = np.zeros((words, groups))
        for group, column in enumerate(chances.T):
            counted[:, group] = np.bincount(place, weights=column[name], minlength=words)
        more = (counted + PSEUDO_NAMES * shares) / (held + PSEUDO_NAMES)[:, None] / shares
    return shares, more


def _chances(more: Floats, shares: Floats, name: Int64s, place: Int64s) -> Floats:
    """Return the probability of each group by name, given logarithms."""
    sums = np.zeros((int(name[-1]) + 1, len(shares)))
    for group, column in enumerate(more.T):
        sums[:, group] = np.bincount(name, weights=column[place]) + shares[group]
    likely = np.exp(sums - sums.max(axis=1, keepdims=True))
    found: Floats = likely / likely.sum(axis=1, keepdims=True)
    return found
