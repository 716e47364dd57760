"""Reading the mapped columns of one source, and keeping what could not be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from linker.config.settings import Source
from linker.privacy import value_class
from linker.schemas import QUARANTINE, empty
from linker.standardise.dates import PartialDate, read_date, read_remains
from linker.standardise.estimates import ABOUT_YEARS, read_about, read_estimated_year
from linker.standardise.habits import Habits
from linker.standardise.text import is_placeholder
from linker.standardise.uniques import map_uniques

_TEXT: Final = pl.String()
DateReader = Callable[[str], PartialDate | None]


@dataclass(frozen=True)
class Reader:
    """How one field is read."""

    read: Callable[[str], object]
    """A pure function of the text; None where it cannot be read."""
    reason: str
    """Why a value was set aside, as the operator reads it."""
    says_nothing: Callable[[str], bool] = is_placeholder
    """Which texts are silently no value."""
    dtype: pl.DataType = _TEXT
    """The type of what is read."""

    def value(self, text: str) -> object:
        """Return what is read of `text`; None where it says nothing or cannot be read."""
        return None if self.says_nothing(text) else self.read(text)


class Reading:
    """One source while it is read: its rows, and the values set aside so far."""

    def __init__(
        self, rows: pl.DataFrame, source: Source, as_of: dt.date | None, habits: Habits
    ) -> None:
        """Start on `rows`.

        Args:
            rows: What the sources room hands over: record_id, row, retained, mapped fields.
            source: The source's configuration.
            as_of: When the source was drawn.
            habits: How the whole source writes, of which `rows` may be a part.
        """
        self.rows = rows
        self.source = source
        self.as_of = as_of
        self.habits = habits
        self._set_aside: list[pl.DataFrame] = []

    def has(self, *fields: str) -> bool:
        """Whether at least one of the fields is mapped."""
        return any(field in self.rows.columns for field in fields)

    def raw(self, field: str) -> pl.Series:
        """Return the field's raw text, null throughout where it is not mapped."""
        if field in self.rows.columns:
            return self.rows[field]
        return pl.Series(field, [None], dtype=_TEXT).new_from_index(0, self.rows.height)

    def text(self, field: str, function: Callable[[str], object]) -> pl.Series:
        """Return a text field; what says nothing, or cannot be read, is silently null."""
        return map_uniques(self.raw(field), Reader(function, "").value, _TEXT)

    def value(self, field: str, reader: Reader) -> pl.Series:
        """Return a field; values that cannot be read become null and are set aside."""
        raw = self.raw(field)
        found = map_uniques(raw, reader.value, reader.dtype)
        self._keep(field, self.rows["row"], raw, found, reader)
        return found

    def values(self, field: str, reader: Reader) -> pl.Series:
        """Return a list field: distinct values, sorted; null where there are none."""
        lists = pl.DataFrame([self.rows["row"], self.raw(field).rename("text")])
        single = lists.with_row_index("at").explode("text").drop_nulls("text")
        read = map_uniques(single["text"], reader.value, reader.dtype).rename("value")
        self._keep(field, single["row"], single["text"], read, reader)
        groups = pl.DataFrame([single["at"], read]).drop_nulls().unique().sort("at", "value")
        found = groups.group_by("at", maintain_order=True).agg("value")
        every = lists.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("at"))
        return every.join(found, on="at", how="left", maintain_order="left")["value"].rename(field)

    def dates(self, field: str) -> pl.Series:
        """Return a field of whole dates, as Date; what is no whole date is set aside."""
        read = self._date_reader(field)

        def day(text: str) -> dt.date | None:
            found = read(text)
            if found is None or found.month is None or found.day is None:
                return None
            return dt.date(found.year, found.month, found.day)

        return self.value(field, Reader(day, "not a whole date", says_no_date, pl.Date()))

    def partial_dates(self, field: str) -> pl.Series:
        """Return a field of dates as `PartialDate.number`, Int32.

        A mistyped date is set aside, but its year, and its month if possible, is kept.
        """
        read = self._date_reader(field)

        def number(text: str) -> int | None:
            found = read(text)
            return found.number if found else None

        def remains(text: str) -> int | None:
            found = None if says_no_date(text) else read_remains(text, day_first=day_first)
            return found.number if found else None

        day_first = field in self.habits.day_first
        whole = self.value(field, Reader(number, "not a date", says_no_date, pl.Int32()))
        raw = self.raw(field)
        if whole.null_count() == raw.null_count():
            return whole
        unread = (whole.is_null() & raw.is_not_null()).arg_true()
        return whole.scatter(unread, map_uniques(raw.gather(unread), remains, pl.Int32()))

    def set_aside_rows(self, wanted: pl.Series, reason: str) -> None:
        """Set whole rows aside.

        Args:
            wanted: Which rows.
            reason: Why, as the operator reads it.
        """
        self._add(self.rows["row"].filter(wanted), None, None, reason)

    def set_aside(self) -> pl.DataFrame:
        """Return everything set aside so far, in the order of the source."""
        if not self._set_aside:
            return empty(QUARANTINE)
        return pl.concat(self._set_aside).sort(
            "row", "column", "value_class", "reason", nulls_last=True
        )

    def _date_reader(self, field: str) -> DateReader:
        day_first = field in self.habits.day_first
        return date_reader(self.source.formats.get(field), self.as_of, day_first=day_first)

    def _keep(
        self, field: str, rows: pl.Series, raw: pl.Series, found: pl.Series, reader: Reader
    ) -> None:
        """Set aside the values that are neither read nor silently nothing."""
        if found.null_count() == raw.null_count():
            return
        lost = (found.is_null() & raw.is_not_null()).arg_true()
        told = map_uniques(
            raw.gather(lost),
            lambda text: None if reader.says_nothing(text) else value_class(text),
            _TEXT,
        )
        columns = self.source.fields.get(field, field)
        column = columns if isinstance(columns, str) else ", ".join(columns)
        bad = told.is_not_null()
        self._add(rows.gather(lost).filter(bad), column, told.filter(bad), reader.reason)

    def _add(
        self, rows: pl.Series, column: str | None, classes: pl.Series | None, reason: str
    ) -> None:
        if rows.is_empty():
            return
        frame = pl.DataFrame([rows.rename("row")])
        self._set_aside.append(
            frame.select(
                source=pl.lit(self.source.name),
                row=pl.col("row").cast(pl.Int64),
                column=pl.lit(column, _TEXT),
                value_class=pl.lit(None, _TEXT) if classes is None else classes,
                reason=pl.lit(reason),
                outcome=pl.lit("row" if column is None else "value"),
            )
        )


def date_reader(
    pattern: str | None, latest: dt.date | None, *, day_first: bool = False
) -> DateReader:
    """Return the function that reads a column of dates, with "about" and spans of years.

    Args:
        pattern: How the source writes dates, if that is given.
        latest: The day past which a two-digit year belongs to the century before.
        day_first: Whether the column writes the day before the month.
    """

    def read(text: str) -> PartialDate | None:
        found = read_date(text, day_first=day_first, pattern=pattern, latest=latest)
        if found is not None:
            return found
        plain, about = read_about(text)
        found = read_date(plain, day_first=day_first, latest=latest) if about else None
        # about a day: its year is meant
        return PartialDate(found.year, margin=ABOUT_YEARS) if found else read_estimated_year(text)

    return read


def says_no_date(text: str) -> bool:
    """Whether a date says nothing: a placeholder, or zeros and nines alone."""
    figures = {character for character in text if character.isalnum()}
    return is_placeholder(text) or figures in ({"0"}, {"9"})
