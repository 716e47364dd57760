"""What every kind of comparison level is: its parameters, its columns, its test."""

from __future__ import annotations

import hashlib
import json
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict, ValidationError
from splink.comparison_level_library import CustomLevel

from linker.config import LevelSettings
from linker.errors import nearest
from linker.scoring.levels.sides import Form, Sides

LEVEL_TYPES: dict[str, type[Kind]] = {}
"""Every kind by its name; a class enters itself when it is defined."""

CHEAP_NS: Final = 8.0
"""A test that costs no more than this is made at once, a dearer one only while it can matter."""
EQUALITY_NS: Final = 1.0
"""What a comparison of two numbers costs."""


class Kind(BaseModel):
    """One kind of comparison level.

    A kind states once which columns of a mention it reads and when a pair meets it: `test` is an
    expression over compiled functions. It is what the kernel runs. To Splink the kind appears as
    one of Splink's own level creators where there is one, and otherwise as a DuckDB function over
    that same test (see `linker.scoring.duckdb_functions`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: ClassVar[str]
    nanoseconds: ClassVar[float] = CHEAP_NS
    """What one test costs about, as ``python -m benchmarks.batch`` measures it."""

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 - pydantic's own
        """Enter the kind under its name."""
        super().__init_subclass__(**kwargs)
        if "name" in cls.__dict__:
            LEVEL_TYPES[cls.name] = cls

    @property
    @abstractmethod
    def takes(self) -> Mapping[str, tuple[Form, ...]]:
        """The columns of a mention that the level reads, and what each may hold."""

    @property
    @abstractmethod
    def label(self) -> str:
        """The level in words, for charts and evidence."""

    @abstractmethod
    def test(self, sides: Sides) -> str:
        """Return the level's test as a compiled expression: true where a pair meets it.

        What is missing meets no level but those that say so.
        """

    def bound(self, sides: Sides) -> str | None:  # noqa: ARG002 - most kinds have none
        """Return a cheap test that is true wherever `test` is, for a kind whose test is dear."""
        return None

    def certain(self, sides: Sides) -> str | None:  # noqa: ARG002 - most kinds have none
        """Return a cheap test that implies `test`, for a first level that is dear."""
        return None

    @property
    def likens(self) -> bool:
        """Whether unequal values may meet the level though a term frequency speaks of one value.

        So many more values are like a value than equal to it, which the level's u tells beside
        that of equality: the adjustment compares the term frequency with the latter.
        """
        return False

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns without which there is nothing to compare, of a level that says so."""
        return self.columns

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a mention that the level reads."""
        return tuple(self.takes)

    @property
    def compared(self) -> tuple[tuple[str, ...], ...]:
        """Groups of columns whose values are compared with each other's; one column needs none."""
        return ()

    @property
    def word_columns(self) -> tuple[str, ...]:
        """The list columns of whose words the test reads how common they are in the model."""
        return ()

    @property
    def in_training(self) -> Kind:
        """The kind whose shares are estimated in this one's place; itself but for few."""
        return self

    @property
    def cost(self) -> float:
        """What one test costs about, in nanoseconds."""
        return self.nanoseconds

    @property
    def function(self) -> str:
        """The name of the level's test as a DuckDB function: the same for the same parameters."""
        parameters = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return f"linker_{self.name}_{hashlib.sha256(parameters.encode()).hexdigest()[:8]}"

    @property
    def record_function(self) -> str:
        """The name of the level's test as a DuckDB function of two mentions."""
        return f"{self.function}_of_mentions"

    @property
    def dear_in_sql(self) -> bool:
        """Whether DuckDB takes longer for the level's condition than for a call of a function."""
        return bool(self.columns) and self.cost > EQUALITY_NS

    def by_record(self) -> CustomLevel:
        """Return the level as Splink's of a function of two packed mentions, for training.

        Splink leaves a comparison out of a session that holds one of its columns equal, so the
        columns are named, in conditions that are always true.
        """
        named = [f"{column}_l IS NOT DISTINCT FROM {column}_l" for column in self.columns]
        call = f"{self.record_function}(mention_l, mention_r)"
        return custom(" AND ".join([call, *named]), self.label)

    def creator(self) -> Any:  # noqa: ANN401 - Splink exports no public base class of its creators
        """Return the level as a Splink comparison level creator."""
        sides = [f"{column}_{side}" for side in ("l", "r") for column in self.columns]
        return custom(f"{self.function}({', '.join(sides)})", self.label)

    def functions(self) -> list[Kind]:
        """Return the kinds whose tests must be DuckDB functions for Splink to run this level."""
        return [self] if type(self).creator is Kind.creator else []

    def condition(self) -> str:
        """Return the level's condition as DuckDB SQL over ``<column>_l`` and ``<column>_r``."""
        return str(self.creator().create_level_dict("duckdb")["sql_condition"])


class ColumnKind(Kind):
    """A kind that reads one column."""

    column: str
    forms: ClassVar[tuple[Form, ...]] = ("text",)
    """What the column may hold."""

    @property
    def takes(self) -> Mapping[str, tuple[Form, ...]]:
        """The compared column."""
        return {self.column: self.forms}


def built(level: LevelSettings) -> Kind:
    """Return the kind of a configured level.

    Raises:
        ValueError: The kind is unknown, or a parameter is unknown, missing or out of range; one
            line that says which.
    """
    if level.kind not in LEVEL_TYPES:
        raise ValueError(f"unknown level kind {level.kind!r}{nearest(level.kind, LEVEL_TYPES)}")
    kind = LEVEL_TYPES[level.kind]
    for name in level.parameters:
        if name not in kind.model_fields:
            hint = nearest(name, kind.model_fields)
            raise ValueError(f"level {level.kind!r}: unknown parameter {name!r}{hint}")
    try:
        return kind(**level.parameters)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        message = f"{where} {first['msg'].removeprefix('Value error, ')}".strip()
        raise ValueError(f"level {level.kind!r}: {message}") from None


def custom(condition: str, label: str) -> CustomLevel:
    """Return a Splink level of a condition of ours, in DuckDB SQL."""
    return CustomLevel(condition, label_for_charts=label, base_dialect_str="duckdb")


def words(column: str) -> str:
    """Return a column's name as words: ``birth date``."""
    return column.replace("_", " ")
