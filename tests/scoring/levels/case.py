"""A level beside what it means, and how common the words of a list are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from linker.config import LevelSettings
from linker.scoring.features.term_logs import Terms
from linker.scoring.levels import Kind, kind_of
from tests.scoring.levels.meanings import MANY, Pair

TERMS = Terms(
    {
        MANY: pl.DataFrame(
            {MANY: ["a", "ana", "maria", "mario", "漢字"], "tf": [0.5, 0.1, 0.02, 0.001, 0.03]}
        )
    },
    {MANY: 1e-4},
)
"""How common the words of a list are."""


@dataclass(frozen=True)
class Case:
    """A level, and its meaning: None where both answers are right, on the edge of rounding."""

    level: LevelSettings
    meaning: Callable[[Pair], bool | None]

    @property
    def kind(self) -> Kind:
        return kind_of(self.level, "test")

    @property
    def name(self) -> str:
        values = [str(value) for value in self.level.parameters.values()]
        return "-".join([self.level.kind, *values])


def case(meaning: Callable[[Pair], bool | None], kind: str, **parameters: Any) -> Case:
    return Case(LevelSettings(kind=kind, **parameters), meaning)
