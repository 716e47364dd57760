"""Compiled list functions: the same answers as Python's sets and as DuckDB's lists."""

from __future__ import annotations

import duckdb
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linker.scoring.functions import lists
from linker.scoring.functions.bits import Bytes

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


def sides(
    left: list[int] | None, right: list[int] | None
) -> tuple[np.ndarray, int, int, np.ndarray, int, int]:
    codes = np.array([7, *(left or []), *(right or []), 7], np.int32)
    count_l = -1 if left is None else len(left)
    count_r = -1 if right is None else len(right)
    return codes, 1, count_l, codes, 1 + max(count_l, 0), count_r


def dictionary() -> tuple[Bytes, np.ndarray]:
    encoded = [text.encode() for text in TEXTS]
    ends = np.cumsum([0, *(len(each) for each in encoded)]).astype(np.int64)
    return np.frombuffer(b"".join(encoded), np.uint8).copy(), ends


@given(LIST, LIST, st.integers(0, 4))
def test_common_texts_are_those_of_both_sets(left: Codes, right: Codes, at_least: int) -> None:
    """Codes in both lists are counted; a null list has none, and overlaps nothing."""
    both = len(set(left or []) & set(right or []))
    null = left is None or right is None
    assert lists.common(*sides(left, right)) == both
    assert lists.overlaps(*sides(left, right), at_least) == (not null and both >= at_least)


@given(st.integers(-1, 9), LIST)
def test_a_text_is_in_a_list(code: int, values: Codes) -> None:
    """A code is found in its list; the null text and a null list are never."""
    arguments = sides(None, values)
    assert lists.contains(code, *arguments[3:]) == (code in (values or []))


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
    assert lists.alike_in_lists(*sides(left, right), *dictionary(), least) == expected
