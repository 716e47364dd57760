"""Clerical decisions: which are in force, what they join and part, and which conflict."""

from __future__ import annotations

from typing import Any

import networkx as nx
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.entities.decisions import (
    DECIDED,
    UNDECIDED,
    Decided,
    decide,
    in_force,
)
from linker.entities.reviewed import reviewed
from linker.schemas import DECISIONS, RECORD, SCORED_PAIRS

NOW = "2026-06-01T00:00:00+00:00"
MARCH = "2026-03-01T00:00:00+00:00"
APRIL = "2026-04-01T00:00:00+00:00"
RECORDS = pl.DataFrame({"source": ["s"] * 8, "record_id": list("abcdefgh")}, schema=dict(RECORD))


def decision(number: int, left: str, right: str, verdict: str = "match", **more: Any) -> Any:
    one, other = sorted((left, right))
    return {
        "decision_id": number,
        "entity_type": "person",
        "source_l": "s",
        "record_id_l": one,
        "source_r": "s",
        "record_id_r": other,
        "decision": verdict,
        "author": "r.vega",
        "reason": "seen",
        "made_at": MARCH,
        "recorded_at": MARCH,
    } | more


def table(*rows: Any) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict(DECISIONS), orient="row")


def standing(*rows: Any, at: str = NOW) -> list[int]:
    return in_force(table(*rows), at)["decision_id"].to_list()


def decided(*rows: Any, records: pl.DataFrame = RECORDS) -> Decided:
    return decide(in_force(table(*rows), NOW), "person", records)


def named(pairs: pl.DataFrame) -> list[str]:
    assert dict(pairs.schema) == DECIDED
    ids = RECORDS["record_id"]
    return [ids[left] + ids[right] for left, right, *_ in pairs.rows()]


def test_a_decision_is_in_force_from_when_it_was_made_until_it_ends() -> None:
    """Before it was made, once it has expired and once it is withdrawn it counts for nothing."""
    made = decision(1, "a", "b", made_at=APRIL)
    assert standing(made, at=MARCH) == []
    assert standing(made, at=APRIL) == [1]
    assert standing(decision(1, "a", "b", expires=APRIL), at=APRIL) == []
    assert standing(decision(1, "a", "b", expires=APRIL), at=MARCH) == [1]
    assert standing(decision(1, "a", "b", withdrawn_at=APRIL), at=NOW) == []
    assert standing(decision(1, "a", "b", withdrawn_at=APRIL), at=MARCH) == [1]


def test_the_later_of_two_decisions_on_one_pair_stands() -> None:
    """It does not matter in which order they were recorded, nor which record was named first."""
    earlier, later = decision(2, "a", "b"), decision(1, "b", "a", "non_match", made_at=APRIL)
    assert standing(earlier, later) == standing(later, earlier) == [1]


def test_an_earlier_decision_stands_again_where_the_later_one_ended() -> None:
    """A decision that is not in force supersedes nothing."""
    later = decision(2, "a", "b", "non_match", made_at=APRIL, withdrawn_at=APRIL)
    assert standing(decision(1, "a", "b"), later) == [1]


@pytest.mark.parametrize(
    ("one", "other"), [("match", "unsure"), ("unsure", "non_match"), ("match", "non_match")]
)
def test_of_two_decisions_of_one_second_the_more_careful_stands(one: str, other: str) -> None:
    """A doubt outweighs a match, and a non-match outweighs both."""
    assert standing(decision(9, "a", "b", one), decision(1, "a", "b", other)) == [1]


def test_who_is_unsure_joins_and_parts_nothing() -> None:
    """It supersedes an earlier match all the same."""
    found = decided(decision(1, "a", "b"), decision(2, "a", "b", "unsure", made_at=APRIL))
    assert found.together.is_empty()
    assert found.apart.is_empty()


def test_decisions_join_and_part_records_of_their_entity_type() -> None:
    """Those about organizations say nothing of people."""
    rows = (decision(1, "b", "a"), decision(2, "c", "a", "non_match"))
    found = decided(*rows, decision(3, "a", "d", entity_type="organization"))
    assert (named(found.together), named(found.apart)) == (["ab"], ["ac"])
    assert found.together.row(0) == (0, 1, 1, "r.vega")
    assert decide(table(), "person", RECORDS) == UNDECIDED


def test_a_decision_waits_for_a_record_that_no_source_holds() -> None:
    """It joins nothing, also not in a chain, and its number is told."""
    rows = (decision(4, "a", "b"), decision(5, "b", "c"), decision(6, "c", "d"))
    found = decided(*rows, records=RECORDS.filter(pl.col("record_id") != "b"))
    assert found.waiting == (4, 5)
    assert found.together["decision"].to_list() == [6]


def test_the_newest_match_of_a_chain_gives_way_to_a_non_match() -> None:
    """The records stay apart, the older matches hold, and the conflict names the whole path."""
    found = decided(
        decision(1, "a", "b"),
        decision(2, "b", "c", made_at=APRIL),
        decision(3, "c", "d"),
        decision(4, "a", "d", "non_match"),
    )
    assert (named(found.together), named(found.apart)) == (["ab", "cd"], ["ad"])
    (conflict,) = found.conflicts
    assert (conflict.cut, conflict.parts, conflict.path) == (2, 4, (1, 2, 3))
    assert (conflict.mention_l, conflict.mention_r) == (1, 2)
    assert "decision 4 parts two records that the decisions 1, 2, 3 join" in conflict.text
    assert "r.vega" not in conflict.text


def test_of_matches_of_one_second_the_one_of_the_later_records_gives_way() -> None:
    """Ties are broken by records, not by the numbers that decisions got."""
    one, other = decision(2, "a", "b"), decision(1, "b", "c")
    found = decided(one, other, decision(3, "a", "c", "non_match"))
    assert (named(found.together), found.conflicts[0].cut) == (["ab"], 1)


def test_every_match_that_a_non_match_contradicts_is_told() -> None:
    """A second way from the one record to the other is cut as well."""
    found = decided(
        decision(1, "a", "b"),
        decision(2, "b", "c"),
        decision(3, "a", "d"),
        decision(4, "d", "c"),
        decision(5, "a", "c", "non_match"),
    )
    assert [conflict.cut for conflict in found.conflicts] == [2, 4]
    assert {conflict.parts for conflict in found.conflicts} == {5}


PAIRS = st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1])
WORLDS = st.dictionaries(
    PAIRS, st.tuples(st.sampled_from(["match", "non_match"]), st.integers(1, 28)), max_size=14
)


def rows_of(world: dict[tuple[int, int], tuple[str, int]]) -> list[Any]:
    ids = RECORDS["record_id"]
    return [
        decision(number, ids[left], ids[right], verdict, made_at=f"2026-02-{day:02}T00:00:00+00:00")
        for number, ((left, right), (verdict, day)) in enumerate(world.items(), start=1)
    ]


@given(WORLDS)
def test_what_is_apart_is_never_joined_and_no_match_gives_way_without_need(
    world: dict[tuple[int, int], tuple[str, int]],
) -> None:
    """No chain of followed matches joins what is apart; each that gives way is newest of a path."""
    rows = rows_of(world)
    found = decided(*rows)
    made = {
        row["decision_id"]: (row["made_at"], row["record_id_l"], row["record_id_r"]) for row in rows
    }
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(8))
    graph.add_edges_from(found.together.select("mention_l", "mention_r").rows())
    assert not any(
        nx.has_path(graph, left, right)
        for left, right in found.apart.select("mention_l", "mention_r").rows()
    )
    matches = {row["decision_id"] for row in rows if row["decision"] == "match"}
    assert matches == set(found.together["decision"]) | {one.cut for one in found.conflicts}
    ends = {row["decision_id"]: (row["record_id_l"], row["record_id_r"]) for row in rows}
    for conflict in found.conflicts:
        assert conflict.cut in conflict.path
        assert conflict.cut == max(conflict.path, key=made.__getitem__)
        assert set(conflict.path) - {conflict.cut} <= set(found.together["decision"])
        here, end = ends[conflict.parts]
        for number in conflict.path:  # the path leads from the one record to the other
            one, other = ends[number]
            assert here in (one, other)
            here = other if here == one else one
        assert here == end


@given(WORLDS, st.randoms())
def test_the_order_and_the_numbers_of_decisions_do_not_matter(
    world: dict[tuple[int, int], tuple[str, int]], random: Any
) -> None:
    """Decisions recorded in another order join and part the same records."""
    rows = rows_of(world)
    found = decided(*rows)
    shuffled = random.sample(rows, len(rows))
    again = decided(*({**row, "decision_id": n} for n, row in enumerate(shuffled, start=1)))
    assert (named(again.together), named(again.apart)) == (
        named(found.together),
        named(found.apart),
    )


def test_investigations_are_told_what_people_decided() -> None:
    """A match is a confirmed link, scored or not; between parted entities nothing is possible."""
    schema = {**SCORED_PAIRS, "link": pl.Boolean()}
    scored = [
        (left, right, 0, 3.0, 0.9, 2.0, False, link)
        for left, right, link in [(0, 1, True), (1, 2, False), (1, 3, False), (4, 5, False)]
    ]
    pairs = pl.DataFrame(scored, schema=schema, orient="row")
    entities = pl.Series([10, 10, 12, 12, 14, 14, 14, 17])
    found = decided(
        decision(1, "e", "f"), decision(2, "f", "g"), decision(3, "a", "d", "non_match")
    )
    told = reviewed(pairs, found, entities)
    assert dict(told.schema) == schema
    assert told.select("mention_l", "mention_r", "link", "confirmed").rows() == [
        (0, 1, True, False),
        (4, 5, True, True),
        (5, 6, True, True),
    ]
    assert reviewed(pairs, UNDECIDED, entities).equals(pairs)
