"""The journal, tombstones, and what they take out of tables."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.errors import StoreError
from linker.model import LinkageModel, ModelInUse
from linker.schemas import DECISION_RECORDS, DECISIONS, RECORD, empty
from linker.store.decision_table import delete_decisions, read_decisions, writing_decisions
from linker.store.journal import (
    Act,
    acts,
    add_tombstones,
    author_of,
    record_act,
    settle_tombstones,
    tombstones,
)
from linker.store.journal_file import compact_journal, open_journal
from linker.store.layout import Store, open_or_create_store
from linker.store.remains import drop_terms, forgotten_in, scrub_tables, without_terms
from linker.store.tombstones import Tombstones, make_tombstones, read_tombstones

AT = "2026-01-01T00:00:00+00:00"
ACT = Act(AT, "r.vega", "rollback", 1, 2, "a wrong file")
GONE = [("cases", "k1"), ("arrests", "k2")]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_or_create_store(tmp_path / "store")


def bury(store: Store, records: list[tuple[str, str]], terms: list[tuple[str, str]]) -> None:
    with open_journal(store) as connection:
        add_tombstones(connection, make_tombstones(store, "record", records, AT))
        add_tombstones(connection, make_tombstones(store, "term", terms, AT))


def test_acts_are_kept_in_their_order(store: Store) -> None:
    """What people did is read back as it was written, without a journal nothing."""
    assert acts(store).is_empty()
    for _ in range(2):
        with open_journal(store) as connection:
            record_act(connection, ACT)
    assert acts(store).rows() == [(AT, "r.vega", "rollback", 1, 2, "a wrong file")] * 2


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    """What is written before an error is not in the journal after it."""
    with pytest.raises(RuntimeError):
        _act_and_fail(store)
    assert acts(store).is_empty()


def _act_and_fail(store: Store) -> None:
    with open_journal(store) as connection:
        record_act(connection, ACT)
        raise RuntimeError


def test_who_does_something(monkeypatch: pytest.MonkeyPatch) -> None:
    """The author given, else the user of the machine, else the number of a nameless one."""
    assert author_of(" r.vega ") == "r.vega"
    monkeypatch.setenv("LOGNAME", "night")
    assert author_of(None) == author_of(" ") == "night"
    monkeypatch.setattr("getpass.getuser", _nobody)
    assert author_of(None) == f"uid {os.getuid()}"


def _nobody() -> str:
    raise KeyError


def test_a_journal_that_another_program_has_open(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has the journal open is waited for a while, and then a person is asked to close it."""
    monkeypatch.setattr("linker.store.journal_file.WAITS", 0.2)
    with open_journal(store) as connection:
        record_act(connection, ACT)
    path = str(store.journal)
    code = f"import duckdb; held = duckdb.connect({path!r}); print('open', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(StoreError, match="another program has it open"), open_journal(store):
            pass
        other.communicate(b"\n")


def test_a_tombstone_knows_its_record_and_no_other(store: Store) -> None:
    """A record is known by source and id together, twice buried once, until then pending."""
    assert not read_tombstones(store)
    bury(store, GONE, [])
    bury(store, GONE, [("person.surname", "k1")])
    assert tombstones(store).height == 3
    buried = read_tombstones(store)
    assert buried
    assert buried.pending
    asked = pl.Series(["k1", "k2", None, ""])
    assert buried.forgotten("cases", asked).to_list() == [True, False, False, False]
    assert buried.forgotten("arrests", asked).to_list() == [False, True, False, False]
    assert buried.forgotten("firms", asked).to_list() == [False] * 4
    assert buried.known("term", "person.surname", asked)[0]
    settle_tombstones(store, 7)
    assert not read_tombstones(store).pending
    assert set(tombstones(store)["generation"]) == {7}


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b"]), st.text(max_size=3)), max_size=6, unique=True),
    st.lists(st.text(max_size=3), max_size=6),
)
def test_a_tombstone_is_exact(
    tmp_path_factory: pytest.TempPathFactory, gone: list[tuple[str, str]], asked: list[str]
) -> None:
    """Whatever the ids, those are known that were buried under the source, and no others."""
    store = open_or_create_store(tmp_path_factory.mktemp("exact") / "store")
    if gone:
        bury(store, gone, [])
    buried = read_tombstones(store)
    for source in ("a", "b"):
        known = buried.forgotten(source, pl.Series(asked, dtype=pl.String())).to_list()
        assert known == [(source, record_id) in gone for record_id in asked]


def test_two_stores_hash_otherwise(tmp_path: Path) -> None:
    """A tombstone of one store says nothing to whoever has another store's key."""
    digests = set()
    for name in ("one", "other"):
        store = open_or_create_store(tmp_path / name)
        bury(store, GONE[:1], [])
        digests.add(tombstones(store)["digest"][0])
    assert len(digests) == 2


def test_decisions_about_a_forgotten_record_leave_the_bytes_of_the_journal(store: Store) -> None:
    """A decision that names the record on either side is deleted, and not left in the file."""
    rows = [
        ("cases", "record-one", "arrests", "record-two", "same tattoo as Xochitlalpan"),
        ("arrests", "record-three", "cases", "record-one", "Xochitlalpan again"),
        ("arrests", "record-one", "cases", "record-four", "another source's record"),
    ]
    decisions = pl.DataFrame(rows, schema=[*DECISION_RECORDS, "reason"], orient="row")
    with writing_decisions(store) as writer:
        writer.add(pl.concat([empty(DECISIONS), decisions], how="diagonal").drop("decision_id"))
    with open_journal(store) as connection:
        record_act(connection, ACT)
    gone = pl.DataFrame([("cases", "record-one")], schema=dict(RECORD), orient="row")
    with open_journal(store) as connection:
        delete_decisions(connection, gone)
    compact_journal(store)
    assert read_decisions(store)["reason"].to_list() == ["another source's record"]
    assert acts(store).height == 1
    assert b"Xochitlalpan" not in store.journal.read_bytes()
    assert sorted(path.name for path in store.directory.glob("journal*")) == ["journal.duckdb"]


def test_tables_are_scrubbed_without_touching_what_they_share(store: Store, tmp_path: Path) -> None:
    """Events stay without the record, other rows go, and the file of an older generation stays."""
    bury(store, GONE, [])
    building = tmp_path / "building"
    (building / "ledger").mkdir(parents=True)
    (building / "moves_person").mkdir()
    ledger = pl.DataFrame(
        {
            "event": ["cut", "merged", "created"],
            "source": ["cases", "cases", None],
            "record_id": ["k1", "k9", None],
            "other_source": ["firms", "arrests", None],
            "other_record_id": ["k1", "k2", None],
        }
    )
    moves = pl.DataFrame({"source": ["cases", "firms"], "record_id": ["k1", "k1"], "to": [1, 2]})
    old = tmp_path / "old.parquet"
    ledger.write_parquet(old)
    os.link(old, building / "ledger" / "000001.parquet")
    moves.write_parquet(building / "moves_person" / "000001.parquet")
    buried = read_tombstones(store)
    assert sum(forgotten_in(building, buried).values()) == 3
    assert scrub_tables(building, buried) == 3
    assert forgotten_in(building, buried) == {}
    scrubbed = pl.read_parquet(building / "ledger" / "000001.parquet")
    assert scrubbed.select("source", "record_id", "other_source", "other_record_id").rows() == [
        (None, None, "firms", "k1"),
        ("cases", "k9", None, None),
        (None, None, None, None),
    ]
    assert scrubbed["event"].equals(ledger["event"])
    assert pl.read_parquet(building / "moves_person" / "000001.parquet").rows() == [
        ("firms", "k1", 2)
    ]
    assert pl.read_parquet(old).equals(ledger)
    assert len(list(building.rglob("*.new"))) == 0


def test_terms_are_dropped_from_a_copy_of_a_model(store: Store, tmp_path: Path) -> None:
    """A value that only forgotten records had leaves the term frequencies, the others stay."""
    bury(store, [], [("person.surname", "Quintanilla"), ("organization.name", "perez")])
    (tmp_path / "tf").mkdir()
    path = tmp_path / "tf" / "surname.parquet"
    terms = pl.DataFrame({"surname": ["perez", "Quintanilla"], "tf": [0.5, 0.1]})
    terms.write_parquet(path)
    buried = read_tombstones(store)
    assert drop_terms(tmp_path, "organization", buried) == 0
    assert drop_terms(tmp_path, "person", buried) == 1
    assert pl.read_parquet(path).rows() == [("perez", 0.5)]


def test_terms_are_dropped_from_a_model_in_use(store: Store) -> None:
    """What scores a night's pairs lacks the same values; a model without them is the same one."""
    bury(store, [], [("person.surname", "Quintanilla")])
    model = LinkageModel(
        entity_type="person",
        version="1",
        prior=0.1,
        comparisons=(),
        term_frequency_floors={"surname": 0.01},
    )
    terms = pl.DataFrame({"surname": ["perez", "Quintanilla"], "tf": [0.5, 0.1]})
    in_use = ModelInUse(model=model, term_frequencies={"surname": terms}, digest="d")
    kept = without_terms(in_use, read_tombstones(store))
    assert kept.term_frequencies["surname"].rows() == [("perez", 0.5)]
    assert kept.name == in_use.name
    assert without_terms(kept, Tombstones(pending=False, _key=b"", _digests={})) is kept


def test_hashing_is_quick_enough_for_a_night(store: Store) -> None:
    """A million record ids are asked in seconds, and none is known by chance."""
    bury(store, GONE, [])
    buried = read_tombstones(store)
    ids = pl.Series([f"record-{number}" for number in np.arange(100_000)])
    assert not buried.forgotten("cases", ids).any()
