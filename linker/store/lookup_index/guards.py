"""How guarded each mention is: as strictly as any mention of its investigation says.

An investigation is (agency, case id), a missing agency counting as the source's name; mentions of
every entity type speak for it, living ones alone. A mention without a case id speaks for itself.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from linker.schemas import EntityType
from linker.store.reading import mapped_array
from linker.store.segment import OWN_FILE, UNMARKED, Ranks, Segment
from linker.store.warehouse import Warehouse


def guards(held: Mapping[EntityType, Warehouse]) -> dict[EntityType, Ranks]:
    """Return for every entity type, by number of a mention, how guarded it is.

    Args:
        held: All that a generation holds.

    Raises:
        StoreError: A file of a segment is missing or damaged.
    """
    found = {entity: _own(warehouse) for entity, warehouse in held.items()}
    keys, ranks = _marks(held, found)
    if not len(keys):
        return found
    for entity, warehouse in held.items():
        for segment in warehouse.segments:
            cases, mentions = _cases(segment)
            place = np.minimum(np.searchsorted(keys, cases), len(keys) - 1)
            met = keys[place] == cases
            # a mention is of one investigation, so none comes twice
            where = mentions[met]
            found[entity][where] = np.minimum(found[entity][where], ranks[place[met]])
    return found


def _own(held: Warehouse) -> Ranks:
    parts = [np.empty(0, dtype=np.uint8)]
    parts += [np.asarray(mapped_array(segment.directory / OWN_FILE)) for segment in held.segments]
    return np.concatenate(parts)


def _cases(segment: Segment) -> tuple[np.ndarray, np.ndarray]:
    """Return the keys of investigations of a segment's mentions, ascending, and their mentions."""
    return tuple(
        np.asarray(mapped_array(segment.keys / f"case.{name}.npy")) for name in ("keys", "mentions")
    )  # type: ignore[return-value]


def _marks(
    held: Mapping[EntityType, Warehouse], own: Mapping[EntityType, Ranks]
) -> tuple[np.ndarray, Ranks]:
    """Return the investigations of which something is said, ascending, and the strictest word."""
    keys = [np.empty(0, dtype=np.uint64)]
    ranks = [np.empty(0, dtype=np.uint8)]
    for entity, warehouse in held.items():
        for segment in warehouse.segments:
            cases, mentions = _cases(segment)
            said = own[entity][mentions]
            counts = (said != UNMARKED) & ~warehouse.dead[mentions]
            keys.append(cases[counts])
            ranks.append(said[counts])
    whole, said = np.concatenate(keys), np.concatenate(ranks)
    order = np.lexsort((said, whole))
    whole, said = whole[order], said[order]
    first = np.ones(len(whole), dtype=np.bool_)
    first[1:] = whole[1:] != whole[:-1]
    return whole[first], said[first]
