"""The records that a model is trained on and judged by: those of the store, or of the sources.

What a store has published is standardised already, so that training on ten million records begins
within seconds. Of very many records a sample is taken, the same one whatever their order: those
whose hashed names come first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import polars as pl

from linker.blocking.hashing import Int64s, UInt64s, hash_numbers
from linker.blocking.values import record_keys
from linker.config import Config
from linker.deconfliction.demotion import (
    WithoutDemoted,
    demoted_values,
    demotion_columns,
    without_demoted,
)
from linker.intake.mentions import take_in
from linker.progress import Progress
from linker.schemas import MENTIONS, RECORD, EntityType
from linker.store.generation import Generation, current_generation
from linker.store.layout import open_store
from linker.store.mention_table import MentionFrame, Mentions
from linker.store.warehouse import Warehouse

SAMPLED_ALL = 0
"""As a number of records: every one."""


@dataclass(frozen=True)
class Records:
    """Mentions of one entity type as they are compared, numbered from 0 by source and record id.

    Attributes:
        entity_type: What they are mentions of.
        mentions: The columns asked for, and ``source`` and ``record_id``; demoted values missing.
        total: How many there are in all, of which these may be a sample.
        generation: The number of the generation they were read from, None where from the sources.
        digest: SHA-256 of what they were read from: of each source its name and its digest.
        seed: Of the sample.
    """

    entity_type: EntityType
    mentions: Mentions
    total: int
    generation: int | None
    digest: str
    seed: int

    @property
    def height(self) -> int:
        """How many there are."""
        return self.mentions.height

    @property
    def origin(self) -> str:
        """Where they are from, in words."""
        place = "the sources" if self.generation is None else f"generation {self.generation}"
        if self.height == self.total:
            return f"all {self.total:,} records of {place}"
        return f"{self.height:,} of the {self.total:,} records of {place}, by seed {self.seed}"


def records_of(
    config: Config,
    entity_type: EntityType,
    columns: Collection[str],
    progress: Progress,
    *,
    most: int = SAMPLED_ALL,
    seed: int = 0,
    from_sources: bool = False,
) -> Records:
    """Return the records of one entity type: those published, or read from the sources.

    Where nothing has been published, the sources are read.

    Args:
        config: Names the store and the sources.
        entity_type: Whose records.
        columns: The columns of mentions that are wanted.
        progress: Receives a line about each step.
        most: At most so many, the others left out by a seeded hash of their names; all if 0.
        seed: Of that.
        from_sources: Read the sources though something has been published.

    Raises:
        StoreError: The store is damaged, or another version of linker wrote it.
        SourceError: A source cannot be read, or too many of its rows are bad.
    """
    wanted = {*columns, *RECORD} - {"mention"}
    generation = None if from_sources else published(config, entity_type)
    if generation is None:
        return _of_sources(config, entity_type, wanted, progress, (most, seed))
    held = generation.warehouse(entity_type)
    with progress.stage(f"{entity_type}: read records"):
        numbers = _chosen(held, most, seed)
        demoted = generation.read(f"demoted_{entity_type}")
        frame = without_demoted(_rows(held, numbers, wanted), demoted).sort(*RECORD)
    sources = {
        source["name"]: source["digest"]
        for source in generation.manifest["sources"]
        if source["entity"] == entity_type
    }
    return Records(
        entity_type,
        MentionFrame(_numbered(frame)),
        held.height,
        generation.number,
        digest_of(sources),
        seed,
    )


def published(config: Config, entity_type: EntityType) -> Generation | None:
    """Return the published generation that holds records of a type; None where there is none."""
    directory = config.resolve(config.store.directory)
    if not (directory / "store.json").exists():
        return None
    store = open_store(directory)
    if store.current() is None:
        return None
    generation = current_generation(store)
    return generation if entity_type in generation.entity_types else None


def digest_of(sources: dict[str, str]) -> str:
    """Return one digest of the digests of sources, by their names."""
    lines = "".join(f"{name}\t{sources[name]}\n" for name in sorted(sources))
    return hashlib.sha256(lines.encode()).hexdigest()


def _of_sources(
    config: Config,
    entity_type: EntityType,
    wanted: set[str],
    progress: Progress,
    sample: tuple[int, int],
) -> Records:
    settings = config.settings_of(entity_type)
    needed = {*wanted, *demotion_columns(entity_type)}
    intake = take_in(config, [entity_type], progress, {entity_type: needed})
    every = intake.mentions[entity_type]
    demoted = demoted_values(entity_type, every, settings.shared_value_limit)
    compared: Mentions = WithoutDemoted(every, demoted)
    most, seed = sample
    if most and most < every.height:
        rank = _ranks(every.read(list(RECORD)), seed)
        places = np.sort(np.argsort(rank, kind="stable")[:most])
        compared = MentionFrame(_numbered(compared.read(wanted)[places]))
    sources = {count.name: count.digest for count in intake.sources}
    return Records(entity_type, compared, every.height, None, digest_of(sources), seed)


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(mention=pl.int_range(pl.len(), dtype=pl.Int64))


def _chosen(held: Warehouse, most: int, seed: int) -> Int64s:
    """Return the numbers of the mentions of the sample, ascending."""
    if not most or most >= held.height:
        return held.live
    rank = _ranks(held.read(list(RECORD)), seed)
    return np.sort(held.live[np.argsort(rank, kind="stable")[:most]])


def _rows(held: Warehouse, numbers: Int64s, wanted: set[str]) -> pl.DataFrame:
    """Return columns of some mentions; a column at a time, so that few are in memory at once."""
    names = [name for name in MENTIONS[held.entity_type] if name in wanted]
    if len(numbers) == held.height:
        return held.read(names)
    places = np.searchsorted(held.live, numbers)
    return pl.DataFrame([held.read([name])[name].gather(places) for name in names])


def _ranks(records: pl.DataFrame, seed: int) -> UInt64s:
    """Return of each record a number that depends on its name and the seed alone."""
    keys = record_keys(records) ^ np.uint64(seed)
    found: UInt64s = hash_numbers(keys.view(np.int64), np.ones(len(keys), dtype=np.uint8))
    return found
