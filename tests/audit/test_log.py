"""Recording events and reading them."""

from __future__ import annotations

import threading

import pytest

from linker.audit import AuditLog, EntityShown, Event, Shown, Who, open_audit
from linker.config import Config
from linker.errors import AuditError
from tests.audit.logs import VEGA, execute, lookup


def test_an_event_says_who_asked_what_and_saw_what(log: AuditLog) -> None:
    """What was recorded is read back whole, but for the values asked for, which are hashes."""
    assert log.record(lookup(7)) == 1
    (found,) = log.read()
    assert {name: found[name] for name in ("subject", "how", "name", "token_id", "role")} == {
        "subject": "t1",
        "how": "token",
        "name": "J. Vega",
        "token_id": "t1",
        "role": "requester",
    }
    assert (found["agency"], found["unit"]) == ("HSI", "Laredo")
    assert (found["purpose"], found["case_number"]) == ("a load of people at the river", "C-7")
    assert (found["kind"], found["entity_type"], found["client"]) == (
        "lookup",
        "person",
        "192.0.2.7",
    )
    assert (found["generation"], found["model"], found["milliseconds"]) == (3, "person/1", 1.25)
    assert found["shown"] == {
        "outcome": "HIT",
        "entities": [
            {
                "entity_id": "p7",
                "tier": "PROBABLE",
                "classes": ["SIMULTANEOUS", "PRIOR"],
                "fields": 9,
            },
            {"entity_id": "pshared", "tier": None, "classes": ["SHARED_IDENTIFIER"], "fields": 3},
        ],
        "counts": {"candidates": 12},
    }
    assert {name: len(hashes) for name, hashes in found["asked"].items()} == {
        "full_name": 1,
        "phones": 2,
    }
    assert log.verify().sound


def test_numbers_have_no_gap(config: Config) -> None:
    """Events are numbered from 1 on, whoever opened the log when, however many came at once."""
    with open_audit(config) as one, open_audit(config) as other:
        assert one.record(lookup()) == 1
        assert other.record_many([lookup(2), lookup(3)]) == [2, 3]
        assert one.record_many([]) == []
        assert one.record(lookup(4)) == 4
    with open_audit(config) as again:
        assert again.record(lookup(5)) == 5
        assert [row["case_number"] for row in again.read()] == ["C-5", "C-4", "C-3", "C-2", "C-1"]
        assert again.verify().events == 5


def test_a_log_without_events_is_sound(log: AuditLog) -> None:
    """A log to which nothing was added verifies."""
    verified = log.verify()
    assert (verified.sound, verified.events, verified.last) == (True, 0, 0)
    assert log.read() == []


INSERT = "INTO events (sequence, at, kind, asked, shown, previous, hash)"
REFUSED = [
    "UPDATE events SET purpose = 'another'",
    "UPDATE events SET purpose = 'another' WHERE sequence = 1",
    "DELETE FROM events",
    "DELETE FROM events WHERE sequence = 2",
    "UPDATE terms SET term = 'another'",
    "DELETE FROM terms",
    f"INSERT {INSERT} VALUES (9, '', '', '{{}}', '{{}}', '', '')",
    f"INSERT {INSERT} VALUES (0, '', '', '{{}}', '{{}}', '', '')",
]


def refuses(log: AuditLog, statements: list[str]) -> bool:
    log.record_many([lookup(), lookup(2)])
    for statement in statements:
        with pytest.raises(AuditError, match="only ever added to"):
            execute(log, statement)
    verified = log.verify()
    return verified.sound and verified.unguarded == ()


def test_the_database_refuses_changes(log: AuditLog) -> None:
    """A trigger refuses to change, remove or misplace what is written."""
    assert refuses(log, REFUSED)


def test_sqlite_refuses_to_replace(sqlite_log: AuditLog) -> None:
    """A trigger refuses what SQLite does not take for a deletion."""
    assert refuses(sqlite_log, [f"REPLACE {INSERT} VALUES (1, '', '', '{{}}', '{{}}', '', '')"])


def test_postgresql_refuses_to_truncate(postgres_log: AuditLog) -> None:
    """A trigger refuses what PostgreSQL does not take for a deletion."""
    assert refuses(postgres_log, ["TRUNCATE events", "TRUNCATE terms"])


def test_texts_that_no_database_takes(log: AuditLog) -> None:
    """Null characters, halves of letters and endless texts are written as far as they can be."""
    awful = "a\0b\ud800" + "x" * 1_000_000
    log.record(
        Event(
            "denied",
            Who(awful, name=awful),
            purpose=awful,
            asked={"full_name": awful, awful: "z"},
            shown=Shown(awful, (EntityShown(awful, awful, (awful,)),), {awful: 1}),
            milliseconds=float("nan"),
            detail="'; DROP TABLE events; --",
        )
    )
    (found,) = log.read()
    assert found["purpose"] == "a�b�" + "x" * 1_996
    assert found["milliseconds"] is None
    assert found["detail"] == "'; DROP TABLE events; --"
    assert log.verify().sound


def test_threads_share_a_log(log: AuditLog) -> None:
    """Threads that record at once each get their own numbers, and no event is lost."""
    numbers: list[int] = []

    def record(first: int) -> None:
        for number in range(first, first + 10):
            given = log.record(lookup(number))
            numbers.append(given)

    threads = [threading.Thread(target=record, args=(100 * first,)) for first in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 81))
    assert log.verify().sound
    assert log.count() == 80


def test_an_act_and_its_event_are_one(log: AuditLog) -> None:
    """Where what goes with an event fails, the event is not recorded either."""

    def fail() -> None:
        with log.transaction() as transaction:
            transaction.append([lookup()])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert log.read() == []
    assert log.record(lookup()) == 1


def test_an_event_is_on_the_disk_before_it_counts(sqlite_log: AuditLog) -> None:
    """SQLite writes ahead, and waits for the disk with each transaction."""
    with sqlite_log.database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2


def test_connections_that_were_cut(postgres_log: AuditLog) -> None:
    """Where the server cut all connections, the next event finds a new one."""
    log = postgres_log
    log.record(lookup())
    with pytest.raises(AuditError), log.database.writing() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
            "current_database()"
        )
    assert log.record(lookup()) == 2


def test_who_is_nobody(log: AuditLog) -> None:
    """An event of somebody unknown is an event."""
    log.record(Event("denied", client="192.0.2.9", detail="expired"))
    (found,) = log.read()
    assert (found["subject"], found["name"], found["detail"]) == (None, None, "expired")
    assert log.verify().sound


def test_reading_tells_nothing_of_the_hashes(log: AuditLog) -> None:
    """Two who ask for one value have the same hash, so that one can be found by the other."""
    log.record_many([lookup(1), lookup(2, VEGA)])
    one, other = log.read()
    assert one["asked"] == other["asked"]
