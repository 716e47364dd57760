"""What a whole column tells about how its values are written, and a single value cannot.

Whether 3/4/1970 is in March or in April, and whether M is a man or a woman, is decided by all the
values of a source's column, however many chunks, and nights, the source comes in. What they tell is
kept as counts, which add up and hold nobody's date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from linker.config.settings import Source
from linker.schemas import CONTEXT, DATE
from linker.standardise.attributes import is_spanish_sex_column
from linker.standardise.dates import day_place, pattern_is_day_first

DATE_FIELDS: Final = (
    *("birth_date", "observed_on"),
    *(name for name, dtype in CONTEXT.items() if dtype == DATE),
)
_MAY_TELL: Final = r"^\s*(?:[0-9]{1,2}[/.\- ]|[0-9]{8})"
"""How a date begins that may tell where its day is; it spares the others a closer look."""


@dataclass(frozen=True)
class Habits:
    """How one source writes.

    Attributes:
        day_first: The date fields whose columns write the day before the month.
        spanish_sex: Whether M stands for "mujer".
    """

    day_first: frozenset[str] = frozenset()
    spanish_sex: bool = False


@dataclass(frozen=True)
class Telling:
    """What values tell of how they are written.

    Attributes:
        days: By date field, how many dates can only have the day first, and how many only second.
        spanish_sex: Whether a sex was "H", "hombre" or "mujer".
    """

    days: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    spanish_sex: bool = False


def telling(rows: pl.DataFrame, source: Source) -> Telling:
    """Return what some rows tell of how their source writes.

    Args:
        rows: Raw rows of the source: its mapped fields as columns.
        source: Gives the dates whose format is known, of which no value need be seen.
    """
    days = {
        name: _days(rows[name])
        for name in DATE_FIELDS
        if name in rows.columns and name not in source.formats
    }
    sexes = rows["sex"].drop_nulls().unique().to_list() if "sex" in rows.columns else []
    return Telling(days, is_spanish_sex_column(sexes))


def _days(texts: pl.Series) -> tuple[int, int]:
    counts = texts.filter(texts.str.contains(_MAY_TELL)).value_counts(name="rows")
    places = [(day_place(text), rows) for text, rows in counts.iter_rows()]
    first, second = (sum(rows for place, rows in places if place == wanted) for wanted in (1, 2))
    return first, second


def told_together(parts: Iterable[Telling]) -> Telling:
    """Return what several parts of a source tell together."""
    days: dict[str, tuple[int, int]] = {}
    spanish = False
    for part in parts:
        for name, (first, second) in part.days.items():
            before = days.get(name, (0, 0))
            days[name] = (before[0] + first, before[1] + second)
        spanish = spanish or part.spanish_sex
    return Telling(days, spanish)


def habits(told: Telling, source: Source) -> Habits:
    """Return how a source writes.

    The larger number of dates decides (one mistyped date must not turn a whole column round), and
    the month comes first where nothing speaks.

    Args:
        told: What its values tell.
        source: Its configuration: a format given there decides by itself.
    """
    given = source.formats.items()
    known = {name for name, pattern in given if pattern_is_day_first(pattern)}
    found = {
        name
        for name, (first, second) in told.days.items()
        if first > second and name not in source.formats
    }
    return Habits(frozenset(known | found), told.spanish_sex)
