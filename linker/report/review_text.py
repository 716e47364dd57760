"""What is printed of decisions, of the review queue and of an entity's history."""

from __future__ import annotations

from typing import Any, Final


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


def queue_text(done: dict[str, Any]) -> str:
    """Return which pairs were queued, and why."""
    queued = done["queued"]
    told = (
        f"{done['chosen']:,} pairs {'queued' if queued else 'to queue'}, of {done['candidates']:,} "
        f"looked at ({done['passed_over']:,} decided or queued already; seed {done['seed']}, "
        f"model {done['model']}, generation {done['generation']})"
    )
    lines = [told]
    lines += [f"{count:>7,} {_PARTS[part]}" for part, count in done["parts"].items() if count]
    if done["strata"]:
        told = ", ".join(f"{count:,} {stratum}" for stratum, count in done["strata"].items())
        lines.append(f"drawn at random, by weight: {told}")
    lines += [f"note: {note}" for note in done["notes"]]
    return "\n".join(lines)


def item_text(item: dict[str, Any]) -> str:
    """Return a queued pair, both records side by side, and what is told once it is decided."""
    left, right, context = item["left"], item["right"], item["context"]
    sides = [f"{side['source']}:{side['record_id']}" for side in (left, right)]
    rows = [("", "record", *sides), ("", "kind", *map(str, context["kinds"]))]
    for name, difference in item["differences"].items():
        values = [_value(side["values"].get(name)) for side in (left, right)]
        rows.append((_MARKS[difference], name, *values))
    one, other = context["dates"]
    rows += [
        ("", name, one.get(name, "-"), other.get(name, "-")) for name in sorted({*one, *other})
    ]
    width = max(len(row[2]) for row in rows)
    lines = [f"item {item['number']}, {item['entity_type']}"]
    lines += [f"{mark:>9} {name:<21} {first:<{width}}  {then}" for mark, name, first, then in rows]
    if item["decided_by_me"] is None:
        lines.append(f"decide: linker review decide {item['number']} match|non_match|unsure")
        return "\n".join(lines)
    closed = f"closed as {item['final']}" if item["final"] else "another reviewer has to look at it"
    lines.append(f"you said {item['decided_by_me']}; {closed}; chosen: {_PARTS[item['part']]}")
    lines.append(f"match weight {item['weight']:.1f} bits, probability {item['probability']:.4f}")
    return "\n".join([*lines, *item["evidence"], item["summary"]])


def verdict_text(done: dict[str, Any]) -> str:
    """Return what came of a verdict."""
    number = done["number"]
    again = (
        "" if done["recorded"] else f"you had said {done['verdict']} of it before, which stays; "
    )
    if done["final"] is None:
        return f"item {number}: {again}another reviewer has to look at it"
    return (
        f"item {number}: {again}closed as {done['final']}, decision {done['decision']} of the "
        "journal; the next link follows it"
    )


def agreement_text(found: dict[str, Any]) -> str:
    """Return how far reviewers agree and what pairs drawn at random say, by entity type."""
    lines = []
    for entity, told in found["entity_types"].items():
        lines.append(f"{entity}: {told['decided']:,} pairs decided")
        if told["pairs"]:
            kappa = "without a value" if told["kappa"] is None else f"{told['kappa']:.2f}"
            lines.append(
                f"  two reviewers looked at {told['pairs']:,} and said the same of "
                f"{told['agreed']:,} ({told['percent']:.1f}%); Cohen's kappa {kappa}"
            )
        else:
            lines.append("  no pair was looked at by two reviewers")
        lines += _blind_lines(told["blind"])
    return "\n".join(lines or ["no pair is queued"])


_PARTS: Final = {
    "threshold": "near a threshold",
    "rare_level": "with a comparison level that few labels have",
    "session": "with a level that training sessions disagree on",
    "group": "by source pair and name culture",
    "blind": "drawn at random, to measure",
}
_MARKS: Final = {
    "equal": "=",
    "alike": "~ alike",
    "different": "different",
    "one_missing": "missing",
}


def _value(value: object) -> str:
    if value is None:
        return "-"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _blind_lines(blind: dict[str, Any]) -> list[str]:
    """Return what pairs drawn at random say of the links, a line each."""
    if not blind["pairs"]:
        return ["  no pair was drawn at random"]
    counted = (
        f"  drawn at random: {blind['pairs']:,} pairs, {blind['decided']:,} decided, "
        f"{blind['unsure']:,} unsure (model {blind['model']})"
    )
    lines = [counted]
    for name, what in (
        ("precision", "links that are matches"),
        ("recall", "matches among candidate pairs that are links"),
    ):
        if blind[name]:
            lines.append(f"  {what}: {_interval(blind[name])}")
    undecided = [row["name"] for row in blind["strata"] if not row["decided"]]
    if undecided and blind["decided"]:
        lines.append(f"  in neither, since no pair is decided: {', '.join(undecided)}")
    return lines


def _interval(share: dict[str, float]) -> str:
    return (
        f"{share['value']:.3f} ({share['low']:.3f} to {share['high']:.3f}, 95%, "
        f"{share['pairs']:,} pairs)"
    )


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
