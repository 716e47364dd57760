"""Ages and estimated years, each with the years it may be wrong by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.standardise.estimates import read_age, read_estimated_year


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1978-1982", (1980, 2)),
        ("1978 to 1982", (1980, 2)),
        ("between 1978 and 1979", (1979, 1)),
        ("entre 1978 y 1982", (1980, 2)),
        ("1980s", (1985, 5)),
        ("the 1980's", (1985, 5)),
        ("early 1980s", (1982, 2)),
        ("mid-1980s", (1985, 1)),
        ("late 1980s", (1988, 1)),
        ("circa 1980", (1980, 3)),
        ("ca. 1980", (1980, 3)),
        ("c1980", (1980, 3)),
        ("~1980", (1980, 3)),
        ("1980?", (1980, 3)),
        ("1980 (approx.)", (1980, 3)),
        ("1980 est", (1980, 3)),
        ("abt. 1978-1982", (1980, 5)),
        ("1980", None),
        ("1982-1978", None),
        ("1900-1980", None),
        ("0980s", None),
        ("circa", None),
        ("carlos 1980", None),
        ("?", None),
        ("1" * 60, None),
    ],
)
def test_estimated_years(text: str, expected: tuple[int, int] | None) -> None:
    """A span, a decade or about a year is its middle, and how far its ends are from it."""
    found = read_estimated_year(text)
    assert (found and (found.year, found.margin)) == expected
    assert found is None or (found.month, found.day) == (None, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("34", (34, 1)),
        ("34.0", (34, 1)),
        ("0", (0, 1)),
        ("34 years", (34, 1)),
        ("34 yo", (34, 1)),
        ("34 years old", (34, 1)),
        ("34-year-old", None),
        ("age 34", (34, 1)),
        ("edad: 34 años", (34, 1)),
        ("8 months", (0, 1)),
        ("18 meses", (1, 1)),
        ("about 30", (30, 5)),
        ("approx. 30", (30, 5)),
        ("aged about 30 years", (30, 5)),
        ("~30", (30, 5)),
        ("30?", (30, 5)),
        ("35-40", (37, 4)),
        ("35 to 40 years", (37, 4)),
        ("entre 35 y 40", (37, 4)),
        ("30s", (34, 6)),
        ("in his 30's", (34, 6)),
        ("mid 30s", (35, 2)),
        ("late 30s", (38, 2)),
        ("131", None),
        ("125-131", None),
        ("40-35", None),
        ("10-60", None),
        ("l2", None),
        ("adult", None),
        ("", None),
    ],
)
def test_ages(text: str, expected: tuple[int, int] | None) -> None:
    """An age is whole years from 0 to 130; even an exact one leaves the birth year open by one."""
    assert read_age(text) == expected


@given(st.integers(0, 100), st.integers(0, 30), st.integers(1950, 2020))
def test_who_is_of_the_age_was_born_within_the_margin(age: int, more: int, observed: int) -> None:
    """Whoever was of one of the ages was born no further from the year told than the margin."""
    last = age + more
    found = read_age(f"{age}-{last}")
    assert found is not None
    for years in (age, last):
        for born in (observed - years, observed - years - 1):
            assert abs(observed - found.years - born) <= found.margin


@given(st.text(max_size=60) | st.text("0123456789s -~?'", max_size=12))
def test_any_text_can_be_read_as_an_estimate(text: str) -> None:
    """Whatever the text, margins are of two digits and never negative."""
    for found in (read_estimated_year(text), read_age(text)):
        assert found is None or 0 <= found.margin < 100
