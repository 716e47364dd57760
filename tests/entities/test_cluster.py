"""Clusters of links."""

from __future__ import annotations

import networkx as nx
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from linker.entities.cluster import cluster, is_link, mark_links
from linker.model import Thresholds
from linker.schemas import SCORED_PAIRS

EDGES = st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=40)


def links(edges: list[tuple[int, int]]) -> pl.DataFrame:
    schema = {"mention_l": pl.Int64, "mention_r": pl.Int64}
    return pl.DataFrame(edges, schema=schema, orient="row")


@given(EDGES)
def test_clusters_are_the_connected_components(edges: list[tuple[int, int]]) -> None:
    """Clusters equal networkx's components, each named by its smallest mention."""
    graph = nx.Graph()
    graph.add_nodes_from(range(20))
    graph.add_edges_from(edges)
    expected = [0] * 20
    for component in nx.connected_components(graph):
        for mention in component:
            expected[mention] = min(component)
    assert cluster(20, links(edges)).tolist() == expected


@given(EDGES, st.randoms())
def test_the_order_of_links_does_not_matter(edges: list[tuple[int, int]], random: object) -> None:
    """Shuffled links give the same clusters."""
    shuffled = list(edges)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert cluster(20, links(edges)).tolist() == cluster(20, links(shuffled)).tolist()


def test_no_mentions_have_no_clusters() -> None:
    """An empty world is no error."""
    assert cluster(0, links([])).tolist() == []


def pair(probability: float, identity: float, *, confirmed: bool = False) -> dict[str, object]:
    return {
        "mention_l": 0,
        "mention_r": 1,
        "rule": 0,
        "match_weight": 12.0,
        "match_probability": probability,
        "identity_weight": identity,
        "confirmed": confirmed,
    }


def test_shared_contacts_alone_do_not_make_a_link() -> None:
    """A pair over the link threshold whose names and dates say nothing is no link."""
    thresholds = Thresholds(link=0.9, review=0.5, identity_floor=4)
    pairs = pl.DataFrame(
        [pair(0.99, 12), pair(0.99, 3.9), pair(0.89, 12), pair(0.9, 4)], schema=dict(SCORED_PAIRS)
    )
    marked = mark_links(pairs, thresholds)["link"].to_list()
    assert marked == [True, False, False, True]
    biometric = pl.DataFrame([pair(0.001, -20, confirmed=True)], schema=dict(SCORED_PAIRS))
    assert mark_links(biometric, thresholds)["link"].to_list() == [True]
    rows = pairs.select("match_probability", "identity_weight").rows()
    assert [is_link(probability, identity, thresholds) for probability, identity in rows] == marked
