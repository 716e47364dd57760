"""Identities of some clusters alone: the same as if all were named together."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from linker.entities.identity import MEMBERSHIP, Identities, identify
from linker.entities.ledger import RunStamp
from linker.schemas import LEDGER, MOVES, check, empty
from tests.entities.test_identity import LABELS, STAMP, clusters, run

RECORD = ["source", "record_id"]


def touched_of(labels: dict[str, int], before: Identities, changed: set[str]) -> set[str]:
    """The records whose cluster or whose entity of yesterday is reached from changed ones."""
    graph: nx.Graph[str] = nx.Graph()
    for record, label in labels.items():
        graph.add_edge(f"record {record}", f"cluster {label}")
    for record, entity in before.membership.select("record_id", "entity_id").rows():
        graph.add_edge(f"record {record}", f"entity {entity}")
    reached: set[str] = set()
    for record in changed:
        if f"record {record}" in graph:
            reached |= nx.node_connected_component(graph, f"record {record}")
    return {node.split()[1] for node in reached if node.startswith("record ")}


def changed_between(one: dict[str, int], other: dict[str, int]) -> set[str]:
    """The records whose company differs."""

    def company(labels: dict[str, int], record: str) -> set[str] | None:
        label = labels.get(record)
        return None if label is None else {name for name in labels if labels[name] == label}

    return {
        name for name in one.keys() | other.keys() if company(one, name) != company(other, name)
    }


@given(st.lists(LABELS, min_size=2, max_size=5), st.sets(st.sampled_from("abcdefgh")))
def test_naming_what_was_touched_is_naming_everything(
    worlds: list[dict[str, int]], more: set[str]
) -> None:
    """Ids, ledger and serial numbers are those of all clusters; what was not touched stays."""
    before = run(worlds[0])
    for yesterday, labels in pairwise(worlds):
        whole = run(labels, before)
        touched = touched_of(labels, before, changed_between(yesterday, labels) | more)
        mine = pl.col("record_id").is_in(list(touched))
        part = identify(
            "person",
            clusters({name: label for name, label in labels.items() if name in touched}),
            before.membership.filter(mine),
            before.next_serial,
            17,
            STAMP,
        )
        carried = before.membership.filter(~mine)
        assert pl.concat([part.membership, carried]).sort(RECORD).equals(whole.membership)
        assert part.ledger.equals(whole.ledger)
        assert part.next_serial == whole.next_serial
        assert part.moves.equals(whole.moves)
        before = whole


@given(st.lists(LABELS, min_size=1, max_size=5))
def test_the_last_moves_are_the_membership(worlds: list[dict[str, int]]) -> None:
    """Each run's moves, laid over one another, say who everyone is; only what moved is told."""
    before: Identities | None = None
    known: dict[tuple[str, str], str | None] = {}
    for labels in worlds:
        now = run(labels, before)
        moved = check(now.moves, MOVES, "moves")
        assert moved.equals(moved.sort(RECORD))
        for source, record, entity in moved.rows():
            assert known.get((source, record)) != entity
            known[source, record] = entity
        living = {record: entity for record, entity in known.items() if entity is not None}
        members = {(s, r): e for s, r, e in now.membership.select(*RECORD, "entity_id").rows()}
        assert living == members
        before = now


def test_a_ledger_tells_which_run_wrote_it() -> None:
    """Every row has the run's number, time and model."""
    stamp = RunStamp(7, "2026-01-02T00:00:00+00:00", "person/2@11111111")
    found = identify("person", clusters({"a": 0}), empty(MEMBERSHIP), 0, 17, stamp)
    row = check(found.ledger, LEDGER, "ledger").row(0, named=True)
    assert (row["generation"], row["run_at"], row["model"]) == (7, stamp.at, stamp.model)
