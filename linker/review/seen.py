"""Which items of the queue are there for a viewer: those whose records' values they may see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from linker.blocking.values import record_keys
from linker.deconfliction.disclose import Viewer
from linker.lookup.desk import Desk
from linker.lookup.shelf import Shelf
from linker.lookup.view import View
from linker.review.queue_file import Queued
from linker.schemas import RECORD, EntityType
from linker.store.lookup_index.index import AskedKeys
from linker.store.record_keys import RECORD as RECORD_KEY

TOGETHER: Final = 256
"""So many items are looked up at once; whoever wants the next one waits for no more."""

Seen = tuple[Queued, tuple[int, int]]
"""An item, and the numbers of the mentions of its two records."""


def seen_items(desk: Desk, items: Sequence[Queued], viewer: Viewer) -> Iterator[Seen]:
    """Yield the items that are there for a viewer, in their order, with their mentions.

    Args:
        desk: The published generation.
        items: Of the queue.
        viewer: Who asks.
    """
    for start in range(0, len(items), TOGETHER):
        yield from _seen(desk, items[start : start + TOGETHER], viewer)


def mentions_of(shelf: Shelf, records: Sequence[tuple[str, str]]) -> list[int | None]:
    """Return the living mention of each of some records, None where there is none.

    Args:
        shelf: Where they lie.
        records: Source and record id of each.
    """
    if not records:
        return []
    keys = record_keys(pl.DataFrame(records, schema=dict(RECORD), orient="row")).tolist()
    found, starts = shelf.index.holders(AskedKeys([RECORD_KEY] * len(keys), keys))
    return [
        next((it for it in found[start:stop].tolist() if _is(shelf, it, record)), None)
        for record, start, stop in zip(records, starts[:-1], starts[1:], strict=True)
    ]


def _is(shelf: Shelf, mention: int, record: tuple[str, str]) -> bool:
    """Tell whether a mention is of a record: two may have one key."""
    row = shelf.index.row(mention, ("source", "record_id"))
    return (row["source"], row["record_id"]) == record


def _seen(desk: Desk, items: Sequence[Queued], viewer: Viewer) -> Iterator[Seen]:
    found: dict[tuple[EntityType, tuple[str, str]], int] = {}
    views: dict[EntityType, View] = {}
    for entity in sorted({item.entity_type for item in items} & {*desk.generation.entity_types}):
        shelf = desk.shelf(entity)
        views[entity] = View(shelf.index, viewer, shelf.as_of)
        mine = [item for item in items if item.entity_type == entity]
        records = sorted({record for item in mine for record in (item.left, item.right)})
        for record, mention in zip(records, mentions_of(shelf, records), strict=True):
            if mention is not None and views[entity].shows_values(mention):
                found[entity, record] = mention
    for item in items:
        left = found.get((item.entity_type, item.left))
        right = found.get((item.entity_type, item.right))
        if left is not None and right is not None:
            yield item, (left, right)
