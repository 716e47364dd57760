"""A file of targets: each row a question, in the words of the sources' files or of the command."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from linker.config import Source
from linker.errors import UsageError, nearest
from linker.lookup.query import FIELDS
from linker.schemas import LIST_FIELDS, EntityType
from linker.sources.batch import Batch
from linker.sources.csv_file import read_csv
from linker.sources.encoding import find_encoding, open_lines
from linker.sources.files import FORMATS, Format, InputFile, require_columns, stamps
from linker.sources.jsonl_file import read_jsonl
from linker.sources.mapping import map_batch, wanted_columns
from linker.sources.parquet_file import read_parquet

_SOURCE: Final = "targets"
_ROW: Final = "\x1arow"
"""The column of row numbers that is put beside those of the file, whose name no file gives."""
_ID: Final = "id"
_OTHER_NAMES: Final[Mapping[str, Mapping[EntityType, str]]] = {
    "name": {"person": "full_name", "organization": "name"},
    "alias": {"person": "aliases", "organization": "aliases"},
    "phone": {"person": "phones", "organization": "phones"},
    "email": {"person": "emails", "organization": "emails"},
    "plate": {"person": "plates"},
    "principal": {"organization": "principals"},
}
"""What the options of a single lookup call fields."""


@dataclass(frozen=True)
class TargetFile:
    """Which file holds targets, and what its columns are.

    Attributes:
        path: CSV, Parquet or JSON Lines, plain or gzip.
        entity_type: What the targets are.
        named: Column: the field it holds, where its name does not tell.
        ignored: Columns that are passed over.
        id_column: The column that names each target; one called ``id``, if there is one, unless
            given.
    """

    path: Path
    entity_type: EntityType
    named: Mapping[str, str] = field(default_factory=dict)
    ignored: Sequence[str] = ()
    id_column: str | None = None


@dataclass(frozen=True)
class Target:
    """A row of a file of targets.

    Attributes:
        row: Its number, from 1; the header and blank lines are not counted.
        name: What names the target: its id, or the row's number.
        fields: Canonical fields and their values.
        unread: Why the row could not be read; None where it could.
    """

    row: int
    name: str
    fields: Mapping[str, str | list[str]]
    unread: str | None = None


@dataclass(frozen=True)
class Columns:
    """What the columns of a file of targets are.

    Attributes:
        fields: Field: its columns; several only of a field that holds several values.
        id: The column that names a target.
        ignored: The columns that are passed over.
    """

    fields: Mapping[str, list[str]]
    id: str | None
    ignored: tuple[str, ...]


def read_targets(of: TargetFile) -> Iterator[Target]:
    """Read a file of targets, row by row.

    A row that cannot be read is among them, with the reason.

    Args:
        of: The file.

    Yields:
        The targets, in the order of their rows.

    Raises:
        SourceError: The file cannot be read or decoded, holds no rows, or a quote is left open.
        UsageError: A column is no field, or two columns are the same one.
    """
    file = _file(of)
    columns = _columns_of(of, file)
    source = _source(of, columns.fields, columns.id)
    wanted = [name for name in wanted_columns(source) if name != _ROW]
    found = False
    for batch in _batches(file, source, wanted):
        for target in _targets(batch, source, columns.id):
            found = True
            yield target
    if not found:
        raise file.refuse("holds no rows")


def columns_of(of: TargetFile) -> Columns:
    """Return what the columns of a file of targets are.

    Raises:
        SourceError: The file cannot be read.
        UsageError: A column is no field, or two columns are the same one.
    """
    return _columns_of(of, _file(of))


def _file(of: TargetFile) -> InputFile:
    suffixes = [suffix.lower() for suffix in of.path.suffixes if suffix.lower() != ".gz"]
    form = FORMATS.get(suffixes[-1]) if suffixes else None
    if form is None:
        raise UsageError(
            f"{of.path}: name a file that ends in .csv, .tsv, .txt, .parquet or .jsonl"
        )
    if of.path.is_dir():
        raise UsageError(f"{of.path}: is a directory; name a file")
    if not of.path.exists():
        raise UsageError(f"{of.path}: no such file")
    file = InputFile(_SOURCE, str(of.path), of.path, form)
    stamps([file])
    return file


def _source(of: TargetFile, fields: Mapping[str, list[str]], retained: str | None) -> Source:
    """Return the file as a source of which every row is a record."""
    return Source(
        name=_SOURCE,
        path=str(of.path),
        kind="other",
        entity=of.entity_type,
        record_id=_ROW,
        fields=dict(fields),
        retain=[retained] if retained else [],
    )


def _columns_of(of: TargetFile, file: InputFile) -> Columns:
    names = _names(of, file)
    if not names:
        raise file.refuse("holds no rows")
    asked = [*of.named, *of.ignored, *([of.id_column] if of.id_column else [])]
    require_columns(file, asked, names)
    return _assigned(of, file.format, names)


def _names(of: TargetFile, file: InputFile) -> list[str]:
    """Return the names of a file's columns: of JSON Lines the keys of all its objects."""
    if file.format == "parquet":
        try:
            return [str(name) for name in pq.read_schema(file.path).names]
        except (pa.ArrowException, OSError, ValueError, OverflowError, KeyError, MemoryError):
            raise file.refuse(
                "damaged or cut short, or no Parquet that can be read here; fetch or write it again"
            ) from None
    if file.format == "csv":
        bare = _source(of, {FIELDS[of.entity_type][0]: [_ROW]}, None)  # what is mapped is not known
        return sorted(next((batch.names for batch in read_csv(file, bare, [])), frozenset()))
    names: set[str] = set()
    with open_lines(file, find_encoding(file, None), newline="\n") as lines:
        for line in lines:
            with suppress(ValueError, RecursionError):  # such a line is told of when it is read
                item = json.loads(line)
                names |= item.keys() if isinstance(item, dict) else set()
    return sorted(names)


def _assigned(of: TargetFile, form: Format, names: Sequence[str]) -> Columns:
    """Return what each column is; refuse those that are nothing."""
    valid = FIELDS[of.entity_type]
    for column, wanted in of.named.items():
        if _field_of(wanted, of.entity_type) is None:
            hint = nearest(_plain(wanted), valid)
            raise UsageError(f"--map {column}={wanted}: a target has no such field{hint}")
    named = {column: _field_of(wanted, of.entity_type) for column, wanted in of.named.items()}
    by_name = {name: _field_of(name, of.entity_type) for name in names if name not in named}
    of_id = of.id_column or next((name for name in names if _plain(name) == _ID), None)
    fields: dict[str, list[str]] = {}
    unknown = []
    for name in names:
        if name in of.ignored or (name == of_id and name not in named):
            continue
        told = named.get(name) or by_name.get(name)
        if told is None:
            unknown.append(name)
        else:
            fields.setdefault(told, []).append(name)
    if unknown:
        raise _unknown(of, form, unknown, headed=bool(fields) or of_id is not None)
    for told, columns in fields.items():
        if len(columns) > 1 and told not in LIST_FIELDS:
            raise UsageError(
                f"{of.path}: the columns {columns[0]!r} and {columns[1]!r} are both "
                f"{told.replace('_', ' ')}; leave one out with --ignore"
            )
    if not fields:
        raise UsageError(f"{of.path}: no column of it is a field; name them with --map")
    return Columns(fields, of_id, tuple(of.ignored))


def _unknown(of: TargetFile, form: Format, unknown: Sequence[str], *, headed: bool) -> UsageError:
    """Return the error that names the columns that are no field.

    Where no name is one, those of a delimited file may be data, and are not shown.
    """
    valid = [*FIELDS[of.entity_type], *_OTHER_NAMES]
    if not headed and form == "csv":
        return UsageError(
            f"{of.path}: no name in its first row is a field: is there a header row? Name fields "
            "such as full_name or birth_date there"
        )
    first = unknown[0]
    more = f" (nor {len(unknown) - 1} more)" if len(unknown) > 1 else ""
    return UsageError(
        f"{of.path}: the column {first!r} is no field of a target{more}"
        f"{nearest(_plain(first), valid)}; give --map {first}=FIELD, or --ignore {first}"
    )


def _field_of(name: str, entity_type: EntityType) -> str | None:
    """Return the field that a column's name tells, None where it tells none."""
    plain = _plain(name)
    other = _OTHER_NAMES.get(plain, {}).get(entity_type)
    return other or (plain if plain in FIELDS[entity_type] else None)


def _plain(name: str) -> str:
    return "_".join(name.strip().lower().replace("-", " ").replace("_", " ").split())


def _batches(file: InputFile, source: Source, wanted: Sequence[str]) -> Iterator[Batch]:
    if file.format == "csv":
        return read_csv(file, source, wanted)
    if file.format == "jsonl":
        return read_jsonl(file, source, wanted)
    return read_parquet(file, wanted)


def _targets(batch: Batch, source: Source, id_column: str | None) -> Iterator[Target]:
    """Return the targets of a batch, those that could not be read among them."""
    numbered = batch.texts.with_columns(batch.rows.cast(pl.String).alias(_ROW))
    mapped = map_batch(Batch(batch.rows, numbered, batch.lists, batch.rejected), source, 0)
    read: dict[int, Target] = {
        rejection.row: Target(rejection.row, str(rejection.row), {}, rejection.reason)
        for rejection in mapped.rejected
    }
    for row in mapped.rows.iter_rows(named=True):
        number = row["row"]
        told: Mapping[str, Any] = json.loads(row["retained"] or "{}")
        name = told.get(id_column) if id_column else None
        fields = {key: value for key in source.fields if (value := row[key])}
        read[number] = Target(number, name or str(number), fields)
    return iter([read[number] for number in sorted(read)])
