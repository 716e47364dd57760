"""What is told of rows left out."""

from __future__ import annotations

from types import SimpleNamespace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.errors import SourceError
from linker.sources.quarantine import (
    REJECTED,
    Rejection,
    enforce_bad_row_limit,
    rejected_table,
    value_class,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "empty"),
        ("", "empty"),
        (" \t", "empty"),
        ("7", "1 digit"),
        (" 123456789 ", "9 digits"),
        ("Martínez", "letters, 8 characters"),
        ("X", "letters, 1 character"),
        ("A123456", "letters and digits, 7 characters"),
        ("1970-01-02", "text, 10 characters"),
        ("½", "text, 1 character"),
    ],
)
def test_values_are_described_by_kind_and_length(value: str | None, expected: str) -> None:
    """A value's class tells its kind of characters and how many there are."""
    assert value_class(value) == expected


def masked(character: str) -> str:
    if character.isalpha():
        return "x"
    if character.isdecimal():
        return "0"
    return " " if character.isspace() else "#"


@given(st.text(max_size=40))
def test_a_value_class_reveals_nothing_of_the_value(value: str) -> None:
    """A value and another of the same shape are described alike, so the value is not revealed."""
    assert value_class(value) == value_class("".join(map(masked, value)))


def test_rejections_become_a_table_in_row_order() -> None:
    """Rejected rows stand in a table of the quarantine's columns, by row number."""
    table = rejected_table("cases", [Rejection(7, "late"), Rejection(2, "early", "id", "empty")])
    assert dict(table.schema) == dict(REJECTED)
    assert table.rows() == [
        ("cases", 2, "id", "empty", "early", "row"),
        ("cases", 7, None, None, "late", "row"),
    ]
    assert rejected_table("cases", []).equals(pl.DataFrame(schema=dict(REJECTED)))


def test_too_large_a_share_of_bad_rows_is_refused() -> None:
    """A source past its limit of bad rows is refused with the counts and the commonest reason."""
    source = SimpleNamespace(name="cases")
    with pytest.raises(SourceError, match=r"'cases': 1,500 of 20,000 .*7\.5%.*5\.0%.*too few"):
        enforce_bad_row_limit(source, 1500, 20_000, 0.05, "too few fields")


@pytest.mark.parametrize(("bad", "total", "limit"), [(5, 100, 0.05), (0, 0, 0.0), (0, 9, 0.0)])
def test_the_limit_itself_is_allowed(bad: int, total: int, limit: float) -> None:
    """Exactly the allowed share of bad rows passes, and so does a source without any."""
    enforce_bad_row_limit(SimpleNamespace(name="cases"), bad, total, limit, "too few fields")
