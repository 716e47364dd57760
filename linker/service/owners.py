"""What owners of silent investigations, and auditors, ask of the log."""

from __future__ import annotations

from typing import Any, Final

from linker.audit import Event, Wanted
from linker.service.asking import Asking

LARGEST_ID: Final = (1 << 63) - 1
"""What a database takes for a number."""


async def alerts_of(asking: Asking, *, seen: bool, limit: int, offset: int) -> list[dict[str, Any]]:
    """Return the alerts that concern an asker, the latest first.

    Raises:
        AccessError: The asker answers for no investigation.
        AuditError: The log cannot be used.
    """
    await asking.may("alerts")
    audit, viewer = asking.opened.audit, asking.identity.viewer
    found = await asking.opened.read(
        lambda: audit.alerts_for(viewer, seen=seen, limit=limit, offset=offset)
    )
    await asking.remember(asking.event("alerts_read", detail=f"{len(found)} alerts"))
    return found


async def see(asking: Asking, alert_id: int) -> int:
    """Note that an asker has seen an alert; return how many were seen now, which is 0 or 1.

    Raises:
        AccessError: The asker answers for no investigation.
        AuditError: The log cannot be used.
    """
    await asking.may("alerts")
    audit, identity = asking.opened.audit, asking.identity
    return await asking.opened.remembering.do(
        lambda: audit.mark_seen([alert_id], identity.who, identity.viewer)
    )


async def events_of(
    asking: Asking, wanted: Wanted, *, limit: int, offset: int
) -> tuple[list[dict[str, Any]], int]:
    """Return events of the log, the newest first, and how many there are.

    Raises:
        AccessError: The asker is no auditor.
        UsageError: A time cannot be read, or the value says nothing.
        AuditError: The log cannot be used.
    """
    await asking.may("audit_read")
    audit = asking.opened.audit

    def read() -> tuple[list[dict[str, Any]], int]:
        return audit.read(wanted, limit, offset), audit.count(wanted)

    found = await asking.opened.read(read)
    await asking.remember(_read(asking, wanted, len(found[0])))
    return found


def _read(asking: Asking, wanted: Wanted, number: int) -> Event:
    """Return the event that an auditor read the log: by what, not for which value."""
    given = [name for name in Wanted.__dataclass_fields__ if getattr(wanted, name) is not None]
    by = f", by {', '.join(given)}" if given else ""
    return asking.event("audit_read", detail=f"{number} events{by}")
