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
from functools import cached_property
from itertools import groupby, product
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


FEW: Final = 32
"""Up to so many facts, comparing them one by one takes less than comparing columns."""

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]
Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]


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


@dataclass(frozen=True)
class Columns:
    """Facts as columns: the year (0 where the date is not known), month and day, and suffixes."""

    year: Numbers
    month: Numbers
    day: Numbers
    suffixes: np.ndarray[tuple[int], np.dtype[np.str_]]


def columns_of(records: Sequence[Record]) -> Columns:
    """Return records as columns, for `contradicting`."""
    dates = [record.birth_date for record in records]
    return Columns(
        np.array([date.year if date else 0 for date in dates], dtype=np.int64),
        np.array([date.month if date else 0 for date in dates], dtype=np.int64),
        np.array([date.day if date else 0 for date in dates], dtype=np.int64),
        np.array([record.suffix or "" for record in records], dtype=np.str_),
    )


def contradicting(one: Record, others: Columns) -> Bools:
    """Return which of many records contradict one; the same as `contradict` of each.

    Of two keystrokes at most, where year and month differ, one must be in the year and one in the
    month, and the day be the same: what passes a dash must put the dash back, and costs two.
    """
    suffixes = (others.suffixes != "") & (others.suffixes != (one.suffix or ""))
    differ = suffixes if one.suffix else np.zeros(len(suffixes), dtype=np.bool_)
    date = one.birth_date
    if date is None:
        return differ
    apart = (others.year > 0) & (abs(others.year - date.year) >= YEARS_APART)
    slip = (
        (others.day == date.day)
        & _one_keystroke(others.month, date.month, 2)
        & _one_keystroke(others.year, date.year, 4)
    )
    found: Bools = differ | (apart & (others.month != date.month) & ~slip)
    return found


def _one_keystroke(numbers: Numbers, number: int, digits: int) -> Bools:
    """Return which numbers of so many digits differ in one digit, or in two neighbours' order."""
    places = [10**place for place in range(digits)]
    mine = [number // place % 10 for place in places]
    theirs = [numbers // place % 10 for place in places]
    other = [there != here for there, here in zip(theirs, mine, strict=True)]
    count = np.sum(other, axis=0)
    found: Bools = count == 1
    for place in range(digits - 1):
        exchanged = (theirs[place] == mine[place + 1]) & (theirs[place + 1] == mine[place])
        found |= (count == 2) & other[place] & other[place + 1] & exchanged  # noqa: PLR2004 - two
    return found


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
            result[group] = min(group)
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


class _Facts:
    """What the records of a cluster say, each distinct date and suffix once, by number."""

    def __init__(self, records: Sequence[Record]) -> None:
        numbers: dict[tuple[dt.date | None, str | None], int] = {}
        self.first: list[Record] = []
        self.of: dict[int, int] = {}
        """Mention: the number of what it says."""
        for record in records:
            said = (record.birth_date, record.suffix)
            if said not in numbers:
                numbers[said] = len(numbers)
                self.first.append(record)
            self.of[record.mention] = numbers[said]
        self._against: dict[int, bytes] = {}

    def against(self, fact: int) -> bytes:
        """Return for each fact whether it contradicts this one, 1 or 0."""
        if fact not in self._against:
            one = self.first[fact]
            if len(self.first) <= FEW:
                self._against[fact] = bytes(contradict(one, other) for other in self.first)
            else:
                self._against[fact] = contradicting(one, self._columns).tobytes()
        return self._against[fact]

    @cached_property
    def _columns(self) -> Columns:
        return columns_of(self.first)


@dataclass
class _Group:
    """Records joined so far: all of them, and those that may contradict, by what they say."""

    mentions: list[int]
    saying: dict[int, list[int]]


def _regroup(
    records: Sequence[Record], pairs: Sequence[tuple[Any, ...]]
) -> tuple[list[list[int]], list[tuple[int, int, float]]]:
    """Join records by links from the heaviest down, unless that joins a contradiction.

    Returns:
        The groups, none where they are one as they were, and the links that were cut.
    """
    judged = {(left, right) for left, right, *_ in pairs}
    exempt = {end for left, right, _, _, confirmed in pairs if confirmed for end in (left, right)}
    facts = _Facts(records)
    group_of = {
        mention: _Group([mention], {} if mention in exempt else {fact: [mention]})
        for mention, fact in facts.of.items()
    }
    cut = []
    for left, right, weight, link, _ in pairs:
        here, there = group_of[left], group_of[right]
        if not link or here is there:
            continue
        if len(here.mentions) < len(there.mentions):
            here, there = there, here
        if _clash(there, here, facts, judged):
            cut.append((left, right, weight))
            continue
        here.mentions += there.mentions
        for fact, mentions in there.saying.items():
            here.saying.setdefault(fact, []).extend(mentions)
        for mention in there.mentions:
            group_of[mention] = here
    if not cut:
        return [], []
    return [
        group.mentions for group in {id(group): group for group in group_of.values()}.values()
    ], cut


def _clash(one: _Group, other: _Group, facts: _Facts, judged: set[tuple[int, int]]) -> bool:
    """Return whether two groups hold records that contradict each other and were not judged."""
    for fact, mentions in one.saying.items():
        against = facts.against(fact)
        for other_fact, other_mentions in other.saying.items():
            if against[other_fact] and any(
                (min(pair), max(pair)) not in judged for pair in product(mentions, other_mentions)
            ):
                return True
    return False
