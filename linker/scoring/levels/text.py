"""Kinds that compare texts: equality, edit distances, initials, prefixes."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import splink.comparison_level_library as cll
from pydantic import Field, model_validator

from linker.scoring.levels.base import ColumnKind, Kind, custom, words


class Exact(Kind):
    """The column is equal on both sides; with `columns_all`, each of several columns is."""

    name: ClassVar = "exact"
    column: str | None = None
    columns_all: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_columns(self) -> Self:
        if bool(self.column) == bool(self.columns_all):
            raise ValueError("give either column or columns_all")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The compared columns."""
        return (self.column,) if self.column else self.columns_all

    @property
    def label(self) -> str:
        """The level in words."""
        return f"same {' and '.join(words(column) for column in self.columns)}"

    def creator(self) -> Any:  # noqa: ANN401
        """Return Splink's exact match level, or a conjunction of them."""
        levels = [cll.ExactMatchLevel(column) for column in self.columns]
        return levels[0] if len(levels) == 1 else cll.And(*levels)


class JaroWinkler(ColumnKind):
    """Jaro-Winkler similarity of the column is at least `at_least` (0 to 1)."""

    name: ClassVar = "jaro_winkler"
    at_least: float = Field(gt=0, lt=1)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} alike (Jaro-Winkler {self.at_least:g})"

    def creator(self) -> Any:  # noqa: ANN401
        """Return Splink's Jaro-Winkler level."""
        return cll.JaroWinklerLevel(self.column, self.at_least)


class Levenshtein(ColumnKind):
    """Levenshtein distance of the column is at most `at_most`."""

    name: ClassVar = "levenshtein"
    at_most: int = Field(ge=1)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} within {self.at_most} letters"

    def creator(self) -> Any:  # noqa: ANN401
        """Return Splink's Levenshtein level."""
        return cll.LevenshteinLevel(self.column, self.at_most)


class DamerauLevenshtein(ColumnKind):
    """Damerau-Levenshtein distance of the column is at most `at_most`; a swap counts once."""

    name: ClassVar = "damerau_levenshtein"
    at_most: int = Field(ge=1)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} within {self.at_most} keystrokes"

    def creator(self) -> Any:  # noqa: ANN401
        """Return Splink's Damerau-Levenshtein level."""
        return cll.DamerauLevenshteinLevel(self.column, self.at_most)


class Initial(ColumnKind):
    """One side is a single letter, the first letter of the other side."""

    name: ClassVar = "initial"

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} is the other's initial"

    def creator(self) -> Any:  # noqa: ANN401
        """Return a level of our own condition."""
        left, right = self.sides
        return custom(
            f"(length({left}) = 1 OR length({right}) = 1) AND left({left}, 1) = left({right}, 1)",
            self.label,
        )


class Prefix(ColumnKind):
    """The first `length` letters of the column are equal, and both sides have as many."""

    name: ClassVar = "prefix"
    length: int = Field(ge=1)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} begins with the same {self.length} letters"

    def creator(self) -> Any:  # noqa: ANN401
        """Return a level of our own condition."""
        left, right = self.sides
        return custom(
            f"length({left}) >= {self.length} "
            f"AND left({left}, {self.length}) = left({right}, {self.length})",
            self.label,
        )
