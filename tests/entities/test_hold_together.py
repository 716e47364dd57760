"""Records that a decision says are one: nothing parts them, and they part nobody else."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import networkx as nx
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.entities.cluster import cluster
from linker.entities.component import Rules
from linker.entities.hold import hold
from tests.entities.test_hold import LINK, RULES, SQUARES, WORLD, Row, mentions, pairs, world

ENDS = {"mention_l": pl.Int64, "mention_r": pl.Int64}


def held(
    people: pl.DataFrame,
    rows: list[Row],
    together: list[tuple[int, int]],
    rules: Rules = RULES,
    apart: list[tuple[int, int]] | None = None,
) -> tuple[list[int], list[tuple[int, int, str]]]:
    frame = pairs(rows)
    joined = pl.DataFrame(together, ENDS, orient="row")
    edges = pl.concat([frame.filter("link").select(list(ENDS)), joined])
    labels = cluster(people.height, edges)
    parted = pl.DataFrame(apart or [], ENDS, orient="row")
    found, cuts = hold(labels, frame, people, rules, parted, joined)
    return found.tolist(), cuts.select("mention_l", "mention_r", "cut").rows()


def test_nothing_parts_what_a_decision_joins() -> None:
    """Neither birth dates and suffixes, nor a source without duplicates, nor size."""
    people = mentions(["1954-03-31", "1980-11-12"], ["sr", "jr"], ["list", "list"])
    for rules in (RULES, Rules(LINK, 1), Rules(LINK, 9, frozenset({"list"}))):
        assert held(people, [], [(0, 1)], rules) == ([0, 0], [])
        assert held(people, [(0, 1, 5.0, True)], [(0, 1)], rules) == ([0, 0], [])


def test_decisions_count_two_groups_as_one_body() -> None:
    """Groups that a weak link bridges stay one where a decision joins them."""
    rows = [*SQUARES, (2, 3, 6.0, True)]
    assert held(mentions([None] * 6), rows, [])[0] == [0, 0, 0, 3, 3, 3]
    assert held(mentions([None] * 6), rows, [(1, 4)]) == ([0] * 6, [])


@pytest.mark.parametrize("joined", [True, False])
def test_what_two_records_of_a_decision_say_parts_nobody_else(joined: bool) -> None:
    """A record that fits one of them is not torn off by what the other says."""
    people = mentions(["1954-03-31", "1980-11-12", None, "1980-11-12"])
    rows = [(1, 2, 12.0, True), (2, 3, 12.0, True), (1, 3, 20.0, True)]
    found, cuts = held(people, rows, [(0, 1)] if joined else [])
    assert found == ([0, 0, 0, 0] if joined else [0, 1, 1, 1])
    assert cuts == []


def test_a_decision_between_like_records_exempts_them_from_nothing() -> None:
    """Where the two contradict each other in nothing, others that contradict them stay apart."""
    people = mentions(["1954-03-31", "1954-03-31", None, "1980-11-12"])
    rows = [(1, 2, 15.0, True), (2, 3, 11.0, True)]
    assert held(people, rows, [(0, 1)]) == ([0, 0, 0, 3], [(2, 3, "birth_dates")])


def test_a_cluster_that_decisions_alone_make_is_regrouped_too() -> None:
    """Records without any scored pair stay joined beside clusters that have pairs."""
    people = mentions(["1954-03-31", "1980-11-12", "1954-03-31", None, "1980-11-12"])
    rows = [(2, 3, 11.0, True), (3, 4, 15.0, True)]
    found, cuts = held(people, rows, [(0, 1)])
    assert found == [0, 0, 2, 3, 3]
    assert cuts == [(2, 3, "birth_dates")]


JOINED = st.lists(st.sampled_from(list(combinations(range(8), 2))), max_size=4)


@given(WORLD, JOINED, st.randoms())
def test_decisions_hold_whatever_the_links(
    drawn: dict[str, Any], together: list[tuple[int, int]], random: Any
) -> None:
    """What is joined is one, what is parted is not, and the order of neither matters."""
    people, rows, rules = world(drawn)
    graph: nx.Graph[int] = nx.Graph(together)
    graph.add_nodes_from(range(8))
    apart = [pair for pair in drawn["apart"] if not nx.has_path(graph, *pair)]
    found, cuts = held(people, rows, together, rules, apart)
    assert all(found[left] == found[right] for left, right in together)
    assert all(found[left] != found[right] for left, right in apart)
    graph.add_edges_from(row[:2] for row in rows if row[3] and found[row[0]] == found[row[1]])
    for label in set(found):
        assert nx.is_connected(graph.subgraph(n for n in range(8) if found[n] == label))
    for rows_or_pairs in (rows, together, apart):
        random.shuffle(rows_or_pairs)
    assert held(people, rows, together, rules, apart) == (found, cuts)
