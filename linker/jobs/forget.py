"""Forget: records leave the store for good, and are refused should a source still bring them.

A tombstone comes first, so that whatever happens afterwards the record never comes back. Then all
is linked anew without it into files of its own, since older files are shared with older
generations; these keep their traces until they are deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from linker.config import Config
from linker.errors import GateError, LinkerError, UsageError
from linker.jobs.models import model_in_use, ships
from linker.progress import Progress
from linker.review.queue_file import forget_records
from linker.schemas import RECORD
from linker.store.decision_table import delete_decisions
from linker.store.generation import Generation, clear_remains, current_generation, delete
from linker.store.journal import (
    Act,
    add_tombstones,
    author_of,
    now,
    record_act,
)
from linker.store.journal_file import compact_journal, open_journal
from linker.store.layout import Store, open_store, write_lock
from linker.store.remains import forgotten_in
from linker.store.tombstones import make_tombstones, read_tombstones
from linker.store.traces import Trace, find_traces, named_in, said_alone, said_by

Relink = Callable[[Config, Progress], object]
"""Links all sources anew into one segment of its own, without what has a tombstone."""


@dataclass(frozen=True)
class Ask:
    """What is to be done beside forgetting.

    Attributes:
        why: What the journal says of it.
        by: Who does it; the user of the operating system unless given.
        dry_run: Only count what would go.
        verify: Search every file of the store for what the records said.
        delete_old: Delete the generations that still hold something of it.
    """

    why: str | None = None
    by: str | None = None
    dry_run: bool = False
    verify: bool = False
    delete_old: bool = False


@dataclass(frozen=True)
class Forgotten:
    """What was forgotten, in counts.

    Attributes:
        records: How many were asked for.
        known: How many had been forgotten before.
        held: How many of them each generation on disk had mentions of, by its number.
        gone: What the published generation had of them: mentions, pairs, entities.
        generation: The one that is published now.
        verified: Whether the files were searched.
        traces: What was found, but for generations that were deleted.
        values: How many values were looked for, which no other record has.
        deleted: The generations that were deleted.
    """

    records: int
    known: int
    held: dict[int, int]
    gone: dict[str, int]
    generation: int
    dry_run: bool = False
    verified: bool = False
    values: int = 0
    traces: tuple[Trace, ...] = field(default=(), repr=False)
    deleted: tuple[int, ...] = ()

    @property
    def listed(self) -> list[int]:
        """The generations that still hold traces, and are to be deleted."""
        found = {trace.generation for trace in self.traces}
        return sorted(number for number in found if number not in (None, self.generation))

    @property
    def left(self) -> list[Trace]:
        """The traces outside the generations that are listed for deletion."""
        return [trace for trace in self.traces if trace.generation in (None, self.generation)]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values, with counts and numbers of generations alone."""
        return {
            "records": self.records,
            "known": self.known,
            "held": {str(number): count for number, count in self.held.items()},
            "gone": self.gone,
            "generation": self.generation,
            "dry_run": self.dry_run,
            "verified": self.verified,
            "values": self.values,
            "traces_left": [str(trace.path) for trace in self.left],
            "listed_for_deletion": self.listed,
            "deleted": list(self.deleted),
        }


def forget(
    config: Config, records: pl.DataFrame, ask: Ask, relink: Relink, progress: Progress
) -> Forgotten:
    """Forget records.

    Args:
        config: Names the store and its sources.
        records: Which; schema `RECORD`, each once.
        ask: What else is to be done.
        relink: Links anew.
        progress: Receives a line about each step.

    Raises:
        UsageError: No reason is given.
        GateError: The run that leaves them out is held back, and is not published yet.
        LinkerError: Another thing that a person can mend; the line says how far it came.
    """
    store = open_store(config.resolve(config.store.directory))
    published = current_generation(store)
    numbers = store.numbers()
    held = {number: named_in(store.generation(number), records) for number in numbers}
    known = _known(store, records)
    counted = Forgotten(
        records=records.height,
        known=int(known.sum()),
        held={number: count for number, count in held.items() if count},
        gone=_gone(published, records),
        generation=published.number,
        dry_run=ask.dry_run,
    )
    if ask.dry_run:
        return counted
    if not known.all() and not (ask.why and ask.why.strip()):
        raise UsageError("say why, for the journal: --why TEXT")
    sought = said_by((store.generation(number) for number in numbers), records)
    shipped = [entity for entity in config.entity_types if ships(model_in_use(config, entity)[1])]
    terms = _terms(config, published, records, shipped)
    with write_lock(store):  # before the journal, which what waits in the queue would write to
        forget_records(store, records)
    _bury(store, records.filter(~known), terms, ask, published.number)
    if read_tombstones(store).pending:
        progress.say(f"{records.height:,} records have tombstones; linking without them")
        _relink(store, config, relink, progress)
    now_published = current_generation(store)
    if not (ask.verify or ask.delete_old):
        return _with(counted, generation=now_published.number)
    with write_lock(store), progress.stage("verify"):
        alone = said_alone(sought, now_published.directory)
        done = _with(
            counted,
            generation=now_published.number,
            verified=True,
            values=len(alone.texts) + len(alone.dates),
            traces=tuple(find_traces(store, alone, shipped)),
        )
        return _delete_old(store, done, ask) if ask.delete_old else done


def _delete_old(store: Store, done: Forgotten, ask: Ask) -> Forgotten:
    """Delete the generations that still hold traces; each is an act."""
    deleted = tuple(done.listed)
    with open_journal(store) as connection:
        for number in deleted:
            why = ask.why or "it held what was forgotten"
            record_act(connection, Act(now(), author_of(ask.by), "delete", number, None, why))
    for number in deleted:
        delete(store, number)
    kept = tuple(trace for trace in done.traces if trace.generation not in deleted)
    return _with(done, traces=kept, deleted=deleted)


def _with(done: Forgotten, **changes: Any) -> Forgotten:  # noqa: ANN401
    return Forgotten(**{**done.__dict__, **changes})


def _known(store: Store, records: pl.DataFrame) -> pl.Series:
    """Tell of each record whether it has a tombstone."""
    buried = read_tombstones(store)
    found = [
        bool(buried.forgotten(source, pl.Series([record_id]))[0])
        for source, record_id in records.iter_rows()
    ]
    return pl.Series(found, dtype=pl.Boolean())


def _gone(generation: Generation, records: pl.DataFrame) -> dict[str, int]:
    """Return what a generation has of some records."""
    counts = {"mentions": 0, "pairs": 0, "entities": 0}
    for entity in generation.entity_types:
        members = generation.read(f"membership_{entity}").with_row_index("mention")
        mine = members.join(records, on=list(RECORD), how="semi")
        numbers = mine["mention"].cast(pl.Int64).implode()
        pairs = generation.read(f"pairs_{entity}", ["mention_l", "mention_r"])
        either = pl.col("mention_l").is_in(numbers) | pl.col("mention_r").is_in(numbers)
        counts["mentions"] += mine.height
        counts["pairs"] += pairs.filter(either).height
        counts["entities"] += mine["entity_id"].n_unique()
    return counts


def _terms(
    config: Config, generation: Generation, records: pl.DataFrame, shipped: Iterable[str]
) -> list[tuple[str, str]]:
    """Return values of term frequencies that only these records have: column and value.

    A model that ships was trained on invented records and keeps its values.
    """
    found = []
    for entity in generation.entity_types:
        if entity in shipped or entity not in config.entity_types:
            continue
        in_use, _ = model_in_use(config, entity)
        for column in in_use.model.term_frequency_columns:
            rows = generation.read(f"mentions_{entity}", [*RECORD, column])
            if isinstance(rows[column].dtype, pl.List):
                rows = rows.explode(column)
            mine = rows.join(records, on=list(RECORD), how="semi")[column].drop_nulls().unique()
            others = rows.join(records, on=list(RECORD), how="anti")[column]
            alone = mine.filter(~mine.is_in(others.unique().implode()))
            found += [(f"{entity}.{column}", str(value)) for value in alone]
    return found


def _bury(
    store: Store, records: pl.DataFrame, terms: list[tuple[str, str]], ask: Ask, published: int
) -> None:
    """Write tombstones and the act in one transaction, and take the records out of the journal."""
    if records.is_empty():
        return
    with write_lock(store):
        clear_remains(store)
        at = now()
        rows = pl.concat(
            [
                make_tombstones(store, "record", records.iter_rows(), at),
                make_tombstones(store, "term", terms, at),
            ]
        )
        counted = f"{records.height:,} records: {(ask.why or '').strip()}"
        with open_journal(store) as connection:
            add_tombstones(connection, rows)
            delete_decisions(connection, records)
            record_act(connection, Act(at, author_of(ask.by), "forget", published, None, counted))
        compact_journal(store)


def _relink(store: Store, config: Config, relink: Relink, progress: Progress) -> None:
    before = store.current()
    try:
        relink(config, progress)
    except GateError as error:
        raise GateError(
            f"{error}; the records have tombstones and are gone once a generation without them is "
            "published"
        ) from None
    except LinkerError as error:
        raise type(error)(
            f"{error}; the records have tombstones and are gone with the next linker link that "
            "succeeds"
        ) from None
    current = current_generation(store)
    left = forgotten_in(current.directory, read_tombstones(store))
    if current.number == before or left:
        raise LinkerError(
            f"generation {current.number} still names forgotten records: a defect of linker"
        )
