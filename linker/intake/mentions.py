"""Sources to mentions: what training, linking and lookups have in common at their start."""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from linker.blocking.hashing import Int64s, UInt64s
from linker.config import Config
from linker.errors import SourceError
from linker.intake.changes import CONTENT, NOBODY
from linker.intake.chunks import in_order
from linker.intake.known import KnownSource, SourceMemory
from linker.intake.source_counts import SourceCounts
from linker.intake.source_intake import Means, Reading, begin, finish
from linker.intake.source_reading import Buried
from linker.intake.workers import Workers
from linker.progress import Progress
from linker.schemas import KEPT_QUARANTINE, EntityType, empty
from linker.store.mention_table import MentionTable, MentionWriter


@dataclass(frozen=True)
class Intake:
    """What the sources hold, or what in them changed.

    Attributes:
        mentions: By entity type every mention, or those that are new or changed where something
            is known of the sources.
        contents: The content of each of these (`linker.intake.contents`), in their order.
        gone: By entity type the known numbers of mentions that are superseded or gone, ascending.
        set_aside: `schemas.KEPT_QUARANTINE`: all that the sources, as they are now, had set aside.
        sources: The counts of each source.
        memory: By source, what to keep of it for the next time.
    """

    mentions: dict[EntityType, MentionTable]
    contents: dict[EntityType, UInt64s]
    gone: dict[EntityType, Int64s]
    set_aside: pl.DataFrame
    sources: list[SourceCounts]
    memory: dict[str, SourceMemory]


def take_in(
    config: Config,
    entity_types: Sequence[EntityType],
    progress: Progress,
    columns: Mapping[EntityType, Collection[str]] | None = None,
    building: Path | None = None,
    known: Mapping[str, KnownSource] | None = None,
    buried: Buried | None = None,
) -> Intake:
    """Read and standardise the sources of the given entity types.

    Mentions are numbered from 0 in (source, record_id) order within an entity type. With `known`
    they are those that are new or changed alone, and the rest is told by number.

    Args:
        config: Names the sources.
        entity_types: Which of them to read.
        progress: Receives a line about each source.
        columns: The columns of mentions to keep of each entity type; all unless given.
        building: The directory of the generation being built, to write ``mentions_<type>.parquet``
            into; it also takes what is set aside for a while. Mentions are kept in memory, and
            other processes not asked for help, without it.
        known: What the last generation holds of each source, by name; a source that is not in it
            is new. Nothing is known, and all that the files hold taken in, unless given.
        buried: Knows the records that were forgotten; they are left out, and counted.

    Raises:
        SourceError: A source cannot be read, or too many of its rows are bad.
        OSError: The directory cannot be written.
    """
    chosen = [source for source in config.sources if source.entity in entity_types]
    chosen.sort(key=lambda source: source.name)
    writers = {
        entity: MentionWriter(
            entity,
            building / f"mentions_{entity}.parquet" if building else None,
            columns[entity] if columns is not None else None,
        )
        for entity in entity_types
        if any(source.entity == entity for source in chosen)
    }
    aside: list[pl.DataFrame] = [empty(KEPT_QUARANTINE)]
    counts: list[SourceCounts] = []
    memory: dict[str, SourceMemory] = {}
    contents: dict[EntityType, list[UInt64s]] = {entity: [] for entity in writers}
    gone: dict[EntityType, list[Int64s]] = {entity: [NOBODY] for entity in writers}

    def end(reading: Reading) -> None:
        taken, entity = finish(reading, config), reading.source.entity
        for part in in_order(taken.made, reading.ranges):
            contents[entity].append(part[CONTENT].to_numpy())
            writers[entity].append(part)
        gone[entity].append(reading.changes.gone)
        aside.append(taken.set_aside)
        counts.append(taken.counts)
        memory[reading.source.name] = reading.memory
        progress.say(taken.line)

    with ExitStack() as held:
        for writer in writers.values():
            held.enter_context(writer)
        workers = held.enter_context(Workers())
        spill = building / "intake" if building else None
        if spill:
            held.callback(shutil.rmtree, spill, ignore_errors=True)
        means = Means(config, workers, spill, buried)
        begun: deque[Reading] = deque()
        try:
            for source in chosen:
                progress.update(f"reading {source.name} ...")
                wanted = writers[source.entity].names
                before = known.get(source.name) if known else None
                begun.append(begin(source, before, wanted, means))
                while begun and begun[0].done:
                    end(begun.popleft())
        except SourceError:  # a source before this one may be at fault too: it is told of first
            while begun:
                end(begun.popleft())
            raise
        while begun:
            end(begun.popleft())
    tables = {entity: writer.table() for entity, writer in writers.items()}
    whole = pl.concat(aside).sort(
        *("source", "row", "column", "reason", "value_class"), nulls_last=True
    )
    return Intake(
        mentions=tables,
        contents={
            entity: np.concatenate([np.empty(0, np.uint64), *parts])
            for entity, parts in contents.items()
        },
        gone={entity: np.sort(np.concatenate(parts)) for entity, parts in gone.items()},
        set_aside=whole,
        sources=counts,
        memory=memory,
    )
