"""Decisions in the journal: numbered, withdrawn and never deleted, whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

from linker.errors import StoreError
from linker.schemas import DECISIONS, check, empty
from linker.store import journal_file
from linker.store.decision_table import read_decisions, writing_decisions
from linker.store.layout import Store, open_or_create_store

AT = "2026-03-01T00:00:00+00:00"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_or_create_store(tmp_path / "store")


def some(*records: str) -> pl.DataFrame:
    rows = [{"record_id_l": record, "made_at": AT} for record in records]
    return pl.DataFrame(rows, schema=dict(DECISIONS), orient="row").drop("decision_id")


def record(store: Store, *records: str) -> list[int]:
    with writing_decisions(store) as writer:
        return writer.add(some(*records))


def test_decisions_are_numbered_on(store: Store) -> None:
    """Each gets the next number, in whichever transaction it is recorded."""
    assert read_decisions(store).equals(empty(DECISIONS))
    assert record(store, "a", "b") == [1, 2]
    assert record(store, "c") == [3]
    found = check(read_decisions(store), DECISIONS, "decisions")
    assert found.select("decision_id", "record_id_l").rows() == [(1, "a"), (2, "b"), (3, "c")]


def test_a_withdrawn_decision_stays(store: Store) -> None:
    """With who withdrew it, when and why; a second withdrawal changes nothing."""
    record(store, "a", "b")
    for by, why in (("r.vega", "a mix-up"), ("j.lund", "again")):
        with writing_decisions(store) as writer:
            writer.withdraw(2, AT, by, why)
    columns = ["decision_id", "withdrawn_at", "withdrawn_by", "withdrawn_why"]
    assert read_decisions(store).select(columns).rows() == [
        (1, None, None, None),
        (2, AT, "r.vega", "a mix-up"),
    ]


def test_an_error_undoes_the_transaction(store: Store) -> None:
    """What was added before it is not there afterwards."""
    record(store, "a")

    def halfway() -> None:
        with writing_decisions(store) as writer:
            writer.add(some("b"))
            raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        halfway()
    assert read_decisions(store)["record_id_l"].to_list() == ["a"]


def test_a_journal_without_decisions_has_none(store: Store) -> None:
    """Other tables of the journal are left alone."""
    with duckdb.connect(str(store.journal)) as connection:
        connection.execute("CREATE TABLE notes AS SELECT 1 AS note")
    assert read_decisions(store).is_empty()
    record(store, "a")
    with duckdb.connect(str(store.journal)) as connection:
        assert connection.execute("SELECT * FROM notes").fetchall() == [(1,)]


def test_a_damaged_journal_is_named(store: Store) -> None:
    """Whether it is read or written, the line says what to do."""
    store.journal.write_bytes(b"no database" * 2_000)
    with pytest.raises(StoreError, match=r"journal\.duckdb: is damaged; restore it from a backup"):
        read_decisions(store)
    with pytest.raises(StoreError, match="is damaged"):
        record(store, "a")


HOLDING = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); input()"


def test_who_finds_the_journal_in_use_waits_and_says_so(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short transaction of another process is waited for; a long one is named."""
    record(store, "a")
    words = [sys.executable, "-c", HOLDING, str(store.journal)]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        monkeypatch.setattr(journal_file, "WAITS", 0.2)
        with pytest.raises(StoreError, match="another program has it open"):
            read_decisions(store)
        monkeypatch.setattr(journal_file, "WAITS", 30.0)
        process.stdin.write("\n")
        process.stdin.flush()
        assert record(store, "b") == [2]


def test_a_journal_that_was_replaced_meanwhile_records_nothing(store: Store) -> None:
    """Nobody is told that a decision is recorded which is in a file that is gone."""
    record(store, "a")
    copy = store.journal.read_bytes()

    def replaced() -> None:
        with writing_decisions(store) as writer:
            writer.add(some("b"))
            (store.directory / "new").write_bytes(copy)
            (store.directory / "new").replace(store.journal)

    with pytest.raises(StoreError, match="was replaced meanwhile"):
        replaced()
    assert read_decisions(store)["record_id_l"].to_list() == ["a"]
