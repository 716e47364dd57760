"""What two records say of each field, beside each other: equal, alike, different, or one missing.

It marks what the eye would miss, and weighs nothing: no model is asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import jellyfish

from linker.review.item import Difference

NEARLY: Final = 0.9
"""Texts of this Jaro-Winkler similarity (Winkler 1990) are alike."""
SHORT: Final = 4
"""In texts of fewer characters one keystroke makes another value."""


def differences(left: Mapping[str, Any], right: Mapping[str, Any]) -> dict[str, Difference]:
    """Return how the values of each field compare; what neither has is left out.

    Args:
        left: Field: a text, a whole number, a date, a list of texts, or None.
        right: The same of the other record.
    """
    return {
        name: _difference(left.get(name), right.get(name))
        for name in dict.fromkeys((*left, *right))
        if left.get(name) is not None or right.get(name) is not None
    }


def _difference(one: Any, other: Any) -> Difference:  # noqa: ANN401 - a value of any column
    if one is None or other is None:
        return "one_missing"
    if isinstance(one, list) and isinstance(other, list):
        return _of_lists([_folded(text) for text in one], [_folded(text) for text in other])
    if _folded(one) == _folded(other):
        return "equal"
    return "alike" if _alike(one, other) else "different"


def _of_lists(one: list[str], other: list[str]) -> Difference:
    if set(one) == set(other):
        return "equal"
    if set(one) & set(other) or any(_texts_alike(a, b) for a in one for b in other):
        return "alike"
    return "different"


def _alike(one: Any, other: Any) -> bool:  # noqa: ANN401 - a value of any column
    if isinstance(one, dt.date) and isinstance(other, dt.date):
        swapped = (one.year, one.month, one.day) == (other.year, other.day, other.month)
        return swapped or _keystrokes(one.isoformat(), other.isoformat()) <= 1
    if isinstance(one, int) and isinstance(other, int):
        return abs(one - other) <= 1
    return _texts_alike(_folded(one), _folded(other))


def _texts_alike(one: str, other: str) -> bool:
    if sorted(one.split()) == sorted(other.split()):
        return True
    one, other = sorted((one, other))  # the similarity may depend on which comes first
    long_enough = min(len(one), len(other)) >= SHORT
    return long_enough and (
        _keystrokes(one, other) <= 1 or jellyfish.jaro_winkler_similarity(one, other) >= NEARLY
    )


def _keystrokes(one: str, other: str) -> int:
    return jellyfish.damerau_levenshtein_distance(one, other)


def _folded(value: object) -> str:
    return str(value).casefold()
