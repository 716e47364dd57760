"""What the levels of every kind mean, in plain Python."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from linker.scoring.functions.mailboxes import OFFICES

A, B, MANY, OTHERS, DAY, YEAR, ROOT, MONTH, MARGIN = COLUMNS = (
    *("given_name", "middle_name", "surname_parts", "aliases", "birth_date", "birth_year"),
    *("given_name_root", "birth_month", "birth_year_margin"),
)
"""Columns of a person: two texts, two lists, a date, a number, another text, two numbers."""

Pair = Mapping[str, tuple[Any, Any]]
"""By column the left and the right value."""


def both(pair: Pair, *columns: str) -> bool:
    """Whether both records have every one of some columns."""
    return all(value is not None for column in columns for value in pair[column])


def on(column: str, test: Callable[[Any, Any], bool | None]) -> Callable[[Pair], bool | None]:
    """A meaning over one column, never met where a side is missing."""
    return lambda pair: both(pair, column) and test(*pair[column])


def alike(least: float) -> Callable[[str, str], bool | None]:
    """The similarity of the bytes; an empty text is like nothing."""

    def test(left: str, right: str) -> bool | None:
        one, other = left.encode(), right.encode()
        similarity = JaroWinkler.similarity(one, other) if one and other else 0.0
        return None if abs(similarity - least) < 1e-9 else similarity >= least

    return test


def any_alike(least: float) -> Callable[[list[str], list[str]], bool | None]:
    test = alike(least)

    def some(left: list[str], right: list[str]) -> bool | None:
        found = {test(one, other) for one in present(left) for other in present(right)}
        return True if True in found else None if None in found else False

    return some


def apart(measure: Any, most: int) -> Callable[[str, str], bool]:
    return lambda left, right: measure.distance(left.encode(), right.encode()) <= most


def present(values: Iterable[str | None] | None) -> set[str]:
    """The values of a list as a set: repeated and missing ones do not count."""
    return {value for value in values or [] if value is not None}


def share(least: float, whole: Callable[[set[str], set[str]], int], common: int) -> Any:
    def test(left: list[str], right: list[str]) -> bool:
        one, other = present(left), present(right)
        inside = len(one & other)
        return inside >= common and inside >= least * whole(one, other)

    return test


def swapped(left: dt.date, right: dt.date) -> bool:
    return (left.year, left.month, left.day) == (right.year, right.day, right.month)


def crossed(pair: Pair) -> tuple[bool, bool]:
    (a_l, a_r), (b_l, b_r) = pair[A], pair[B]
    return a_l is not None and a_l == b_r, b_l is not None and b_l == a_r


def among(pair: Pair) -> bool:
    (left, right), (list_l, list_r) = pair[A], pair[MANY]
    return left in present(list_r) or right in present(list_l)


def name_or_alias(pair: Pair) -> bool:
    same = both(pair, A) and pair[A][0] == pair[A][1]
    return same or among(pair) or bool(present(pair[MANY][0]) & present(pair[MANY][1]))


def imprecise(
    years: int, *, month: bool = False, margin: bool = False, neither: bool = False
) -> Callable[[Pair], bool]:
    def test(pair: Pair) -> bool:
        if both(pair, DAY) or not both(pair, YEAR):
            return False
        if neither and any(value is not None for value in pair[DAY]):
            return False
        if month and both(pair, MONTH) and pair[MONTH][0] != pair[MONTH][1]:
            return False
        wrong_by = sum(value or 0 for value in pair[MARGIN]) if margin else 0
        return bool(abs(pair[YEAR][0] - pair[YEAR][1]) <= years + wrong_by)

    return test


def imprecise_month(pair: Pair) -> bool:
    known = not both(pair, DAY) and both(pair, YEAR, MONTH)
    return known and pair[YEAR][0] == pair[YEAR][1] and pair[MONTH][0] == pair[MONTH][1]


def told(pair: Pair) -> bool:
    told_by = both(pair, ROOT, YEAR) and all(
        pair[column][0] == pair[column][1] for column in (ROOT, YEAR)
    )
    return not both(pair, A) or told_by


def only_offices(left: list[str], right: list[str]) -> bool:
    both = present(left) & present(right)
    return bool(both) and all(text.partition("@")[0] in OFFICES and "@" in text for text in both)


DIGITS = re.compile(rb"[0-9]")


def near_in_lists(
    most: int, least: int, *, same_digits: bool = False
) -> Callable[[list[str], list[str]], bool]:
    def near(left: str, right: str) -> bool:
        one, other = left.encode(), right.encode()
        whole = min(len(one), len(other)) >= least
        if same_digits and DIGITS.findall(one) != DIGITS.findall(other):
            return False
        apart = DamerauLevenshtein.distance(one, other)
        return whole and (apart <= most or one in other or other in one)

    return lambda left, right: any(
        near(one, other) for one in present(left) for other in present(right)
    )


def days(left: dt.date, right: dt.date) -> int:
    return abs((left - right).days)


def same(left: object, right: object) -> bool:
    return left == right


def keystrokes(most: int) -> Callable[[dt.date, dt.date], bool]:
    return lambda left, right: (
        DamerauLevenshtein.distance(left.isoformat(), right.isoformat()) <= most
    )


def one_holds(least: int) -> Callable[[str, str], bool]:
    def held(one: str, other: str) -> bool:
        words = [word for word in one.split(" ") if word]
        digit = any(letter in "0123456789" for letter in one)
        shorter = len(one.encode()) <= len(other.encode())
        return shorter and digit and len(words) >= least and set(words) <= set(other.split(" "))

    return lambda left, right: left == right or held(left, right) or held(right, left)


HEARD = {"q": "k", "x": "k", "z": "s", "v": "f"}
"""What some letters sound like."""


def consonants(text: str) -> list[str]:
    """The consonants that are heard, one for several of the same side by side."""
    heard = []
    for at, letter in enumerate(text):
        after = text[at + 1 : at + 2]
        sound = HEARD.get(letter, letter if letter in "bdfgjklmnprst" else "")
        if letter == "c":
            sound = "s" if after in {"e", "i", "y"} else "k"
        heard.append("f" if letter == "p" and after == "h" else sound)
    return [one for one, before in zip(heard, ["", *heard], strict=False) if one and one != before]


def same_consonants(fewest: int) -> Callable[[str, str], bool]:
    def test(left: str, right: str) -> bool:
        return consonants(left) == consonants(right) and len(consonants(left)) >= fewest

    return test
