"""Tests of levels as DuckDB functions, for Splink: the kernel's own, of values or of records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from inspect import Parameter, Signature
from types import ModuleType
from typing import Any, Final, NamedTuple

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType

from linker.model import TrainedComparison
from linker.schemas import MENTIONS, EntityType
from linker.scoring.features.layout import Layout, form_of, layout_of
from linker.scoring.features.pack import Bytes, Features, Int32s, Int64s, Rows, pack, pack_frame
from linker.scoring.features.term_logs import Terms, word_logs, word_starts
from linker.scoring.kernel.build import build
from linker.scoring.kernel.drive import Floats
from linker.scoring.kernel.source import TEST_ADDRESSES, tests_source
from linker.scoring.levels import Kind, kind_of

_SQL_TYPES: Mapping[str, str] = {
    "text": "VARCHAR",
    "list": "VARCHAR[]",
    "date": "DATE",
    "number": "INTEGER",
}


NO_TERMS: Final = Terms()
"""The term frequencies of a model that compares no words by how common they are."""

NOWHERE: Final = (0,) * len(TEST_ADDRESSES.split(","))
"""Addresses for a test of no pairs."""


class PackedValues(NamedTuple):
    """What a single test reads, in the order in which it takes the addresses."""

    rows: Rows
    data: Bytes
    ends: Int64s
    lists: Int32s
    logs: Floats
    word_starts: Int64s


def functions_needed(comparisons: Sequence[TrainedComparison]) -> list[Kind]:
    """Return the kinds of some comparisons whose tests must be DuckDB functions, each once."""
    kinds = [
        kind
        for comparison in comparisons
        for level in comparison.levels
        for kind in kind_of(level.level, comparison.name).functions()
    ]
    return list({kind.function: kind for kind in kinds}.values())


@contextmanager
def level_functions(
    connection: duckdb.DuckDBPyConnection,
    comparisons: Sequence[TrainedComparison],
    entity_type: EntityType,
    terms: Terms = NO_TERMS,
) -> Iterator[None]:
    """Give a connection the functions that the comparisons' conditions call, for a while.

    They take the compared values, so they serve any table: what plain Splink needs to run the
    comparisons. Values are packed anew in every call.

    Args:
        connection: Where Splink works.
        comparisons: Trained or not.
        entity_type: Whose mentions they compare.
        terms: The term frequencies of words that levels compare by how common they are.
    """
    schema = MENTIONS[entity_type]
    kinds = [(kind, layout_of([kind], schema)) for kind in functions_needed(comparisons)]
    module = _compiled(kinds)
    functions = {}
    for kind, layout in kinds:
        types = [_SQL_TYPES[form_of(schema[column])] for column in kind.columns]
        test = getattr(module, kind.function)
        functions[kind.function] = (_over_values(test, kind, layout, terms), [*types, *types])
    with _registered(connection, functions):
        yield


@contextmanager
def record_functions(
    connection: duckdb.DuckDBPyConnection,
    comparisons: Sequence[TrainedComparison],
    entity_type: EntityType,
    mentions: pl.DataFrame,
    terms: Terms = NO_TERMS,
) -> Iterator[None]:
    """Give a connection the tests of dear levels as functions of two mentions, for a while.

    The mentions are packed once, so that a call costs little more than the test itself: what
    training needs. See `Kind.by_record`.

    Args:
        connection: Where Splink works.
        comparisons: Trained or not.
        entity_type: Whose mentions they compare.
        mentions: The mentions, numbered from 0 in their order.
        terms: The term frequencies of words that levels compare by how common they are.
    """
    every = [
        kind_of(level.level, comparison.name)
        for comparison in comparisons
        for level in comparison.levels
    ]
    dear = list({kind.function: kind for kind in every if kind.dear_in_sql}.values())
    layout = layout_of(dear, MENTIONS[entity_type])
    module = _compiled([(kind, layout) for kind in dear])
    functions = {}
    if dear:
        columns = sorted({column for kind in dear for column in kind.word_columns})
        packed = packed_values(pack_frame(mentions, layout), terms, columns)
    for kind in dear:
        call = _over_records(getattr(module, kind.function), packed)
        functions[kind.record_function] = (call, ["BIGINT", "BIGINT"])
    with _registered(connection, functions):
        yield


@contextmanager
def _registered(
    connection: duckdb.DuckDBPyConnection,
    functions: Mapping[str, tuple[Callable[..., pa.Array], list[str]]],
) -> Iterator[None]:
    """Register functions by name, each with the types it takes; they give whether a pair meets."""
    try:
        for name, (call, types) in functions.items():
            connection.create_function(
                name,
                call,
                types,  # type: ignore[arg-type] # names of types are taken as well
                "BOOLEAN",
                type=PythonUDFType.ARROW,
                null_handling=FunctionNullHandling.SPECIAL,
            )
        yield
    finally:
        for name in functions:
            with suppress(duckdb.Error):
                connection.remove_function(name)


def _compiled(kinds: Sequence[tuple[Kind, Layout]]) -> ModuleType | None:
    """Return the module of the tests of some kinds."""

    def try_out(module: ModuleType) -> None:
        nothing = np.empty(0, dtype=np.int64)
        for kind, _ in kinds:
            test = getattr(module, kind.function)
            test(*NOWHERE, nothing, nothing, np.empty(0, dtype=np.bool_))

    return build(tests_source(kinds), try_out) if kinds else None


def packed_values(features: Features, terms: Terms, columns: Sequence[str]) -> PackedValues:
    """Return packed mentions as single tests take them.

    Args:
        features: The packed mentions.
        terms: The term frequencies of words.
        columns: The list columns of whose words the tests read how common they are.
    """
    logs = word_logs(features, terms, columns)
    starts = word_starts(features.layout, logs.starts, columns)
    return PackedValues(
        features.rows, features.data, features.ends, features.lists, logs.values, starts
    )


def _over_values(
    test: Callable[..., None], kind: Kind, layout: Layout, terms: Terms
) -> Callable[..., pa.Array]:
    """Return a function of the left values, then the right ones.

    It takes twice so many arguments as the level has columns; DuckDB looks at its signature.
    """
    half = len(kind.columns)

    def call(*columns: Any) -> pa.Array:  # noqa: ANN401 - arrays or chunked arrays of Arrow
        mentions = {
            name: _together(columns[place], columns[half + place])
            for place, name in enumerate(kind.columns)
        }
        count = len(columns[0])
        left = np.arange(count, dtype=np.int64)
        packed = packed_values(pack(mentions.__getitem__, layout), terms, kind.word_columns)
        return _met(test, packed, left, left + count)

    names = [f"value_{place}" for place in range(2 * half)]
    parameters = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in names]
    call.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    return call


def _over_records(test: Callable[..., None], packed: PackedValues) -> Callable[..., pa.Array]:
    """Return a function of the left and the right record."""

    def call(left: pa.Array, right: pa.Array) -> pa.Array:
        return _met(test, packed, np.array(left), np.array(right))

    return call


def _met(test: Callable[..., None], packed: PackedValues, left: Int64s, right: Int64s) -> pa.Array:
    """Return whether each pair of packed records meets a test."""
    met = np.empty(len(left), dtype=np.bool_)
    test(*(array.ctypes.data for array in packed), left, right, met)
    return pa.array(met)


def _together(left: pa.Array, right: pa.Array) -> pa.Array:
    parts: list[pa.Array] = []
    for side in (left, right):
        parts += side.chunks if isinstance(side, pa.ChunkedArray) else [side]
    return pa.concat_arrays(parts)
