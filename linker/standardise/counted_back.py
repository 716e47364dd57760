"""What a value means only by the day its source was drawn: an age, a year of two digits.

A record whose file is drawn anew each night is the same record as long as these mean the same.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import polars as pl

from linker.config.settings import Source
from linker.standardise.habits import DATE_FIELDS
from linker.standardise.reading import date_reader, says_no_date
from linker.standardise.uniques import map_uniques

_WHOLE_YEAR: Final = r"^[^:]*[0-9]{4}"
"""A date with four digits in a row, before any time of day, has a whole year."""
_BOTH: Final = 10**8
"""Two dates of eight digits make one number."""


def counted_back(rows: pl.DataFrame, source: Source, as_of: dt.date) -> dict[str, pl.Series]:
    """Return by field what its values mean where that depends on the day the source was drawn.

    Args:
        rows: Raw rows of the source: its mapped fields as columns.
        source: Its configuration.
        as_of: When it was drawn.

    Returns:
        Whole numbers, Int64, that differ where the meaning does, null for rows whose value depends
        on nothing; fields with such rows only.
    """
    found = {
        name: _short_years(rows[name], source.formats.get(name), as_of)
        for name in DATE_FIELDS
        if name in rows.columns
    }
    if "age" in rows.columns:
        found["age"] = _years_drawn(rows, source, as_of)
    return {name: numbers for name, numbers in found.items() if numbers.null_count() < rows.height}


def _short_years(texts: pl.Series, pattern: str | None, as_of: dt.date) -> pl.Series:
    """Return how dates with a year of two digits are read, the day first and the month first."""
    orders = [date_reader(pattern, as_of, day_first=order) for order in (False, True)]

    def both(text: str) -> int | None:
        one, other = (read(text) for read in orders)
        if one is None and other is None:
            return None
        return (one.number if one else 0) * _BOTH + (other.number if other else 0)

    short = texts if "%y" in (pattern or "") else texts.set(texts.str.contains(_WHOLE_YEAR), None)
    if short.null_count() == len(short):  # as nearly always
        return short.cast(pl.Int64())
    return map_uniques(short, both, pl.Int64())


def _years_drawn(rows: pl.DataFrame, source: Source, as_of: dt.date) -> pl.Series:
    """Return the year the source was drawn, for ages that were not observed on a given day."""
    read = date_reader(source.formats.get("observed_on"), as_of)

    def is_day(text: str) -> bool:
        found = None if says_no_date(text) else read(text)
        return found is not None and found.month is not None and found.day is not None

    undated = rows["age"].is_not_null()
    if "observed_on" in rows.columns:
        seen = rows["observed_on"]
        no_days = [text for text in seen.drop_nulls().unique().to_list() if not is_day(text)]
        undated &= seen.is_null() | seen.is_in(no_days)
    year = pl.Series([as_of.year], dtype=pl.Int64()).new_from_index(0, rows.height)
    return year.set(~undated, None)
