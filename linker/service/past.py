"""The history of an entity as a viewer may know it.

A record that the viewer may not see is left out, with every event that names it; and how many
records an entity had is told only where all of them are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from linker.config import Config
from linker.deconfliction.disclose import Viewer, record_shown
from linker.errors import QueryError
from linker.jobs.history import history
from linker.lookup.desk import Desk
from linker.schemas import record_sides

MOST_ELSEWHERE: Final = 50
"""Entities that are looked at for records which have left."""

Record = tuple[str, str]


def sees_everything(viewer: Viewer) -> bool:
    """Return whether a viewer may learn of every investigation, silent ones of all units too."""
    return record_shown(viewer, own=False, sensitivity="silent")


def past_of(config: Config, desk: Desk, entity_id: str, viewer: Viewer) -> dict[str, Any] | None:
    """Return an entity's history, None where it is as if it were not there.

    Args:
        config: Names the store.
        desk: Tells which records the viewer may see now.
        entity_id: The entity's.
        viewer: Who asks.

    Raises:
        StoreError: Nothing has been published yet, or its history is damaged.
    """
    whole = sees_everything(viewer)
    entity = desk.entity(entity_id, viewer)
    if entity is None and not whole:
        return None
    try:
        found = history(config, entity_id)
    except QueryError:
        return None
    if whole or entity is None:
        return found
    seen = _seen(desk, viewer, entity, found["records"])
    records = [row for row in found["records"] if (row["source"], row["record_id"]) in seen]
    is_whole = len(records) == len(found["records"])
    events = [row for row in found["events"] if _named(row) <= seen]
    if not is_whole:
        events = [{**row, "records": None, "other_entity_id": None} for row in events]
    return {**found, "records": records, "events": events}


def _seen(
    desk: Desk, viewer: Viewer, entity: dict[str, Any], stays: Iterable[Mapping[str, Any]]
) -> set[Record]:
    """Return the records that a viewer may see, of the entity and of those that records went to."""
    elsewhere = {str(row["now"]) for row in stays if row["now"] not in {None, entity["entity_id"]}}
    found = [desk.entity(entity_id, viewer) for entity_id in sorted(elsewhere)[:MOST_ELSEWHERE]]
    shown = [entity, *(other for other in found if other)]
    return {(row["source"], row["record_id"]) for each in shown for row in each["records"]}


def _named(row: Mapping[str, Any]) -> set[Record]:
    """Return the records that an event names."""
    sides = [(row[source], row[record]) for source, record in record_sides(row)]
    return {(source, record) for source, record in sides if source is not None}
