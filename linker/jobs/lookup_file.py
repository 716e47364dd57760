"""The recipe of a bulk lookup: a file of targets in, a file of hits out."""

from __future__ import annotations

import datetime as dt
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import polars as pl

from linker.config import Config
from linker.deconfliction.disclose import REQUESTER, Viewer
from linker.errors import QueryError, UsageError
from linker.jobs.hit_rows import NOT_ASKED, OUTCOMES, Row, hit_table, row_not_asked, rows_of
from linker.jobs.table_out import refuse_no_place, write_out
from linker.jobs.target_file import Target, TargetFile, read_targets
from linker.lookup.bulk import Manner, Refused, answers
from linker.lookup.desk import Desk, Told, open_desk
from linker.lookup.query import read_question
from linker.lookup.question import Question
from linker.progress import Progress
from linker.schemas import HITS, check

ROWS_AT_ONCE: Final = 20_000
"""Rows become columns so many at a time: as those they take a tenth of the memory."""
MOST_REASONS: Final = 20
"""So many different reasons are told."""


@dataclass(frozen=True)
class Done:
    """What became of a file of targets.

    Attributes:
        targets: How many it holds.
        outcomes: HIT, SHARED_IDENTIFIER, NO_HIT and NOT_ASKED: how many targets.
        not_asked: Why targets were not asked for, the commonest reason first: how many.
        rows: How many rows were written.
        seconds: It took in all.
        out: Where they were written; None of a dry run, which only read.
    """

    targets: int
    outcomes: dict[str, int]
    not_asked: dict[str, int]
    rows: int
    seconds: float
    out: Path | None

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "targets": self.targets,
            **self.outcomes,
            "seconds": round(self.seconds, 3),
            "targets_per_second": round(self.targets / max(self.seconds, 1e-3), 1),
            "rows": self.rows,
            "out": None if self.out is None else str(self.out),
            "not_asked": self.not_asked,
        }


@dataclass
class _Tally:
    """What became of the targets so far."""

    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def targets(self) -> int:
        return self.outcomes.total()

    def refuse(self, reason: str) -> None:
        self.outcomes[NOT_ASKED] += 1
        self.reasons[reason] += 1

    def done(self, rows: int, progress: Progress, out: Path | None) -> Done:
        outcomes = {name: self.outcomes[name] for name in OUTCOMES}
        reasons = dict(self.reasons.most_common(MOST_REASONS))
        return Done(self.targets, outcomes, reasons, rows, progress.seconds, out)


def count_targets(of: TargetFile, progress: Progress) -> Done:
    """Read a file of targets, and tell how many can be asked for; ask nothing.

    Args:
        of: The file.
        progress: Told how far it has come.

    Raises:
        SourceError: The file cannot be read.
        UsageError: A column is no field, or two columns are the same one.
    """
    tally, today = _Tally(), _today()
    for target in read_targets(of):
        reason = target.unread
        if reason is None:
            try:
                read_question(Question(of.entity_type, target.fields), today)
                tally.outcomes["READ"] += 1
            except QueryError as error:
                reason = str(error)
        if reason is not None:
            tally.refuse(reason)
        progress.update(f"{tally.targets:,} targets read")
    return tally.done(0, progress, None)


def look_up_file(
    config: Config,
    of: TargetFile,
    out: Path,
    progress: Progress,
    viewer: Viewer = REQUESTER,
    until: str | None = None,
) -> Done:
    """Ask the published generation for every target of a file, and write the table `HITS`.

    What a target is answered is what a lookup of it alone would be. One that cannot be asked for
    is among the answers, with the reason. The file is written whole or not at all.

    Args:
        config: Names the store and holds the thresholds.
        of: The file of targets.
        out: Ends in ``.parquet`` or ``.csv``.
        progress: Told how far it has come.
        viewer: Who asks.
        until: A date: tell the entities as they were then.

    Raises:
        SourceError: The file of targets cannot be read.
        UsageError: A column is no field, or there is no place to write to, or nothing had been
            published by the date asked for.
        QueryError: The published generation holds nothing of the entity type.
        StoreError: Nothing has been published yet, or the store or the output cannot be used.
        ModelError: The published model is damaged, or reads what mentions do not have.
    """
    refuse_no_place(out)
    if out.exists() and of.path.exists() and out.samefile(of.path):
        raise UsageError(f"{out}: is the file of targets itself; name another file")
    desk = open_desk(config)
    desk.shelf(of.entity_type)
    tally = _Tally()
    tables = [hit_table([])]
    rows: list[Row] = []
    for some in _answered(desk, of, viewer, until, tally):
        rows += some
        if len(rows) >= ROWS_AT_ONCE:
            tables.append(hit_table(rows))
            rows = []
        progress.update(f"{tally.targets:,} targets asked for")
    table = pl.concat([*tables, hit_table(rows)])
    write_out(check(table, HITS, "hits"), out)
    return tally.done(table.height, progress, out)


def _answered(
    desk: Desk, of: TargetFile, viewer: Viewer, until: str | None, tally: _Tally
) -> Iterator[list[Row]]:
    """Return the rows of each target, in their order."""
    about = {
        "generation": desk.generation.number,
        "model": desk.shelf(of.entity_type).scoring.in_use.name,
        "as_of": desk.generation.manifest["as_of"],
    }
    read: deque[Target] = deque()

    def questions() -> Iterator[Question]:
        for target in read_targets(of):
            read.append(target)
            if target.unread is None:
                yield Question(of.entity_type, target.fields, until)

    def refused(reason: str) -> list[Row]:
        tally.refuse(reason)
        return [row_not_asked(read.popleft(), reason, about)]

    def unread() -> Iterator[list[Row]]:
        while read and read[0].unread is not None:
            yield refused(read[0].unread)

    for told in answers(desk, questions(), Manner(viewer, _today(), whole=False)):
        yield from unread()
        if isinstance(told, Told):
            tally.outcomes[told.answer.outcome] += 1
            yield rows_of(read.popleft(), told.answer)
        else:
            yield refused(_reason(told))
    yield from unread()


def _reason(error: Refused) -> str:
    """Return why a target was not asked for; what no target can be asked for ends the run."""
    if isinstance(error, UsageError):
        raise error
    return " ".join(str(error).split())


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
