"""Birth dates of people: how much of one is known, and by how much it may be wrong."""

from __future__ import annotations

from typing import Final

import polars as pl

from linker.standardise.dates import read_precision
from linker.standardise.estimates import ABOUT_YEARS, read_age
from linker.standardise.reading import Reader, Reading
from linker.standardise.shared_columns import Columns

BIRTH: Final = (
    *("birth_date", "birth_date_precision", "birth_year", "birth_year_margin", "birth_month"),
)
"""The columns that `birth_columns` gives."""


def _age(text: str) -> int | None:
    """Return an age and its margin as one number, the margin in the last two digits."""
    found = read_age(text)
    return found.years * 100 + found.margin if found else None


AGE: Final = Reader(_age, "not an age: 0 to 130 years", dtype=pl.Int32())
PRECISION: Final = Reader(read_precision, "precision is not day, month, year or estimated")


def birth_columns(reading: Reading) -> Columns:
    """Return the birth date with its precision, from the date itself or else from age.

    The first of January means only the year, unless the source says that the day is known. An age
    counts back from the day it was observed, or else from when the source was drawn; it leaves
    the birth year open by one year, or by more where it is a guess.
    """
    if not reading.has("birth_date", "age"):
        return {}
    frame = (
        pl.DataFrame(
            {
                "number": reading.partial_dates("birth_date"),
                "told": reading.value("birth_date_precision", PRECISION),
                "age": reading.value("age", AGE),
                "observed": reading.dates("observed_on"),
            }
        )
        .lazy()
        .with_columns(
            year=pl.col("number") // 10000,
            month=pl.col("number") // 100 % 100,
            day=pl.col("number") % 100,
        )
    )
    new_year = (pl.col("month") == 1) & (pl.col("day") == 1) & pl.col("told").ne_missing("day")
    observed = pl.col("observed").fill_null(pl.lit(reading.as_of, pl.Date()))
    guessed = pl.lit(ABOUT_YEARS, pl.Int32)
    frame = (
        frame.with_columns(
            precision=pl.when(pl.col("year").is_null())
            .then(None)
            .when(pl.col("told").is_in(["year", "estimated"]) | (pl.col("month") == 0) | new_year)
            .then(pl.lit("year"))
            .when((pl.col("told") == "month") | (pl.col("day") == 0))
            .then(pl.lit("month"))
            .otherwise(pl.lit("day")),
            by_age=(observed.dt.year() - pl.col("age") // 100).cast(pl.Int32),
            # without a month the last two digits are the margin
            margin=pl.when(pl.col("month") == 0).then("day").otherwise(0),
        )
        .with_columns(
            birth_date=pl.when(pl.col("precision") == "day").then(pl.date("year", "month", "day")),
            birth_year=pl.coalesce("year", "by_age"),
            birth_month=pl.when(pl.col("precision").is_in(["day", "month"])).then("month"),
            birth_year_margin=pl.when(pl.col("year").is_null() & pl.col("by_age").is_not_null())
            .then(pl.col("age") % 100)
            .when(pl.col("year").is_null())
            .then(None)
            .when((pl.col("told") == "estimated") & (pl.col("margin") == 0))
            .then(guessed)
            .otherwise("margin")
            .cast(pl.Int32),
        )
        .with_columns(
            birth_date_precision=pl.when(pl.col("birth_year_margin") > 1)
            .then(pl.lit("estimated"))
            .when(pl.col("birth_year").is_not_null())
            .then(pl.col("precision").fill_null("year")),
        )
    )
    read = frame.select(*BIRTH).collect()
    return {column.name: column for column in read}
