"""What is told of one entity to someone who asks without a case: its investigations, and contacts.

One entity has few mentions, so this is plain code over rows; the tables of a night are classified
by expressions (`linker.deconfliction.timeline`). That both read dates and statuses alike is tested.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from linker.deconfliction.disclose import CLASSES
from linker.deconfliction.meetings import CONTACT_KINDS
from linker.deconfliction.timeline import ACTIVE_STATUSES
from linker.schemas import SENSITIVITIES

Row = Mapping[str, Any]

CONTACT: Final = ("contact_name", "contact_phone", "contact_email")
_OF_CASE: Final = ("case_id", "agency", "unit", "office", "status", "opened", "closed")
ANSWER: Final = (
    *_OF_CASE,
    *("class", "other_kind", *CONTACT, "sensitivity", "source", "record_id"),
)
"""The fields of what is told, in order."""
READ: Final = (
    *("source", "record_id", "kind", "arrest_id", "report_id", "sensitivity"),
    *(*_OF_CASE, *CONTACT),
)
"""The columns of mentions that are read."""


def standing(mentions: Iterable[Row], as_of: dt.date) -> list[dict[str, Any]]:
    """Say what is known of one entity, the most pressing first.

    An investigation is SIMULTANEOUS if active at the as-of date, PRIOR if it closed on or before
    it, else INDETERMINATE; arrests, intelligence and watchlist mentions of no investigation are
    PRIOR_CONTACT. Several mentions of one investigation become one row: each field is that of the
    smallest mention which has it, the contact is taken whole from one mention, and the sensitivity
    is the strictest that any of them gives.

    Args:
        mentions: Those of one entity, with the columns `READ`.
        as_of: The date to judge at.

    Returns:
        Rows of `ANSWER`, by class, agency, case id, source and record id. ``case_id`` of a contact
        is its arrest id or report id, ``other_kind`` is ``case`` or the kind of the contact.
    """
    cases: dict[tuple[Any, ...], list[Row]] = {}
    told = []
    for row in sorted(mentions, key=lambda row: (row["source"], row["record_id"])):
        if row["case_id"] is not None:
            cases.setdefault((row["agency"] or row["source"], row["case_id"]), []).append(row)
        elif row["kind"] == "case":  # one by itself, which its source gave no id
            cases[row["source"], row["record_id"], None] = [row]
        elif row["kind"] in CONTACT_KINDS:
            told.append(_contact(row))
    told += [_investigation(rows, as_of) for rows in cases.values()]
    return sorted(told, key=_order)


def class_of(investigation: Sequence[Row], as_of: dt.date) -> str:
    """Return the class of an investigation, given its mentions.

    Args:
        investigation: With ``status``, ``opened`` and ``closed``.
        as_of: The date to judge at.
    """
    told = [_told(investigation, name) for name in ("status", "opened", "closed")]
    if any(len(values) > 1 for values in told):  # its mentions contradict each other
        return "INDETERMINATE"
    status, opened, closed = (next(iter(values), None) for values in told)
    if opened is None or opened > as_of or (closed is not None and closed < opened):
        return "INDETERMINATE"
    if status == "closed" and closed is not None:
        return "SIMULTANEOUS" if closed > as_of else "PRIOR"
    runs = status == "reopened" or closed is None or closed > as_of
    return "SIMULTANEOUS" if status in ACTIVE_STATUSES and runs else "INDETERMINATE"


def _told(rows: Iterable[Row], name: str) -> list[Any]:
    """Return the distinct values that rows give of a field."""
    return list({row[name] for row in rows} - {None})


def strictest(words: Iterable[str | None]) -> str | None:
    """Return the strictest of some sensitivities, unknown words counting as ``silent``."""
    ranks = [
        SENSITIVITIES.index(word) if word in SENSITIVITIES else 0
        for word in words
        if word is not None
    ]
    return SENSITIVITIES[min(ranks)] if ranks else None


def _investigation(rows: Sequence[Row], as_of: dt.date) -> dict[str, Any]:
    first = rows[0]
    called = next((row for row in rows if any(row[name] for name in CONTACT)), first)
    told = {
        name: next((row[name] for row in rows if row[name] is not None), None) for name in _OF_CASE
    }
    told["agency"] = next((row["agency"] or row["source"] for row in rows), None)
    return told | {
        "class": class_of(rows, as_of),
        "other_kind": "case",
        **{name: called[name] for name in CONTACT},
        "sensitivity": strictest(row["sensitivity"] for row in rows),
        "source": first["source"],
        "record_id": first["record_id"],
    }


def _contact(row: Row) -> dict[str, Any]:
    number = {"arrest": "arrest_id", "intel": "report_id"}.get(row["kind"])
    told = {name: row.get(name) for name in ANSWER}
    return told | {
        "agency": row["agency"] or row["source"],
        "case_id": row[number] if number else None,
        "class": "PRIOR_CONTACT",
        "other_kind": row["kind"],
        "sensitivity": strictest([row["sensitivity"]]),
    }


def _order(row: Row) -> tuple[Any, ...]:
    ids = (row["agency"], row["case_id"], row["source"], row["record_id"])
    return (CLASSES.index(row["class"]), *((value is None, value or "") for value in ids))
