"""Tests of dates as people write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.standardise.dates import (
    PartialDate,
    day_place,
    pattern_is_day_first,
    read_date,
    read_precision,
    read_remains,
)

LATEST = dt.date(2026, 1, 31)
DAYS = st.dates(dt.date(1000, 1, 1), dt.date(2100, 12, 31))

DATES = [
    ("1970-03-01", (1970, 3, 1)),
    ("1970/3/1", (1970, 3, 1)),
    ("19700301", (1970, 3, 1)),
    ("1970-03-01T00:00:00", (1970, 3, 1)),
    ("1970-03-01 12:30:00.000", (1970, 3, 1)),
    ("10221985", (1985, 10, 22)),
    ("22101985", (1985, 10, 22)),
    ("12042018", (2018, 12, 4)),
    ("3/1/1970", (1970, 3, 1)),
    ("13/05/1994", (1994, 5, 13)),
    ("05-13-1994", (1994, 5, 13)),
    ("5.3.1970", (1970, 3, 5)),
    ("Mar 1 1970", (1970, 3, 1)),
    ("March 1st, 1970", (1970, 3, 1)),
    ("1 March 1970", (1970, 3, 1)),
    ("15 ene 1980", (1980, 1, 15)),
    ("15 de enero de 1980", (1980, 1, 15)),
    ("19-Feb-91", (1991, 2, 19)),
    ("3/1/70", (1970, 3, 1)),
    ("8/2/06", (2006, 8, 2)),
    ("4/2/31", (1931, 4, 2)),
    ("1/31/26", (2026, 1, 31)),
    ("2/1/26", (1926, 2, 1)),
    ("1970", (1970, None, None)),
    ("1970.0", (1970, None, None)),
    ("19700301.0", (1970, 3, 1)),
    ("1970-05", (1970, 5, None)),
    ("05/1970", (1970, 5, None)),
    ("may 1970", (1970, 5, None)),
    ("1970-00-00", (1970, None, None)),
    ("1970-05-00", (1970, 5, None)),
    ("19700000", (1970, None, None)),
    ("1630-08-01", (1630, 8, 1)),
    ("2040-01-02", (2040, 1, 2)),
]


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_dates(text: str, expected: tuple[int, int | None, int | None]) -> None:
    """Each form of a date gives as much of it as it tells."""
    assert read_date(text, latest=LATEST) == PartialDate(*expected)


@pytest.mark.parametrize(
    "text",
    [
        "05/0b/1994",
        "1970-02-30",
        "31/31/1999",
        "0542-01-01",
        "2101-01-01",
        "99999999",
        "hello",
        "1/2/3",
        "december",
        "",
        "12",
        "-0542-01-1",
        "1970-13-45",
        "٣",
        "x" * 500,
    ],
)
def test_what_is_no_date(text: str) -> None:
    """A mistyped or impossible date is none."""
    assert read_date(text, latest=LATEST) is None


def test_the_column_decides_an_ambiguous_date() -> None:
    """Three, four, 1970 is March or April as the column tells."""
    assert read_date("3/4/1970") == PartialDate(1970, 3, 4)
    assert read_date("3/4/1970", day_first=True) == PartialDate(1970, 4, 3)
    assert read_date("03041970", day_first=True) == PartialDate(1970, 4, 3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3/4/1970", None),
        ("25/12/1980", 1),
        ("12/25/1980", 2),
        (" 13-1-70 noon", 1),
        ("31/31/1999", None),
        ("25121980", 1),
        ("03041970", None),
        ("02141970.0", 2),
        ("19701225", None),
        ("1970-12-25", None),
        ("soon", None),
    ],
)
def test_a_date_tells_where_its_day_is(text: str, expected: int | None) -> None:
    """A part above twelve is the day, wherever it stands; other dates tell nothing."""
    assert day_place(text) == expected


@given(DAYS)
def test_written_dates_are_read_back(day: dt.date) -> None:
    """Every day from 1000 to 2100 is read back from each unambiguous form."""
    expected = PartialDate(day.year, day.month, day.day)
    year = f"{day.year:04}"
    forms = [f"{year}-{day.month:02}-{day.day:02}", f"{day.day}.{day.month}.{year}"]
    for form in (*forms, f"{day:%d %B} {year}", f"{day:%b} {day.day}, {year}"):
        assert read_date(form) == expected or (day.day <= 12 and "." in form)
    assert read_date(f"{day.month}/{day.day}/{year}") == expected
    assert read_date(f"{day.day}/{day.month}/{year}", day_first=True) == expected


@given(DAYS)
def test_a_configured_pattern_wins(day: dt.date) -> None:
    """A pattern tells what the text alone cannot."""
    text = f"{day.day:02}/{day.month:02}/{day.year:04}"
    assert read_date(text, pattern="%d/%m/%Y") == PartialDate(day.year, day.month, day.day)


def test_patterns_tell_how_much_they_hold() -> None:
    """A pattern without a day or month gives a partial date; a two-digit year is never future."""
    assert read_date("1970", pattern="%Y") == PartialDate(1970)
    assert read_date("05.1970", pattern="%m.%Y") == PartialDate(1970, 5)
    assert read_date("03/04/31", pattern="%d/%m/%y", latest=LATEST) == PartialDate(1931, 4, 3)
    assert pattern_is_day_first("%d/%m/%Y")
    assert not pattern_is_day_first("%m/%d/%Y")
    assert not pattern_is_day_first("%Y")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1856-86-18", (1856, None)),
        ("1855-08-72", (1855, 8)),
        ("03/45/1970", (1970, 3)),
        ("19560441", (1956, 4)),
        ("05/0b/1994", None),
        ("hello", None),
    ],
)
def test_remains_of_a_mistyped_date(text: str, expected: tuple[int, int | None] | None) -> None:
    """Of an impossible date the year is kept, and the month where it can be."""
    assert read_remains(text) == (PartialDate(*expected) if expected else None)


@given(st.text(max_size=60), st.booleans())
def test_any_text_can_be_read_as_a_date(text: str, day_first: bool) -> None:
    """Whatever the text, it is a date from 1000 to 2100 or none."""
    found = read_date(text, day_first=day_first, pattern="%d/%m/%Y", latest=LATEST)
    left = read_remains(text, day_first=day_first)
    assert all(date is None or 1000 <= date.year <= 2100 for date in (found, left))


@given(st.from_regex(r"[0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{2}", fullmatch=True), DAYS)
def test_two_digit_years_are_never_in_the_future(text: str, latest: dt.date) -> None:
    """A two-digit year is the newest that is not past the day the source was drawn."""
    found = read_date(text, latest=latest)
    newest = PartialDate(latest.year, latest.month, latest.day)
    assert found is None or found.number <= newest.number


def test_precisions() -> None:
    """Precision is day, month, year or estimated, in English or Spanish."""
    assert [read_precision(text) for text in ("Y", "Month", "día", "approx", "?")] == [
        "year",
        "month",
        "day",
        "estimated",
        None,
    ]
