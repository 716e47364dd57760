"""Kinds that compare dates and years."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from linker.scoring.levels.base import ColumnKind, Kind, custom, words


class DayMonthSwapped(ColumnKind):
    """The same year, with day and month in each other's place."""

    name: ClassVar = "day_month_swapped"

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} with day and month swapped"

    def creator(self) -> Any:  # noqa: ANN401
        """Return a level of our own condition."""
        left, right = self.sides
        return custom(
            f"year({left}) = year({right}) AND month({left}) = day({right}) "
            f"AND day({left}) = month({right})",
            self.label,
        )


class DateKeystrokes(ColumnKind):
    """The dates written as yyyy-mm-dd are at most `at_most` keystrokes apart."""

    name: ClassVar = "date_keystrokes"
    at_most: int = Field(ge=1)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} within {self.at_most} digits"

    def creator(self) -> Any:  # noqa: ANN401
        """Return a level of our own condition: Damerau-Levenshtein over the ISO text."""
        left, right = (f"CAST({side} AS VARCHAR)" for side in self.sides)
        return custom(f"damerau_levenshtein({left}, {right}) <= {self.at_most}", self.label)


class SameMonthDay(ColumnKind):
    """Day and month are the same, whatever the year."""

    name: ClassVar = "same_month_day"

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} with the same day and month"

    def creator(self) -> Any:  # noqa: ANN401
        """Return a level of our own condition."""
        left, right = self.sides
        return custom(f"month({left}) = month({right}) AND day({left}) = day({right})", self.label)


class ImpreciseYear(Kind):
    """On at least one side only the year is known, and the years are at most `years` apart."""

    name: ClassVar = "imprecise_year"
    date: str
    year: str
    years: int = Field(default=0, ge=0)

    @property
    def columns(self) -> tuple[str, ...]:
        """The date column, null where only the year is known, and the year column."""
        return (self.date, self.year)

    @property
    def label(self) -> str:
        """The level in words."""
        margin = f" within {self.years}" if self.years else ""
        return f"only the year is known and agrees{margin}"

    def creator(self) -> Any:  # noqa: ANN401
        """Return a level of our own condition."""
        return custom(
            f"({self.date}_l IS NULL OR {self.date}_r IS NULL) "
            f"AND abs({self.year}_l - {self.year}_r) <= {self.years}",
            self.label,
        )


class NearNumber(ColumnKind):
    """The numbers are at most `at_most` apart."""

    name: ClassVar = "near_number"
    at_most: float = Field(gt=0)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} within {self.at_most:g}"

    def creator(self) -> Any:  # noqa: ANN401
        """Return a level of our own condition."""
        left, right = self.sides
        return custom(f"abs({left} - {right}) <= {self.at_most}", self.label)
