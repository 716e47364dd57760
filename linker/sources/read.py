"""A source read: its files' rows in canonical fields, and what was left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
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
class SourceRows:
    """What a source holds. Every row read is in `rows`, in `rejected` or counted in `outside`.

    Attributes:
        rows: `record_id` String, unique and never null; `row` Int64, the record's number within
            the source, from 1, across its files in sorted order; `retained` String, a JSON object
            of the retained columns, or null; and one column a mapped canonical field, String, or
            List[String] for `schemas.LIST_FIELDS`. In row order.
        rejected: `schemas.QUARANTINE`, one row a rejected row, in row order.
        total: Rows read from the files, header rows and blank lines not counted.
        outside: Rows that do not meet the source's ``where``; they are no part of it.
        as_of: When the source was drawn: as configured, or the newest file's date in UTC.
        digest: SHA-256, in hexadecimal, of the files' bytes in sorted path order.
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
        SourceError: A file is missing, empty, damaged, undecodable, or changes meanwhile; a mapped
            column is not there; a quote is left open. One line: the source, the file, the fix.
    """
    files = find_files(source, config)
    before = stamps(files)
    tables, rejected = [_no_rows(source)], []
    total = outside = 0
    wanted, names = wanted_columns(source), set[str]()
    for file in files:
        rows_before = total
        for batch in _batches(file, source, wanted):
            mapped = map_batch(batch, source, rows_before)
            tables.append(mapped.rows)
            rejected += mapped.rejected
            outside += mapped.outside
            total += batch.total
            names |= batch.names
        if total == rows_before:
            raise file.refuse("holds no rows; export it again or correct path")
    if all(file.format == "jsonl" for file in files):
        # keys come and go from line to line, so only the source as a whole can lack one
        require_columns(files[0] if len(files) == 1 else source, wanted, names)
    whole = digest(files)
    for file, then, now in zip(files, before, stamps(files), strict=True):
        if then != now:
            raise file.refuse("changed while it was read; run again when it is complete")
    rows, repeats = _without_repeats(pl.concat(tables), source)
    return SourceRows(
        rows=rows,
        rejected=rejected_table(source.name, rejected + repeats),
        total=total,
        outside=outside,
        as_of=source.as_of or max(stamp.date for stamp in before),
        digest=whole,
    )


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


def _without_repeats(rows: pl.DataFrame, source: Source) -> tuple[pl.DataFrame, list[Rejection]]:
    """Part the rows whose record id came before from those where it comes first."""
    first = rows.get_column("record_id").is_first_distinct()
    if first.all():
        return rows, []
    kept = rows.filter(first)
    repeats = (
        rows.filter(~first)
        .select("record_id", "row")
        .join(kept.select("record_id", pl.col("row").alias("of")), on="record_id", how="left")
    )
    columns = source.record_id
    name = columns if isinstance(columns, str) else "-".join(columns)
    return kept, [
        Rejection(row, f"record id repeats that of row {of}", name, value_class(record_id))
        for record_id, row, of in repeats.iter_rows()
    ]
