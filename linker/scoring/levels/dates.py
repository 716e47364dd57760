"""Kinds that compare dates and years."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from linker.scoring.levels.base import Kind, custom, words


class DayMonthSwapped(Kind):
    """The same year, with day and month in each other's place."""

    name: ClassVar = "day_month_swapped"
    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The date column."""
        return (self.column,)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} with day and month swapped"

    def creator(self) -> Any:  # noqa: ANN401
        """Return a level of our own condition."""
        left, right = f"{self.column}_l", f"{self.column}_r"
        return custom(
            f"year({left}) = year({right}) AND month({left}) = day({right}) "
            f"AND day({left}) = month({right})",
            self.label,
        )


class DateKeystrokes(Kind):
    """The dates written as yyyy-mm-dd are at most `at_most` keystrokes apart."""

    name: ClassVar = "date_keystrokes"
    column: str
    at_most: int = Field(ge=1)

    @property
    def columns(self) -> tuple[str, ...]:
        """The date column."""
        return (self.column,)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} within {self.at_most} digits"

    def creator(self) -> Any:  # noqa: ANN401
        """Return a level of our own condition: Damerau-Levenshtein over the ISO text."""
        left, right = f"CAST({self.column}_l AS VARCHAR)", f"CAST({self.column}_r AS VARCHAR)"
        return custom(f"damerau_levenshtein({left}, {right}) <= {self.at_most}", self.label)


class SameMonthDay(Kind):
    """Day and month are the same, whatever the year."""

    name: ClassVar = "same_month_day"
    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The date column."""
        return (self.column,)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} with the same day and month"

    def creator(self) -> Any:  # noqa: ANN401
        """Return a level of our own condition."""
        left, right = f"{self.column}_l", f"{self.column}_r"
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


class NearNumber(Kind):
    """The numbers are at most `at_most` apart."""

    name: ClassVar = "near_number"
    column: str
    at_most: float = Field(gt=0)

    @property
    def columns(self) -> tuple[str, ...]:
        """The number column."""
        return (self.column,)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} within {self.at_most:g}"

    def creator(self) -> Any:  # noqa: ANN401
        """Return a level of our own condition."""
        return custom(f"abs({self.column}_l - {self.column}_r) <= {self.at_most}", self.label)
