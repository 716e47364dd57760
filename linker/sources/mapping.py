"""Source columns to canonical fields: trimmed, nulls told, values replaced, constants filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from linker.config import Source
from linker.privacy import value_class
from linker.schemas import LIST_FIELDS, TEXT, TEXTS
from linker.sources.batch import Batch
from linker.sources.quarantine import Rejection

CONTROL_CHARACTERS: Final = r"\p{Cc}"
MISSING_ID: Final = "record id is missing"
DELETED: Final = frozenset({"true", "1", "1.0", "yes", "y", "t", "x", "deleted"})
"""What a delta source's `deleted` column says of a record that is gone, in any case."""
NOT_DELETED: Final = frozenset({"", "false", "0", "0.0", "no", "n", "f"})
UNCLEAR: Final = "deleted is neither yes nor no"
_LISTED: Final = "[]"
"""Marks, in the working table, the lists of a column beside its texts (column, then the mark)."""
_PLAIN: Final = "="
"""Marks the texts; so no source column's name can be taken for another's mark, or for ``row``."""
_GONE: Final = "=gone"


@dataclass(frozen=True)
class Mapped:
    """A batch in canonical fields.

    Attributes:
        rows: The `rows` table of `linker.sources.read.SourceRows`.
        rejected: Rows that could not be read, have no record id, or do not say clearly whether
            their record is gone.
        outside: How many rows do not belong to the source.
        deleted: ``record_id`` and ``row`` of the rows that say that their record is gone.
    """

    rows: pl.DataFrame
    rejected: list[Rejection]
    outside: int
    deleted: pl.DataFrame


def wanted_columns(source: Source) -> list[str]:
    """Return every source column that the configuration names, each once."""
    fields = [name for columns in source.fields.values() for name in _listed(columns)]
    names = [*source.record_id_columns, *source.where, *fields, *source.retain]
    return list(dict.fromkeys([*names, source.deleted] if source.deleted else names))


def map_batch(batch: Batch, source: Source, rows_before: int) -> Mapped:
    """Return a batch of a file in canonical fields.

    Args:
        batch: The rows as read.
        source: Whose mapping to follow.
        rows_before: How many rows of the source come before the batch's file.
    """
    frame = _cleaned(batch)
    scalars = {name: _scalar(name, batch) for name in batch.texts.columns}
    kept = frame.filter(_belongs(source, scalars))
    scalars = {name: _nulled(scalar, source.null_values) for name, scalar in scalars.items()}
    ids = source.record_id_columns
    outputs = [
        pl.concat_str([scalars[name] for name in ids], separator="-").alias("record_id"),
        (pl.col("row") + rows_before).alias("row"),
        _retained(source.retain, scalars),
        *(
            _field(field, source, scalars, batch).alias(field)
            for field in dict.fromkeys([*source.fields, *source.constants])
        ),
    ]
    fault = pl.coalesce([pl.when(scalars[name].is_null()).then(pl.lit(name)) for name in ids])
    told = scalars[source.deleted] if source.deleted else pl.lit(None, dtype=TEXT)
    table = kept.select(*outputs, fault.alias(_PLAIN), told.fill_null("").alias(_GONE))
    named = pl.col("record_id").is_not_null()
    nameless = table.filter(~named).select("row", _PLAIN)
    gone = pl.col(_GONE).str.to_lowercase()
    unclear = table.filter(named & ~gone.is_in([*DELETED, *NOT_DELETED])).select("row", _GONE)
    unread = [
        Rejection(it.row + rows_before, it.reason, it.column, it.value_class)
        for it in batch.rejected
    ]
    unread += [Rejection(row, MISSING_ID, name, "empty") for row, name in nameless.iter_rows()]
    unread += [
        Rejection(row, UNCLEAR, source.deleted, value_class(text))
        for row, text in unclear.iter_rows()
    ]
    return Mapped(
        table.filter(named & gone.is_in(NOT_DELETED)).drop(_PLAIN, _GONE),
        unread,
        len(batch.rows) - len(kept),
        table.filter(named & gone.is_in(DELETED)).select("record_id", "row"),
    )


def _listed(columns: str | list[str]) -> list[str]:
    return [columns] if isinstance(columns, str) else columns


def _cleaned(batch: Batch) -> pl.DataFrame:
    """Return texts and lists in one table, control characters replaced by spaces, and trimmed."""
    frame = pl.DataFrame(
        [
            batch.rows.alias("row"),
            *(column.alias(column.name + _PLAIN) for column in batch.texts),
            *(column.alias(column.name + _LISTED) for column in batch.lists),
        ]
    )
    texts = [_clean(pl.col(name + _PLAIN)) for name in batch.texts.columns]
    element = _clean(pl.element())
    lists = [
        pl.col(name + _LISTED).list.eval(element.filter(element != ""))
        for name in batch.lists.columns
    ]
    return frame.with_columns(*texts, *lists)


def _clean(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(CONTROL_CHARACTERS, " ").str.strip_chars()


def _scalar(name: str, batch: Batch) -> pl.Expr:
    """Return a column as one text a row; a list's values are joined by ``; ``."""
    text = pl.col(name + _PLAIN)
    if name not in batch.lists.columns:
        return text
    return pl.coalesce(text, pl.col(name + _LISTED).list.join("; ", ignore_nulls=True))


def _nulled(text: pl.Expr, null_values: Sequence[str]) -> pl.Expr:
    nothing = {"", *(value.strip() for value in null_values)}
    return pl.when(~text.is_in(nothing)).then(text)


def _belongs(source: Source, scalars: Mapping[str, pl.Expr]) -> pl.Expr:
    tests = [pl.lit(value=True)]
    for name, value in source.where.items():
        text = scalars[name].fill_null("")
        if isinstance(value, bool):
            tests.append(text.str.to_lowercase() == str(value).lower())
        else:
            whole = isinstance(value, float) and value.is_integer()
            tests.append(text == str(int(value) if whole else value).strip())
    return pl.all_horizontal(tests)


def _retained(columns: Sequence[str], scalars: Mapping[str, pl.Expr]) -> pl.Expr:
    if not columns:
        return pl.lit(None, dtype=TEXT).alias("retained")
    record = pl.struct(scalars[name].alias(name) for name in columns)
    some = pl.any_horizontal(scalars[name].is_not_null() for name in columns)
    return pl.when(some).then(record.struct.json_encode()).alias("retained")


def _field(field: str, source: Source, scalars: Mapping[str, pl.Expr], batch: Batch) -> pl.Expr:
    columns = _listed(source.fields.get(field, []))
    values = source.values.get(field, {})
    constant = source.constants.get(field)
    if field in LIST_FIELDS:
        return _list_field(columns, source.null_values, values, constant, batch)
    if not columns:
        return pl.lit(constant, dtype=TEXT)
    text = scalars[columns[0]]
    if len(columns) > 1:
        text = pl.concat_str([scalars[name] for name in columns], separator=" ", ignore_nulls=True)
        text = _nulled(text, ())
    text = _replaced(text, values)
    return text if constant is None else text.fill_null(pl.lit(constant))


def _list_field(
    columns: Sequence[str],
    null_values: Sequence[str],
    values: Mapping[str, str],
    constant: str | None,
    batch: Batch,
) -> pl.Expr:
    nobody = pl.lit([], dtype=TEXTS)
    parts = [_values_of(name, batch).fill_null(nobody) for name in columns]
    value = _replaced(_nulled(pl.element().str.strip_chars(), null_values), values)
    found = pl.concat_list(parts or [nobody]).list.eval(value.drop_nulls())
    given = [text.strip() for text in (constant or "").replace("|", ";").split(";")]
    default = pl.lit([text for text in given if text], dtype=TEXTS)
    filled = pl.when(found.list.len() > 0).then(found).otherwise(default)
    return pl.when(filled.list.len() > 0).then(filled)


def _values_of(name: str, batch: Batch) -> pl.Expr:
    """Return a column as a list a row; a text is split at ``;`` and ``|``."""
    split = pl.col(name + _PLAIN).str.replace_all("|", ";", literal=True).str.split(";")
    return pl.coalesce(pl.col(name + _LISTED), split) if name in batch.lists.columns else split


def _replaced(text: pl.Expr, values: Mapping[str, str]) -> pl.Expr:
    """Return texts with source values replaced by canonical ones; an empty one means null."""
    if not values:
        return text
    lower = pl.Series(list(values)).str.to_lowercase().to_list()
    folded = dict(zip(reversed(lower), reversed(list(values.values())), strict=True))
    replaced = pl.coalesce(
        _looked_up(text, values), _looked_up(text.str.to_lowercase(), folded), text
    )
    return _nulled(replaced, ())


def _looked_up(text: pl.Expr, values: Mapping[str, str]) -> pl.Expr:
    return text.replace_strict(list(values), list(values.values()), default=None, return_dtype=TEXT)
