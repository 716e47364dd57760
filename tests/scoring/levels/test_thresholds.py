"""Where each threshold lies: the last value that meets a level, and the first that does not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.scoring.levels.cases import CASES
from tests.scoring.levels.kernel import CompiledTests
from tests.scoring.levels.meanings import DAY, MANY, YEAR, A, B, Pair

NEW_YEAR = dt.date(2001, 1, 1)


def later(days: int) -> tuple[dt.date, dt.date]:
    return NEW_YEAR, NEW_YEAR + dt.timedelta(days)


def years(left: int | None, right: int | None, date: dt.date | None = None) -> Pair:
    return {YEAR: (left, right), DAY: (NEW_YEAR, date)}


EDGES: list[tuple[str, Pair, Pair]] = [
    (f"within_days-{DAY}-1", {DAY: later(1)}, {DAY: later(2)}),
    (f"within_days-{DAY}-30", {DAY: later(30)}, {DAY: later(31)}),
    (f"within_years-{DAY}-1", {DAY: later(365)}, {DAY: later(366)}),  # a year has 365.25 days
    (f"within_years-{DAY}-4", {DAY: later(1461)}, {DAY: later(1462)}),
    (f"near_number-{YEAR}-0.5", years(7, 7), years(7, 8)),
    (f"near_number-{YEAR}-2.0", years(7, 9), years(10, 7)),
    (f"imprecise_year-{DAY}-{YEAR}-0", years(7, 7), years(7, 8)),
    (f"imprecise_year-{DAY}-{YEAR}-1", years(8, 7), years(9, 7)),
    (f"imprecise_year-{DAY}-{YEAR}-1", years(8, 7), years(8, 7, NEW_YEAR)),
    (f"jaro_winkler-{A}-0.92", {A: ("abcdefgh", "abcdefgx")}, {A: ("abcdefgh", "abcdexgx")}),
    (f"jaro_winkler-{A}-0.8", {A: ("dwayne", "duane")}, {A: ("dixon", "dicksonxx")}),
    (f"levenshtein-{A}-1", {A: ("abc", "abd")}, {A: ("abc", "acb")}),
    (f"levenshtein-{A}-2", {A: ("abc", "acb")}, {A: ("abc", "xyz")}),
    (f"levenshtein-{A}-4", {A: ("abcdef", "wxyzef")}, {A: ("abcdef", "vwxyzf")}),
    (f"damerau_levenshtein-{A}-1", {A: ("abc", "acb")}, {A: ("abc", "cab")}),
    (f"damerau_levenshtein-{A}-2", {A: ("ca", "abc")}, {A: ("abc", "xyz")}),
    (f"damerau_levenshtein-{A}-4", {A: ("abcdef", "wxyzef")}, {A: ("abcdef", "vwxyzf")}),
    (f"prefix-{A}-3", {A: ("ñañez", "ñañito")}, {A: ("ñaño", "ñanez")}),
    (f"prefix-{A}-3", {A: ("abc", "abcd")}, {A: ("ab", "ab")}),
    (f"initial-{A}", {A: ("é", "élan")}, {A: ("él", "élan")}),
    (f"date_keystrokes-{DAY}-1", {DAY: later(1)}, {DAY: (NEW_YEAR, dt.date(2001, 2, 2))}),
    (
        f"date_keystrokes-{DAY}-2",
        {DAY: (NEW_YEAR, dt.date(2001, 2, 2))},
        {DAY: (NEW_YEAR, dt.date(2011, 2, 2))},
    ),
    (f"overlap-{MANY}-2", {MANY: (["a", "b"], ["b", "a"])}, {MANY: (["a", "a"], ["a", "a"])}),
    (
        f"overlap_share-{MANY}-0.5-all-1",
        {MANY: (["a", "b"], ["b"])},
        {MANY: (["a", "b", "c"], ["b"])},
    ),
    (
        f"overlap_share-{MANY}-0.6-all-2",
        {MANY: (["a", "b", "c"], ["b", "a", "c", "d", "e"])},
        {MANY: (["a", "b", "c"], ["b", "a", "d", "e"])},
    ),
    (
        f"overlap_share-{MANY}-0.5-fewer-1",
        {MANY: (["a", "b"], ["b", "x", "y"])},
        {MANY: (["a", "b", "c"], ["b", "x", "y"])},
    ),
    (
        f"overlap_share-{MANY}-0.6-fewer-2",
        {MANY: (["a", "b", "c"], ["a", "b", "x", "y"])},
        {MANY: (["a"], ["a"])},
    ),
    (
        f"list_alike-{MANY}-0.9",
        {MANY: (["q", "abcdefgh"], ["abcdefgx", "z"])},
        {MANY: (["q", "abcd"], ["abxy"])},
    ),
    (f"crossed-{A}-{B}", {A: ("x", "y"), B: ("y", "z")}, {A: ("x", "x"), B: ("y", "y")}),
    (f"swapped-{A}-{B}", {A: ("x", "y"), B: ("y", "x")}, {A: ("x", "y"), B: ("y", "z")}),
    (
        f"among-{A}-{MANY}",
        {A: ("x", None), MANY: (None, ["x"])},
        {A: ("x", "y"), MANY: (["x"], ["y"])},
    ),
]

BY_NAME = {case.name: case for case in CASES}


@pytest.fixture(scope="module")
def compiled_tests() -> CompiledTests:
    return CompiledTests([case.kind for case in CASES])


def turned(pair: Pair) -> dict[str, tuple[Any, Any]]:
    return {column: (right, left) for column, (left, right) in pair.items()}


@pytest.mark.parametrize(
    ("name", "met", "missed"), EDGES, ids=[f"{at} {name}" for at, (name, _, _) in enumerate(EDGES)]
)
def test_a_level_ends_where_it_says(
    compiled_tests: CompiledTests, name: str, met: Pair, missed: Pair
) -> None:
    """Of two neighbouring pairs one meets the level and the other does not, either way round."""
    function = BY_NAME[name].kind.function
    some = [met, turned(met), missed, turned(missed)]
    assert compiled_tests.met(some, [function])[function] == [True, True, False, False]
    assert [BY_NAME[name].meaning(pair) for pair in some] == [True, True, False, False]
