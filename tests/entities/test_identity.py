"""Identities that persist."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from linker.entities.identity import MEMBERSHIP, Identities, identify, mint
from linker.entities.ledger import RunStamp
from linker.schemas import LEDGER, check, empty

STAMP = RunStamp(1, "2026-01-01T00:00:00+00:00", "person/1@00000000")


def clusters(labels: dict[str, int]) -> pl.DataFrame:
    rows = [{"source": "s", "record_id": name, "cluster": label} for name, label in labels.items()]
    schema = {"source": pl.String, "record_id": pl.String, "cluster": pl.Int64}
    return pl.DataFrame(rows, schema=schema).sort("record_id")


def run(labels: dict[str, int], before: Identities | None = None) -> Identities:
    return identify(
        "person",
        clusters(labels),
        before.membership if before else empty(MEMBERSHIP),
        before.next_serial if before else 0,
        17,
        STAMP,
    )


def ids(identities: Identities) -> dict[str, str]:
    rows = identities.membership.select("record_id", "entity_id").rows()
    return {str(record): str(entity) for record, entity in rows}


def events(identities: Identities) -> list[tuple[str, str]]:
    return identities.ledger.select("entity_id", "event").rows()


def test_unchanged_clusters_keep_their_ids_and_leave_no_trace() -> None:
    """A second run over the same clusters, under other labels, changes nothing."""
    first = run({"a": 0, "b": 0, "c": 2})
    second = run({"a": 9, "b": 9, "c": 5}, first)
    assert second.membership.equals(first.membership)
    assert second.ledger.is_empty()
    assert second.next_serial == first.next_serial == 2


def test_every_new_entity_is_in_the_ledger() -> None:
    """A first run writes one creation an entity, with its records and model."""
    first = run({"a": 0, "b": 0, "c": 2})
    check(first.ledger, LEDGER, "ledger")
    assert first.ledger["event"].to_list() == ["created", "created"]
    assert sorted(first.ledger["records"].to_list()) == [1, 2]
    assert set(first.ledger["model"]) == {STAMP.model}


def test_on_a_merge_the_oldest_id_survives() -> None:
    """The entity minted first keeps its id, the other's redirects to it."""
    first = run({"a": 0, "b": 1, "c": 1})
    second = run({"a": 0, "b": 0, "c": 0}, first)
    old, lost = ids(first)["a"], ids(first)["b"]
    assert set(ids(second).values()) == {old}
    merged = second.ledger.filter(pl.col("event") == "merged").row(0, named=True)
    assert (merged["entity_id"], merged["other_entity_id"]) == (lost, old)


def test_on_a_split_the_largest_part_keeps_the_id() -> None:
    """The larger part stays who it was; the smaller gets a new id and says where it came from."""
    first = run(dict.fromkeys("abc", 0))
    second = run({"a": 0, "b": 1, "c": 1}, first)
    old = ids(first)["a"]
    assert ids(second)["b"] == ids(second)["c"] == old
    assert ids(second)["a"] != old
    split = second.ledger.filter(pl.col("event") == "split").row(0, named=True)
    assert (split["entity_id"], split["other_entity_id"]) == (ids(second)["a"], old)


def test_on_an_even_split_the_part_with_the_first_record_keeps_the_id() -> None:
    """Ties go to the part that holds the first record."""
    first = run(dict.fromkeys("ab", 0))
    second = run({"a": 0, "b": 1}, first)
    assert ids(second)["a"] == ids(first)["a"]


def test_an_entity_whose_records_are_gone_is_retired() -> None:
    """Retirement is in the ledger, and the id is not given to anyone else."""
    first = run({"a": 0, "b": 1})
    second = run({"a": 0, "c": 1}, first)
    assert (ids(first)["b"], "retired") in events(second)
    assert ids(second)["c"] not in set(ids(first).values())


def test_a_change_of_members_is_in_the_ledger_even_at_the_same_size() -> None:
    """An entity that gains one record and loses another has changed."""
    first = run({"a": 0, "b": 0, "c": 0})
    second = run({"a": 0, "b": 0, "d": 0}, first)
    assert events(second) == [(ids(first)["a"], "changed")]
    assert second.ledger["reason"][0] == "gained 1 records, lost 1"


LABELS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 4), max_size=8)


@given(st.lists(LABELS, min_size=2, max_size=5))
def test_ids_are_never_reused_and_partitions_are_kept(worlds: list[dict[str, int]]) -> None:
    """Whatever the sequence of runs: one id a cluster, no id twice, none given to strangers."""
    before: Identities | None = None
    seen: set[str] = set()
    for labels in worlds:
        now = run(labels, before)
        named = ids(now)
        by_label = {labels[record]: entity for record, entity in named.items()}
        assert len(set(by_label.values())) == len(by_label)
        assert all(by_label[labels[record]] == entity for record, entity in named.items())
        known = set(ids(before).values()) if before else set()
        created = {entity for entity, event in events(now) if event == "created"}
        assert created.isdisjoint(seen)
        assert set(named.values()) <= known | created
        seen |= created
        before = now


@given(st.integers(0, 2**62), st.lists(st.integers(0, 2**40), unique=True, max_size=50))
def test_minted_ids_are_distinct_and_well_formed(seed: int, serials: list[int]) -> None:
    """Distinct serial numbers give distinct ids of 14 characters."""
    minted = mint(seed, np.array(serials, dtype=np.int64), "organization").to_list()
    assert len(set(minted)) == len(serials)
    assert all(len(entity) == 14 and entity[0] == "o" for entity in minted)
