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
from linker.sources.delivery import Delivery, delivery
from linker.sources.files import InputFile, require_columns, stamps
from linker.sources.jsonl_file import read_jsonl
from linker.sources.mapping import map_batch, wanted_columns
from linker.sources.parquet_file import read_parquet
from linker.sources.quarantine import Rejection, rejected_table


@dataclass(frozen=True)
class SourceFacts:
    """What is told of a source besides its rows.

    Attributes:
        rejected: `schemas.QUARANTINE`, one row a rejected row, in row order.
        left_out: Numbers of rows that were passed on and are no part of the source. Of a snapshot
            those whose record id a row before them has: they are among the rejected. Of a delta
            source those that a later row of their record supersedes.
        record_ids: The record ids of the rows that remain, in row order.
        deleted: Record ids of which the last row of a delta source says that they are gone.
        superseded: How many rows of a delta source a later row of their record supersedes.
        total: Rows read from the files, header rows and blank lines not counted.
        outside: Rows that do not meet the source's ``where``; they are no part of it.
        as_of: When the source was drawn, as `Delivery` says; None where no file was read.
        digest: As in `Delivery`.
    """

    rejected: pl.DataFrame
    left_out: pl.Series
    record_ids: pl.Series
    deleted: pl.Series
    superseded: int
    total: int
    outside: int
    as_of: dt.date | None
    digest: str


@dataclass(frozen=True)
class SourceRows:
    """What a source holds.

    Every row read is in `rows` or `rejected`, or counted in `outside`, `superseded` or `deleted`.

    Attributes:
        rows: `record_id` String, unique and never null; `row` Int64, the record's number within
            the source, from 1, across its files in sorted order; `retained` String, a JSON object
            of the retained columns, or null; and one column a mapped canonical field, String, or
            List[String] for `schemas.LIST_FIELDS`. In row order.
        rejected: As in `SourceFacts`, and so are the others.
    """

    rows: pl.DataFrame
    rejected: pl.DataFrame
    deleted: pl.Series
    superseded: int
    total: int
    outside: int
    as_of: dt.date | None
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
    facts = read_chunks(source, delivery(source, config), lambda rows, _: tables.append(rows))
    whole = pl.concat(tables)
    return SourceRows(
        rows=without(whole, facts.left_out),
        rejected=facts.rejected,
        deleted=facts.deleted,
        superseded=facts.superseded,
        total=facts.total,
        outside=facts.outside,
        as_of=facts.as_of,
        digest=facts.digest,
    )


def without(rows: pl.DataFrame, left_out: pl.Series) -> pl.DataFrame:
    """Return rows but for those numbered in `left_out`."""
    if left_out.is_empty():
        return rows
    return rows.filter(~pl.col("row").is_in(left_out.implode()))


def read_chunks(
    source: Source,
    what: Delivery,
    keep: Callable[[pl.DataFrame, dt.date], None],
    at_once: int | None = None,
) -> SourceFacts:
    """Read the files of a delivery, passing their rows on chunk by chunk.

    Args:
        source: What to read and how it maps.
        what: Its files. Rows are numbered on from those of a delta source's files before.
        keep: Takes the next rows, as in `SourceRows.rows`, and when they were drawn; rows that are
            no part of the source are among them: only the end tells them all. Called at least once
            if there are files.
        at_once: How many rows a chunk has at least, but for the last one and where the day they
            were drawn changes; all unless given.

    Raises:
        SourceError: A file is empty, damaged, undecodable, or changes meanwhile; a mapped column is
            not there; a quote is left open. One line: the source, the file, the fix.
    """
    delta = source.mode == "delta"
    chunks = _Chunks(source, keep, at_once)
    rejected: list[Rejection] = []
    first = what.before.rows if delta and what.before else 0
    total, outside = first, 0
    wanted, names = wanted_columns(source), set[str]()
    for file, stamp, drawn in zip(what.files, what.stamps, what.dates(source), strict=True):
        rows_before = total
        chunks.draw(drawn)
        for batch in _batches(file, source, wanted) if stamp.size else ():
            mapped = map_batch(batch, source, rows_before)
            chunks.add(mapped.rows, mapped.deleted)
            rejected += mapped.rejected
            outside += mapped.outside
            total += batch.total
            names |= batch.names
        if total == rows_before and not delta:
            raise file.refuse("holds no rows; export it again or correct path")
    if what.files and total == first and what.before is None:
        raise what.files[0].refuse("holds no rows; export it again or correct path")
    _require_keys(source, what, names, total - first)
    chunks.end()
    for file, then, now in zip(
        what.files, what.stamps, stamps(what.files, delta=delta), strict=True
    ):
        if then != now:
            raise file.refuse("changed while it was read; run again when it is complete")
    ids = chunks.record_ids()
    if delta:
        last = ids["record_id"].is_last_distinct()
        left_out, superseded = ids.filter(~last & ~ids["deleted"])["row"], int((~last).sum())
        ids = ids.filter(last)
    else:
        repeats = _repeats(ids, source)
        rejected += repeats
        left_out = pl.Series("row", [it.row for it in repeats], dtype=pl.Int64)
        superseded, ids = 0, without(ids, left_out)
    return SourceFacts(
        rejected=rejected_table(source.name, rejected),
        left_out=left_out,
        record_ids=ids.filter(~ids["deleted"])["record_id"],
        deleted=ids.filter(ids["deleted"])["record_id"],
        superseded=superseded,
        total=total - first,
        outside=outside,
        as_of=what.as_of,
        digest=what.digest,
    )


def _require_keys(source: Source, what: Delivery, names: set[str], rows: int) -> None:
    """Refuse JSON Lines of which no record has a mapped key.

    Keys come and go from line to line, so only the source as a whole can lack one; and of a few
    changes only the record id is certain to be there.
    """
    if any(file.format != "jsonl" for file in what.files) or not rows:
        return
    if source.mode == "delta" and what.before is not None:
        wanted = source.record_id_columns
    else:
        wanted = [name for name in wanted_columns(source) if name != source.deleted]
    require_columns(what.files[0] if len(what.files) == 1 else source, wanted, names)


class _Chunks:
    """Gathers the tables of batches to chunks, and remembers their record ids."""

    def __init__(
        self,
        source: Source,
        keep: Callable[[pl.DataFrame, dt.date], None],
        at_once: int | None,
    ) -> None:
        self._none = _no_rows(source)
        self._keep = keep
        self._at_once = at_once
        self._tables: list[pl.DataFrame] = []
        self._ids: list[pl.DataFrame] = []
        self._height = 0
        self._kept = 0
        self._drawn: dt.date | None = None

    def draw(self, drawn: dt.date) -> None:
        """Take note of when the rows that come next were drawn."""
        if self._height and drawn != self._drawn:
            self._pass_on(self._drawn)
        self._drawn = drawn

    def add(self, rows: pl.DataFrame, deleted: pl.DataFrame) -> None:
        self._tables.append(rows)
        told = pl.lit(value=False).alias("deleted")
        ids = rows.select("record_id", "row", told)
        if deleted.height:
            gone = deleted.with_columns(pl.lit(value=True).alias("deleted"))
            ids = pl.concat([ids, gone]).sort("row")
        self._ids.append(ids)
        self._height += rows.height
        if self._at_once is not None and self._height >= self._at_once:
            self._pass_on(self._drawn)

    def end(self) -> None:
        if self._height or not self._kept:
            self._pass_on(self._drawn)

    def _pass_on(self, drawn: dt.date | None) -> None:
        if drawn is None:  # no file
            return
        self._keep(pl.concat([self._none, *self._tables], rechunk=True), drawn)
        self._tables, self._height = [], 0
        self._kept += 1

    def record_ids(self) -> pl.DataFrame:
        """Return ``record_id``, ``row`` and whether it is ``deleted``, in row order."""
        none = self._none.select("record_id", "row", pl.lit(value=False).alias("deleted"))
        return pl.concat([none, *self._ids], rechunk=True)


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
    kept = ids.filter(first).select("record_id", pl.col("row").alias("of"))
    repeats = ids.filter(~first).join(kept, on="record_id", how="left", maintain_order="left")
    name = "-".join(source.record_id_columns)
    return [
        Rejection(row, f"record id repeats that of row {of}", name, value_class(record_id))
        for record_id, row, of in repeats.select("record_id", "row", "of").iter_rows()
    ]
