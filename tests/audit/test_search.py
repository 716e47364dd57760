"""Finding events again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from linker.audit import AuditLog, Event, Wanted
from linker.errors import UsageError
from tests.audit.logs import LUND, VEGA, lookup


@pytest.fixture
def filled(log: AuditLog) -> AuditLog:
    """A log with lookups of two people, and two events of nobody."""
    asked = replace(lookup(3, LUND), asked={"surname": "Quiñones", "plates": "ABC12"})
    log.record_many([lookup(1), lookup(2), asked, Event("denied"), Event("status", VEGA)])
    return log


def numbers(log: AuditLog, wanted: Wanted) -> list[int]:
    found = [row["sequence"] for row in log.read(wanted)]
    assert log.count(wanted) == len(found)
    return found


FOUND = [
    (Wanted(), [5, 4, 3, 2, 1]),
    (Wanted(who="t1"), [5, 2, 1]),
    (Wanted(who="K. Lund"), [3]),
    (Wanted(who="nobody"), []),
    (Wanted(kind="denied"), [4]),
    (Wanted(case_number="C-2"), [2]),
    (Wanted(entity_id="p1"), [1]),
    (Wanted(entity_id="pshared"), [3, 2, 1]),
    (Wanted(value="esperanza QUINONES"), [2, 1]),
    (Wanted(value="Quiñones"), [3]),
    (Wanted(value="5255 1234 5678", asked_as="phones"), [2, 1]),
    (Wanted(value="5255 1234 5678", asked_as="plates"), []),
    (Wanted(value="ABC12", who="J. Vega"), []),
    (Wanted(value="ABC12", who="K. Lund", kind="lookup", case_number="C-3"), [3]),
    (Wanted(since="2020-01-01", until="2999-12-31"), [5, 4, 3, 2, 1]),
    (Wanted(since="2999-01-01"), []),
    (Wanted(until="2020-01-01T00:00:00+02:00"), []),
    (Wanted(who="' OR 1=1 --"), []),
]


def test_what_is_wanted_is_found(filled: AuditLog) -> None:
    """Events that meet all that is said come, newest first, and are counted."""
    assert [numbers(filled, wanted) for wanted, _ in FOUND] == [expected for _, expected in FOUND]


def test_a_page_at_a_time(filled: AuditLog) -> None:
    """Some events are read at a time, and never more than a bound."""
    assert [row["sequence"] for row in filled.read(limit=2)] == [5, 4]
    assert [row["sequence"] for row in filled.read(limit=2, offset=3)] == [2, 1]
    assert filled.read(limit=10**9, offset=5) == []
    assert filled.read(limit=-1) == []


def test_times_have_two_ends(filled: AuditLog) -> None:
    """A day holds all of itself, and a time the event that happened at it."""
    middle = filled.read()[2]["at"]
    day = middle[:10]
    assert len(numbers(filled, Wanted(since=day, until=day))) == 5
    assert 3 in numbers(filled, Wanted(since=middle, until=middle))
    assert numbers(filled, Wanted(since=middle))[-1] <= 3
    assert numbers(filled, Wanted(until=middle))[0] >= 3


def test_a_time_that_is_none(sqlite_log: AuditLog) -> None:
    """A time that cannot be read is one line."""
    for written in ("soon", "2026-02-30", "", "9999-12-31", "2026-01-01T25:00"):
        with pytest.raises(UsageError, match="until: not a date such as 2026-03-01"):
            sqlite_log.read(Wanted(until=written))


def test_a_value_that_says_nothing(filled: AuditLog) -> None:
    """A value without a letter or a digit is refused: it would find nothing."""
    with pytest.raises(UsageError, match="neither a letter nor a digit"):
        filled.read(Wanted(value=" - "))


def test_a_value_is_not_shown() -> None:
    """What an auditor looks for is not printed with the rest."""
    assert "Quiñones" not in repr(Wanted(value="Quiñones"))


def test_words_that_no_database_takes(log: AuditLog) -> None:
    """Null characters, halves of letters and endless numbers find nothing, and are no error."""
    awful = "a\0\ud800" + "x" * 100_000
    names = ("who", "kind", "case_number", "entity_id", "value", "asked_as")
    for name in names:
        assert log.read(Wanted(**{"value": "x", name: awful})) == []
    assert log.read(limit=10**30, offset=10**30) == []
