"""What two records say of each field, beside each other."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.review.differences import differences

texts = st.text(alphabet="abcdefghij ", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("Esperanza", "esperanza", "equal"),
        ("esperanza", "esperansa", "alike"),
        ("ruiz soto", "soto ruiz", "alike"),
        ("esperanza", "wanda", "different"),
        ("tx", "tn", "different"),
        ("esperanza", None, "one_missing"),
        (dt.date(1984, 3, 17), dt.date(1984, 3, 17), "equal"),
        (dt.date(1984, 3, 17), dt.date(1984, 3, 19), "alike"),
        (dt.date(1984, 3, 7), dt.date(1984, 7, 3), "alike"),
        (dt.date(1984, 3, 17), dt.date(1966, 8, 1), "different"),
        (1984, 1985, "alike"),
        (1984, 1994, "different"),
        (["a1234567"], ["A1234567"], "equal"),
        (["9565550100", "9565550177"], ["9565550100"], "alike"),
        (["9565550100"], ["2035550134"], "different"),
        ([], ["2035550134"], "different"),
    ],
)
def test_a_difference_is_what_the_eye_would_say(one: Any, other: Any, said: str) -> None:
    """Equal but for case, nearly equal, swapped or of one keystroke, or another value."""
    assert differences({"field": one}, {"field": other}) == {"field": said}


def test_what_neither_has_is_left_out() -> None:
    """A field is told of once one of the two records has it, in the order of the first."""
    told = differences({"a": None, "b": 1, "c": None}, {"a": None, "c": 2})
    assert told == {"b": "one_missing", "c": "one_missing"}


@given(st.one_of(texts, st.integers(1900, 2020), st.dates(), st.lists(texts, max_size=3)))
def test_a_value_equals_itself(value: Any) -> None:
    """Whatever the field, a value is equal to itself and to no missing one."""
    assert differences({"field": value}, {"field": value}) == {"field": "equal"}
    assert differences({"field": value}, {}) == {"field": "one_missing"}


@given(texts, texts)
def test_differences_have_no_side(one: str, other: str) -> None:
    """Left against right says what right against left says."""
    assert differences({"f": one}, {"f": other}) == differences({"f": other}, {"f": one})
