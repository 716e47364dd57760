"""One source read: what is new in it since the last generation, and what is to be kept of it."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

import polars as pl

from linker.config import Config, Source
from linker.intake.changes import Changes, Found, Sieve
from linker.intake.chunks import ROWS_AT_ONCE, Gathered
from linker.intake.contents import settings_digest
from linker.intake.known import KnownSource, SourceMemory
from linker.intake.source_counts import quarantined_rows
from linker.sources.delivery import Delivery, Received, delivery
from linker.sources.files import refusal
from linker.sources.read import SourceFacts, read_chunks
from linker.standardise.habits import Habits, habits, telling, told_together


class Buried(Protocol):
    """Knows the records that were forgotten."""

    @property
    def pending(self) -> bool:
        """Whether the last generation may hold one of them still."""

    def forgotten(self, source: str, record_ids: pl.Series) -> pl.Series:
        """Tell of each record of a source whether it was forgotten and is to be refused."""


OTHER_HABITS: Final = (
    "its values now show that days and months, or the sexes M and H, are to be read otherwise than "
    "they were so far, and not all files taken in before are there to be read anew; put them back, "
    "or state in [source.formats] or [source.values.sex] how they are written"
)
AS_READ_THEN: Final = (
    "its configuration or linker's version is not what it was; records taken in before stay as they"
    " were read then, since not all their files are there to be read anew"
)


@dataclass(frozen=True)
class SourceRead:
    """A source's files gone through.

    Attributes:
        facts: What their end tells.
        changes: What changed.
        gathered: The rows to be standardised.
        habits: How it writes.
        memory: What to keep of it for next time.
        anew: Whether all of it was read, files taken in before included.
        note: What else is to be told.
    """

    facts: SourceFacts
    changes: Changes
    gathered: Gathered
    habits: Habits
    memory: SourceMemory
    anew: bool = False
    note: str | None = None


def read_changes(
    source: Source,
    config: Config,
    known: KnownSource | None,
    directory: Path | None,
    buried: Buried | None = None,
) -> SourceRead:
    """Read a source, unless it is as it was, byte for byte.

    All its rows count as changed where it turns out to write otherwise than was thought, or where
    a delta source is configured otherwise and all its files are there still.

    Args:
        source: What to read.
        config: Gives the directory that relative paths start from.
        known: What the last generation holds of it; everything is new without.
        directory: Where to set rows down; they stay in memory without.
        buried: Knows the records that were forgotten; their rows are left out, and counted.

    Raises:
        SourceError: It cannot be read, or would have to be read anew and cannot.
    """
    what = delivery(source, config, known.memory.received if known else None)
    if known is None:
        return _read(source, what, None, directory, buried=buried)
    if not (buried and buried.pending) and _is_unchanged(source, known, what):
        return _as_it_was(known, what)
    delta = source.mode == "delta"
    stale = delta and settings_digest(source) != known.memory.settings
    if not (stale and what.can_be_read_anew):
        read = _read(source, what, known, directory, buried=buried)
        if read.habits == known.memory.habits:
            return replace(read, note=AS_READ_THEN) if stale else read
        if delta and not what.can_be_read_anew:
            raise refusal(source.name, ", ".join(source.paths), OTHER_HABITS)
    whole = delivery(source, config) if delta else what
    return _read(source, whole, known, directory, anew=True, buried=buried)


def _is_unchanged(source: Source, known: KnownSource, what: Delivery) -> bool:
    memory = known.memory
    return (
        source.mode == "snapshot"
        and what.digest == memory.digest
        and settings_digest(source) == memory.settings
        and (what.as_of == memory.as_of or not memory.counts_back)
    )


def _as_it_was(known: KnownSource, what: Delivery) -> SourceRead:
    """Return a source whose files are those of last time, without reading them."""
    memory = replace(known.memory, as_of=what.as_of or known.memory.as_of)
    nobody = pl.Series("record_id", [], dtype=pl.String())
    rows = memory.received.rows
    facts = SourceFacts(
        rejected=known.quarantined,
        left_out=pl.Series("row", [], dtype=pl.Int64()),
        record_ids=nobody,
        deleted=nobody,
        superseded=0,
        total=rows,
        outside=memory.outside,
        as_of=memory.as_of,
        digest=memory.digest,
    )
    stay = rows - memory.outside - memory.forgotten - quarantined_rows(known.quarantined)
    return SourceRead(facts, Changes(unchanged=stay), Gathered(None), memory.habits, memory)


def _read(
    source: Source,
    what: Delivery,
    known: KnownSource | None,
    directory: Path | None,
    *,
    anew: bool = False,
    buried: Buried | None = None,
) -> SourceRead:
    if directory:  # what a first reading left, if this is the second
        shutil.rmtree(directory, ignore_errors=True)
    sieve = Sieve(source, known, anew=anew)
    gathered = Gathered(directory)
    on = known.memory if known and source.mode == "delta" and not anew else None
    told = [on.telling] if on else []

    refused: list[pl.Series] = []

    def keep(rows: pl.DataFrame, drawn: dt.date) -> None:
        found = known.find(rows["record_id"]) if known and buried else None
        if buried:
            gone = _refused(rows, source, buried, found)
            refused.append(rows.filter(gone)["row"])
            rows = rows.filter(~gone)
            found = (found[0][~gone.to_numpy()], found[1][~gone.to_numpy()]) if found else None
        told.append(telling(rows, source))
        gathered.add(sieve.passed(rows, drawn, found), drawn)

    facts = read_chunks(source, what, keep, ROWS_AT_ONCE)
    gathered.end()
    together = told_together(told)
    written = habits(together, source)
    memory = SourceMemory(
        settings=settings_digest(source),
        as_of=_drawn(source, facts, known),
        digest=facts.digest,
        outside=facts.outside,
        forgotten=sum(int((~rows.is_in(facts.left_out.implode())).sum()) for rows in refused),
        counts_back=sieve.counts_back or (on is not None and on.counts_back),
        received=_received(source, what, facts, on),
        telling=together,
        habits=written,
    )
    return SourceRead(facts, sieve.changes(facts), gathered, written, memory, anew)


def _refused(rows: pl.DataFrame, source: Source, buried: Buried, found: Found | None) -> pl.Series:
    """Tell which rows are of forgotten records.

    Once none is left in the last generation, only records that it does not have are asked about.
    """
    asked = rows["record_id"]
    if found is not None and not buried.pending:
        asked = pl.select(pl.when(pl.Series(found[0] < 0)).then(asked)).to_series()
    return buried.forgotten(source.name, asked)


def _drawn(source: Source, facts: SourceFacts, known: KnownSource | None) -> dt.date:
    """Return when a source was drawn: where no file came, when it was last."""
    before = known.memory.as_of if known else None
    days = [day for day in (facts.as_of, before) if day is not None]
    return source.as_of or (max(days) if source.mode == "delta" else days[0])


def _received(
    source: Source, what: Delivery, facts: SourceFacts, on: SourceMemory | None
) -> Received:
    if source.mode == "delta":
        return (on.received if on else Received()).with_more(what.seen, facts.total)
    # no file of a snapshot is kept: should it become a delta source, it cannot be read anew
    return Received(replaced=True, rows=facts.total)
