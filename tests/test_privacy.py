"""Values are described without being shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.privacy import value_class


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
        ("Ana Ruiz", "text, 8 characters"),
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
