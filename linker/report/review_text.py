"""What is printed of decisions and of an entity's history."""

from __future__ import annotations

from typing import Any


def import_text(done: dict[str, Any]) -> str:
    """Return what came of a file of decisions."""
    rehearsed = done["to_record"] != done["recorded"]
    count = done["to_record"]
    lines = [f"bad row in line {row['line']}: {row['reason']}" for row in done["bad"]]
    lines += [f"conflict: {text}" for text in done["conflicts"]]
    if done["waiting"]:
        where = ", ".join(map(str, done["waiting"]))
        lines.append(
            f"{len(done['waiting']):,} wait for a record that no source has brought yet: "
            f"line{'s' * (len(done['waiting']) > 1)} {where}"
        )
    lines.append(
        f"{done['rows']:,} rows: {count:,} {'to record' if rehearsed else 'recorded'}, "
        f"{done['known']:,} known already, {done['withdrawn']:,} withdrawn, "
        f"{len(done['bad']):,} bad"
    )
    return "\n".join(lines)


def decisions_text(found: dict[str, Any]) -> str:
    """Return the decisions, a line each."""
    lines = [
        f"{row['decision_id']:>5} {row['status']:<12} {row['decision']:<9} {row['entity_type']} "
        f"{row['source_l']}:{row['record_id_l']} {row['source_r']}:{row['record_id_r']}, "
        f"{row['author']}, {row['made_at'][:10]}"
        f"{', until ' + row['expires'][:10] if row['expires'] else ''}: {row['reason']}"
        for row in found["decisions"]
    ]
    lines += [f"conflict: {text}" for text in found["conflicts"]]
    return "\n".join(lines or ["no decisions"])


def history_text(found: dict[str, Any]) -> str:
    """Return what happened to an entity."""
    entity, now = found["entity_id"], found["now"]
    if now == entity:
        what = "lives"
    elif now:
        what = f"is now {now}"
    else:
        what = "is no more: its records are gone"
    lines = [f"{found['entity_type']} {entity}: {what} (generation {found['generation']})"]
    lines += [_event(row, entity) for row in found["events"]]
    for row in found["records"]:
        until = f" to {row['until']}" if row["until"] else ""
        gone = "gone" if row["now"] is None else f"now of {row['now']}"
        after = f", {gone}" if row["until"] and row["now"] != entity else ""
        record = f"{row['source']}:{row['record_id']}"
        lines.append(f"record {record}: from generation {row['since']}{until}{after}")
    return "\n".join(lines)


def _event(row: dict[str, Any], entity: str) -> str:
    other = row["other_entity_id"]
    words = {"merged": "merged into", "split": "split from", "cut": "cut from"}
    verb = words.get(row["event"], row["event"])
    subject = "" if row["entity_id"] == entity else f"{row['entity_id']} "
    told = f"{subject}{verb}{' ' + other if other else ''}"
    pair = ""
    if row["source"]:
        pair = f"; {row['source']}:{row['record_id']}"
        if row["other_source"]:
            pair += f" and {row['other_source']}:{row['other_record_id']}"
        if row["match_weight"] is not None:
            pair += f", {row['match_weight']:.1f} bits"
    return (
        f"{row['run_at'][:16]} generation {row['generation']}: {told}, {row['records']:,} records: "
        f"{row['reason']}{pair} ({row['model']})"
    )
