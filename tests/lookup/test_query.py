"""Reading a question."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.errors import QueryError
from linker.lookup.query import FIELDS, MOST_CHARACTERS, patterned, read_question
from linker.lookup.question import Question
from linker.schemas import EntityType

TODAY = dt.date(2026, 6, 30)


def read(entity: EntityType = "person", **fields: Any) -> Any:
    return read_question(Question(entity, fields), TODAY)


def test_a_name_in_any_order_is_the_same_name() -> None:
    """The last name may come first, behind a comma, or in a field of its own."""
    whole = read(full_name="Juan Perez Garcia").mention
    assert whole["name_key"] == read(full_name="PEREZ GARCIA, Juan").mention["name_key"]
    assert whole["name_key"] == read(given_name="Juan", surname="Pérez García").mention["name_key"]


@pytest.mark.parametrize(
    ("age", "year", "margin"),
    [("34", 1992, 1), ("30-35", 1994, 4), ("about 40", 1986, 5), ("30 to 32", 1995, 2)],
)
def test_an_age_gives_a_year(age: str, year: int, margin: int) -> None:
    """An age, or a range of ages, counts back from the day the question is asked."""
    mention = read(full_name="Ana Ruiz", age=age).mention
    assert (mention["birth_year"], mention["birth_year_margin"]) == (year, margin)
    assert "birth_date" not in mention


def test_an_age_may_be_of_another_day() -> None:
    """Observed on a day of its own, it counts back from that."""
    mention = read(full_name="Ana Ruiz", age="34", observed_on="2016-01-02").mention
    assert mention["birth_year"] == 1982


@pytest.mark.parametrize("entity", ["person", "organization"])
def test_numbers_may_be_known_in_part(entity: EntityType) -> None:
    """Documents and plates take ? and *; what is known in part is no value of the mention."""
    for name in patterned(entity):
        asked = read(entity, **{name: "tx*1-4?3"})
        assert asked.patterns[name][0] == "TX*14?3"
        assert name not in asked.mention


@pytest.mark.parametrize(
    ("given", "patterns"),
    [
        ("IO?-12*", ("10?12*",)),
        ("SZB ?O1", ("528?01",)),
    ],
)
def test_a_plate_known_in_part_is_folded(given: str, patterns: tuple[str, ...]) -> None:
    """Letters that are misread as digits are those digits, as in plates known whole."""
    assert read(plates=given).patterns == {"plates": patterns}


@pytest.mark.parametrize(
    ("given", "patterns"),
    [
        ("A12?-456-789", ("12?456789",)),
        ("A1?345678", ("01?345678",)),
        ("A# 2?34567", ("002?34567",)),
        ("1234*", ("1234*", "01234*", "001234*")),
    ],
)
def test_an_a_number_known_in_part_has_nine_figures(given: str, patterns: tuple[str, ...]) -> None:
    """The A goes, and zeros fill up what is shorter, as in numbers known whole."""
    assert read(a_number=given).patterns == {"a_number": patterns}


def test_a_list_may_hold_both() -> None:
    """Whole plates are values and others patterns, each for itself."""
    asked = read(plates=["KTX9041", "K?X 90**", "no"])
    assert asked.patterns == {"plates": ("K?X90*",)}
    assert "KTX9041" in asked.mention["plates"]


@pytest.mark.parametrize("pattern", ["*", "??", "A*", "**1?", "?-?-9"])
def test_a_pattern_must_know_something(pattern: str) -> None:
    """Of a number of which next to nothing is known, every record would fit."""
    with pytest.raises(QueryError, match="known too little of: give 3 characters"):
        read(passport=pattern)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "the query is empty"),
        ({"full_name": ""}, "the query is empty"),
        ({"full_name": "unknown"}, "names nobody"),
        ({"birth_date": "1980-01-01"}, "names nobody"),
        ({"full_name": "Ana", "birth_date": "soon"}, "birth date cannot be read: not a date"),
        ({"full_name": "Ana", "sex": "green"}, "sex cannot be read"),
        ({"full_name": "x" * (MOST_CHARACTERS + 1)}, "full name is longer than 1,000 characters"),
        ({"passport": ["A1", "A2"]}, "passport is given 2 times: give one"),
        ({"phones": ["1"] * 51}, "phones are more than 50"),
        ({"full_name": "Ana \ud800"}, "holds bytes that are no text"),
        ({"ful_name": "Ana"}, "no such field as was asked by; did you mean 'full_name'"),
        ({"tax_id": "1"}, "person has no such field"),
    ],
)
def test_what_cannot_be_read_is_named(fields: dict[str, Any], said: str) -> None:
    """The field is named and the fix, the value never."""
    with pytest.raises(QueryError, match=said) as refused:
        read(**fields)
    assert "Ana" not in str(refused.value)


@given(
    fields=st.dictionaries(
        st.sampled_from(FIELDS["person"]),
        st.text(max_size=30) | st.lists(st.text(max_size=15), max_size=3),
        max_size=5,
    )
)
def test_whatever_is_written(fields: dict[str, Any]) -> None:
    """Any text in any field is read or refused with one line."""
    try:
        asked = read(**fields)
    except QueryError as refused:
        assert "\n" not in str(refused)  # noqa: PT017 - either way is right
    else:
        assert asked.mention or asked.patterns
