"""One source taken in: read, what changed told, and that standardised."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from linker.config import Config, Source
from linker.errors import SourceError
from linker.intake.changes import Changes
from linker.intake.chunks import Chunk, Made, bounds_of, make
from linker.intake.contents import record_hashes
from linker.intake.known import KnownSource, SourceMemory
from linker.intake.source_counts import FEW, SourceCounts, judge, quarantined_rows
from linker.intake.source_reading import Buried, read_changes
from linker.intake.workers import Workers, done_here, result_of
from linker.schemas import KEPT_QUARANTINE
from linker.sources.read import SourceFacts


@dataclass(frozen=True)
class Means:
    """What taking sources in needs.

    Attributes:
        config: Names the sources.
        workers: The processes that standardise large ones.
        spill: A directory for chunks; they stay in memory without.
        buried: Knows the records that were forgotten.
    """

    config: Config
    workers: Workers
    spill: Path | None
    buried: Buried | None = None


@dataclass(frozen=True)
class Reading:
    """A source that was read and is being standardised.

    Attributes:
        source: The source.
        known: What the last generation holds of it, if anything.
        facts: What its end tells.
        chunks: What its chunks become.
        ranges: How many ranges of record ids they fall into.
        changes: What changed.
        memory: What to keep of it for next time.
        anew: Whether all of it was read anew.
        note: What else is to be told of it.
    """

    source: Source
    known: KnownSource | None
    facts: SourceFacts
    memory: SourceMemory
    changes: Changes
    chunks: list[Future[Made]] = field(default_factory=list)
    ranges: int = 1
    anew: bool = False
    note: str | None = None

    @property
    def done(self) -> bool:
        """Whether nothing of it is still being standardised."""
        return all(chunk.done() for chunk in self.chunks)


@dataclass(frozen=True)
class TakenIn:
    """What a source became: its new and changed mentions in pieces, the rest counted and told."""

    made: list[Made]
    set_aside: pl.DataFrame
    counts: SourceCounts
    line: str


def begin(
    source: Source, known: KnownSource | None, columns: Sequence[str], means: Means
) -> Reading:
    """Read a source and have what changed standardised: here if it is one chunk, else by workers.

    Args:
        source: What to read.
        known: What the last generation holds of it; everything is new without.
        columns: The columns of mentions to keep.
        means: What it takes.

    Raises:
        SourceError: It cannot be read; or it turns out to write dates or sexes otherwise than was
            thought, and what was taken in before cannot be read anew.
    """
    directory = means.spill / source.name if means.spill else None
    read = read_changes(source, means.config, known, directory, means.buried)
    chunks = read.gathered.chunks
    alone = directory is None or len(chunks) <= 1
    ids = read.facts.record_ids if known is None else read.gathered.record_ids()
    bounds = bounds_of(ids.head(0) if alone else ids)
    made = [
        (done_here if alone else means.workers.submit)(
            make,
            Chunk(
                number=number,
                source=source,
                as_of=drawn,
                rows=rows,
                left_out=read.facts.left_out,
                habits=read.habits,
                columns=columns,
                bounds=bounds,
                pieces=None if alone else directory,
            ),
        )
        for number, (rows, drawn) in enumerate(chunks)
    ]
    return Reading(
        source=source,
        known=known,
        facts=read.facts,
        memory=read.memory,
        changes=read.changes,
        chunks=made,
        ranges=len(bounds) + 1,
        anew=read.anew,
        note=read.note,
    )


def finish(reading: Reading, config: Config) -> TakenIn:
    """Judge what a source became.

    Raises:
        SourceError: Too many of its rows are bad, or a column of it cannot be read.
        LinkerError: A process that worked on it ended.
    """
    source, known, facts, changes = reading.source, reading.known, reading.facts, reading.changes
    made = [result_of(chunk) for chunk in reading.chunks]
    fresh, changed = sum(it.mentions for it in made), sum(it.changed for it in made)
    set_aside = pl.concat([_kept(facts.rejected), *(it.set_aside for it in made)])
    whole = quarantined_rows(set_aside)
    taken = fresh + changes.unchanged
    forgotten = reading.memory.forgotten
    left = facts.outside + facts.superseded + len(facts.deleted) + forgotten
    if taken + whole + left != facts.total:
        raise SourceError(
            f"source {source.name!r}: {facts.total:,} rows became {taken:,} mentions "
            f"and {whole:,} quarantined rows, which do not add up: a defect of linker"
        )
    part = known is not None and source.mode == "delta" and not reading.anew
    judge(
        source,
        config,
        set_aside,
        rows=facts.total - facts.outside,
        mentions=taken,
        few=FEW if part else 0,
    )
    counts = SourceCounts(
        name=source.name,
        kind=source.kind,
        entity=source.entity,
        rows=facts.total,
        mentions=len(known.numbers()) - len(changes.gone) + fresh if known else fresh,
        quarantined=whole,
        outside=facts.outside,
        values_set_aside=int((set_aside["outcome"] == "value").sum()),
        as_of=reading.memory.as_of.isoformat(),
        digest=facts.digest,
        new=fresh - changed,
        changed=changed,
        gone=len(changes.gone) - changed,
        unchanged=changes.unchanged,
        superseded=facts.superseded,
        deletions=len(facts.deleted),
        deletions_unknown=changes.deletions_unknown,
        forgotten=forgotten,
    )
    if part and known is not None:
        again = record_hashes(pl.concat([facts.record_ids, facts.deleted]))
        came = pl.col("record").is_in(again.implode()).fill_null(value=False)
        set_aside = pl.concat([_kept(known.quarantined).filter(~came), set_aside])
    line = "; ".join([counts.line, reading.note] if reading.note else [counts.line])
    return TakenIn(made, set_aside, counts, line)


def _kept(quarantine: pl.DataFrame) -> pl.DataFrame:
    """Return set-aside rows as a generation keeps them."""
    if "record" in quarantine.columns:
        return quarantine
    return quarantine.with_columns(pl.lit(None, pl.UInt64()).alias("record")).select(
        list(KEPT_QUARANTINE)
    )
