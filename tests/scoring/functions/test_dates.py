"""Compiled date functions: the same answers as Python's dates and as edit distances of texts."""

from __future__ import annotations

import datetime as dt
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import cdist

from linker.compiled import compiled
from linker.scoring.functions import dates

EPOCH = dt.date(1970, 1, 1)
ANY = st.dates()
MARGIN = st.none() | st.integers(0, 10)
NEAR = st.dates(dt.date(1950, 1, 1), dt.date(1953, 12, 31))


def digits(date: dt.date) -> np.int32:
    return np.uint32(int(f"{date:%Y%m%d}".zfill(8), 16)).astype(np.int32)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dt.date, dt.date]:
    """Draw two dates: any, of few years, or with parts in common or exchanged."""
    left = draw(ANY | NEAR)
    parts = [f"{left:%m}", f"{left:%d}", f"{left:%d}"[::-1], f"{left:%m}"[::-1], "01", "12"]
    year = draw(st.permutations(f"{left.year:04}").map("".join) | st.just(f"{left.year:04}"))
    text = f"{year}-{draw(st.sampled_from(parts))}-{draw(st.sampled_from(parts))}"
    try:
        other = dt.date.fromisoformat(text)
    except ValueError:
        other = draw(ANY | NEAR)
    return left, draw(st.sampled_from([other, left])) if draw(st.booleans()) else draw(ANY | NEAR)


@compiled
def parts_of(every: np.ndarray) -> np.ndarray:
    out = np.empty((len(every), 4), np.int64)
    for i in range(len(every)):
        out[i, :3] = dates.civil(every[i])
        out[i, 3] = dates.days_of(every[i])
    return out


def test_every_day_has_its_digits_and_its_place() -> None:
    """From the first day of the year 1 to the last of 9999 the calendar is Python's."""
    first, last = ((date - EPOCH).days for date in (dt.date.min, dt.date.max))
    every = np.arange(first, last + 1, dtype=np.int32)
    written = every.astype("datetime64[D]")
    months = written.astype("datetime64[M]")
    years = months.astype("datetime64[Y]")
    expected = [
        years.astype(np.int64) + 1970,
        (months - years).astype(np.int64) + 1,
        (written - months).astype(np.int64) + 1,
    ]
    found = parts_of(dates.every_digits_of(every))
    assert np.array_equal(found[:, :3], np.stack(expected, axis=1))
    assert np.array_equal(found[:, 3] - found[0, 3], every - first)


def test_digits_are_read_as_they_are_written() -> None:
    """A date is its eight digits, four bits each; a null remains one."""
    one = np.array([(dt.date(1970, 8, 3) - EPOCH).days, dates.NO_DATE], dtype=np.int32)
    assert dates.every_digits_of(one).tolist() == [0x19700803, dates.NO_DATE]


@given(pairs(), st.integers(-1, 6))
@example((dt.date(1234, 1, 1), dt.date(2341, 1, 1)), 2)
@example((dt.date(1230, 11, 1), dt.date(2301, 10, 12)), 4)
def test_date_keystrokes_are_those_of_the_iso_text(
    pair: tuple[dt.date, dt.date], at_most: int
) -> None:
    """Dates are as far apart as their texts yyyy-mm-dd, exchanged neighbours counting once."""
    left, right = pair
    apart = DamerauLevenshtein.distance(left.isoformat(), right.isoformat())
    assert dates.date_keystrokes_within(digits(left), digits(right), at_most) == (apart <= at_most)


@compiled
def keystrokes_within(some: np.ndarray, at_most: int) -> np.ndarray:
    out = np.empty((len(some), len(some)), np.bool_)
    for i in range(len(some)):
        for j in range(len(some)):
            out[i, j] = dates.date_keystrokes_within(some[i], some[j], at_most)
    return out


def test_years_of_few_digits_are_told_apart() -> None:
    """Digits moved, exchanged and replaced in any order count as in the texts of the years."""
    numbers = ["".join(digits) for digits in product("0129", repeat=4)][1:]
    texts = [f"{number}-01-10" for number in numbers]
    apart = cdist(texts, texts, scorer=DamerauLevenshtein.distance)
    every = np.array([digits(dt.date.fromisoformat(text)) for text in texts])
    for at_most in (0, 1, 2, 3):
        assert np.array_equal(keystrokes_within(every, at_most), apart <= at_most)


@given(pairs(), st.integers(0, 400))
@example((dt.date(2000, 1, 12), dt.date(2000, 12, 1)), 323)
@example((dt.date(1900, 3, 1), dt.date(1900, 2, 28)), 1)
@example((dt.date(1999, 12, 31), dt.date(2000, 1, 1)), 1)
@example((dt.date(2000, 1, 1), dt.date(2000, 12, 31)), 365)
@example((dt.date(2003, 1, 12), dt.date(2004, 12, 1)), 0)
@example((dt.date(1, 1, 1), dt.date(9999, 12, 31)), 0)
def test_parts_of_dates_are_compared(pair: tuple[dt.date, dt.date], at_most: int) -> None:
    """Swapped, same in year or month and day, so many days apart: as Python's dates say."""
    left, right = pair
    both = digits(left), digits(right)
    swapped = (left.year, left.month, left.day) == (right.year, right.day, right.month)
    assert dates.day_month_swapped(*both) == swapped
    assert dates.same_month_day(*both) == (left.strftime("%m%d") == right.strftime("%m%d"))
    assert dates.same_day(*both) == (left.day == right.day)
    assert dates.same_year(*both) == (left.year == right.year)
    assert dates.within_days(*both, at_most) == (abs((left - right).days) <= at_most)


@given(
    st.integers(-(2**31) + 1, 2**31 - 1), st.integers(-20, 20), st.sampled_from([0.5, 1.0, 12.0])
)
def test_numbers_are_near(number: int, step: int, at_most: float) -> None:
    """Numbers are near if their difference, which no int32 need hold, is at most the limit."""
    for other in (min(max(number + step, -(2**31) + 1), 2**31 - 1), -number):
        near = dates.near(np.int32(number), np.int32(other), at_most)
        assert near == (abs(number - other) <= at_most)


@given(st.integers(1900, 2000), st.integers(1900, 2000), st.integers(0, 2), MARGIN, MARGIN)
def test_years_are_near_within_their_margins(
    left: int, right: int, at_most: int, one: int | None, other: int | None
) -> None:
    """Numbers may be as far apart as either may be wrong; what has no margin is not wrong."""
    margins = [dates.NO_DATE if margin is None else np.int32(margin) for margin in (one, other)]
    found = dates.near_within(np.int32(left), np.int32(right), at_most, *margins)
    assert found == (abs(left - right) <= at_most + (one or 0) + (other or 0))


@pytest.mark.parametrize("pair", [(dates.NO_DATE, 0), (0, dates.NO_DATE), (dates.NO_DATE,) * 2])
def test_a_null_is_never_met(pair: tuple[int, int]) -> None:
    """Where a side is null nothing holds, not even that both are."""
    left, right = np.int32(pair[0]), np.int32(pair[1])
    assert not dates.day_month_swapped(left, right)
    assert not dates.same_month_day(left, right)
    assert not dates.same_day(left, right)
    assert not dates.same_year(left, right)
    assert not dates.date_keystrokes_within(left, right, 10)
    assert not dates.within_days(left, right, 2**40)
    assert not dates.near(left, right, 1e12)
