"""Kinds that compare dates and years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import splink.comparison_level_library as cll
from pydantic import Field

from linker.scoring.levels.base import ColumnKind, Kind, words
from linker.scoring.levels.sides import Form, Sides

DAYS_OF_A_YEAR = 365.25
"""As Splink counts them."""


class DateKind(ColumnKind):
    """A kind that compares two dates."""

    forms: ClassVar[tuple[Form, ...]] = ("date",)
    nanoseconds: ClassVar = 2.0


class DayMonthSwapped(DateKind):
    """The same year, with day and month in each other's place."""

    name: ClassVar = "day_month_swapped"

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} with day and month swapped"

    def test(self, sides: Sides) -> str:
        """Return the test of year, month and day."""
        return f"day_month_swapped({sides.both(self.column)})"


class DateKeystrokes(DateKind):
    """The dates written as yyyy-mm-dd are at most `at_most` keystrokes apart."""

    name: ClassVar = "date_keystrokes"
    at_most: int = Field(ge=1)

    @property
    def cost(self) -> float:
        """One keystroke is told from the bits that differ; more are counted digit by digit."""
        return self.nanoseconds if self.at_most == 1 else 12.0

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} within {self.at_most} digits"

    def test(self, sides: Sides) -> str:
        """Return the test of the Damerau-Levenshtein distance over the ISO text."""
        return f"date_keystrokes_within({sides.both(self.column)}, {self.at_most})"


class SameMonthDay(DateKind):
    """Day and month are the same, whatever the year."""

    name: ClassVar = "same_month_day"

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} with the same day and month"

    def test(self, sides: Sides) -> str:
        """Return the test of month and day."""
        return f"same_month_day({sides.both(self.column)})"


class SameDay(DateKind):
    """The day of the month is the same, whatever month and year."""

    name: ClassVar = "same_day"

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} on the same day of a month"

    def test(self, sides: Sides) -> str:
        """Return the test of the day."""
        return f"same_day({sides.both(self.column)})"


class SameYear(DateKind):
    """The year is the same, whatever the day."""

    name: ClassVar = "same_year"

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} in the same year"

    def test(self, sides: Sides) -> str:
        """Return the test of the year."""
        return f"same_year({sides.both(self.column)})"


class WithinDays(DateKind):
    """The dates are at most `days` days apart."""

    name: ClassVar = "within_days"
    nanoseconds: ClassVar = 8.0
    days: int = Field(ge=1)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} within {self.days} days"

    def test(self, sides: Sides) -> str:
        """Return the test of the days between."""
        return f"within_days({sides.both(self.column)}, {float(self.days)!r})"

    def creator(self) -> Any:  # noqa: ANN401
        """Return Splink's level of a difference in days."""
        return cll.AbsoluteDateDifferenceLevel(
            self.column, input_is_string=False, threshold=self.days, metric="day"
        )


class WithinYears(DateKind):
    """The dates are at most `years` years of 365.25 days apart."""

    name: ClassVar = "within_years"
    nanoseconds: ClassVar = 8.0
    years: int = Field(ge=1)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} within {self.years} years"

    def test(self, sides: Sides) -> str:
        """Return the test of the days between."""
        return f"within_days({sides.both(self.column)}, {self.years * DAYS_OF_A_YEAR!r})"

    def creator(self) -> Any:  # noqa: ANN401
        """Return Splink's level of a difference in years."""
        return cll.AbsoluteDateDifferenceLevel(
            self.column, input_is_string=False, threshold=self.years, metric="year"
        )


class ImpreciseMonth(Kind):
    """On at least one side the day is not known, and year and month are equal."""

    name: ClassVar = "imprecise_month"
    nanoseconds: ClassVar = 2.0
    date: str
    year: str
    month: str

    @property
    def takes(self) -> Mapping[str, tuple[Form, ...]]:
        """The date column, null where the day is not known, and the columns of year and month."""
        return {self.date: ("date",), self.year: ("number",), self.month: ("number",)}

    @property
    def label(self) -> str:
        """The level in words."""
        return "the day is not known, year and month agree"

    def test(self, sides: Sides) -> str:
        """Return the test of a missing day and equal years and months."""
        same = f"{sides.same(self.year)} and {sides.same(self.month)}"
        return f"not {sides.known(self.date)} and {same}"


class ImpreciseYear(Kind):
    """On at least one side only the year is known, and the years are at most `years` apart.

    With `both`, only the year is known on both sides: who has 1 January on one paper has it on
    others. With `month`, months that are known on both sides must agree. With `margin`, the years
    may besides be as far apart as either side says that its year may be wrong.
    """

    name: ClassVar = "imprecise_year"
    nanoseconds: ClassVar = 2.0
    date: str
    year: str
    years: int = Field(default=0, ge=0)
    both: bool = False
    month: str | None = None
    margin: str | None = None

    @property
    def takes(self) -> Mapping[str, tuple[Form, ...]]:
        """The date column, null where only the year is known, and the year column."""
        more = [column for column in (self.month, self.margin) if column]
        return {self.date: ("date",), **dict.fromkeys([self.year, *more], ("number",))}

    @property
    def label(self) -> str:
        """The level in words."""
        margin = f" within {self.years}" if self.years else ""
        margin += " or as estimated" if self.margin else ""
        where = " on both sides" if self.both else ""
        return f"only the year is known{where} and agrees{margin}"

    def test(self, sides: Sides) -> str:
        """Return the test of a missing day and near years."""
        if self.margin:
            margins = sides.both(self.margin)
            near = f"near_within({sides.both(self.year)}, {self.years}, {margins})"
        else:
            near = f"near({sides.both(self.year)}, {float(self.years)!r})"
        unknown = sides.unknown(self.date) if self.both else f"not {sides.known(self.date)}"
        tests = [unknown, near]
        if self.month:
            tests.append(f"(not {sides.known(self.month)} or {sides.same(self.month)})")
        return " and ".join(tests)


class NearNumber(ColumnKind):
    """The numbers are at most `at_most` apart."""

    name: ClassVar = "near_number"
    forms: ClassVar[tuple[Form, ...]] = ("number",)
    nanoseconds: ClassVar = 1.0
    at_most: float = Field(gt=0)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} within {self.at_most:g}"

    def test(self, sides: Sides) -> str:
        """Return the test of the difference."""
        return f"near({sides.both(self.column)}, {self.at_most!r})"

    def creator(self) -> Any:  # noqa: ANN401
        """Return Splink's level of a difference."""
        return cll.AbsoluteDifferenceLevel(self.column, self.at_most)
