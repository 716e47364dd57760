"""Tests of levels as DuckDB functions, for Splink: the kernel's own, of values or of records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from inspect import Parameter, Signature
from types import ModuleType
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType

from linker.errors import LinkerError
from linker.model import TrainedComparison
from linker.schemas import MENTIONS, EntityType
from linker.scoring.features.layout import Layout, form_of, layout_of
from linker.scoring.features.pack import Features, Int64s, pack, pack_frame
from linker.scoring.kernel.build import build
from linker.scoring.kernel.source import tests_source
from linker.scoring.levels import Kind, kind_of

_SQL_TYPES: Mapping[str, str] = {
    "text": "VARCHAR",
    "list": "VARCHAR[]",
    "date": "DATE",
    "number": "INTEGER",
}


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
) -> Iterator[None]:
    """Give a connection the functions that the comparisons' conditions call, for a while.

    They take the compared values, so they serve any table: what plain Splink needs to run the
    comparisons. Values are packed anew in every call.

    Args:
        connection: Where Splink works.
        comparisons: Trained or not.
        entity_type: Whose mentions they compare.
    """
    schema = MENTIONS[entity_type]
    kinds = [(kind, layout_of([kind], schema)) for kind in functions_needed(comparisons)]
    module = _compiled(kinds)
    functions = {}
    for kind, layout in kinds:
        types = [_SQL_TYPES[form_of(schema[column])] for column in kind.columns]
        test = getattr(module, kind.function)
        functions[kind.function] = (_over_values(test, kind, layout), [*types, *types])
    with _registered(connection, functions):
        yield


@contextmanager
def record_functions(
    connection: duckdb.DuckDBPyConnection,
    comparisons: Sequence[TrainedComparison],
    entity_type: EntityType,
    mentions: pl.DataFrame,
) -> Iterator[None]:
    """Give a connection the tests of dear levels as functions of two mentions, for a while.

    The mentions are packed once, so that a call costs little more than the test itself: what
    training needs. See `Kind.by_record`.

    Args:
        connection: Where Splink works.
        comparisons: Trained or not.
        entity_type: Whose mentions they compare.
        mentions: The mentions, numbered from 0 in their order.
    """
    every = [
        kind_of(level.level, comparison.name)
        for comparison in comparisons
        for level in comparison.levels
    ]
    dear = list({kind.function: kind for kind in every if kind.dear_in_sql}.values())
    layout = layout_of(dear, MENTIONS[entity_type])
    module = _compiled([(kind, layout) for kind in dear])
    features = pack_frame(mentions, layout) if dear else None
    functions = {}
    for kind in dear:
        call = _over_records(getattr(module, kind.function), features)
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
            test(0, 0, 0, 0, nothing, nothing, np.empty(0, dtype=np.bool_))

    return build(tests_source(kinds), try_out) if kinds else None


def _over_values(test: Callable[..., None], kind: Kind, layout: Layout) -> Callable[..., pa.Array]:
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
        return _met(test, pack(mentions.__getitem__, layout), left, left + count)

    names = [f"value_{place}" for place in range(2 * half)]
    parameters = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in names]
    call.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    return call


def _over_records(test: Callable[..., None], features: Features | None) -> Callable[..., pa.Array]:
    """Return a function of the left and the right record."""

    def call(left: pa.Array, right: pa.Array) -> pa.Array:
        return _met(test, features, np.array(left), np.array(right))

    return call


def _met(
    test: Callable[..., None], features: Features | None, left: Int64s, right: Int64s
) -> pa.Array:
    """Return whether each pair of packed records meets a test."""
    if features is None:
        raise LinkerError("a level was compared without features: a defect of linker")
    met = np.empty(len(left), dtype=np.bool_)
    arrays = (features.rows, features.data, features.ends, features.lists)
    test(*(array.ctypes.data for array in arrays), left, right, met)
    return pa.array(met)


def _together(left: pa.Array, right: pa.Array) -> pa.Array:
    parts: list[pa.Array] = []
    for side in (left, right):
        parts += side.chunks if isinstance(side, pa.ChunkedArray) else [side]
    return pa.concat_arrays(parts)
