"""Sources to mentions: what training, linking and lookups have in common at their start."""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from linker.config import Config, Source
from linker.errors import SourceError
from linker.jobs.chunks import (
    ROWS_AT_ONCE,
    Chunk,
    Made,
    Rows,
    bounds_of,
    in_order,
    make,
    set_down,
)
from linker.jobs.progress import Progress
from linker.jobs.workers import Workers, done_here, result_of
from linker.schemas import QUARANTINE, EntityType, empty
from linker.sources.quarantine import enforce_bad_row_limit
from linker.sources.read import SourceFacts, read_chunks
from linker.standardise.habits import habits, telling_values
from linker.store.mention_table import MentionTable, MentionWriter


@dataclass(frozen=True)
class SourceCounts:
    """What became of a source's rows: rows = mentions + quarantined + outside."""

    name: str
    kind: str
    entity: EntityType
    rows: int
    mentions: int
    quarantined: int
    outside: int
    values_set_aside: int
    as_of: str
    digest: str


@dataclass(frozen=True)
class Intake:
    """Every mention by entity type, what was set aside, and the counts of each source."""

    mentions: dict[EntityType, MentionTable]
    set_aside: pl.DataFrame
    sources: list[SourceCounts]


@dataclass(frozen=True)
class _Reading:
    """A source that was read and is being standardised."""

    source: Source
    facts: SourceFacts
    chunks: list[Future[Made]]
    ranges: int

    @property
    def done(self) -> bool:
        return all(chunk.done() for chunk in self.chunks)


def take_in(
    config: Config,
    entity_types: Sequence[EntityType],
    progress: Progress,
    columns: Mapping[EntityType, Collection[str]] | None = None,
    building: Path | None = None,
) -> Intake:
    """Read and standardise the sources of the given entity types.

    Mentions are numbered from 0 in (source, record_id) order within an entity type.

    Args:
        config: Names the sources.
        entity_types: Which of them to read.
        progress: Receives a line about each source.
        columns: The columns of mentions to keep of each entity type; all unless given.
        building: The directory of the generation being built, to write ``mentions_<type>.parquet``
            into; it also takes what is set aside for a while. Mentions are kept in memory, and
            other processes not asked for help, without it.

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
    aside: list[pl.DataFrame] = [empty(QUARANTINE)]
    counts: list[SourceCounts] = []

    def finish(reading: _Reading) -> None:
        set_aside, count = _finish(reading, config, writers[reading.source.entity])
        aside.append(set_aside)
        counts.append(count)
        progress.say(_line(count))

    with ExitStack() as held:
        for writer in writers.values():
            held.enter_context(writer)
        workers = held.enter_context(Workers())
        spill = building / "intake" if building else None
        if spill:
            held.callback(shutil.rmtree, spill, ignore_errors=True)
        begun: deque[_Reading] = deque()
        try:
            for source in chosen:
                progress.update(f"reading {source.name} ...")
                wanted = writers[source.entity].names
                begun.append(_begin(source, config, wanted, workers, spill))
                while begun and begun[0].done:
                    finish(begun.popleft())
        except SourceError:  # a source before this one may be at fault too: it is told of first
            while begun:
                finish(begun.popleft())
            raise
        while begun:
            finish(begun.popleft())
    tables = {entity: writer.table() for entity, writer in writers.items()}
    whole = pl.concat(aside).sort(
        *("source", "row", "column", "reason", "value_class"), nulls_last=True
    )
    return Intake(tables, whole, counts)


def _begin(
    source: Source, config: Config, columns: Sequence[str], workers: Workers, spill: Path | None
) -> _Reading:
    """Read a source and have it standardised: here if it is one chunk, else by the workers."""
    chunks: list[Rows] = []
    telling: list[dict[str, pl.Series]] = []
    directory = spill / source.name if spill else None

    def keep(rows: pl.DataFrame) -> None:
        telling.append(telling_values(rows, source))
        chunks.append(rows)
        if directory and len(chunks) > 1:  # the first may have been the only one
            directory.mkdir(parents=True, exist_ok=True)
            for number, held in enumerate(chunks):
                if isinstance(held, pl.DataFrame):
                    chunks[number] = set_down(held, directory / f"{number}.arrow")

    facts = read_chunks(source, config, keep, ROWS_AT_ONCE)
    alone = directory is None or len(chunks) == 1
    bounds = bounds_of(facts.record_ids.head(0) if alone else facts.record_ids)
    written = habits(telling, source)
    made = [
        (done_here if alone else workers.submit)(
            make,
            Chunk(
                number=number,
                source=source,
                as_of=facts.as_of,
                rows=rows,
                repeats=facts.repeats,
                habits=written,
                columns=columns,
                bounds=bounds,
                pieces=None if alone else directory,
            ),
        )
        for number, rows in enumerate(chunks)
    ]
    return _Reading(source, facts, made, len(bounds) + 1)


def _finish(
    reading: _Reading, config: Config, writer: MentionWriter
) -> tuple[pl.DataFrame, SourceCounts]:
    """Judge what a source became, and write its mentions."""
    source, facts = reading.source, reading.facts
    made = [result_of(chunk) for chunk in reading.chunks]
    mentions = sum(it.mentions for it in made)
    set_aside = pl.concat([facts.rejected.select(list(QUARANTINE)), *(it.set_aside for it in made)])
    rows = set_aside.filter(pl.col("outcome") == "row")
    quarantined = rows.select("row").n_unique() if rows.height else 0
    if mentions + quarantined + facts.outside != facts.total:
        raise SourceError(
            f"source {source.name!r}: {facts.total:,} rows became {mentions:,} mentions "
            f"and {quarantined:,} quarantined rows, which do not add up: a defect of linker"
        )
    limit = source.bad_row_limit if source.bad_row_limit is not None else config.link.bad_row_limit
    enforce_bad_row_limit(source, quarantined, facts.total - facts.outside, limit, _commonest(rows))
    _refuse_unreadable_columns(source, mentions, set_aside)
    for part in in_order(made, reading.ranges):
        writer.append(part)
    return set_aside, SourceCounts(
        name=source.name,
        kind=source.kind,
        entity=source.entity,
        rows=facts.total,
        mentions=mentions,
        quarantined=quarantined,
        outside=facts.outside,
        values_set_aside=set_aside.height - rows.height,
        as_of=facts.as_of.isoformat(),
        digest=facts.digest,
    )


def _line(count: SourceCounts) -> str:
    return (
        f"{count.name}: {count.rows:,} rows = {count.mentions:,} mentions + "
        f"{count.quarantined:,} quarantined"
        + (f" + {count.outside:,} outside" if count.outside else "")
        + (f"; {count.values_set_aside:,} values set aside" if count.values_set_aside else "")
    )


UNREADABLE_SHARE = 0.5
"""A column most of whose rows hold unreadable values is mapped or formatted wrongly."""


def _refuse_unreadable_columns(source: Source, mentions: int, set_aside: pl.DataFrame) -> None:
    values = set_aside.filter(pl.col("outcome") == "value")
    worst = values.group_by("column").agg(
        pl.len().alias("values"), pl.col("reason").mode().sort().first().alias("reason")
    )
    for column, found, reason in worst.sort("values", "column", descending=True).iter_rows():
        if found > UNREADABLE_SHARE * mentions:
            raise SourceError(
                f"source {source.name!r}: column {column!r}: {found:,} of {mentions:,} values "
                f"cannot be read ({reason}); check its mapping, or give its format in "
                "[source.formats]"
            )


def _commonest(rows: pl.DataFrame) -> str:
    if rows.is_empty():
        return ""
    counts = rows.group_by("reason").len().sort("len", "reason", descending=[True, False])
    return str(counts["reason"][0])
