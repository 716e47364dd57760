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
from linker.store import decision_table
from linker.store.decision_table import JOURNAL, read_decisions, writing_decisions

AT = "2026-03-01T00:00:00+00:00"


def some(*records: str) -> pl.DataFrame:
    rows = [{"record_id_l": record, "made_at": AT} for record in records]
    return pl.DataFrame(rows, schema=dict(DECISIONS), orient="row").drop("decision_id")


def record(directory: Path, *records: str) -> list[int]:
    with writing_decisions(directory) as writer:
        return writer.add(some(*records))


def test_decisions_are_numbered_on(tmp_path: Path) -> None:
    """Each gets the next number, in whichever transaction it is recorded."""
    assert read_decisions(tmp_path).equals(empty(DECISIONS))
    assert record(tmp_path, "a", "b") == [1, 2]
    assert record(tmp_path, "c") == [3]
    found = check(read_decisions(tmp_path), DECISIONS, "decisions")
    assert found.select("decision_id", "record_id_l").rows() == [(1, "a"), (2, "b"), (3, "c")]


def test_a_withdrawn_decision_stays(tmp_path: Path) -> None:
    """With who withdrew it, when and why; a second withdrawal changes nothing."""
    record(tmp_path, "a", "b")
    for by, why in (("r.vega", "a mix-up"), ("j.lund", "again")):
        with writing_decisions(tmp_path) as writer:
            writer.withdraw(2, AT, by, why)
    columns = ["decision_id", "withdrawn_at", "withdrawn_by", "withdrawn_why"]
    assert read_decisions(tmp_path).select(columns).rows() == [
        (1, None, None, None),
        (2, AT, "r.vega", "a mix-up"),
    ]


def test_an_error_undoes_the_transaction(tmp_path: Path) -> None:
    """What was added before it is not there afterwards."""
    record(tmp_path, "a")

    def halfway() -> None:
        with writing_decisions(tmp_path) as writer:
            writer.add(some("b"))
            raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        halfway()
    assert read_decisions(tmp_path)["record_id_l"].to_list() == ["a"]


def test_a_journal_without_decisions_has_none(tmp_path: Path) -> None:
    """Other tables of the journal are left alone."""
    with duckdb.connect(str(tmp_path / JOURNAL)) as connection:
        connection.execute("CREATE TABLE acts AS SELECT 1 AS act")
    assert read_decisions(tmp_path).is_empty()
    record(tmp_path, "a")
    with duckdb.connect(str(tmp_path / JOURNAL)) as connection:
        assert connection.execute("SELECT * FROM acts").fetchall() == [(1,)]


def test_a_damaged_journal_is_named(tmp_path: Path) -> None:
    """Whether it is read or written, the line says what to do."""
    (tmp_path / JOURNAL).write_bytes(b"no database" * 2_000)
    with pytest.raises(StoreError, match=r"journal\.duckdb: is damaged; restore it from a backup"):
        read_decisions(tmp_path)
    with pytest.raises(StoreError, match="is damaged"):
        record(tmp_path, "a")


HOLDING = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); input()"


def test_who_finds_the_journal_in_use_waits_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short transaction of another process is waited for; a long one is named."""
    record(tmp_path, "a")
    words = [sys.executable, "-c", HOLDING, str(tmp_path / JOURNAL)]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        monkeypatch.setattr(decision_table, "WAITS", 0.2)
        with pytest.raises(StoreError, match="another program has it open"):
            read_decisions(tmp_path)
        monkeypatch.setattr(decision_table, "WAITS", 30.0)
        process.stdin.write("\n")
        process.stdin.flush()
        assert record(tmp_path, "b") == [2]


def test_a_journal_that_was_replaced_meanwhile_records_nothing(tmp_path: Path) -> None:
    """Nobody is told that a decision is recorded which is in a file that is gone."""
    record(tmp_path, "a")
    copy = (tmp_path / JOURNAL).read_bytes()

    def replaced() -> None:
        with writing_decisions(tmp_path) as writer:
            writer.add(some("b"))
            (tmp_path / "new").write_bytes(copy)
            (tmp_path / "new").replace(tmp_path / JOURNAL)

    with pytest.raises(StoreError, match="was replaced meanwhile"):
        replaced()
    assert read_decisions(tmp_path)["record_id_l"].to_list() == ["a"]
