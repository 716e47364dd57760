"""Kinds that every comparison has: nothing to compare, everything else, several at once."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

import splink.comparison_level_library as cll
from pydantic import Field, model_validator

from linker.config import LevelSettings
from linker.config.levels import ELSE_KIND
from linker.scoring.levels.base import Kind, built, custom, words


class _NothingToCompare(Kind):
    """Columns are missing on either side, so that nothing can be compared."""

    of: tuple[str, ...] = Field(min_length=1)

    joined_by: ClassVar[Literal["or", "and"]]
    """Whether any of the columns is enough to be missing, or all must be."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that may be missing."""
        return self.of

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{f' {self.joined_by} '.join(words(column) for column in self.of)} missing"

    def creator(self) -> Any:  # noqa: ANN401
        """Return Splink's null level, or several joined."""
        levels = [cll.NullLevel(column) for column in self.of]
        joined = cll.Or if self.joined_by == "or" else cll.And
        level = levels[0] if len(levels) == 1 else joined(*levels)
        return level.configure(is_null_level=True)


class Missing(_NothingToCompare):
    """At least one of the columns is missing on either side: nothing can be compared."""

    name: ClassVar = "missing"
    joined_by: ClassVar = "or"


class MissingAll(_NothingToCompare):
    """None of the columns is known on both sides: nothing can be compared."""

    name: ClassVar = "missing_all"
    joined_by: ClassVar = "and"


class AllOf(Kind):
    """Every one of several levels holds."""

    name: ClassVar = "all_of"
    levels: tuple[LevelSettings, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _parts_have_conditions(self) -> Self:
        for level in self.levels:
            if level.is_missing or level.kind == ELSE_KIND:
                raise ValueError(
                    f"kind {level.kind!r} has no condition that could hold with others"
                )
        self.parts()
        return self

    def parts(self) -> list[Kind]:
        """Return the levels that must hold."""
        return [built(level) for level in self.levels]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of all levels, each once."""
        return tuple(dict.fromkeys(column for part in self.parts() for column in part.columns))

    @property
    def label(self) -> str:
        """The level in words."""
        return " and ".join(part.label for part in self.parts())

    def creator(self) -> Any:  # noqa: ANN401
        """Return a level of the conjunction."""
        conditions = [f"({part.condition()})" for part in self.parts()]
        return custom(" AND ".join(conditions), self.label)


class Else(Kind):
    """Whatever met no level above."""

    name: ClassVar = "else"
    differs: str = "differs"

    @property
    def columns(self) -> tuple[str, ...]:
        """None."""
        return ()

    @property
    def label(self) -> str:
        """The level in words."""
        return self.differs

    def creator(self) -> Any:  # noqa: ANN401
        """Return Splink's else level."""
        return cll.ElseLevel()
