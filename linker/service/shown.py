"""What the audit log keeps of what was shown: ids, tiers, classes, how many values; no values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from linker.audit import EntityShown, Shown
from linker.lookup.answer import Answer


def shown_in_answer(answer: Answer) -> Shown:
    """Return what an answer showed."""
    hits = [EntityShown(hit.entity_id, hit.tier, *_told(hit.investigations)) for hit in answer.hits]
    shared = [
        EntityShown(holder.entity_id, None, *_told(holder.investigations))
        for holder in answer.shared
    ]
    counts = {
        "candidates": answer.candidates,
        "matching_entities": answer.matching_entities,
        "sharing_entities": answer.sharing_entities,
    }
    return Shown(answer.outcome, (*hits, *shared), counts)


def shown_in_entity(entity: Mapping[str, Any]) -> Shown:
    """Return what an entity showed."""
    records = entity["records"]
    classes, fields = _told(entity["investigations"])
    values = sum(len(record["values"] or ()) for record in records)
    told = EntityShown(entity["entity_id"], None, classes, fields + values)
    return Shown(None, (told,), {"records": len(records)})


def shown_in_history(history: Mapping[str, Any]) -> Shown:
    """Return what a history showed."""
    told = EntityShown(history["entity_id"])
    counts = {"records": len(history["records"]), "events": len(history["events"])}
    return Shown(None, (told,), counts)


def _told(investigations: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, ...], int]:
    """Return the classes of investigations, each once, and how many values were told of them."""
    rows = list(investigations)
    classes = tuple(dict.fromkeys(row["class"] for row in rows if row.get("class")))
    return classes, sum(value is not None for row in rows for value in row.values())
