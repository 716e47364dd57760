"""Contradictions: records that cannot be one person, however many links lead from one to the other.

A chain of links may run from a father over a record without a birth date to his son. Where a
component holds two records that contradict each other, and these two themselves are not even a
possible link, its links are taken again from the heaviest down, and one that would bring a
contradiction into a cluster is cut. A record that a biometric identifier links is exempt: its
holder is known to give other names and dates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from operator import itemgetter
from typing import Any, Final

import jellyfish
import numpy as np
import polars as pl

YEARS_APART: Final = 2
"""Birth years nearer than this never contradict: years drift."""
DIGITS_APART: Final = 2
"""Birth dates within so many keystrokes never contradict."""
READ: Final = ("birth_date", "birth_year", "suffix")
"""The columns of a mention that can contradict."""
PAIR: Final = ("mention_l", "mention_r", "match_weight", "link", "confirmed")
"""The columns of a scored pair that are looked at."""
SMALLEST: Final = 3
"""Two records that a link joins have been judged as a pair; chains need three."""


@dataclass(frozen=True)
class Record:
    """What of a mention can contradict another's."""

    mention: int
    birth_date: dt.date | None
    birth_year: int | None
    suffix: str | None


def contradict(left: Record, right: Record) -> bool:
    """Return whether two records cannot be one person.

    Their suffixes differ, as those of father and son do; or both birth dates are full, two or more
    years apart, in different months, and more than two keystrokes from each other.
    """
    if left.suffix and right.suffix and left.suffix != right.suffix:
        return True
    one, other = left.birth_date, right.birth_date
    if one is None or other is None:
        return False
    if abs(one.year - other.year) < YEARS_APART or one.month == other.month:
        return False
    keystrokes = jellyfish.damerau_levenshtein_distance(one.isoformat(), other.isoformat())
    return bool(keystrokes > DIGITS_APART)


def cut_contradictions(
    labels: np.ndarray[tuple[int], np.dtype[np.int64]], pairs: pl.DataFrame, mentions: pl.DataFrame
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], pl.DataFrame]:
    """Split the clusters that chains of links brought together over a contradiction.

    Args:
        labels: The cluster of each mention, as `cluster` gives it.
        pairs: mention_l, mention_r, match_weight, ``link`` and ``confirmed`` of every pair at or
            above the review threshold; any order.
        mentions: ``mention`` and the columns `READ`, in mention order; without them (mentions of
            organizations) nothing is cut.

    Returns:
        The clusters, each named by its smallest mention, and the links that were cut (mention_l,
        mention_r, match_weight).
    """
    nothing = pairs.head(0).select("mention_l", "mention_r", "match_weight")
    if not set(READ) <= set(mentions.columns):
        return labels, nothing
    members = _suspects(labels, mentions)
    if members.is_empty():
        return labels, nothing
    rows = dict(_by_cluster(_inside(pairs, labels, members).select("cluster", *PAIR)))
    result = labels.copy()
    cut: list[tuple[int, int, float]] = []
    for key, part in _by_cluster(members.select("cluster", "mention", *READ)):
        groups, lost = _regroup([Record(*row) for row in part], rows[key])
        cut += lost
        for group in groups:
            result[list(group)] = min(group)
    return result, pl.DataFrame(sorted(cut), schema=nothing.schema, orient="row")


def _suspects(
    labels: np.ndarray[tuple[int], np.dtype[np.int64]], mentions: pl.DataFrame
) -> pl.DataFrame:
    """Return the members of clusters of three or more that may hold a contradiction."""
    chains = np.bincount(labels)[labels] >= SMALLEST if len(labels) else labels.astype(np.bool_)
    whole = mentions.select(
        pl.Series("cluster", labels), "mention", *READ, year=pl.col("birth_date").dt.year()
    ).filter(pl.Series(chains))
    differing = (
        whole.group_by("cluster")
        .agg(
            (pl.col("year").max() - pl.col("year").min()).alias("years"),
            (pl.col("suffix").max() != pl.col("suffix").min()).alias("suffixes"),
        )
        .filter((pl.col("years") >= YEARS_APART) | pl.col("suffixes"))
    )
    return whole.join(differing.select("cluster"), on="cluster", how="semi").sort(
        "cluster", "mention"
    )


def _inside(
    pairs: pl.DataFrame,
    labels: np.ndarray[tuple[int], np.dtype[np.int64]],
    members: pl.DataFrame,
) -> pl.DataFrame:
    """Return the pairs within clusters of `members` by ``cluster``, the heaviest first."""
    wanted = np.zeros(len(labels), dtype=np.bool_)
    wanted[members["mention"].to_numpy()] = True
    left = pairs["mention_l"].to_numpy()
    same = wanted[left] & (labels[left] == labels[pairs["mention_r"].to_numpy()])
    return (
        pairs.select(PAIR)
        .filter(pl.Series(same))
        .with_columns(pl.Series("cluster", labels[left[same]]))
        .sort(
            ["cluster", "match_weight", "mention_l", "mention_r"],
            descending=[False, True, False, False],
        )
    )


def _by_cluster(rows: pl.DataFrame) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
    """Yield the rows of each cluster, without the first column, which names it."""
    for key, part in groupby(rows.iter_rows(), key=itemgetter(0)):
        yield key, [row[1:] for row in part]


def _regroup(
    records: Sequence[Record], pairs: Sequence[tuple[Any, ...]]
) -> tuple[list[set[int]], list[tuple[int, int, float]]]:
    """Join records by links from the heaviest down, unless that joins a contradiction.

    Returns:
        The groups, none where they are one as they were, and the links that were cut.
    """
    judged = {(left, right) for left, right, *_ in pairs}
    exempt = {end for left, right, _, _, confirmed in pairs if confirmed for end in (left, right)}
    forbidden: dict[int, set[int]] = {record.mention: set() for record in records}
    for one, other in combinations(records, 2):
        if (one.mention, other.mention) in judged or exempt & {one.mention, other.mention}:
            continue
        if contradict(one, other):
            forbidden[one.mention].add(other.mention)
            forbidden[other.mention].add(one.mention)
    if not any(forbidden.values()):
        return [], []
    group_of = {record.mention: {record.mention} for record in records}
    cut = []
    for left, right, weight, link, _ in pairs:
        here, there = group_of[left], group_of[right]
        if not link or here is there:
            continue
        if any(forbidden[mention] & there for mention in here):
            cut.append((left, right, weight))
            continue
        here |= there
        for mention in there:
            group_of[mention] = here
    distinct = {id(group): group for group in group_of.values()}
    return list(distinct.values()), cut
