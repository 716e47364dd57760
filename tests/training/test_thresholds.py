"""Thresholds that a model sets itself."""

from __future__ import annotations

import math
from itertools import combinations

import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.scoring.scorer import probabilities
from linker.training.thresholds import FLOOR_MARGIN, LEAST, MOST, identity_floor, link_threshold

RECORDS = 7
EDGES = st.dictionaries(
    st.sampled_from(list(combinations(range(RECORDS), 2))),
    st.integers(-20, 48).map(lambda n: n / 4),
    max_size=15,
)


def frame(edges: dict[tuple[int, int], float]) -> pl.DataFrame:
    rows = [(*pair, weight) for pair, weight in edges.items()]
    columns = {"mention_l": pl.Int64, "mention_r": pl.Int64, "match_weight": pl.Float64}
    return pl.DataFrame(rows, schema=columns, orient="row")


def apart(weights: np.ndarray) -> pl.DataFrame:
    """Pairs of records that have no record in common."""
    return frame({(2 * n, 2 * n + 1): float(weight) for n, weight in enumerate(weights)})


def expected_f(
    edges: dict[tuple[int, int], float], matches: float, count: float, probability: float
) -> float:
    """The expected F-beta of the clusters of all links that reach a probability."""
    graph = nx.Graph()
    graph.add_nodes_from(range(RECORDS))
    expected = dict.fromkeys((frozenset({record}) for record in range(RECORDS)), 0.0)
    right = put = 0.0
    for (left, other), weight in sorted(edges.items(), key=lambda edge: (-edge[1], edge[0])):
        likely = float(probabilities(np.array([weight]))[0])
        if likely < probability or nx.has_path(graph, left, other):
            continue
        joined = [frozenset(nx.node_connected_component(graph, node)) for node in (left, other)]
        shares = [(len(part) + 2 * expected[part]) / len(part) ** 2 for part in joined]
        pairs = len(joined[0]) * len(joined[1])
        true = likely * pairs * math.prod(shares)
        put, right = put + pairs, right + true
        expected[joined[0] | joined[1]] = expected[joined[0]] + expected[joined[1]] + true
        graph.add_edge(left, other)
    beta_squared = 1 / count**2
    return (1 + beta_squared) * right / (beta_squared * matches + put) if put else 0.0


@given(edges=EDGES, matches=st.floats(60, 90), count=st.floats(1, 5))
def test_no_other_threshold_is_expected_to_do_better(
    edges: dict[tuple[int, int], float], matches: float, count: float
) -> None:
    """Of all thresholds between the least and the most, the clusters of the one found are best.

    The pair that it is taken from reaches it, to however many digits it is written.
    """
    found = link_threshold(frame(edges), RECORDS, matches, count)
    likely = [float(p) for p in probabilities(np.array(list(edges.values()))) if p >= LEAST]
    if found is None:
        assert not likely
        return
    assert LEAST <= found.probability <= MOST
    if found.probability < MOST:
        best = max(expected_f(edges, matches, count, p) for p in likely)
        reached = expected_f(edges, matches, count, found.probability)
        assert reached == pytest.approx(best)


def test_what_cannot_be_told_apart_lowers_the_threshold() -> None:
    """Where most matches look like nothing, a link that is likelier right than wrong is taken."""
    rng = np.random.default_rng(1)
    told = np.concatenate([rng.normal(20, 3, 9_000), rng.uniform(0, 4, 1_000)])
    untold = np.concatenate([rng.normal(20, 3, 1_000), rng.uniform(0, 4, 4_000)])
    sure = link_threshold(apart(told), 20_000, 1e4, 2)
    unsure = link_threshold(apart(untold), 10_000, 2e4, 2)
    assert sure is not None
    assert unsure is not None
    assert sure.probability > unsure.probability
    assert sure.false_share < unsure.false_share
    assert sure.found_share > unsure.found_share


def test_links_that_chain_ask_for_more() -> None:
    """The same weights between records that hang together put more false pairs together."""
    weights = np.random.default_rng(3).normal(5, 2, 400)
    alone = link_threshold(apart(weights), 800, 500, 2)
    chain = frame({(n, n + 1): float(weight) for n, weight in enumerate(weights)})
    chained = link_threshold(chain, 401, 500, 2)
    assert alone is not None
    assert chained is not None
    assert chained.probability > alone.probability


def test_the_worse_a_false_link_the_higher_the_threshold() -> None:
    """Who fears false links more gets a higher threshold, and fewer of them."""
    weights = np.random.default_rng(2).normal(6, 5, 5_000)
    found = [link_threshold(apart(weights), 10_000, 5_000, count) for count in (1, 2, 4)]
    chosen = [one.probability for one in found if one]
    assert chosen == sorted(chosen)
    assert chosen[0] < chosen[2]


def test_nothing_likely_sets_no_threshold() -> None:
    """Candidate pairs that are all rather no match set no threshold."""
    assert link_threshold(frame({(0, 1): -3.0, (1, 2): -0.1}), 3, 10, 2) is None


@given(shares=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_more_relatives_ask_for_more_evidence(shares: tuple[float, float]) -> None:
    """The fewer of a household's pairs match, the more a link has to weigh in identity."""
    few, many = sorted(shares)
    assert identity_floor(few) >= identity_floor(many)


def test_the_floor_outweighs_the_odds_of_relatives() -> None:
    """With one relative for each match the floor is the margin; three times as many raise it."""
    assert identity_floor(0.5) == FLOOR_MARGIN
    assert identity_floor(0.25) == pytest.approx(FLOOR_MARGIN + math.log2(3), abs=1e-3)
