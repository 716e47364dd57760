"""Levels' own tests as a kernel runs them: one module for all, called on packed pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl

from linker.schemas import PERSON
from linker.scoring.duckdb_functions import NOWHERE, packed_values
from linker.scoring.features.layout import Layout, layout_of
from linker.scoring.features.pack import pack_frame
from linker.scoring.kernel.build import build
from linker.scoring.kernel.source import tests_source
from linker.scoring.levels import Kind
from linker.scoring.levels.sides import Sides
from tests.scoring.levels.case import TERMS
from tests.scoring.levels.meanings import COLUMNS, Pair


class Bound:
    """A kind's bound in the place of its test."""

    def __init__(self, kind: Kind) -> None:
        self.function = f"bound_{kind.function}"
        self._kind = kind

    def test(self, sides: Sides) -> str:
        return self._kind.bound(sides) or "True"


@dataclass(frozen=True)
class CompiledTests:
    """Compiled tests of some kinds, and of the bounds of those that have one."""

    kinds: Sequence[Kind]

    @cached_property
    def layout(self) -> Layout:
        return layout_of(self.kinds, PERSON, more=COLUMNS)

    @cached_property
    def bounds(self) -> dict[str, Bound]:
        """Kind's function: its bound."""
        sides = self.layout.sides
        return {kind.function: Bound(kind) for kind in self.kinds if kind.bound(sides)}

    @cached_property
    def module(self) -> ModuleType:
        tested: list[Any] = [*self.kinds, *self.bounds.values()]

        def try_out(module: ModuleType) -> None:
            none = np.empty(0, np.int64)
            for kind in tested:
                test = getattr(module, kind.function)
                test(*NOWHERE, none, none, np.empty(0, np.bool_))

        return build(tests_source([(kind, self.layout) for kind in tested]), try_out)

    def met(self, pairs: Sequence[Pair], functions: Sequence[str]) -> dict[str, list[bool]]:
        """By function, whether each pair meets it."""
        features = pack_frame(frame(pairs), self.layout)
        columns = sorted({column for kind in self.kinds for column in kind.word_columns})
        arrays = packed_values(features, TERMS, columns)
        places = [array.ctypes.data for array in arrays]
        left = np.arange(len(pairs), dtype=np.int64)
        found = {}
        for function in functions:
            met = np.zeros(len(pairs), np.bool_)
            getattr(self.module, function)(*places, left, left + len(pairs), met)
            found[function] = met.tolist()
        return found


def frame(pairs: Sequence[Pair]) -> pl.DataFrame:
    """The left records, and then the right ones; what a pair does not name is missing."""
    rows: list[Mapping[str, Any]] = [
        {column: values[side] for column, values in pair.items()}
        for side in (0, 1)
        for pair in pairs
    ]
    schema = {column: PERSON[column] for column in COLUMNS}
    return pl.DataFrame([{**dict.fromkeys(COLUMNS), **row} for row in rows], schema=schema)
