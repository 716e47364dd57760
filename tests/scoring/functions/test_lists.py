"""Compiled list functions: the same answers as Python's sets and as DuckDB's lists."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from linker.scoring.functions import lists
from tests.scoring.functions.places import address_of, dictionary

TEXTS = [
    "",
    "anna",
    "anne",
    "hanna",
    "a",
    "maria",
    "mariä",
    "marie luise",
    "b" * 70,
    "b" * 69 + "c",
]
Codes = list[int] | None

LIST = st.none() | st.lists(st.integers(0, 9), max_size=5, unique=True)
LEAST = st.sampled_from([0.0, 0.7, 0.8, 0.9, 1.0, 1.1])
CONNECTION = duckdb.connect(config={"threads": 1})


def on_lists(function: Callable[..., object], left: Codes, right: Codes, *more: object) -> object:
    """Call a function of two lists, with other codes before and after them."""
    codes = np.array([7, *(left or []), *(right or []), 7], np.int32)
    count_l = -1 if left is None else len(left)
    count_r = -1 if right is None else len(right)
    second = address_of(codes, 1 + max(count_l, 0))
    return function(address_of(codes, 1), count_l, second, count_r, *more)


@given(LIST, LIST, st.integers(-1, 4))
@example([], [], 0)
@example(None, [], 0)
@example(None, None, -1)
def test_common_texts_are_those_of_both_sets(left: Codes, right: Codes, at_least: int) -> None:
    """Codes in both lists are counted; a null list has none, and overlaps nothing."""
    both = len(set(left or []) & set(right or []))
    null = left is None or right is None
    assert on_lists(lists.common, left, right) == both
    assert on_lists(lists.overlaps, left, right, at_least) == (not null and both >= at_least)


SHARE = st.sampled_from([0.25, 1 / 3, 0.5, 0.6, 2 / 3, 0.75, 1.0])


@given(LIST, LIST, SHARE, st.integers(0, 3))
@example([], [], 1.0, 0)
@example([1, 2], [1, 2, 3], 2 / 3, 1)
def test_shares_are_jaccard_and_the_overlap_coefficient(
    left: Codes, right: Codes, share: float, least: int
) -> None:
    """Common codes are held against all codes, or against the shorter list's."""
    one, other = set(left or []), set(right or [])
    both = len(one & other)
    enough = left is not None and right is not None and both >= least
    of_all = enough and both >= share * len(one | other)
    of_fewer = enough and both >= share * min(len(one), len(other))
    assert on_lists(lists.overlap_share_all, left, right, share, least) == of_all
    assert on_lists(lists.overlap_share_fewer, left, right, share, least) == of_fewer


@given(st.integers(-1, 9), LIST)
def test_a_text_is_in_a_list(code: int, values: Codes) -> None:
    """A code is found in its list; the null text and a null list are never."""
    found = on_lists(lambda _a, _n, b, count: lists.contains(code, b, count), None, values)
    assert found == (code in (values or []))


def test_a_null_text_is_in_no_list() -> None:
    """Not even in a list that holds its code."""
    codes = np.array([lists.NO_TEXT], np.int32)
    assert not lists.contains(lists.NO_TEXT, address_of(codes), 1)


@given(LIST, LIST, LEAST)
def test_lists_are_alike_where_duckdb_says_so(left: Codes, right: Codes, least: float) -> None:
    """Some text of each are so alike as DuckDB's maximum over all pairs says."""
    texts = [None if side is None else [TEXTS[code] for code in side] for side in (left, right)]
    inner = "list_transform(CAST($r AS VARCHAR[]), lambda y: jaro_winkler_similarity(x, y))"
    row = CONNECTION.execute(
        f"SELECT list_max(list_transform(CAST($l AS VARCHAR[]), lambda x: list_max({inner})))",
        {"l": texts[0], "r": texts[1]},
    ).fetchone()
    expected = row is not None and row[0] is not None and row[0] >= least
    data, ends = dictionary(TEXTS)
    places = address_of(data), address_of(ends)
    assert on_lists(lists.alike_in_lists, left, right, *places, least) == expected


def test_a_null_text_is_like_nothing() -> None:
    """A null text among a list's is passed over."""
    data, ends = dictionary(TEXTS)
    places = address_of(data), address_of(ends)
    null = lists.NO_TEXT
    assert not on_lists(lists.alike_in_lists, [null], [null, 1], *places, 0.5)
    assert on_lists(lists.alike_in_lists, [null, 1], [null, 2], *places, 0.5)
