"""Search: the events an auditor asks for, newest first."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_, select

from linker.audit.database import Database
from linker.audit.event import entity_term, writable
from linker.audit.key import AuditKey, plain
from linker.audit.tables import AS_JSON, EVENTS, TERMS
from linker.errors import AuditError, UsageError
from linker.schemas import ORGANIZATION_FIELDS, PERSON_FIELDS

MOST: Final = 1_000
"""So many events are read at once."""
LARGEST: Final = (1 << 63) - 1
"""What a database takes for a number."""


@dataclass(frozen=True)
class Wanted:
    """Which events are wanted: those that meet all that is said; all of them if nothing is.

    Attributes:
        who: A subject, which a token's id is, or a name.
        kind: What was done.
        since: A date or a date and time, UTC unless it says otherwise: not before it.
        until: Likewise: not after it, a day being over at its end.
        case_number: The case it was done for.
        entity_id: An entity that was shown.
        value: A value that was asked for. Only its keyed hash is compared.
        asked_as: The canonical field it was asked for in; any unless given.
    """

    who: str | None = None
    kind: str | None = None
    since: str | None = None
    until: str | None = None
    case_number: str | None = None
    entity_id: str | None = None
    value: str | None = field(default=None, repr=False)
    asked_as: str | None = None


ALL: Final = Wanted()


def read(
    database: Database, key: AuditKey, wanted: Wanted, limit: int, offset: int
) -> list[dict[str, Any]]:
    """Return events, newest first, as JSON values: the columns of `EVENTS`.

    Args:
        database: The audit database.
        key: Its key.
        wanted: Which.
        limit: How many at most, `MOST` if that is less.
        offset: How many of the newest to leave out.

    Raises:
        UsageError: A time cannot be read, or the value says nothing.
        AuditError: The database cannot be read, or an event is none any more.
    """
    query = (
        select(EVENTS)
        .where(*_conditions(wanted, key))
        .order_by(EVENTS.c.sequence.desc())
        .limit(max(0, min(limit, MOST)))
        .offset(max(0, min(offset, LARGEST)))
    )
    with database.reading() as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
    try:
        return [as_json(row) for row in rows]
    except (ValueError, TypeError):
        raise no_event(database) from None


def count(database: Database, key: AuditKey, wanted: Wanted) -> int:
    """Return how many events are wanted.

    Raises:
        UsageError: A time cannot be read, or the value says nothing.
        AuditError: The database cannot be read.
    """
    query = select(func.count()).select_from(EVENTS).where(*_conditions(wanted, key))
    with database.reading() as connection:
        return int(connection.execute(query).scalar_one())


def as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of `EVENTS` with its JSON columns as values.

    Raises:
        ValueError: One holds no JSON.
    """
    return {**row, **{name: json.loads(row[name]) for name in AS_JSON}}


def no_event(database: Database) -> AuditError:
    """Return what is said where an event cannot be read as one."""
    return AuditError(
        f"{database.place}: an event is no event any more; linker audit verify tells which"
    )


def _conditions(wanted: Wanted, key: AuditKey) -> Sequence[ColumnElement[bool]]:
    events = EVENTS.c
    found: list[ColumnElement[bool]] = []
    if wanted.who is not None:
        who = writable(wanted.who)
        found.append(or_(events.subject == who, events.name == who))
    if wanted.kind is not None:
        found.append(events.kind == writable(wanted.kind))
    if wanted.case_number is not None:
        found.append(events.case_number == writable(wanted.case_number))
    found += within(wanted.since, wanted.until)
    if wanted.entity_id is not None:
        found.append(_found_by([entity_term(writable(wanted.entity_id))]))
    if wanted.value is not None:
        if not plain(wanted.value):
            raise UsageError("value: has neither a letter nor a digit; nothing can be found by it")
        fields = [wanted.asked_as] if wanted.asked_as else {*PERSON_FIELDS, *ORGANIZATION_FIELDS}
        found.append(_found_by([key.digest(name, wanted.value) for name in sorted(fields)]))
    return found


def within(since: str | None, until: str | None) -> list[ColumnElement[bool]]:
    """Return conditions for events not before a date or time, and not after one.

    Raises:
        UsageError: One cannot be read.
    """
    found = []
    if since is not None:
        found.append(EVENTS.c.at >= _instant("since", since))
    if until is not None:
        found.append(EVENTS.c.at < _instant("until", until, end=True))
    return found


def _found_by(terms: Sequence[str]) -> ColumnElement[bool]:
    return EVENTS.c.sequence.in_(select(TERMS.c.sequence).where(TERMS.c.term.in_(terms)))


def _instant(name: str, written: str, *, end: bool = False) -> str:
    """Return a time as the log writes it; of a day its beginning, or the next one's."""
    try:
        if len(written) <= len("2026-03-01"):
            day = dt.date.fromisoformat(written) + dt.timedelta(days=int(end))
            time = dt.datetime.combine(day, dt.time(), dt.UTC)
        else:
            time = dt.datetime.fromisoformat(written) + dt.timedelta(microseconds=int(end))
            time = time if time.tzinfo else time.replace(tzinfo=dt.UTC)
        return time.astimezone(dt.UTC).isoformat(timespec="microseconds")
    except (ValueError, OverflowError):
        raise UsageError(f"{name}: not a date such as 2026-03-01") from None
