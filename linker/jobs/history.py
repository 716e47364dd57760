"""History: what happened to one entity, and which records it had when."""

from __future__ import annotations

from typing import Any

from linker.config import Config
from linker.errors import QueryError
from linker.store.generation import current_generation
from linker.store.history import History, entity_type_of
from linker.store.layout import open_store


def history(config: Config, entity_id: str) -> dict[str, Any]:
    """Return the history of an entity as JSON values; also of one that is no more.

    Args:
        config: Names the store.
        entity_id: The entity's.

    Returns:
        ``entity_id``, ``entity_type``; ``now``, the id that lives where it went, null where its
        records are gone; ``events``, rows of the ledger about it or about another entity with it,
        oldest first; ``records``, each with ``since`` and ``until``, the generations that brought
        and took it, and ``now``, the entity that it belongs to now; ``generation``, the published
        one.

    Raises:
        QueryError: No published entity ever had this id.
        StoreError: Nothing has been published yet, or its history is damaged.
    """
    generation = current_generation(open_store(config.resolve(config.store.directory)))
    known = History(generation)
    entity_type = entity_type_of(entity_id)
    events = known.events(entity_id)
    if entity_type is None or events.is_empty():
        raise QueryError(
            "no entity of this store ever had this id; linker lookup and linker export show ids"
        )
    return {
        "entity_id": entity_id,
        "entity_type": entity_type,
        "now": known.now(entity_id),
        "events": events.to_dicts(),
        "records": known.stays(entity_type, entity_id).to_dicts(),
        "generation": generation.number,
    }
