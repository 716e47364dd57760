"""Contradictions: records that cannot be one person, however many links lead from one to the other.

What contradicts, surest first:

- *generation*: suffixes differ, as those of father and son do, and so do birth years, by a
  generation. A suffix that differs between records of about one birth year is noise.
- *birth dates*: both full, two or more years apart, in different months, and more than two
  keystrokes from each other; or a generation apart, also where only the years are known. Years
  drift while day and month stay, and digits are mistyped: neither contradicts, nor does a date of
  which only the year or the month is known, but for a generation.
- *suffix*: suffixes differ, and a birth year that would tell is missing.
- *custody*: arrested on one day by two agencies in two places whose names share no word.
- *unborn*: one was arrested or reported on in a year before the other was born.

The first is held against records that a link joins too, unless it is very heavy; the others only
against those that chains join and that are no link themselves. Where a pair is a link, its weight
has the birth dates in it already: on simulated census records four of five linked pairs whose dates
contradict are one person's, with a date that belongs to someone else of the household. Records that
a biometric identifier joins are exempt where they contradict each other: their holder is known to
give other names and dates. Different biometric numbers contradict nobody; they have their weight.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import jellyfish
import numpy as np

from linker.model import LinkageModel, TrainedLevel

YEARS_APART: Final = 2
"""Birth years nearer than this never contradict: years drift."""
DIGITS_APART: Final = 2
"""Birth dates within so many keystrokes never contradict."""
GENERATION: Final = 15
"""Birth years of father and son are at least so far apart."""
READ: Final = (
    *("birth_date", "birth_year", "suffix"),
    *("arrested_on", "reported_on", "place", "agency"),
)
"""The columns of a mention that can contradict."""
KINDS: Final = ("", "generation", "birth_dates", "suffix", "custody", "unborn")
"""The kinds of contradiction, by number; 0 is none."""
HARD: Final = 1
"""Kinds up to this number also hold between records that were judged as a pair."""
OFTEN: Final = 0.05
"""Where more than so many of the matches have birth dates years apart, dates contradict nobody."""
FEW: Final = 32
"""Up to so many facts, comparing them one by one takes less than comparing columns."""

GENERATIONS, BIRTH_DATES, SUFFIX, CUSTODY, UNBORN = range(1, 6)

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]
Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]
Kinds = np.ndarray[tuple[int], np.dtype[np.uint8]]


@dataclass(frozen=True)
class Record:
    """What of a mention can contradict another's.

    Attributes:
        mention: Its number.
        birth_date: Where the day is known.
        birth_year: Where the year is known.
        suffix: Such as ``jr``.
        seen: The year it was first arrested or reported in, where its birth year is not known.
        arrested_on: When, for a record of an arrest.
        place: Where.
        agency: By whom.
    """

    mention: int
    birth_date: dt.date | None
    birth_year: int | None
    suffix: str | None
    seen: int | None = None
    arrested_on: dt.date | None = None
    place: str | None = None
    agency: str | None = None


def holding_kinds(model: LinkageModel) -> frozenset[str]:
    """Return the kinds of contradiction that hold where a model was trained.

    Its m probabilities say how often the dates of one person differ: where they often do, a chain
    of links over two dates is no contradiction.
    """
    kinds = frozenset(KINDS[1:])
    for comparison in model.comparisons:
        if comparison.name == "birth_date":
            apart = sum(level.m or 0.0 for level in comparison.levels if _years_apart(level))
            return kinds - {KINDS[BIRTH_DATES]} if apart > OFTEN else kinds
    return kinds


def _years_apart(level: TrainedLevel) -> bool:
    most = level.level.parameters.get("at_most", 0)
    near = level.level.kind == "near_number" and most >= YEARS_APART
    return near or level.level.kind == "else"


def contradict(left: Record, right: Record) -> int:
    """Return the number of the first kind of contradiction between two records; 0 for none."""
    differ = bool(left.suffix and right.suffix and left.suffix != right.suffix)
    dated = left.birth_year is not None and right.birth_year is not None
    if differ and dated and _generation_apart(left, right):
        return GENERATIONS
    if _dates_contradict(left, right, dated=dated):
        return BIRTH_DATES
    if differ and not dated:
        return SUFFIX
    if in_two_places(left, right):
        return CUSTODY
    return UNBORN if _unborn(left, right) or _unborn(right, left) else 0


def in_two_places(left: Record, right: Record) -> bool:
    """Return whether two arrests put one person into custody in two places on one day."""
    if left.arrested_on is None or left.arrested_on != right.arrested_on:
        return False
    if not (left.place and right.place and left.agency and right.agency):
        return False
    shared = set(left.place.casefold().split()) & set(right.place.casefold().split())
    return left.agency != right.agency and not shared


def _generation_apart(left: Record, right: Record) -> bool:
    return abs((left.birth_year or 0) - (right.birth_year or 0)) >= GENERATION


def _dates_contradict(left: Record, right: Record, *, dated: bool) -> bool:
    if dated and _generation_apart(left, right):
        return left.birth_date is None or right.birth_date is None or _dates_apart(left, right)
    return _dates_apart(left, right)


def _dates_apart(left: Record, right: Record) -> bool:
    one, other = left.birth_date, right.birth_date
    if one is None or other is None:
        return False
    if abs(one.year - other.year) < YEARS_APART or one.month == other.month:
        return False
    keystrokes = jellyfish.damerau_levenshtein_distance(one.isoformat(), other.isoformat())
    return bool(keystrokes > DIGITS_APART)


def _unborn(one: Record, other: Record) -> bool:
    return one.seen is not None and other.birth_year is not None and one.seen < other.birth_year


@dataclass(frozen=True)
class Columns:
    """Facts as columns: years (0 where they are not known), month and day, suffixes."""

    records: Sequence[Record]
    year: Numbers
    month: Numbers
    day: Numbers
    born: Numbers
    seen: Numbers
    arrested: Numbers
    suffixes: np.ndarray[tuple[int], np.dtype[np.str_]]

    def of(self, places: Sequence[int]) -> Columns:
        """Return the facts at some places."""
        at = np.array(places, dtype=np.int64)
        return Columns(
            [self.records[place] for place in places],
            self.year[at],
            self.month[at],
            self.day[at],
            self.born[at],
            self.seen[at],
            self.arrested[at],
            self.suffixes[at],
        )


def columns_of(records: Sequence[Record]) -> Columns:
    """Return records as columns, for `contradicting`."""
    dates = [record.birth_date for record in records]
    days = [record.arrested_on for record in records]
    return Columns(
        records,
        np.array([date.year if date else 0 for date in dates], dtype=np.int64),
        np.array([date.month if date else 0 for date in dates], dtype=np.int64),
        np.array([date.day if date else 0 for date in dates], dtype=np.int64),
        np.array([record.birth_year or 0 for record in records], dtype=np.int64),
        np.array([record.seen or 0 for record in records], dtype=np.int64),
        np.array([day.toordinal() if day else 0 for day in days], dtype=np.int64),
        np.array([record.suffix or "" for record in records], dtype=np.str_),
    )


def contradicting(one: Record, others: Columns) -> Kinds:
    """Return how each of many records contradicts one; the same as `contradict` of each."""
    found = np.zeros(len(others.year), dtype=np.uint8)
    if one.seen is not None:
        found[others.born > one.seen] = UNBORN
    if one.birth_year is not None:
        found[(others.seen > 0) & (others.seen < one.birth_year)] = UNBORN
    if one.arrested_on is not None:
        for place in np.flatnonzero(others.arrested == one.arrested_on.toordinal()):
            if in_two_places(one, others.records[int(place)]):
                found[place] = CUSTODY
    differ = (others.suffixes != "") & (others.suffixes != (one.suffix or ""))
    dated = (others.born > 0) & (one.birth_year is not None)
    if one.suffix:
        found[differ & ~dated] = SUFFIX
    apart = dated & (abs(others.born - (one.birth_year or 0)) >= GENERATION)
    if one.birth_date is not None:
        found[_dates_contradicting(one.birth_date, others)] = BIRTH_DATES
        found[apart & (others.year == 0)] = BIRTH_DATES
    else:
        found[apart] = BIRTH_DATES
    if one.suffix:
        found[differ & apart] = GENERATIONS
    return found


def _dates_contradicting(date: dt.date, others: Columns) -> Bools:
    """Return which birth dates contradict one.

    Of two keystrokes at most, where year and month differ, one must be in the year and one in the
    month, and the day be the same: what passes a dash must put the dash back, and costs two.
    """
    apart = (others.year > 0) & (abs(others.year - date.year) >= YEARS_APART)
    slip = (
        (others.day == date.day)
        & _one_keystroke(others.month, date.month, 2)
        & _one_keystroke(others.year, date.year, 4)
    )
    found: Bools = apart & (others.month != date.month) & ~slip
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


class Facts:
    """What the records of a cluster say, each distinct statement once, by number."""

    def __init__(self, records: Sequence[Record]) -> None:
        """Number what records say."""
        numbers: dict[tuple[object, ...], int] = {}
        self.first: list[Record] = []
        self.of: dict[int, int] = {}
        """Mention: the number of what it says."""
        for record in records:
            said = (
                *(record.birth_date, record.birth_year, record.suffix, record.seen),
                *(record.arrested_on, record.place, record.agency),
            )
            if said not in numbers:
                numbers[said] = len(numbers)
                self.first.append(record)
            self.of[record.mention] = numbers[said]

    def between(self, fact: int, others: Sequence[int]) -> Sequence[int]:
        """Return how each of some facts contradicts one: the number of a kind, or 0."""
        one = self.first[fact]
        if len(others) <= FEW:
            return [contradict(one, self.first[other]) for other in others]
        return contradicting(one, self._columns.of(others)).tobytes()

    @cached_property
    def _columns(self) -> Columns:
        return columns_of(self.first)
