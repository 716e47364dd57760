"""Who keeps an entity id, said once more in plain Python: what entity ids are held against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tests.increments.world import Record


class Identities:
    """The entity ids of one entity type over the nights of one store.

    The rule: an entity of before goes where the largest part of its records went (ties: the part
    with the first record); where several arrive the oldest id stays; else a new one is minted.
    """

    def __init__(self) -> None:
        self._entity_of: dict[Record, str] = {}
        self._age: dict[str, int] = {}  # in the order of minting

    def follow(self, now: dict[Record, str]) -> None:
        """Hold tonight's ids against the rule, and remember them."""
        groups: dict[str, list[Record]] = {}
        for record, entity_id in sorted(now.items()):
            groups.setdefault(entity_id, []).append(record)
        kept = self._survivors(groups.values())
        for entity_id, records in groups.items():  # in the order of their first records
            if first := kept.get(records[0]):
                assert entity_id == first, f"{first} became {entity_id} for {records}"
            else:
                assert entity_id not in self._age, f"{entity_id} is used again for {records}"
                self._age[entity_id] = len(self._age)
        self._entity_of = dict(now)

    def _survivors(self, groups: Iterable[list[Record]]) -> dict[Record, str]:
        """Return the id that each group keeps, by its first record."""
        parts: dict[str, list[tuple[int, Record, Record]]] = {}
        for records in groups:
            before = [self._entity_of[record] for record in records if record in self._entity_of]
            for entity_id, size in Counter(before).items():
                own = [it for it in records if self._entity_of.get(it) == entity_id]
                parts.setdefault(entity_id, []).append((-size, own[0], records[0]))
        arrived: dict[Record, list[str]] = {}
        for entity_id, found in parts.items():
            _, _, home = min(found)
            arrived.setdefault(home, []).append(entity_id)
        return {home: min(ids, key=self._age.__getitem__) for home, ids in arrived.items()}
