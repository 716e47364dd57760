"""Kinds that compare names: parts in another place, lists of names, aliases."""

from __future__ import annotations

from typing import Any, ClassVar

import splink.comparison_level_library as cll
from pydantic import Field

from linker.scoring.levels.base import ColumnKind, Kind, custom, words


class Crossed(Kind):
    """One side's `column` equals the other side's `other`, in either direction."""

    name: ClassVar = "crossed"
    column: str
    other: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Both columns."""
        return (self.column, self.other)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} is the other's {words(self.other)}"

    def creator(self) -> Any:  # noqa: ANN401
        """Return a level of our own condition."""
        return custom(
            f"{self.column}_l = {self.other}_r OR {self.other}_l = {self.column}_r", self.label
        )


class Among(Kind):
    """One side's `column` is among the other side's list `list`, in either direction."""

    name: ClassVar = "among"
    column: str
    list: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The text column and the list column."""
        return (self.column, self.list)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} is among the other's {words(self.list)}"

    def creator(self) -> Any:  # noqa: ANN401
        """Return a level of our own condition."""
        return custom(
            f"list_contains({self.list}_r, {self.column}_l) "
            f"OR list_contains({self.list}_l, {self.column}_r)",
            self.label,
        )


class Overlap(ColumnKind):
    """The lists have at least `at_least` values in common."""

    name: ClassVar = "overlap"
    at_least: int = Field(default=1, ge=1)

    @property
    def label(self) -> str:
        """The level in words."""
        many = f"{self.at_least} " if self.at_least > 1 else ""
        return f"{many}{words(self.column)} in common"

    def creator(self) -> Any:  # noqa: ANN401
        """Return Splink's array intersection level."""
        return cll.ArrayIntersectLevel(self.column, min_intersection=self.at_least)


class OverlapShare(ColumnKind):
    """The lists' common values are at least `at_least` (0 to 1) of all values, or of the fewer.

    With `of` = "all" this is the Jaccard index; with "fewer" it is the overlap coefficient, which
    forgives words that one side leaves out.
    """

    name: ClassVar = "overlap_share"
    at_least: float = Field(gt=0, le=1)
    of: str = Field(default="all", pattern="^(all|fewer)$")
    common: int = Field(default=1, ge=1)
    """Least number of values in common."""

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{self.at_least:.0%} of {self.of} {words(self.column)} in common"

    def creator(self) -> Any:  # noqa: ANN401
        """Return a level of our own condition; lists hold distinct values."""
        left, right = self.sides
        both = f"len(list_intersect({left}, {right}))"
        whole = (
            f"(len({left}) + len({right}) - {both})"
            if self.of == "all"
            else f"least(len({left}), len({right}))"
        )
        return custom(
            f"{both} >= {self.common} AND {both} >= {self.at_least} * {whole}", self.label
        )


class ListAlike(ColumnKind):
    """Some value of one list is like some value of the other (Jaro-Winkler)."""

    name: ClassVar = "list_alike"
    at_least: float = Field(gt=0, lt=1)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} alike (Jaro-Winkler {self.at_least:g})"

    def creator(self) -> Any:  # noqa: ANN401
        """Return a level of our own condition.

        Splink's pairwise level is written with a lambda arrow, which DuckDB 2.0 refuses.
        """
        left, right = self.sides
        inner = f"list_transform({right}, lambda y: jaro_winkler_similarity(x, y))"
        return custom(
            f"list_max(list_transform({left}, lambda x: list_max({inner}))) >= {self.at_least}",
            self.label,
        )
