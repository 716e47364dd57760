"""Alerts: a silent investigation that somebody met tells its owner, and nobody else.

One asker who meets one investigation again within a day, before its owner has looked, is one alert
that counts up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from linker.audit.append import Transaction
from linker.audit.database import Database
from linker.audit.event import EntityShown, Event, Shown, Who, now, writable
from linker.audit.search import LARGEST
from linker.audit.tables import ALERTS
from linker.deconfliction.disclose import Viewer

ONE_ALERT: Final = dt.timedelta(days=1)
"""From its first meeting on, an alert counts up for so long."""
MOST: Final = 1_000
"""So many alerts are read at once."""


class SilentMeeting(Protocol):
    """A silent investigation that a question met, such as an `Alert` of an answer."""

    @property
    def agency(self) -> str | None:
        """The owner's."""

    @property
    def unit(self) -> str | None:
        """The owner's."""

    @property
    def case_id(self) -> str | None:
        """The investigation's."""

    @property
    def entity_id(self) -> str:
        """The entity that was met."""

    @property
    def tier(self) -> str:
        """How sure it is."""


def raise_alerts(transaction: Transaction, asked: Event, met: Sequence[SilentMeeting]) -> list[int]:
    """Tell owners of silent investigations that somebody met them; return the alerts' ids.

    Each meeting is an event of the log as well. The asker is told nothing of it, by content or by
    time: call it once the answer has left, or where nobody waits.

    Args:
        transaction: In which it is written.
        asked: The event of the question: who, what for, for which case, of which generation.
        met: What it met, at least one.

    Raises:
        AuditError: The log was tampered with.
    """
    transaction.append([_event(asked, meeting) for meeting in met])  # first: it waits its turn
    return [_raise(transaction.connection, asked, meeting) for meeting in met]


def alerts_for(
    database: Database, viewer: Viewer, *, seen: bool, limit: int, offset: int
) -> list[dict[str, Any]]:
    """Return the alerts that concern a viewer, the latest first, as JSON values.

    A unit's own are those of its investigations. A manager, who may see every silent
    investigation, has those of all units.

    Args:
        database: The audit database.
        viewer: Who wants to know.
        seen: Also those that were seen.
        limit: How many at most, `MOST` if that is less.
        offset: How many of the latest to leave out.

    Raises:
        AuditError: The database cannot be read.
    """
    with database.reading() as connection:
        query = select(ALERTS).where(*_concerning(connection, viewer))
        if not seen:
            query = query.where(ALERTS.c.seen_at.is_(None))
        query = query.order_by(ALERTS.c.last_at.desc(), ALERTS.c.id.desc())
        query = query.limit(max(0, min(limit, MOST))).offset(max(0, min(offset, LARGEST)))
        return [dict(row) for row in connection.execute(query).mappings()]


def mark_seen(transaction: Transaction, ids: Sequence[int], who: Who, viewer: Viewer) -> int:
    """Note that an owner has seen some alerts; return how many were seen now.

    Only the owner's unit can: what a manager of another unit looked at stays unseen, unless the
    investigation names no agency, whose alerts nobody else has.

    Args:
        transaction: In which it is written.
        ids: The alerts'.
        who: Who saw them.
        viewer: What they may see.

    Raises:
        AuditError: The log was tampered with.
    """
    columns = ALERTS.c
    known = [number for number in list(ids)[:MOST] if 0 < number <= LARGEST]
    rows = transaction.connection.execute(
        select(columns.id, columns.agency, columns.unit).where(
            columns.id.in_(known), columns.seen_at.is_(None)
        )
    ).mappings()
    mine = sorted(row["id"] for row in map(dict, rows) if _may_close(viewer, row))
    if mine:
        told = ", ".join(map(str, mine))
        transaction.append([Event("alerts_seen", who, detail=f"alerts {told}")])
        transaction.connection.execute(
            update(ALERTS)
            .where(columns.id.in_(mine))
            .values(seen_at=now(), seen_by=writable(who.name or who.subject))
        )
    return len(mine)


def _may_close(viewer: Viewer, alert: Mapping[str, Any]) -> bool:
    nobodys = alert["agency"] is None
    return viewer.owns(alert) or (viewer.role == "manager" and nobodys)


def _event(asked: Event, met: SilentMeeting) -> Event:
    owner = ", ".join(part for part in (met.agency, met.unit) if part) or "no agency"
    return Event(
        "alert",
        asked.who,
        purpose=asked.purpose,
        case_number=asked.case_number,
        entity_type=asked.entity_type,
        shown=Shown(entities=(EntityShown(met.entity_id, met.tier),)),
        generation=asked.generation,
        model=asked.model,
        client=asked.client,
        detail=f"case {met.case_id or 'without a number'} of {owner}",
    )


def _raise(connection: Connection, asked: Event, met: SilentMeeting) -> int:
    columns, at = ALERTS.c, now()
    since = (dt.datetime.fromisoformat(at) - ONE_ALERT).isoformat(timespec="microseconds")
    same = {
        columns.agency: writable(met.agency),
        columns.unit: writable(met.unit),
        columns.case_id: writable(met.case_id),
        columns.entity_id: writable(met.entity_id),
        columns.asked_by: writable(asked.who.subject),
    }
    known = connection.execute(
        select(columns.id, columns.times).where(
            *(column.is_not_distinct_from(value) for column, value in same.items()),
            columns.seen_at.is_(None),
            columns.at > since,
        )
    ).first()
    if known is not None:
        connection.execute(
            update(ALERTS)
            .where(columns.id == known.id)
            .values(last_at=at, times=known.times + 1, tier=met.tier, generation=asked.generation)
        )
        return int(known.id)
    made = connection.execute(
        insert(ALERTS)
        .values(
            {
                **{column.name: value for column, value in same.items()},
                "at": at,
                "last_at": at,
                "times": 1,
                "tier": met.tier,
                "asked_name": writable(asked.who.name),
                "asked_agency": writable(asked.who.agency),
                "asked_unit": writable(asked.who.unit),
                "purpose": writable(asked.purpose),
                "case_number": writable(asked.case_number),
                "generation": asked.generation,
            }
        )
        .returning(columns.id)
    )
    return int(made.scalar_one())


def _concerning(connection: Connection, viewer: Viewer) -> Sequence[ColumnElement[bool]]:
    """Return conditions that hold for what a viewer may see of the alerts."""
    if viewer.role == "manager":
        return []
    agency, unit = ALERTS.c.agency, ALERTS.c.unit
    owners = connection.execute(select(agency, unit).distinct()).mappings()
    return [
        or_(
            *(
                and_(
                    agency.is_not_distinct_from(owner["agency"]),
                    unit.is_not_distinct_from(owner["unit"]),
                )
                for owner in owners
                if viewer.owns(dict(owner))
            ),
            ALERTS.c.id < 0,  # none, where there is no such owner
        )
    ]
