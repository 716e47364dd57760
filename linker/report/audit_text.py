"""What is printed of the audit log, of alerts and of tokens."""

from __future__ import annotations

from typing import Any


def verified_text(found: dict[str, Any]) -> str:
    """Return what is printed of a log that is sound."""
    last = f"{found['last']}:{found['last_hash']}"
    lines = [
        f"{found['events']:,} events, none changed, missing or out of order; the last is {last}"
    ]
    if found["unguarded"]:
        lines.append(
            f"{len(found['unguarded'])} triggers that refuse changes are gone from the database: "
            f"{', '.join(found['unguarded'])}"
        )
    return "\n".join(lines)


def fault_text(found: dict[str, Any]) -> str:
    """Return in one line what is wrong with a log that is not sound."""
    first, *others = found["findings"]
    place = f"event {first['sequence']} " if first["sequence"] else ""
    more = f" ({len(others) + 1} findings in all; --json lists them)" if others else ""
    return f"the audit log does not verify: {place}{first['what']}{more}"


def events_text(found: dict[str, Any]) -> str:
    """Return events, a line each, and how many there are in all."""
    lines = [_event(event) for event in found["events"]]
    lines.append(f"{len(lines):,} of {found['matching']:,} events")
    return "\n".join(lines)


def alerts_text(found: dict[str, Any]) -> str:
    """Return alerts, a line each."""
    lines = [
        f"{row['id']:>5} {row['last_at'][:16]} {row['tier']} {row['entity_id']}, "
        f"case {row['case_id'] or 'without a number'} of {_unit(row['agency'], row['unit'])}: "
        f"asked for {_times(row['times'])} by {row['asked_name'] or row['asked_by']} of "
        f"{_unit(row['asked_agency'], row['asked_unit'])}"
        f"{', seen ' + row['seen_at'][:10] if row['seen_at'] else ''}"
        for row in found["alerts"]
    ]
    return "\n".join(lines or ["no alerts"])


def made_text(made: dict[str, Any]) -> str:
    """Return what is printed of a token that was made; its last line is the token."""
    return (
        f"token {made['id']} for {made['name']}: {made['role']} of "
        f"{_unit(made['agency'], made['unit'])}, until {made['expires_at'][:10]}; it is shown this "
        f"once\n{made['token']}"
    )


def tokens_text(tokens: list[dict[str, Any]]) -> str:
    """Return tokens, a line each."""
    lines = [
        f"{row['id']} {row['status']:<9} {row['role']:<9} {row['name']} of "
        f"{_unit(row['agency'], row['unit'])}, {row['made_at'][:10]} to {row['expires_at'][:10]}"
        f"{', withdrawn: ' + row['withdrawn_why'] if row['withdrawn_at'] else ''}"
        for row in tokens
    ]
    return "\n".join(lines or ["no tokens"])


def _event(event: dict[str, Any]) -> str:
    who = event["name"] or event["subject"] or "nobody known"
    shown = event["shown"]
    parts = [
        f"{event['sequence']:>7} {event['at'][:19]} {event['kind']} by {who}",
        _unit(event["agency"], event["unit"]) if event["agency"] else "",
        f"case {event['case_number']}" if event["case_number"] else "",
        event["purpose"] or "",
        f"asked by {', '.join(event['asked'])}" if event["asked"] else "",
        shown["outcome"] or "",
        " ".join(entity["entity_id"] for entity in shown["entities"]),
        event["detail"] or "",
    ]
    return "; ".join(part for part in parts if part)


def _unit(agency: str | None, unit: str | None) -> str:
    return ", ".join(part for part in (agency, unit) if part) or "no agency"


def _times(times: int) -> str:
    return "once" if times == 1 else f"{times:,} times"
