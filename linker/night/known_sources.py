"""What the published generation holds of each source, for the next run to see what changed."""

from __future__ import annotations

import numpy as np
import polars as pl

from linker.blocking.hashing import UInt64s
from linker.config import Config, Source
from linker.intake.known import KnownSource, SourceMemory
from linker.schemas import EntityType
from linker.scoring.features.pack import Int64s
from linker.store.generation import Generation
from linker.store.record_keys import numbers_of
from linker.store.tombstones import Tombstones
from linker.store.warehouse import Warehouse


def known_sources(config: Config, before: Generation | None) -> dict[str, KnownSource]:
    """Return what is known of the configured sources that the published generation holds.

    Args:
        config: Names the sources.
        before: The published generation.
    """
    if before is None:
        return {}
    quarantined = before.read("quarantine")
    return {
        source.name: _known(source, before, quarantined)
        for source in config.sources
        if _held(before).get(source.name) == source.entity
    }


def abandoned(config: Config, before: Generation, entity: EntityType) -> Int64s:
    """Return the mentions of an entity type whose source the configuration names no more."""
    named = {source.name for source in config.sources if source.entity == entity}
    held = before.warehouse(entity)
    gone = [name for name, of in _held(before).items() if of == entity and name not in named]
    return np.concatenate([np.empty(0, dtype=np.int64), *map(held.of_source, sorted(gone))])


def forgotten(before: Generation, entity: EntityType, buried: Tombstones) -> Int64s:
    """Return the mentions of an entity type that are to be forgotten and still live."""
    held = before.warehouse(entity)
    found = [np.empty(0, dtype=np.int64)]
    for source in buried.places("record") if buried.pending else ():
        numbers = held.of_source(source)
        ids = held.rows(numbers, ["record_id"])["record_id"]
        found.append(numbers[buried.forgotten(source, ids).to_numpy()])
    return np.concatenate(found)


def _held(before: Generation) -> dict[str, str]:
    return {source["name"]: source["entity"] for source in before.manifest["sources"]}


def _known(source: Source, before: Generation, quarantined: pl.DataFrame) -> KnownSource:
    held = before.warehouse(source.entity)
    return KnownSource(
        find=lambda ids: _find(held, source.name, ids),
        numbers=lambda: held.of_source(source.name),
        memory=SourceMemory.from_json(before.manifest["memory"][source.name]),
        quarantined=quarantined.filter(pl.col("source") == source.name),
    )


def _find(held: Warehouse, source: str, record_ids: pl.Series) -> tuple[Int64s, UInt64s]:
    """Return the number of each record's living mention, -1 for none, and its content."""
    records = pl.DataFrame([pl.Series("record_id", record_ids)]).with_columns(source=pl.lit(source))
    numbers = numbers_of(held, records)
    contents = np.zeros(len(numbers), dtype=np.uint64)
    known = numbers >= 0
    contents[known] = held.contents(numbers[known])
    return numbers, contents
