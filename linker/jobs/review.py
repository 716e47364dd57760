"""Review: clerical decisions brought in, listed, withdrawn and written out."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import polars as pl

from linker.config import Config
from linker.entities.decisions import Conflict, decide, in_force, named_records
from linker.errors import UsageError
from linker.jobs.decision_file import COLUMNS, TOLD, DecisionFile, read_decision_file
from linker.jobs.table_out import refuse_other_endings, write_out
from linker.schemas import DECISION_RECORDS, DECISIONS, ENTITY_TYPES, RECORD, conform, empty
from linker.store.decision_table import next_number, read_decisions, writing_decisions
from linker.store.generation import current_generation
from linker.store.history import History
from linker.store.journal import author_of, now
from linker.store.layout import Store, open_store

_SAID: Final = ("entity_type", *DECISION_RECORDS, "decision", "author", "reason", "expires")
"""What rows of one decision have in common; and when it was made, where they tell it."""
OVER: Final = ("withdrawn", "expired", "superseded")
"""The states of decisions that are in force no more."""


def import_decisions(
    config: Config, path: Path, author: str | None, *, dry_run: bool, keep_good: bool
) -> dict[str, Any]:
    """Record the decisions of a CSV file, all of them or none; those recorded already stay.

    Args:
        config: Names the store.
        path: The file.
        author: Whose decisions those are that name no author.
        dry_run: Record nothing.
        keep_good: Record the good rows though there are bad ones.

    Returns:
        ``rows``, ``recorded``, ``known`` and ``withdrawn``, counts of rows; ``bad``, their lines
        and reasons; ``waiting``, the lines of those that name a record which no source has brought
        yet; ``conflicts``, in words, numbered as they are, or would be, recorded.

    Raises:
        UsageError: The file cannot be used, or has bad rows and neither `dry_run` nor `keep_good`.
        StoreError: There is no store, or its journal cannot be used.
    """
    store = open_store(config.resolve(config.store.directory))
    at = now()
    file = read_decision_file(path, author, at)
    if file.bad and not (keep_good or dry_run):
        first, several = file.bad[0], len(file.bad) > 1
        raise UsageError(
            f"{path}: line {first.line}: {first.reason}"
            f"{f' ({len(file.bad):,} bad rows in all; --dry-run lists them)' if several else ''}; "
            "nothing was recorded; mend the file, or leave bad rows out with --keep-good"
        )
    if dry_run:
        recorded = read_decisions(store)
        new = _new(file, recorded, at)
        numbered = new.with_row_index("decision_id", offset=next_number(recorded))
        everything = pl.concat([recorded, conform(numbered, DECISIONS)])
    else:
        with writing_decisions(store) as writer:
            new = _new(file, writer.all(), at)
            if new.height:
                writer.add(new.drop("line"))
            everything = writer.all()
    standing = in_force(everything, at)
    waiting, conflicts = _checked(store, standing)
    added = everything.tail(new.height)["decision_id"]
    lines = dict(zip(added, new["line"], strict=True))
    return {
        "rows": len(file.rows) + len(file.bad) + file.withdrawn,
        "recorded": 0 if dry_run else new.height,
        "to_record": new.height,
        "known": len(file.rows) - new.height,
        "withdrawn": file.withdrawn,
        "bad": [{"line": row.line, "reason": row.reason} for row in file.bad],
        "waiting": sorted(lines[number] for number in waiting if number in lines),
        "conflicts": [conflict.text for conflict in conflicts],
    }


def list_decisions(config: Config) -> dict[str, Any]:
    """Return all decisions with what became of them, as JSON values.

    Returns:
        ``at``, the time; ``decisions``, schema `DECISIONS` and ``status``: ``in force``,
        ``waiting`` for a record that no source holds, ``not followed`` since others contradict it,
        ``superseded`` by a later one on the same pair, ``expired`` or ``withdrawn``; ``conflicts``
        in words.

    Raises:
        StoreError: There is no store, or its journal cannot be used.
    """
    store = open_store(config.resolve(config.store.directory))
    at = now()
    decisions, conflicts = _with_status(store, at)
    return {
        "at": at,
        "decisions": decisions.to_dicts(),
        "conflicts": [conflict.text for conflict in conflicts],
    }


def export_decisions(config: Config, out: Path) -> int:
    """Write all decisions to a file that `import_decisions` reads; return how many there are.

    Raises:
        UsageError: The file's ending is neither ``.csv`` nor ``.parquet``, or no such place.
        StoreError: There is no store, its journal cannot be used, or the file cannot be written.
    """
    refuse_other_endings(out)
    store = open_store(config.resolve(config.store.directory))
    decisions, _ = _with_status(store, now())
    named = decisions.rename({"entity_type": "entity"})
    return write_out(named.select(*COLUMNS, *TOLD, "withdrawn_why"), out)


def withdraw_decision(config: Config, number: int, author: str | None, why: str) -> dict[str, Any]:
    """Withdraw a decision; it stays in the journal, with who withdrew it, when and why.

    Args:
        config: Names the store.
        number: The decision's.
        author: Who withdraws it; the user of the operating system unless given.
        why: Why.

    Returns:
        The decision, schema `DECISIONS`.

    Raises:
        UsageError: There is no such decision, it is withdrawn already, or no reason was given.
        StoreError: There is no store, or its journal cannot be used.
    """
    store = open_store(config.resolve(config.store.directory))
    if not why.strip():
        raise UsageError("--why: is empty; say why, the journal keeps it")
    with writing_decisions(store) as writer:
        found = writer.all().filter(decision_id=number)
        if found.is_empty():
            raise UsageError(f"no decision {number}; linker review list shows those there are")
        before = found["withdrawn_at"][0]
        if before:
            raise UsageError(f"decision {number} was withdrawn already, on {before[:10]}")
        writer.withdraw(number, now(), author_of(author), why.strip())
        return writer.all().filter(decision_id=number).row(0, named=True)


def _new(file: DecisionFile, recorded: pl.DataFrame, at: str) -> pl.DataFrame:
    """Return the decisions of a file that are not recorded, with their ``line``."""
    schema = {"line": pl.Int64(), **{k: v for k, v in DECISIONS.items() if k != "decision_id"}}
    rows = [{"line": line, **row} for line, row in file.rows.items()]
    given = pl.DataFrame(rows, schema=schema, orient="row").unique(
        [*_SAID, "made_at"], keep="first", maintain_order=True
    )
    timed = given.filter(pl.col("made_at").is_not_null())
    untimed = given.filter(pl.col("made_at").is_null())
    kept = pl.col("withdrawn_at").is_null()
    new = pl.concat(
        [
            timed.join(recorded, on=[*_SAID, "made_at"], how="anti", nulls_equal=True),
            untimed.join(recorded.filter(kept), on=list(_SAID), how="anti", nulls_equal=True),
        ]
    )
    return new.with_columns(pl.col("made_at").fill_null(at), pl.lit(at).alias("recorded_at")).sort(
        "line"
    )


def _with_status(store: Store, at: str) -> tuple[pl.DataFrame, tuple[Conflict, ...]]:
    decisions = read_decisions(store)
    standing = in_force(decisions, at)
    waiting, conflicts = _checked(store, standing)
    number = pl.col("decision_id")
    status = (
        pl.when(pl.col("withdrawn_at") <= at)
        .then(pl.lit("withdrawn"))
        .when(pl.col("expires") <= at)
        .then(pl.lit("expired"))
        .when(~number.is_in(standing["decision_id"].to_list()))
        .then(pl.lit("superseded"))
        .when(number.is_in(waiting))
        .then(pl.lit("waiting"))
        .when(number.is_in([conflict.cut for conflict in conflicts]))
        .then(pl.lit("not followed"))
        .otherwise(pl.lit("in force"))
    )
    return decisions.with_columns(status.alias("status")), conflicts


def _checked(store: Store, standing: pl.DataFrame) -> tuple[list[int], tuple[Conflict, ...]]:
    """Return which decisions wait for a record, and which are not followed."""
    waiting: list[int] = []
    conflicts: list[Conflict] = []
    history = History(current_generation(store)) if store.current() is not None else None
    known = history is not None and bool(history.runs)
    for entity in ENTITY_TYPES:
        mine = standing.filter(entity_type=entity)
        if mine.is_empty():
            continue
        held = empty(RECORD)
        if history is not None and known:
            held = history.membership(entity, records=named_records(mine)).select(list(RECORD))
        decided = decide(mine, entity, held)
        waiting += decided.waiting
        conflicts += decided.conflicts
    return waiting, tuple(conflicts)
