"""Clusters of some mentions alone: the same as among all, decisions included."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, combinations, pairwise
from typing import Any

import networkx as nx
import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from linker.entities.component import Rules
from linker.entities.decisions import decide, in_force
from linker.entities.hold import reading
from linker.entities.identity import MEMBERSHIP
from linker.entities.ledger import RunStamp
from linker.night.clusters import Clusters, World, cluster_world
from linker.schemas import CUTS, LEDGER, MOVES, PERSON, RECORD, check, empty
from tests.entities.test_decisions import NOW, decision, table

IDS = "abcde"
NAMES = list(RECORD)
RULES = Rules(4.0, 5, frozenset({"list"}))
STAMP = RunStamp(1, NOW, "person/1@00000000")
DATES = st.sampled_from([None, "1950-01-05", "1975-06-20"])
PAIRS = list(combinations(IDS, 2))
VERDICTS = st.tuples(st.sampled_from(["match", "non_match", "withdrawn"]), st.integers(1, 9))


def changes(records: int, pairs: int, decisions: int) -> st.SearchStrategy[dict[str, Any]]:
    """So many changes at most; a record, a pair or a decision of None goes."""
    weights = st.one_of(st.none(), st.integers(0, 20))
    return st.fixed_dictionaries(
        {
            "records": st.dictionaries(
                st.sampled_from(IDS), st.one_of(DATES, st.just("gone")), max_size=records
            ),
            "weights": st.dictionaries(st.sampled_from(PAIRS), weights, max_size=pairs),
            "decisions": st.dictionaries(st.sampled_from(PAIRS), VERDICTS, max_size=decisions),
        }
    )


FIRST = changes(5, 8, 4)
NEXT = st.lists(changes(1, 1, 1), min_size=1, max_size=5)


@dataclass
class State:
    """The final state of the sources, the scores of their pairs, and what people decided."""

    records: dict[str, str | None]
    weights: dict[tuple[str, str], float]
    standing: pl.DataFrame


def state_of(drawn: dict[str, Any]) -> State:
    """Weights are distinct; a pair of weight 5 and more is a link."""
    records = {name: date for name, date in drawn["records"].items() if date != "gone"}
    weights = {
        pair: weight + PAIRS.index(pair) / 64
        for pair, weight in drawn["weights"].items()
        if weight is not None and set(pair) <= set(records)
    }
    rows = [
        decision(
            # a decision never changes: another verdict is another one, also of one day
            PAIRS.index(pair) * 100 + 50 * (verdict == "match") + day,
            *pair,
            verdict,
            made_at=f"2026-02-0{day}T00:00:00+00:00",
        )
        for pair, (verdict, day) in drawn["decisions"].items()
        if verdict != "withdrawn"
    ]
    return State(records, weights, in_force(table(*rows), NOW))


def world_of(state: State, names: set[str], before: Clusters | None) -> World:
    """The world of some records, those of them that are gone included in yesterday's membership."""
    living = sorted(names & set(state.records))
    place = {name: number for number, name in enumerate(living)}
    records = pl.DataFrame({"record_id": living}, schema={"record_id": pl.String}).with_columns(
        pl.lit("s").alias("source"),
        pl.Series("birth_date", [state.records[name] for name in living], pl.String).str.to_date(),
    )
    people = pl.concat([pl.DataFrame(schema=dict(PERSON)), records], how="diagonal")
    people = people.with_columns(pl.col("birth_date").dt.year().alias("birth_year"))
    rows = [
        (place[left], place[right], weight, weight, weight >= 5, False)
        for (left, right), weight in state.weights.items()
        if left in place and right in place
    ]
    ends = {"mention_l": pl.Int64, "mention_r": pl.Int64}
    weights = {"match_weight": pl.Float64, "identity_weight": pl.Float64}
    pairs = pl.DataFrame(
        rows, schema={**ends, **weights, "link": pl.Boolean, "confirmed": pl.Boolean}, orient="row"
    )
    mine = pl.col("record_id").is_in(list(names))
    return World(
        people.select(*reading(PERSON), "record_id"),
        pairs,
        before.membership.filter(mine) if before else empty(MEMBERSHIP),
        before.cuts.filter(mine & pl.col("other_record_id").is_in(list(names)))
        if before
        else empty(CUTS),
        decide(state.standing, "person", people.select(NAMES)),
    )


def clustered(state: State, names: set[str], before: Clusters | None) -> Clusters:
    first = before.next_serial if before else 0
    return cluster_world("person", world_of(state, names, before), RULES, first, 17, STAMP)


def touched(old: State, new: State, components: dict[str, int]) -> set[str]:
    """What an increment clusters anew: the components of what changed, as links make them now."""
    seeds = {
        name
        for name in old.records.keys() | new.records.keys()
        if old.records.get(name, "absent") != new.records.get(name, "absent")
    }
    for pair in old.weights.keys() | new.weights.keys():
        if old.weights.get(pair) != new.weights.get(pair):
            seeds |= set(pair)
    for one, other in ((old.standing, new.standing), (new.standing, old.standing)):
        went = one.join(other, on="decision_id", how="anti")
        seeds |= {*went["record_id_l"], *went["record_id_r"]}
    graph: nx.Graph[str] = nx.Graph()
    for standing in (old.standing, new.standing):
        for left, right in standing.filter(decision="match")["record_id_l", "record_id_r"].rows():
            graph.add_edge(f"{left} record", f"{right} record")
    graph.add_nodes_from(f"{name} record" for name in seeds)
    for name, component in components.items():
        graph.add_edge(f"{name} record", f"{component} component")
    for (left, right), weight in new.weights.items():
        if weight >= 5:
            graph.add_edge(f"{left} record", f"{right} record")
    found: set[str] = set()
    for name in seeds:
        found |= nx.node_connected_component(graph, f"{name} record")
    return {node.split()[0] for node in found if node.endswith("record")}


@given(FIRST, NEXT)
def test_clustering_what_was_touched_is_clustering_everything(
    first: dict[str, Any], later: list[dict[str, Any]]
) -> None:
    """Membership, ledger, cuts and moves are those of all records; the rest is as it was."""
    drawn = accumulate(
        later, lambda old, new: {key: old[key] | new[key] for key in old}, initial=first
    )
    states = [state_of(one) for one in drawn]
    before = clustered(states[0], set(IDS), None)
    for old, new in pairwise(states):
        whole = clustered(new, set(IDS), before)
        numbers = before.components.tolist()
        names = touched(old, new, dict(zip(sorted(old.records), numbers, strict=True)))
        part = clustered(new, names, before)
        rest = ~pl.col("record_id").is_in(list(names))
        members = pl.concat([part.membership, before.membership.filter(rest)]).sort(NAMES)
        assert members.equals(whole.membership)
        cuts = pl.concat([part.cuts, before.cuts.filter(rest)])
        order = [*NAMES, "other_source", "other_record_id", "cut"]
        assert cuts.sort(order).equals(whole.cuts.sort(order))
        assert part.ledger.equals(whole.ledger)
        assert part.moves.equals(whole.moves)
        assert part.next_serial == whole.next_serial
        before = whole


@given(FIRST)
def test_a_world_holds_what_people_decided(drawn: dict[str, Any]) -> None:
    """What they joined is one entity, what they parted is two, and every table fits its schema."""
    state = state_of(drawn)
    found = clustered(state, set(IDS), None)
    for frame, schema in ((found.ledger, LEDGER), (found.cuts, CUTS), (found.moves, MOVES)):
        check(frame, schema, "table")
    decided = world_of(state, set(IDS), None).decided
    entities = found.membership["entity_id"]
    for pairs, same in ((decided.together, True), (decided.apart, False)):
        for left, right in pairs.select("mention_l", "mention_r").rows():
            assert (entities[left] == entities[right]) == same
            assert not same or found.components[left] == found.components[right]
    assert np.array_equal(np.minimum(found.labels, found.components), found.components)
    conflicts = found.cuts.filter(cut="conflict")
    assert set(conflicts["decision"]) == {one.cut for one in decided.conflicts}
