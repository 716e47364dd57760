"""Writing what a lookup needs beside the segments, once all entity types are linked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from linker.blocking.hashing import Int32s, Int64s
from linker.compiled import compiled_once
from linker.schemas import EntityType
from linker.scoring.features.term_logs import LOGS_FILE
from linker.store.lookup_index.guards import guards
from linker.store.segment import OWN_FILE
from linker.store.warehouse import Bools, Warehouse

DIRECTORY: Final = "lookup"
BY_ENTITY: Final = "by_entity.npy"
STARTS: Final = "starts.npy"
GUARD: Final = "guard.npy"


def can_be_indexed(held: Warehouse) -> bool:
    """Return whether the segments have what a lookup index needs; earlier versions left it out."""
    return all(
        (segment.directory / name).exists()
        for segment in held.segments
        for name in (OWN_FILE, f"features/{LOGS_FILE}")
    )


def write_lookup_index(held: Mapping[EntityType, Warehouse]) -> None:
    """Write the files of the lookup index of a generation that is being built.

    Args:
        held: All that it holds.

    Raises:
        OSError: The disk is full, or cannot be written.
        StoreError: A file of a segment is missing or damaged.
    """
    for entity, guard in guards(held).items():
        warehouse = held[entity]
        directory = warehouse.directory / DIRECTORY
        directory.mkdir(exist_ok=True)
        order, starts = by_entity(warehouse.serials, warehouse.dead)
        for name, array in ((BY_ENTITY, order), (STARTS, starts), (GUARD, guard)):
            np.save(directory / name, array, allow_pickle=False)


@compiled_once
def by_entity(serials: Int64s, dead: Bools) -> tuple[Int32s, Int32s]:
    """Return the living mentions entity by entity, and where those of each serial number start.

    Args:
        serials: By number the serial number of the mention's entity.
        dead: By number whether the mention is dead.
    """
    highest = np.int64(-1)
    for number in range(len(serials)):
        if not dead[number]:
            highest = max(highest, serials[number])
    starts = np.zeros(highest + 2, dtype=np.int32)
    for number in range(len(serials)):
        if not dead[number]:
            starts[serials[number] + 1] += 1
    for serial in range(highest + 1):
        starts[serial + 1] += starts[serial]
    order = np.empty(starts[-1], dtype=np.int32)
    free = starts[:-1].copy()
    for number in range(len(serials)):
        if not dead[number]:
            order[free[serials[number]]] = number
            free[serials[number]] += 1
    return order, starts
