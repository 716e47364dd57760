"""Audit: the log verified, searched and written out, and the alerts that wait, by command.

On the command line who may do so is up to the file system. Reading is recorded like any other
reading; verifying, which shows nothing, is not.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from linker.audit import (
    Anchor,
    AuditLog,
    Event,
    Shown,
    Verified,
    Wanted,
    Who,
    open_audit,
    verify_file,
)
from linker.audit.export import refuse_other_endings
from linker.config import Config
from linker.deconfliction.disclose import Viewer
from linker.errors import UsageError
from linker.schemas import ORGANIZATION_FIELDS, PERSON_FIELDS
from linker.store.journal import author_of


def verify(config: Config, file: Path | None, anchor: str | None) -> dict[str, Any]:
    """Verify the log, or an export of it.

    Args:
        config: Names the log.
        file: An export in JSON Lines; the log itself unless given.
        anchor: ``SEQUENCE:HASH`` of an event that must be there.

    Returns:
        ``sound``, ``events``, ``last``, ``last_hash``, ``findings`` (each with ``sequence`` and
        ``what``) and ``unguarded``, as in `Verified`.

    Raises:
        UsageError: The file or the anchor cannot be read.
        AuditError: The log cannot be read.
    """
    kept = None if anchor is None else _anchor(anchor)
    if file is not None:
        return _verified(verify_file(file, kept))
    with open_audit(config) as log:
        return _verified(log.verify(kept))


def list_events(config: Config, wanted: Wanted, limit: int, offset: int) -> dict[str, Any]:
    """Return events, newest first, and record that they were read.

    Args:
        config: Names the log.
        wanted: Which events.
        limit: How many at most.
        offset: How many of the newest to leave out.

    Returns:
        ``events``, as JSON values, and ``matching``, how many there are in all.

    Raises:
        UsageError: A time or a field cannot be read.
        AuditError: The log cannot be read or written.
    """
    named = wanted.asked_as
    if named is not None and named not in (*PERSON_FIELDS, *ORGANIZATION_FIELDS):
        raise UsageError("--asked: write FIELD=VALUE with a canonical field, or a value alone")
    with open_audit(config) as log:
        events = log.read(wanted, limit, offset)
        matching = log.count(wanted)
        _record_reading(log, wanted, len(events))
    return {"events": events, "matching": matching}


def export_events(config: Config, out: Path, since: str | None, until: str | None) -> int:
    """Write events to a file, record that, and return how many there are.

    Args:
        config: Names the log.
        out: Ends in .jsonl, .csv or .parquet.
        since: Only events not before a date or time.
        until: Only events not after one.

    Raises:
        UsageError: The file cannot be used, or a time cannot be read.
        AuditError: The log cannot be read or written.
        StoreError: The file cannot be written.
    """
    refuse_other_endings(out)
    with open_audit(config) as log:
        written = log.export(out, since, until)
        log.record(Event("export", operator(), shown=Shown(counts={"events": written})))
    return written


def list_alerts(
    config: Config, agency: str | None, unit: str | None, *, seen: bool
) -> dict[str, Any]:
    """Return alerts, the latest first, and record that they were read.

    Args:
        config: Names the log.
        agency: Whose alerts; all unless given.
        unit: Of which unit of the agency.
        seen: Also those that were seen.

    Returns:
        ``alerts``, as JSON values.

    Raises:
        UsageError: A unit is given and no agency.
        AuditError: The log cannot be read or written.
    """
    if unit is not None and agency is None:
        raise UsageError("--agency: is needed with --unit")
    viewer = Viewer("manager") if agency is None else Viewer("owner", agency, unit)
    with open_audit(config) as log:
        alerts = log.alerts_for(viewer, seen=seen, limit=1_000)
        counts = {"alerts": len(alerts)}
        log.record(Event("alerts_read", operator(), shown=Shown(counts=counts)))
    return {"alerts": alerts}


def operator() -> Who:
    """Return who runs a command."""
    return Who(author_of(None), "command")


def _record_reading(log: AuditLog, wanted: Wanted, shown: int) -> None:
    by = asdict(wanted)
    by.pop("value")
    told = ", ".join(f"{name} {value}" for name, value in by.items() if value is not None)
    asked = {} if wanted.value is None else {wanted.asked_as or "any": wanted.value}
    counts = {"events": shown}
    log.record(
        Event(
            "audit_read", operator(), asked=asked, shown=Shown(counts=counts), detail=told or None
        )
    )


def _verified(found: Verified) -> dict[str, Any]:
    return {"sound": found.sound, **asdict(found)}


def _anchor(written: str) -> Anchor:
    parts = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", written.strip())
    if parts is None:
        raise UsageError("--anchor: write SEQUENCE:HASH as linker audit verify printed it")
    return Anchor(int(parts[1]), parts[2])
