"""Whoever owns the database can change it; no change escapes verifying."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from linker.audit import Anchor, AuditLog, Event, Finding, Verified
from linker.audit import verify as verifying
from linker.audit.chain import canonical, hash_of
from linker.audit.search import as_json
from linker.audit.tables import AS_JSON, EVENTS, HEAD
from linker.errors import AuditError
from tests.audit.logs import disarm, execute, lookup

EVENTS_BEFORE = 8


@pytest.fixture
def forged(log: AuditLog) -> AuditLog:
    """A log of eight events, whose triggers are gone, in each kind of database in turn."""
    return filled(log)


def filled(log: AuditLog) -> AuditLog:
    """Record eight events and drop the triggers."""
    log.record_many([lookup(number) for number in range(1, EVENTS_BEFORE + 1)])
    disarm(log)
    return log


def found(verified: Verified) -> list[tuple[int, str]]:
    return [(finding.sequence, finding.what) for finding in verified.findings]


def test_triggers_that_are_gone_are_told(forged: AuditLog) -> None:
    """A log that nobody guards is sound as long as nobody changed it, and is told apart."""
    verified = forged.verify()
    assert verified.sound
    assert "events_no_update" in verified.unguarded
    assert "events_in_order" in verified.unguarded


def test_any_column_that_is_changed(log: AuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change of any column of an event is found at that event."""
    monkeypatch.setattr(verifying, "MOST_FINDINGS", 1_000)
    columns = [column.name for column in EVENTS.columns]
    numbers = log.record_many([lookup(number) for number in range(len(columns))])
    disarm(log)
    values = {"sequence": "80", "generation": "99", "milliseconds": "99"}
    for number, column in zip(numbers, columns, strict=True):
        value = values.get(column, "'x'")
        execute(log, f"UPDATE events SET {column} = {value} WHERE sequence = {number}")
    assert {finding.sequence for finding in log.verify().findings} >= set(numbers)


CHANGES = [
    ("UPDATE events SET purpose = NULL WHERE sequence = 3", 3, "was changed"),
    ("UPDATE events SET asked = '{}' WHERE sequence = 3", 3, "was changed"),
    ("UPDATE events SET shown = shown || ' ' WHERE sequence = 3", 3, "was changed"),
    ("UPDATE events SET shown = '[]' WHERE sequence = 3", 3, "was changed"),
    ("UPDATE events SET shown = '{\"entities\":7}' WHERE sequence = 3", 3, "was changed"),
    ("UPDATE events SET at = '2020' || substr(at, 5) WHERE sequence = 1", 1, "was changed"),
    ("DELETE FROM events WHERE sequence = 1", 1, "is missing"),
    ("DELETE FROM events WHERE sequence = 4", 4, "is missing"),
    (
        "DELETE FROM events WHERE sequence BETWEEN 4 AND 6",
        4,
        "is missing, and all up to 6",
    ),
    ("DELETE FROM events WHERE sequence = 8", 8, "is missing at the end, and all up to 8"),
    ("DELETE FROM events WHERE sequence > 3", 4, "is missing at the end, and all up to 8"),
    ("DELETE FROM events", 1, "is missing at the end, and all up to 8"),
    ("UPDATE events SET sequence = -3 WHERE sequence = 3", 3, "is missing"),
    ("DELETE FROM terms WHERE sequence = 6", 6, "is found by other terms"),
    ("UPDATE terms SET sequence = 1 WHERE term = 'entity:p6'", 1, "is found by other terms"),
    ("INSERT INTO terms VALUES (2, 'entity:p99')", 2, "is found by other terms"),
    ("INSERT INTO terms VALUES (99, 'entity:p99')", 0, "1 terms of events have a number"),
    ("DELETE FROM head", 0, "the log has no heads"),
    ("INSERT INTO head SELECT * FROM head", 0, "the log has 2 heads"),
    ("UPDATE head SET seal = hash", 0, "the head is not sealed with audit.key"),
    ("UPDATE head SET sequence = 7", 0, "the head is not sealed with audit.key"),
]


@pytest.mark.parametrize(("change", "sequence", "what"), CHANGES)
def test_a_change_is_found_where_it_is(
    sqlite_log: AuditLog, change: str, sequence: int, what: str
) -> None:
    """Verifying says at which event something was changed, removed or put in its place."""
    assert is_found(filled(sqlite_log), change, sequence, what)


@pytest.mark.parametrize(("change", "sequence", "what"), CHANGES[2::5])
def test_a_change_on_a_server_is_found_where_it_is(
    postgres_log: AuditLog, change: str, sequence: int, what: str
) -> None:
    """On PostgreSQL as in SQLite."""
    assert is_found(filled(postgres_log), change, sequence, what)


def is_found(log: AuditLog, change: str, sequence: int, what: str) -> bool:
    execute(log, change)
    first = log.verify().findings[0]
    return (first.sequence, first.what[: len(what)]) == (sequence, what)


def test_events_that_changed_places(forged: AuditLog) -> None:
    """Two events that take each other's number are both found."""
    execute(
        forged,
        "UPDATE events SET sequence = 99 WHERE sequence = 3",
        "UPDATE events SET sequence = 3 WHERE sequence = 6",
        "UPDATE events SET sequence = 6 WHERE sequence = 99",
    )
    assert {3, 6} <= {finding.sequence for finding in forged.verify().findings}


def test_an_event_that_is_there_twice(forged: AuditLog) -> None:
    """A number that two events have is found, though the table admits it."""
    execute(
        forged,
        "CREATE TABLE rebuilt AS SELECT * FROM events",
        "DROP TABLE events",
        "ALTER TABLE rebuilt RENAME TO events",
        "INSERT INTO events SELECT * FROM events WHERE sequence = 5",
    )
    assert found(forged.verify()) == [(5, "is there twice, or out of order")]


def rewrite(log: AuditLog, changes: Mapping[int, dict[str, Any]]) -> None:
    """Change events and hash all that follow anew, as whoever knows how it works would."""
    with log.database.writing() as connection:
        query = select(EVENTS).order_by(EVENTS.c.sequence)
        rows = [dict(row) for row in connection.execute(query).mappings()]
        previous = rows[0]["previous"]
        for row in rows:
            values = {**as_json(row), **changes.get(row["sequence"], {}), "previous": previous}
            previous = hash_of(values)
            texts = {name: canonical(values[name]) for name in AS_JSON}
            connection.execute(
                update(EVENTS)
                .where(EVENTS.c.sequence == row["sequence"])
                .values({**values, **texts, "hash": previous})
            )


def test_a_log_that_was_written_anew(forged: AuditLog) -> None:
    """Whoever hashes all that follows anew, and has no key, cannot seal the head."""
    rewrite(forged, {4: {"purpose": "something harmless"}})
    assert found(forged.verify()) == [(8, "is not the last event that the head was sealed for")]


def test_an_event_that_is_hashed_anew(forged: AuditLog) -> None:
    """Where one event alone is hashed anew, the next one does not follow it."""
    row = forged.read(limit=1, offset=3)[0]
    assert row["sequence"] == 5
    execute(forged, "UPDATE events SET purpose = 'x' WHERE sequence = 5")
    changed = hash_of({**row, "purpose": "x"})
    execute(forged, f"UPDATE events SET hash = '{changed}' WHERE sequence = 5")
    what = "does not follow the event before it as that one is now"
    assert found(forged.verify()) == [(6, what)]


def test_events_that_were_added_without_the_key(forged: AuditLog) -> None:
    """An event that fits the chain and for which the head was not sealed is found."""
    last = forged.read(limit=1)[0]
    values = {**last, "sequence": 9, "previous": last["hash"]}
    texts = {name: canonical(values[name]) for name in AS_JSON}
    with forged.database.writing() as connection:
        connection.execute(insert(EVENTS).values({**values, **texts, "hash": hash_of(values)}))
    execute(forged, "INSERT INTO terms SELECT 9, term FROM terms WHERE sequence = 8")
    assert found(forged.verify()) == [(9, "was added without the key")]


def test_an_old_head_put_back_and_the_end_cut_off(forged: AuditLog) -> None:
    """Only who kept an anchor elsewhere finds that the log was set back to what it once was."""
    before = forged.verify()
    with forged.database.reading() as connection:
        head = dict(connection.execute(select(HEAD)).mappings().one())
    forged.record_many([lookup(9), lookup(10)])
    kept = forged.verify()
    execute(forged, "DELETE FROM events WHERE sequence > 8", "DELETE FROM terms WHERE sequence > 8")
    with forged.database.writing() as connection:
        connection.execute(update(HEAD).values(head))
    assert forged.verify().sound
    assert forged.verify(Anchor(before.last, before.last_hash)).sound
    late = forged.verify(Anchor(kept.last, kept.last_hash))
    assert found(late) == [(10, "is missing, of which the anchor tells")]
    other = forged.verify(Anchor(before.last, kept.last_hash))
    assert found(other) == [(8, "is another one than the anchor tells of")]


def test_nothing_is_added_to_a_forged_head(forged: AuditLog) -> None:
    """Where the head does not fit the key, recording fails, and says what to run."""
    execute(forged, "UPDATE head SET sequence = 3")
    with pytest.raises(AuditError, match=r"does not fit audit\.key.*linker audit verify"):
        forged.record(lookup())
    assert forged.count() == EVENTS_BEFORE


def test_everything_is_found_up_to_a_bound(
    forged: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every event that was changed is named, in order, until there are too many."""
    execute(forged, "UPDATE events SET purpose = 'x' WHERE sequence > 2")
    assert [finding.sequence for finding in forged.verify().findings] == [3, 4, 5, 6, 7, 8]
    monkeypatch.setattr(verifying, "MOST_FINDINGS", 2)
    assert forged.verify().findings == (Finding(3, "was changed"), Finding(4, "was changed"))


@pytest.mark.parametrize("at_once", [1, 3, 8])
def test_it_is_read_in_parts(
    sqlite_log: AuditLog, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """However many events are read at once, the same is found, also across wide gaps."""
    forged = filled(sqlite_log)
    monkeypatch.setattr(verifying, "_AT_ONCE", at_once)
    assert forged.verify().events == EVENTS_BEFORE
    assert forged.verify().sound
    execute(
        forged,
        "UPDATE events SET sequence = 900000000000 WHERE sequence = 8",
        "UPDATE events SET purpose = 'x' WHERE sequence = 2",
        "DELETE FROM events WHERE sequence = 5",
    )
    sequences = [finding.sequence for finding in forged.verify().findings]
    assert sequences[:3] == [2, 5, 8]


def test_it_is_verified_while_others_write(forged: AuditLog) -> None:
    """Events that come while the log is read are no fault of it."""
    forged.record(Event("status"))
    assert forged.verify().last == EVENTS_BEFORE + 1
