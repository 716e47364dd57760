"""Events as a file that can be verified where the log is not."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from linker.audit import Anchor, AuditLog, verify_file
from linker.audit import export as exporting
from linker.audit.chain import hash_of
from linker.errors import AuditError, StoreError, UsageError
from tests.audit.logs import disarm, execute, lookup


@pytest.fixture
def exported(sqlite_log: AuditLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A log of seven events, written out three at a time."""
    monkeypatch.setattr(exporting, "_AT_ONCE", 3)
    sqlite_log.record_many([lookup(number) for number in range(1, 8)])
    assert sqlite_log.export(tmp_path / "audit.jsonl") == 7
    return tmp_path / "audit.jsonl"


def test_an_export_verifies_elsewhere(exported: Path, sqlite_log: AuditLog) -> None:
    """An export holds every event whole, ends as the log does, and needs no key to verify."""
    verified = verify_file(exported)
    assert (verified.sound, verified.events) == (True, 7)
    assert (verified.last, verified.last_hash) == (
        sqlite_log.verify().last,
        sqlite_log.verify().last_hash,
    )
    lines = [json.loads(line) for line in exported.read_text("utf-8").splitlines()]
    assert lines == list(reversed(sqlite_log.read()))
    assert all(hash_of(line) == line["hash"] for line in lines)


def test_other_kinds_of_file_have_the_same_columns(
    exported: Path, sqlite_log: AuditLog, tmp_path: Path
) -> None:
    """CSV and Parquet hold the same events, with lists as JSON."""
    lines = [json.loads(line) for line in exported.read_text("utf-8").splitlines()]
    sqlite_log.export(tmp_path / "audit.parquet")
    sqlite_log.export(tmp_path / "audit.csv")
    parquet = pl.read_parquet(tmp_path / "audit.parquet")
    read = pl.read_csv(tmp_path / "audit.csv", schema_overrides=parquet.schema)
    assert read.equals(parquet)
    for row, line in zip(parquet.to_dicts(), lines, strict=True):
        texts = {name: json.loads(row[name]) for name in ("asked", "shown")}
        assert {**row, **texts} == line


@pytest.mark.parametrize(
    ("old", "new", "sequence", "what"),
    [
        ('"case_number":"C-4"', '"case_number":"C-9"', 4, "was changed"),
        ('"sequence":4,', '"sequence":5,', 4, "is missing"),
        ('{"agency"', "{agency", 1, "is no event"),
        ('"sequence":1,', '"sequence":"one",', 1, "is no event"),
        ('"sequence":4,', '"sequence":"4",', 4, "is no event"),
        ('"sequence":4,', '"sequence":null,', 4, "is no event"),
        ('"sequence":4,', '"sequence":4.0,', 4, "is no event"),
    ],
)
def test_a_change_of_an_export(
    exported: Path, old: str, new: str, sequence: int, what: str
) -> None:
    """A change of the file is found at the event it was made to."""
    text = exported.read_text("utf-8")
    assert old in text
    exported.write_text(text.replace(old, new, 1), "utf-8")
    first = verify_file(exported).findings[0]
    assert first.sequence == sequence
    assert what in first.what


def test_a_line_that_is_gone(exported: Path) -> None:
    """A line that was taken out is missing, and one that changed its place is found."""
    lines = exported.read_text("utf-8").splitlines(keepends=True)
    exported.write_text("".join(lines[:3] + lines[4:]), "utf-8")
    assert verify_file(exported).findings[0].what == "is missing"
    exported.write_text("".join([lines[1], lines[0], *lines[2:]]), "utf-8")
    assert not verify_file(exported).sound


def test_a_part_of_a_log(exported: Path, sqlite_log: AuditLog, tmp_path: Path) -> None:
    """A part is a chain in itself; that it is cut short only an anchor can tell."""
    rows = list(reversed(sqlite_log.read()))
    since = rows[3]["at"]
    part = tmp_path / "part.jsonl"
    assert sqlite_log.export(part, since=since) <= 4
    assert verify_file(part).sound
    lines = exported.read_text("utf-8").splitlines(keepends=True)
    exported.write_text("".join(lines[:5]), "utf-8")
    assert verify_file(exported).sound
    assert not verify_file(exported, Anchor(7, rows[6]["hash"])).sound
    assert verify_file(exported, Anchor(5, rows[4]["hash"])).sound


def test_a_server_gives_the_same(postgres_log: AuditLog, tmp_path: Path) -> None:
    """An export from PostgreSQL verifies as well."""
    postgres_log.record_many([lookup(number) for number in range(1, 8)])
    postgres_log.export(tmp_path / "audit.jsonl")
    verified = verify_file(tmp_path / "audit.jsonl")
    assert (verified.sound, verified.events) == (True, 7)
    assert verified.last_hash == postgres_log.verify().last_hash


def test_nothing_to_write(sqlite_log: AuditLog, tmp_path: Path) -> None:
    """An export without events is a file without rows, of each kind."""
    for ending in exporting.ENDINGS:
        assert sqlite_log.export(tmp_path / f"audit{ending}") == 0
    assert (tmp_path / "audit.jsonl").read_bytes() == b""
    assert pl.read_parquet(tmp_path / "audit.parquet").is_empty()
    assert (tmp_path / "audit.csv").read_text().startswith("sequence,at,kind,")


def test_files_that_cannot_be_written(sqlite_log: AuditLog, tmp_path: Path) -> None:
    """A wrong ending, a directory and a place that is not there are one line each."""
    for name, said in (
        ("audit.txt", "name a file that ends in .jsonl, .csv or .parquet"),
        ("nowhere/audit.csv", "no such directory"),
    ):
        with pytest.raises(UsageError, match=said):
            sqlite_log.export(tmp_path / name)
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(UsageError, match="is a directory"):
        sqlite_log.export(tmp_path / "folder.csv")


def test_a_disk_that_is_full(sqlite_log: AuditLog, tmp_path: Path) -> None:
    """Where the file cannot be written what was there before stays, and nothing else does."""
    sqlite_log.record(lookup())
    out = tmp_path / "audit.csv"
    out.write_text("before")
    (tmp_path / ".audit.csv.writing").mkdir()
    with pytest.raises(StoreError, match="nothing was written"):
        sqlite_log.export(out)
    assert out.read_text() == "before"


def test_an_event_that_is_none(log: AuditLog, tmp_path: Path) -> None:
    """Where an event holds no JSON any more nothing is written, and verifying is advised."""
    log.record(lookup())
    disarm(log)
    execute(log, "UPDATE events SET shown = 'x'")
    with pytest.raises(AuditError, match="linker audit verify tells which"):
        log.export(tmp_path / "audit.jsonl")
    assert not list(tmp_path.glob("*audit.jsonl*"))
    with pytest.raises(AuditError, match="linker audit verify tells which"):
        log.read()


@pytest.mark.parametrize("name", ["audit.csv", "nothing.jsonl"])
def test_a_file_that_cannot_be_verified(tmp_path: Path, name: str) -> None:
    """A file of another kind, or none, is one line."""
    with pytest.raises(UsageError, match=name):
        verify_file(tmp_path / name)
