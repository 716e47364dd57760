"""Days as whole numbers since 1970-01-01, their parts, and the day the demo stands at."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from benchmarks.population.draws import Ints

AS_OF = dt.date(2026, 6, 30)
"""The day investigations of the demo are judged at."""

EPOCH = dt.date(1970, 1, 1)
FIRST_DAY = (dt.date(2015, 1, 1) - EPOCH).days
LAST_DAY = (dt.date(2026, 6, 28) - EPOCH).days
AS_OF_DAY = (AS_OF - EPOCH).days


def parts(days: Ints) -> tuple[Ints, Ints, Ints]:
    """Return year, month and day of the month of each day."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    year = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (dates - months).astype(np.int64) + 1
    return year, month, day


def joined(year: Ints, month: Ints, day: Ints) -> Ints:
    """Return the days with these parts; a day past the end of its month runs into the next."""
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days: Ints = months.astype("datetime64[D]").astype(np.int64) + day - 1
    return days


def years_between(earlier: Ints, later: Ints) -> Ints:
    """Return the completed years from one day to another: an age."""
    year_1, month_1, day_1 = parts(earlier)
    year_2, month_2, day_2 = parts(later)
    before_birthday = (month_2 * 100 + day_2) < (month_1 * 100 + day_1)
    age: Ints = year_2 - year_1 - before_birthday
    return age


def as_dates(
    days: Ints, known: np.ndarray[tuple[int], np.dtype[np.bool_]] | None = None
) -> pl.Series:
    """Return a column of dates, null where not known."""
    dates = pl.Series(days.astype(np.int32)).cast(pl.Date)
    if known is None:
        return dates
    return pl.select(pl.when(pl.Series(known)).then(dates)).to_series()
