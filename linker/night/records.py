"""The records that a model is trained on and judged by: those of the store, or of the sources.

What a store has published is standardised already, so that training on ten million records begins
within seconds. Of very many records a sample is taken, the same one whatever their order: those
whose hashed names come first. What was forgotten is in neither.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from linker.blocking.hashing import Int64s, UInt64s, hash_numbers
from linker.blocking.index import open_keys
from linker.blocking.values import record_keys
from linker.config import Config
from linker.deconfliction.demotion import (
    WithoutDemoted,
    demoted_values,
    demotion_columns,
    without_demoted,
)
from linker.intake.contents import SET_ASIDE, settings_digest
from linker.intake.known import SourceMemory
from linker.intake.mentions import take_in
from linker.night.known_sources import forgotten
from linker.progress import Progress
from linker.schemas import MENTIONS, RECORD, EntityType, empty
from linker.store.generation import Generation, current_generation
from linker.store.layout import Store, open_store
from linker.store.mention_table import MentionFrame, Mentions
from linker.store.record_keys import RECORD as RECORD_KEYS
from linker.store.tombstones import read_tombstones
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
        digest: SHA-256 of what they are: of each its name and the hash of the row it was made from,
            in their order. It is the same wherever they were read from.
        seed: Of the sample.
        added: How many of them the sample would have left out, had they not been asked for by name.
        sources: SHA-256 of the files of each source.
    """

    entity_type: EntityType
    mentions: Mentions
    total: int
    generation: int | None
    digest: str
    seed: int
    added: int = 0
    sources: dict[str, str] = field(default_factory=dict)

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
        named = f", {self.added:,} of them added by name" if self.added else ""
        return (
            f"{self.height:,} of the {self.total:,} records of {place}, by seed {self.seed}{named}"
        )


@dataclass(frozen=True)
class _Sample:
    """Which records are wanted.

    Attributes:
        most: At most so many; all if 0.
        seed: Draws them.
        also: ``source`` and ``record_id`` of records that are wanted besides.
    """

    most: int
    seed: int
    also: pl.DataFrame

    def places(self, keys: UInt64s) -> tuple[Int64s, int]:
        """Return the places of the records of these keys, ascending, and how many were added."""
        if not self.most or self.most >= len(keys):
            return np.arange(len(keys)), 0
        # a rank depends on a record's name and the seed alone
        mixed = (keys ^ np.uint64(self.seed)).view(np.int64)
        rank = hash_numbers(mixed, np.ones(len(mixed), dtype=np.uint8))
        chosen = np.argsort(rank, kind="stable")[: self.most]
        named = np.flatnonzero(np.isin(keys, record_keys(self.also)))
        both = np.union1d(chosen, named)
        return both, len(both) - len(chosen)


def records_of(
    config: Config,
    entity_type: EntityType,
    columns: Collection[str],
    progress: Progress,
    *,
    most: int = SAMPLED_ALL,
    seed: int = 0,
    from_sources: bool = False,
    also: pl.DataFrame | None = None,
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
        also: ``source`` and ``record_id`` of records that are wanted besides, where they exist.

    Raises:
        StoreError: The store is damaged, or another version of linker wrote it.
        SourceError: A source cannot be read, or too many of its rows are bad.
    """
    wanted = {*columns, *RECORD} - {"mention"}
    named = empty({name: pl.String() for name in RECORD}) if also is None else also
    sample = _Sample(most, seed, named)
    generation = None if from_sources else published(config, entity_type)
    with progress.stage(f"{entity_type}: read records"):
        if generation is None:
            return _of_sources(config, entity_type, wanted, progress, sample)
        return _of_generation(config, generation, entity_type, wanted, sample)


def published(config: Config, entity_type: EntityType) -> Generation | None:
    """Return the published generation that holds records of a type; None where there is none."""
    store = _store_of(config)
    if store is None or store.current() is None:
        return None
    generation = current_generation(store)
    return generation if entity_type in generation.entity_types else None


def read_otherwise(config: Config, entity_type: EntityType) -> list[str]:
    """Return the sources of an entity type that the published generation has read otherwise.

    Their configuration, or the version of linker, is another by now; or they were not there.

    Args:
        config: Names the store and the sources.
        entity_type: Whose sources.
    """
    generation = published(config, entity_type)
    if generation is None:
        return []
    known = generation.manifest["memory"]
    return sorted(
        source.name
        for source in config.sources
        if source.entity == entity_type
        and (
            source.name not in known
            or SourceMemory.from_json(known[source.name]).settings != settings_digest(source)
        )
    )


def keys_by_number(held: Warehouse) -> UInt64s:
    """Return by number the key of each mention's record, as `record_keys` makes it."""
    found = np.zeros(held.total, dtype=np.uint64)
    for segment in held.segments:
        known = open_keys(segment.keys, RECORD_KEYS)
        found[known.mentions] = known.keys
    return found


def _store_of(config: Config) -> Store | None:
    directory = config.resolve(config.store.directory)
    return open_store(directory) if (directory / "store.json").exists() else None


def _of_generation(
    config: Config,
    generation: Generation,
    entity_type: EntityType,
    wanted: set[str],
    sample: _Sample,
) -> Records:
    held = generation.warehouse(entity_type)
    buried = read_tombstones(open_store(config.resolve(config.store.directory)))
    living = np.setdiff1d(held.live, forgotten(generation, entity_type, buried))
    keys = keys_by_number(held)
    places, added = sample.places(keys[living])
    numbers = living[places]
    names = _rows(held, numbers, set(RECORD)).with_row_index("at")
    numbers = numbers[names.sort(*RECORD)["at"].to_numpy()]  # of several runs, each in its order
    frame = without_demoted(_rows(held, numbers, wanted), generation.read(f"demoted_{entity_type}"))
    sources = {
        source["name"]: source["digest"]
        for source in generation.manifest["sources"]
        if source["entity"] == entity_type
    }
    return Records(
        entity_type,
        MentionFrame(_numbered(frame)),
        len(living),
        generation.number,
        _digest(keys[numbers], held.contents(numbers)),
        sample.seed,
        added,
        sources,
    )


def _of_sources(
    config: Config,
    entity_type: EntityType,
    wanted: set[str],
    progress: Progress,
    sample: _Sample,
) -> Records:
    settings = config.settings_of(entity_type)
    needed = {*wanted, *demotion_columns(entity_type)}
    store = _store_of(config)
    buried = read_tombstones(store) if store else None
    intake = take_in(config, [entity_type], progress, {entity_type: needed}, buried=buried or None)
    every = intake.mentions[entity_type]
    demoted = demoted_values(entity_type, every, settings.shared_value_limit)
    compared: Mentions = WithoutDemoted(every, demoted)
    keys = record_keys(every.read(RECORD))
    places, added = sample.places(keys)
    if len(places) < len(keys):
        compared = MentionFrame(_numbered(compared.read(wanted)[places]))
    return Records(
        entity_type,
        compared,
        every.height,
        None,
        _digest(keys[places], intake.contents[entity_type][places]),
        sample.seed,
        added,
        {count.name: count.digest for count in intake.sources},
    )


def _digest(keys: UInt64s, contents: UInt64s) -> str:
    """Return a digest of records by their names and contents, whatever was set aside of them."""
    told = np.stack([keys, contents & ~SET_ASIDE], axis=1).astype("<u8")
    return hashlib.sha256(told.tobytes()).hexdigest()


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(mention=pl.int_range(pl.len(), dtype=pl.Int64))


def _rows(held: Warehouse, numbers: Int64s, wanted: set[str]) -> pl.DataFrame:
    """Return columns of some living mentions, a column at a time: few are in memory at once."""
    names = [name for name in MENTIONS[held.entity_type] if name in wanted]
    if np.array_equal(numbers, held.live):
        return held.read(names)
    places = np.searchsorted(held.live, numbers)
    return pl.DataFrame([held.read([name])[name].gather(places) for name in names])
