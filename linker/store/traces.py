"""Traces: where the files of a store still hold what is known of some records.

What a record said may be another one's too: a city, a common name. Only what no other record says
is looked for, and the record's id. Tables are read as tables; in other files the bytes are
searched for values long enough to tell from chance.
"""

from __future__ import annotations

import datetime as dt
import json
import mmap
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from linker.database import frame
from linker.errors import StoreError
from linker.schemas import RECORD, record_sides
from linker.store.generation import Generation
from linker.store.layout import AUDIT_FILES, Store
from linker.store.reading import collected, read_table, schema_of

SHORTEST: Final = 6
"""Bytes of a value that is looked for in files that are no tables; shorter ones occur by chance."""
_OURS: Final = frozenset(
    {
        *("mention", "source", "record_id", "kind", "organization_kind", "role", "predicate"),
        *("birth_date_precision", "sex", "status", "sensitivity", "nationally_designated"),
        *("state", "country", "birth_country", "citizenship"),
    }
)
"""Columns of mentions that say nothing of who a record is about: ours, and a few fixed words."""
_SKIPPED: Final = frozenset({"forget.key", "lock", *AUDIT_FILES})
"""Files that hold nothing of a record: keys, and the audit log, which has hashes alone."""


@dataclass(frozen=True)
class Sought:
    """What is looked for: records (schema `RECORD`), texts and dates."""

    records: pl.DataFrame
    texts: frozenset[str] = field(repr=False)
    dates: frozenset[dt.date] = field(repr=False)


@dataclass(frozen=True)
class Trace:
    """A file with traces: how often records are named in it, and how many of the values it has.

    `generation` is None for a file of the store itself.
    """

    path: Path
    generation: int | None
    records: int
    values: int


def mention_files(directory: Path) -> list[Path]:
    """Return the files of a generation's mentions."""
    return [*directory.glob("mentions_*.parquet"), *directory.glob("*/segments/*/mentions.parquet")]


def named_in(directory: Path, records: pl.DataFrame) -> int:
    """Return how many of some records a generation has mentions of, dead ones included.

    Raises:
        StoreError: A table of mentions is damaged.
    """
    parts = [_rows_of(path, records).select(list(RECORD)) for path in mention_files(directory)]
    return pl.concat(parts).unique().height if parts else 0


def said_by(directories: Iterable[Path], records: pl.DataFrame) -> Sought:
    """Return what records say wherever generations hold them.

    Args:
        directories: Of the generations.
        records: Schema `RECORD`.

    Raises:
        StoreError: A table of mentions is damaged.
    """
    texts: set[str] = set()
    dates: set[dt.date] = set()
    for directory in directories:
        for path in mention_files(directory):
            rows = _rows_of(path, records)
            for column in rows.drop(_OURS, strict=False):
                found, days = _values(column)
                texts |= found
                dates |= days
    return Sought(records, frozenset(texts), frozenset(dates))


def said_alone(sought: Sought, directory: Path) -> Sought:
    """Return what no other record of a generation says.

    Raises:
        StoreError: A table of mentions is damaged.
    """
    texts, dates = set(sought.texts), set(sought.dates)
    for path in mention_files(directory):
        named = read_table(path, list(RECORD))
        other = ~_named(named, ("source", "record_id"), sought.records)
        for name, kind in schema_of(path).items():
            if name not in _OURS and _holds_values(kind):
                column = read_table(path, [name])[name].filter(other)
                found, days = _values(_among(column, sought))
                texts -= found
                dates -= days
    return Sought(sought.records, frozenset(texts), frozenset(dates))


def find_traces(store: Store, sought: Sought, models: Collection[str] = ()) -> list[Trace]:
    """Return the files of a store that hold any of what is looked for.

    Of a generation that is not published one file is enough: it is to be deleted.

    Args:
        store: The store, all generations included.
        sought: What is looked for.
        models: The entity types whose model is known to be made of other records.

    Raises:
        StoreError: A file cannot be read.
    """
    found: list[Trace] = []
    listed: set[int | None] = set()
    kept = {None, store.current()}
    paths = sorted(store.directory.rglob("*"), key=lambda path: (path.suffix != ".parquet", path))
    for path in paths:  # tables first: they are searched sooner than bytes
        if not path.is_file() or path.name in _SKIPPED:
            continue
        generation, rest = _place(store, path)
        if generation in listed or (rest[:1] == ("models",) and rest[1] in models):
            continue
        records, values = _search(path, sought)
        if values and path.suffix not in (".parquet", ".duckdb") and generation is not None:
            values -= _parts_of_others(
                values, Generation(generation, store.generation(generation)), sought
            )
        if records or values:
            found.append(Trace(path, generation, records, len(values)))
            listed |= {generation} - kept
    return found


def _search(path: Path, sought: Sought) -> tuple[int, set[Any]]:
    """Return how many rows of a file name the records, and which values it has."""
    if path.suffix == ".parquet":
        columns = ((name, kind) for name, kind in schema_of(path).items())
        return _search_table(columns, lambda names: read_table(path, names), sought)
    if path.suffix == ".duckdb":
        return _search_database(path, sought)
    if path.suffix == ".json":
        return 0, _search_json(path, sought)
    return 0, _search_bytes(path, sought)


def _search_table(
    schema: Iterable[tuple[str, pl.DataType]],
    read: Callable[[Sequence[str]], pl.DataFrame],
    sought: Sought,
) -> tuple[int, set[Any]]:
    kinds = dict(schema)
    records = sum(
        int(_named(read(side), side, sought.records).sum()) for side in record_sides(kinds)
    )
    values: set[Any] = set()
    for name, kind in kinds.items():
        if name not in _OURS and _holds_values(kind):
            texts, dates = _values(_among(read([name])[name], sought))
            values |= texts | dates
    return records, values


def _search_database(path: Path, sought: Sought) -> tuple[int, set[Any]]:
    """Search the tables of a DuckDB file, and its bytes for rows that were deleted."""
    records, values = 0, set(_search_bytes(path, sought))
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            names = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
            for (name,) in names:
                rows = frame(connection, f'SELECT * FROM "{name}"')
                found, held = _search_table(rows.schema.items(), _columns_of(rows), sought)
                records += found
                values |= held
    except duckdb.Error:
        raise StoreError(
            f"{path}: cannot be searched; another program has it open, or it is damaged"
        ) from None
    return records, values


def _columns_of(rows: pl.DataFrame) -> Callable[[Sequence[str]], pl.DataFrame]:
    return lambda names: rows.select(list(names))


def _search_json(path: Path, sought: Sought) -> set[Any]:
    try:
        told = "\n".join(_texts_in(json.loads(path.read_text(encoding="utf-8"))))
    except (OSError, ValueError):
        return _search_bytes(path, sought)
    return {text for text in sought.texts if len(text.encode()) >= SHORTEST and text in told}


def _texts_in(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from _texts_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts_in(part)


def _search_bytes(path: Path, sought: Sought) -> set[Any]:
    if not path.stat().st_size:
        return set()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        return {
            text
            for text in sought.texts
            if len(text.encode()) >= SHORTEST and held.find(text.encode()) >= 0
        }


def _parts_of_others(texts: set[Any], generation: Generation, sought: Sought) -> set[Any]:
    """Return the texts that are a part of what another record says, such as a longer name."""
    found: set[Any] = set()
    for path in mention_files(generation.directory):
        other = ~_named(read_table(path, list(RECORD)), ("source", "record_id"), sought.records)
        for name, kind in schema_of(path).items():
            if name not in _OURS and _holds_values(kind) and kind != pl.Date():
                column = read_table(path, [name])[name].filter(other)
                flat = _flat(column).drop_nulls().unique()
                found |= {it for it in texts - found if flat.str.contains(it, literal=True).any()}
    return found


def _rows_of(path: Path, records: pl.DataFrame) -> pl.DataFrame:
    return collected(path, lambda rows: rows.join(records.lazy(), on=list(RECORD), how="semi"))


def _named(rows: pl.DataFrame, side: tuple[str, str], records: pl.DataFrame) -> pl.Series:
    """Tell of each row whether two of its columns name one of some records."""
    known = records.select(pl.struct(pl.col("source").alias("s"), pl.col("record_id").alias("r")))
    asked = rows.select(pl.struct(pl.col(side[0]).alias("s"), pl.col(side[1]).alias("r")))
    return asked.to_series().is_in(known.to_series().implode()).fill_null(value=False)


def _holds_values(kind: pl.DataType) -> bool:
    return kind in (pl.String(), pl.List(pl.String()), pl.Date())


def _flat(column: pl.Series) -> pl.Series:
    return column.explode() if isinstance(column.dtype, pl.List) else column


def _among(column: pl.Series, sought: Sought) -> pl.Series:
    """Return the values of a column that are looked for."""
    flat = _flat(column)
    wanted = list(sought.dates) if flat.dtype == pl.Date() else list(sought.texts)
    return flat.filter(flat.is_in(pl.Series(wanted, dtype=flat.dtype).implode())).unique()


def _values(column: pl.Series) -> tuple[set[str], set[dt.date]]:
    """Return the texts and dates of a column; of a JSON object also those in it."""
    if not _holds_values(column.dtype):
        return set(), set()
    flat = _flat(column).drop_nulls().unique()
    if flat.dtype == pl.Date():
        return set(), set(flat)
    texts = set(flat)
    if column.name == "retained":
        for text in flat:
            texts |= {it for it in json.loads(text).values() if isinstance(it, str)}
    return texts, set()


def _place(store: Store, path: Path) -> tuple[int | None, tuple[str, ...]]:
    """Return the generation that a file is of, and where it lies in it."""
    if store.generations not in path.parents:
        return None, ()
    name, *rest = path.relative_to(store.generations).parts
    return (int(name) if name.isdecimal() else None), tuple(rest)
