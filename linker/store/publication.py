"""Which generations are published, held back or rolled back from; moving the pointer to one."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any, Final, Literal

from linker.errors import StoreError, UsageError
from linker.schemas import EntityType
from linker.store.generation import Generation
from linker.store.layout import Store, storage_errors, sync_directory, write_synced

State = Literal["published", "earlier", "rolled back", "held back", "unfinished"]

NOTHING_CHANGED: Final = "the published generation is as it was"


def states(store: Store) -> dict[int, State]:
    """Return what became of each generation on disk, by its number.

    ``published``: the one that readers see; ``earlier``: one that it was built on; ``rolled
    back``: published once, and not what the published one was built on; ``held back``: by the
    gate, and never released; ``unfinished``: what a run left that died as it published.

    Raises:
        StoreError: The pointer or a manifest is damaged.
    """
    current, unfinished = store.current(), store.unfinished()
    published = _generation(store, current) if current is not None else None
    lineage = published.lineage if published else []

    def state(number: int) -> State:
        if number == current:
            return "published"
        if number == unfinished:
            return "unfinished"
        if _generation(store, number).held_back:
            return "held back"
        earlier = number in lineage if lineage is not None else number < (current or 0)
        return "earlier" if earlier else "rolled back"

    return {number: state(number) for number in store.numbers()}


def find_generation(store: Store, number: int) -> Generation:
    """Return a generation on disk by its number.

    Raises:
        UsageError: There is none of that number.
    """
    numbers = store.numbers()
    if number not in numbers:
        there = ", ".join(map(str, numbers)) or "none"
        raise UsageError(f"{store.directory}: no generation {number} on disk; there are: {there}")
    return _generation(store, number)


def move_pointer(store: Store, number: int) -> None:
    """Make a generation that is on disk the published one; the lock must be held.

    The pointer is replaced by one rename, after the generation's files and the new pointer are on
    disk. What a run that dies in between leaves is harmless: not an announcement, by which a later
    run would remove the generation.

    Raises:
        StoreError: It cannot be written; nothing was changed.
    """
    with storage_errors(store.directory, NOTHING_CHANGED):
        with store.moving.open("w", encoding="ascii") as handle:
            handle.write(f"{number}\n")
            handle.flush()
            os.fsync(handle.fileno())
        store.moving.replace(store.pointer)
        sync_directory(store.directory)


def write_release(
    store: Store, generation: Generation, released: Mapping[str, str], pages: Mapping[str, str]
) -> None:
    """Write into a generation that was held back who published it, when and why.

    Args:
        store: Whose generation.
        generation: The one that is about to be published.
        released: ``at``, ``who``, ``why``.
        pages: The new text of each of its pages, by file name.

    Raises:
        StoreError: It cannot be written; the pointer is as it was.
    """
    manifest: dict[str, Any] = {**generation.manifest, "released": dict(released)}
    with storage_errors(store.directory, NOTHING_CHANGED):
        for name, text in pages.items():
            write_synced(generation.directory / name, text)
        # last: with it the generation counts as released
        text = json.dumps(manifest, indent=1, sort_keys=True)
        write_synced(generation.directory / "manifest.json", text + "\n")


def reserved_serials(store: Store) -> dict[EntityType, int]:
    """Return for each entity type the first serial number that no generation on disk has used.

    A run that starts from it gives no entity an id that another one had, even after a rollback.
    """
    found: dict[EntityType, int] = {}
    for number in store.numbers():
        try:
            manifest = _generation(store, number).manifest
        except StoreError:
            continue
        for entity, serial in manifest.get("next_serial", {}).items():
            found[entity] = max(serial, found.get(entity, 0))
    return found


def _generation(store: Store, number: int) -> Generation:
    return Generation(number, store.generation(number))
