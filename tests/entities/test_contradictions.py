"""Chains of links over a contradiction."""

from __future__ import annotations

import datetime as dt
from itertools import combinations
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.entities.cluster import cluster
from linker.entities.contradictions import (
    Record,
    columns_of,
    contradict,
    contradicting,
    cut_contradictions,
)
from linker.schemas import ORGANIZATION, PERSON

Row = tuple[int, int, float, bool]


def mentions(dates: list[str | None], suffixes: list[str | None] | None = None) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for number, text in enumerate(dates):
        date = dt.date.fromisoformat(text) if text else None
        rows.append(
            {
                "mention": number,
                "birth_date": date,
                "birth_year": date.year if date else None,
                "suffix": suffixes[number] if suffixes else None,
            }
        )
    return pl.DataFrame(rows, schema=dict(PERSON))


def pairs(rows: list[Row]) -> pl.DataFrame:
    schema = {
        "mention_l": pl.Int64,
        "mention_r": pl.Int64,
        "match_weight": pl.Float64,
        "link": pl.Boolean,
    }
    confirmed = pl.lit(value=False).alias("confirmed")
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(confirmed)


def clusters(people: pl.DataFrame, rows: list[Row]) -> tuple[list[int], list[tuple[int, int]]]:
    frame = pairs(rows)
    labels, cut = cut_contradictions(cluster(people.height, frame.filter("link")), frame, people)
    return labels.tolist(), cut.select("mention_l", "mention_r").rows()


def test_a_record_without_a_birth_date_does_not_join_father_and_son() -> None:
    """The heavier link wins, the one that would bring the contradiction in is cut."""
    people = mentions(["1954-03-31", None, "1980-11-12"])
    found, cut = clusters(people, [(0, 1, 12.0, True), (1, 2, 15.0, True)])
    assert found == [0, 1, 1]
    assert cut == [(0, 1)]


def test_a_suffix_contradicts() -> None:
    """Junior and senior are two people, whoever stands between them."""
    people = mentions([None] * 3, ["jr", None, "sr"])
    found, cut = clusters(people, [(0, 1, 12.0, True), (1, 2, 11.0, True)])
    assert found == [0, 0, 2]
    assert cut == [(1, 2)]


@pytest.mark.parametrize("link", [True, False])
def test_what_was_judged_as_a_pair_is_no_contradiction(link: bool) -> None:
    """Records that are a link or a possible link themselves stay together."""
    people = mentions(["1954-03-31", None, "1980-11-12"])
    rows = [(0, 1, 12.0, True), (0, 2, 9.0, link), (1, 2, 15.0, True)]
    assert clusters(people, rows) == ([0, 0, 0], [])


def test_a_record_with_an_equal_biometric_identifier_contradicts_nobody() -> None:
    """Who is known by fingerprints may give any birth date."""
    people = mentions(["1954-03-31", None, "1980-11-12"])
    frame = pairs([(0, 1, 12.0, True), (1, 2, -3.0, True)]).with_columns(
        pl.Series("confirmed", [False, True])
    )
    labels, cut = cut_contradictions(cluster(3, frame), frame, people)
    assert labels.tolist() == [0, 0, 0]
    assert cut.is_empty()


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("1970-10-10", "1990-03-15", True),
        ("1970-10-10", "1990-10-15", False),  # the same month
        ("1970-10-10", "1971-03-15", False),  # years drift
        ("1970-03-10", "1990-05-10", False),  # two keystrokes
        ("1959-08-01", "1966-08-01", False),
    ],
)
def test_dates_contradict_only_where_no_slip_explains_them(
    left: str, right: str, expected: bool
) -> None:
    """Two years apart, another month, more than two keystrokes: only all three contradict."""
    one, other = dt.date.fromisoformat(left), dt.date.fromisoformat(right)
    records = (Record(0, one, one.year, None), Record(1, other, other.year, None))
    assert contradict(*records) == contradict(*reversed(records)) == expected


def test_organizations_are_left_as_they_are() -> None:
    """Mentions without birth dates and suffixes have nothing to contradict."""
    frame = pairs([(0, 1, 9.0, True)])
    organizations = pl.DataFrame([{"mention": 0}, {"mention": 1}], schema=dict(ORGANIZATION))
    labels = cluster(2, frame)
    found, cut = cut_contradictions(labels, frame, organizations)
    assert found.tolist() == labels.tolist()
    assert cut.is_empty()


DATES = st.sampled_from([None, "1950-01-05", "1975-06-20", "1999-11-30"])
EDGES = st.dictionaries(
    st.sampled_from(list(combinations(range(7), 2))), st.integers(1, 20), max_size=14
)


@given(st.lists(DATES, min_size=7, max_size=7), EDGES, st.randoms())
def test_no_cluster_keeps_an_unjudged_contradiction_and_order_does_not_matter(
    dates: list[str | None], edges: dict[tuple[int, int], int], random: Any
) -> None:
    """Whatever the links: contradictions end apart, clusters only shrink, order is nothing."""
    people = mentions(dates)
    rows: list[Row] = [(*pair, float(weight), True) for pair, weight in edges.items()]
    found, _ = clusters(people, rows)
    before = cluster(7, pairs(rows)).tolist()
    for left, right in combinations(range(7), 2):
        if found[left] == found[right]:
            assert before[left] == before[right]
            one, other = dates[left], dates[right]
            apart = one is not None and other is not None and one != other
            assert not apart or (left, right) in edges
    random.shuffle(rows)
    assert clusters(people, rows)[0] == found


NEAR = st.builds(
    dt.date,
    st.sampled_from([1950, 1951, 1960, 1905, 1590, 1995, 1999, 2001]),
    st.sampled_from([1, 2, 10, 11, 12]),
    st.sampled_from([1, 10, 11, 21]),
)
SAID = st.builds(
    lambda date, suffix: Record(0, date, date.year if date else None, suffix),
    st.none() | NEAR | st.dates(dt.date(1000, 1, 1)),
    st.sampled_from([None, None, "jr", "sr"]),
)


@given(SAID, st.lists(SAID, max_size=40))
def test_many_records_contradict_as_each_of_them_does(one: Record, others: list[Record]) -> None:
    """Compared as columns, records contradict just those that they contradict one by one."""
    found = contradicting(one, columns_of(others)).tolist()
    assert found == [contradict(one, other) for other in others]


def test_a_large_cluster_is_cut_in_little_time() -> None:
    """Of thousands of records chained by links, those of either date stay together, in seconds."""
    count = 6_000
    first = dt.date(1940, 1, 5)
    dates = [
        (first + dt.timedelta(days=400 * (number % 37))).isoformat() if number % 3 else None
        for number in range(count)
    ]
    people = mentions(dates)
    rows = [(number, number + 1, float(count - number), True) for number in range(count - 1)]
    found, cut = clusters(people, rows)
    assert len(cut) > 100
    assert len(set(found)) == len(cut) + 1
