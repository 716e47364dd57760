"""What every kind of comparison level is: its parameters, its columns, its condition."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError
from splink.comparison_level_library import CustomLevel

from linker.config import LevelSettings
from linker.errors import nearest

LEVEL_TYPES: dict[str, type[Kind]] = {}
"""Every kind by its name; a class enters itself when it is defined."""


class Kind(BaseModel):
    """One kind of comparison level.

    A kind states once which columns of a mention it reads and when a pair meets it. To Splink it
    appears as one of Splink's own level creators where there is one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 - pydantic's own
        """Enter the kind under its name."""
        super().__init_subclass__(**kwargs)
        if "name" in cls.__dict__:
            LEVEL_TYPES[cls.name] = cls

    @property
    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """The columns of a mention that the level reads."""

    @property
    @abstractmethod
    def label(self) -> str:
        """The level in words, for charts and evidence."""

    @abstractmethod
    def creator(self) -> Any:  # noqa: ANN401 - Splink exports no public base class of its creators
        """Return the level as a Splink comparison level creator."""

    def condition(self) -> str:
        """Return the level's condition as DuckDB SQL over ``<column>_l`` and ``<column>_r``."""
        return str(self.creator().create_level_dict("duckdb")["sql_condition"])


class ColumnKind(Kind):
    """A kind that reads one column."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The compared column."""
        return (self.column,)

    @property
    def sides(self) -> tuple[str, str]:
        """The column in SQL, of the left and of the right mention."""
        return f"{self.column}_l", f"{self.column}_r"


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
