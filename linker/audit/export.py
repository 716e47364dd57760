"""Export: events as a file, whole with their hashes, so that it can be verified elsewhere."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import ColumnElement, func, select

from linker.audit.chain import canonical
from linker.audit.database import Database
from linker.audit.search import as_json, no_event, within
from linker.audit.tables import EVENTS
from linker.errors import UsageError
from linker.store.layout import storage_errors

ENDINGS: Final = (".jsonl", ".csv", ".parquet")
_AT_ONCE: Final = 2_000
_COLUMNS: Final = tuple(column.name for column in EVENTS.columns)
_NUMBERS: Final = {
    "sequence": pa.int64(),
    "generation": pa.int64(),
    "milliseconds": pa.float64(),
}
_SCHEMA: Final = pa.schema([(name, _NUMBERS.get(name, pa.string())) for name in _COLUMNS])

_Rows = list[dict[str, Any]]
_Write = Callable[[_Rows], None]


def refuse_other_endings(path: Path) -> None:
    """Check the name of a file before anything is read.

    Raises:
        UsageError: It ends in none of `ENDINGS`, or there is no such place.
    """
    if path.suffix not in ENDINGS:
        raise UsageError(f"{path}: name a file that ends in {', '.join(ENDINGS[:-1])} or .parquet")
    if path.is_dir():
        raise UsageError(f"{path}: is a directory; name a file")
    if not path.parent.is_dir():
        raise UsageError(f"{path.parent}: no such directory; make it, or name another file")


def export(database: Database, path: Path, since: str | None, until: str | None) -> int:
    """Write events to a file, oldest first, whole or not at all; return how many.

    A line of JSON Lines is the canonical JSON of an event, of which all but ``hash`` is what its
    hash is of; CSV and Parquet hold the columns as they lie in the database.

    Args:
        database: The audit database.
        path: Ends in one of `ENDINGS`.
        since: Only events not before a date or time.
        until: Only events not after a date or time; a day is over at its end.

    Raises:
        UsageError: The file's ending is another, there is no such place, or a time cannot be read.
        AuditError: The database cannot be read, or an event holds no JSON.
        StoreError: The file cannot be written.
    """
    refuse_other_endings(path)
    conditions = within(since, until)
    aside = path.with_name(f".{path.name}.writing")
    written = 0
    with storage_errors(path.parent, "nothing was written"):
        try:
            with _WRITERS[path.suffix](aside) as write:
                for rows in _batches(database, conditions):
                    write(rows)
                    written += len(rows)
            aside.replace(path)
        except (ValueError, TypeError):
            raise no_event(database) from None
        finally:
            aside.unlink(missing_ok=True)
    return written


def _batches(database: Database, conditions: Sequence[ColumnElement[bool]]) -> Iterator[_Rows]:
    """Yield the events that there are now, oldest first."""
    number = EVENTS.c.sequence
    with database.reading() as connection:
        end = connection.execute(select(func.max(number))).scalar_one() or 0
    last = 0
    while True:
        query = (
            select(EVENTS)
            .where(number > last, number <= end, *conditions)
            .order_by(number)
            .limit(_AT_ONCE)
        )
        with database.reading() as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
        if not rows:
            return
        yield rows
        last = rows[-1]["sequence"]


@contextmanager
def _json_lines(path: Path) -> Iterator[_Write]:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        yield lambda rows: file.writelines(f"{canonical(as_json(row))}\n" for row in rows)


@contextmanager
def _comma_separated(path: Path) -> Iterator[_Write]:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, _COLUMNS)
        table.writeheader()
        yield table.writerows


@contextmanager
def _parquet(path: Path) -> Iterator[_Write]:
    with pq.ParquetWriter(path, _SCHEMA) as table:
        yield lambda rows: table.write_table(pa.Table.from_pylist(rows, _SCHEMA))


_WRITERS: Final = {".jsonl": _json_lines, ".csv": _comma_separated, ".parquet": _parquet}
