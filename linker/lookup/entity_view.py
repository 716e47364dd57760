"""One entity as a viewer may see it: its records, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from linker.deconfliction.disclose import Viewer
from linker.entity_ids import serial_of
from linker.lookup.shelf import Shelf
from linker.lookup.then import Entities
from linker.lookup.view import View, as_json
from linker.schemas import CONTEXT, MENTIONS, EntityType
from linker.store.generation import Generation
from linker.store.segment import ONLY_WHOLE

MOST_RECORDS: Final = 1_000
"""So many records are listed; how many there are is told."""
_APART: Final = frozenset({"mention", "source", "record_id", "kind", *CONTEXT, *ONLY_WHOLE})


def entity_view(
    shelves: Mapping[EntityType, Shelf], generation: Generation, entity_id: str, viewer: Viewer
) -> dict[str, Any] | None:
    """Return an entity as a viewer may see it; None where it is as if it were not there.

    Args:
        shelves: What is open of the generation, by entity type.
        generation: The generation.
        entity_id: Any text.
        viewer: Who asks.
    """
    told = serial_of(generation.manifest["seed"], entity_id)
    if told is None or told[0] not in shelves or not viewer.may_ask:
        return None
    entity_type, serial = told
    shelf = shelves[entity_type]
    entities = Entities(shelf.index, generation.manifest["seed"], generation.number)
    view = View(shelf.index, viewer, shelf.as_of)
    there = [mention for mention in entities.mentions(serial) if view.is_there(mention)]
    if not there:
        return None
    columns = [name for name in MENTIONS[entity_type] if name not in _APART]
    return {
        "entity_id": entity_id,
        "entity_type": entity_type,
        "records_in_all": len(there),
        "records": [_record(view, mention, columns) for mention in there[:MOST_RECORDS]],
        "investigations": view.investigations(there),
        "generation": generation.number,
        "as_of": generation.manifest["as_of"],
    }


def _record(view: View, mention: int, columns: list[str]) -> dict[str, Any]:
    """Return what a viewer sees of a record: at least that it is there."""
    about = view.index.row(mention, ("source", "record_id", "kind", "agency", "unit"))
    if not view.shows_record(mention):
        about |= {"source": None, "record_id": None}
    values = None
    if view.shows_values(mention):
        held = as_json(view.index.row(mention, columns))
        values = {name: value for name, value in held.items() if value is not None}
    return about | {"sensitivity": view.sensitivity(mention), "values": values}
