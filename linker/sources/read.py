"""A source read: its files' rows in canonical fields, chunk by chunk, and what was left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from linker.config import Config, Source
from linker.privacy import value_class
from linker.schemas import LIST_FIELDS, TEXT, TEXTS
from linker.sources.batch import Batch
from linker.sources.csv_file import read_csv
from linker.sources.files import InputFile, digest, find_files, require_columns, stamps
from linker.sources.jsonl_file import read_jsonl
from linker.sources.mapping import map_batch, wanted_columns
from linker.sources.parquet_file import read_parquet
from linker.sources.quarantine import Rejection, rejected_table


@dataclass(frozen=True)
class SourceFacts:
    """What is told of a source besides its rows.

    Attributes:
        rejected: `schemas.QUARANTINE`, one row a rejected row, in row order.
        repeats: Numbers of rows that `read_chunks` passed on and whose record id a row before them
            has: they are among the rejected, and no part of the source.
        record_ids: The record ids of the rows that remain, in row order.
        total: Rows read from the files, header rows and blank lines not counted.
        outside: Rows that do not meet the source's ``where``; they are no part of it.
        as_of: When the source was drawn: as configured, or the newest file's date in UTC.
        digest: SHA-256, in hexadecimal, of the files' bytes in sorted path order.
    """

    rejected: pl.DataFrame
    repeats: pl.Series
    record_ids: pl.Series
    total: int
    outside: int
    as_of: dt.date
    digest: str


@dataclass(frozen=True)
class SourceRows:
    """What a source holds. Every row read is in `rows`, in `rejected` or counted in `outside`.

    Attributes:
        rows: `record_id` String, unique and never null; `row` Int64, the record's number within
            the source, from 1, across its files in sorted order; `retained` String, a JSON object
            of the retained columns, or null; and one column a mapped canonical field, String, or
            List[String] for `schemas.LIST_FIELDS`. In row order.
        rejected: As in `SourceFacts`, and so are the others.
    """

    rows: pl.DataFrame
    rejected: pl.DataFrame
    total: int
    outside: int
    as_of: dt.date
    digest: str


def read_source(source: Source, config: Config) -> SourceRows:
    """Read all files of a source.

    Args:
        source: What to read and how it maps.
        config: Gives the directory that relative paths start from.

    Raises:
        SourceError: As `read_chunks` does.
    """
    tables: list[pl.DataFrame] = []
    facts = read_chunks(source, config, tables.append)
    whole = pl.concat(tables)
    return SourceRows(
        rows=without(whole, facts.repeats),
        rejected=facts.rejected,
        total=facts.total,
        outside=facts.outside,
        as_of=facts.as_of,
        digest=facts.digest,
    )


def without(rows: pl.DataFrame, repeats: pl.Series) -> pl.DataFrame:
    """Return rows but for those numbered in `repeats`."""
    if repeats.is_empty():
        return rows
    return rows.filter(~pl.col("row").is_in(repeats.implode()))


def read_chunks(
    source: Source,
    config: Config,
    keep: Callable[[pl.DataFrame], None],
    at_once: int | None = None,
) -> SourceFacts:
    """Read all files of a source, passing its rows on chunk by chunk.

    Args:
        source: What to read and how it maps.
        config: Gives the directory that relative paths start from.
        keep: Takes the next rows, as in `SourceRows.rows`, but rows whose record id came before
            are among them: only the end tells them all. Called at least once.
        at_once: How many rows a chunk has at least, but for the last one; all unless given.

    Raises:
        SourceError: A file is missing, empty, damaged, undecodable, or changes meanwhile; a mapped
            column is not there; a quote is left open. One line: the source, the file, the fix.
    """
    files = find_files(source, config)
    before = stamps(files)
    chunks = _Chunks(source, keep, at_once)
    rejected: list[Rejection] = []
    total = outside = 0
    wanted, names = wanted_columns(source), set[str]()
    for file in files:
        rows_before = total
        for batch in _batches(file, source, wanted):
            mapped = map_batch(batch, source, rows_before)
            chunks.add(mapped.rows)
            rejected += mapped.rejected
            outside += mapped.outside
            total += batch.total
            names |= batch.names
        if total == rows_before:
            raise file.refuse("holds no rows; export it again or correct path")
    if all(file.format == "jsonl" for file in files):
        # keys come and go from line to line, so only the source as a whole can lack one
        require_columns(files[0] if len(files) == 1 else source, wanted, names)
    chunks.end()
    whole = digest(files)
    for file, then, now in zip(files, before, stamps(files), strict=True):
        if then != now:
            raise file.refuse("changed while it was read; run again when it is complete")
    ids = chunks.record_ids()
    repeats = _repeats(ids, source)
    numbers = pl.Series("row", [it.row for it in repeats], dtype=pl.Int64)
    return SourceFacts(
        rejected=rejected_table(source.name, rejected + repeats),
        repeats=numbers,
        record_ids=without(ids, numbers).get_column("record_id"),
        total=total,
        outside=outside,
        as_of=source.as_of or max(stamp.date for stamp in before),
        digest=whole,
    )


class _Chunks:
    """Gathers the tables of batches to chunks, and remembers their record ids."""

    def __init__(
        self, source: Source, keep: Callable[[pl.DataFrame], None], at_once: int | None
    ) -> None:
        self._none = _no_rows(source)
        self._keep = keep
        self._at_once = at_once
        self._tables: list[pl.DataFrame] = []
        self._ids: list[pl.DataFrame] = []
        self._height = 0
        self._kept = 0

    def add(self, rows: pl.DataFrame) -> None:
        self._tables.append(rows)
        self._ids.append(rows.select("record_id", "row"))
        self._height += rows.height
        if self._at_once is not None and self._height >= self._at_once:
            self._pass_on()

    def end(self) -> None:
        if self._height or not self._kept:
            self._pass_on()

    def _pass_on(self) -> None:
        self._keep(pl.concat([self._none, *self._tables], rechunk=True))
        self._tables, self._height = [], 0
        self._kept += 1

    def record_ids(self) -> pl.DataFrame:
        return pl.concat([self._none.select("record_id", "row"), *self._ids], rechunk=True)


def _batches(file: InputFile, source: Source, wanted: Sequence[str]) -> Iterator[Batch]:
    if file.format == "csv":
        return read_csv(file, source, wanted)
    if file.format == "jsonl":
        return read_jsonl(file, source, wanted)
    return read_parquet(file, wanted)


def _no_rows(source: Source) -> pl.DataFrame:
    fields = dict.fromkeys([*source.fields, *source.constants])
    types = {field: TEXTS if field in LIST_FIELDS else TEXT for field in fields}
    return pl.DataFrame(schema={"record_id": TEXT, "row": pl.Int64(), "retained": TEXT, **types})


def _repeats(ids: pl.DataFrame, source: Source) -> list[Rejection]:
    """Return the rows whose record id came before."""
    first = ids.get_column("record_id").is_first_distinct()
    if first.all():
        return []
    kept = ids.filter(first).rename({"row": "of"})
    repeats = ids.filter(~first).join(kept, on="record_id", how="left", maintain_order="left")
    columns = source.record_id
    name = columns if isinstance(columns, str) else "-".join(columns)
    return [
        Rejection(row, f"record id repeats that of row {of}", name, value_class(record_id))
        for record_id, row, of in repeats.iter_rows()
    ]
