"""Reading the mapped columns of one source, and keeping what could not be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from linker.config.settings import Source
from linker.schemas import QUARANTINE
from linker.standardise.dates import (
    PartialDate,
    is_day_first,
    pattern_is_day_first,
    read_date,
    read_remains,
)
from linker.standardise.text import is_placeholder, value_class
from linker.standardise.uniques import gather, lookup, map_uniques

SET_ASIDE: Final = {**QUARANTINE, "outcome": pl.String()}
"""`schemas.QUARANTINE`, and whether the row or only the value was set aside."""


@dataclass(frozen=True)
class Reader:
    """How one field is read."""

    read: Callable[[str], object]
    """A pure function of the text; None where it cannot be read."""
    reason: str
    """Why a value was set aside, as the operator reads it."""
    says_nothing: Callable[[str], bool] = is_placeholder
    """Which texts are silently no value."""


class Reading:
    """One source while it is read: its rows, and the values set aside so far."""

    def __init__(self, rows: pl.DataFrame, source: Source, as_of: dt.date | None) -> None:
        """Start on `rows`.

        Args:
            rows: What the sources room hands over: record_id, row, retained, mapped fields.
            source: The source's configuration.
            as_of: When the source was drawn.
        """
        self.rows = rows
        self.source = source
        self.as_of = as_of
        self._set_aside: list[pl.DataFrame] = []

    def raw(self, field: str) -> pl.Series:
        """Return the field's raw text, null throughout where it is not mapped."""
        if field in self.rows.columns:
            return self.rows[field]
        return pl.Series(field, [None], dtype=pl.String()).new_from_index(0, self.rows.height)

    def text(self, field: str, function: Callable[[str], object]) -> pl.Series:
        """Return a text field; what says nothing, or cannot be read, is silently null."""
        return map_uniques(
            self.raw(field),
            lambda text: None if is_placeholder(text) else function(text),
            pl.String(),
        )

    def value(self, field: str, reader: Reader, dtype: pl.DataType | None = None) -> pl.Series:
        """Return a field; values that cannot be read become null and are set aside."""
        raw = self.raw(field)
        found = lookup(
            raw,
            lambda text: (None if reader.says_nothing(text) else reader.read(text),),
            {"value": dtype or pl.String()},
        )
        self._keep(field, pl.DataFrame([self.rows["row"], raw.rename("text")]), found, reader)
        return gather(raw, found)["value"].rename(field)

    def values(self, field: str, reader: Reader) -> pl.Series:
        """Return a list field: distinct values, sorted; null where there are none."""
        if field not in self.rows.columns:
            return pl.Series(field, [None], dtype=pl.List(pl.String())).new_from_index(
                0, self.rows.height
            )
        single = pl.DataFrame([self.rows["row"], self.rows[field].rename("text")])
        single = single.with_row_index("at").explode("text").filter(pl.col("text").is_not_null())
        found = lookup(
            single["text"],
            lambda text: (None if reader.says_nothing(text) else reader.read(text),),
            {"value": pl.String()},
        )
        self._keep(field, single, found, reader)
        read = pl.DataFrame([single["at"], *gather(single["text"], found)])
        lists = read.drop_nulls().unique().sort("at", "value").group_by("at", maintain_order=True)
        every = pl.DataFrame({"at": pl.arange(0, self.rows.height, eager=True, dtype=pl.UInt32)})
        joined = every.join(lists.agg("value"), on="at", how="left", maintain_order="left")
        return joined["value"].rename(field)

    def dates(self, field: str, *, partial: bool = False) -> pl.Series:
        """Return a column of dates as Date, or as yyyymmdd numbers where parts may be unknown.

        Args:
            field: A date field.
            partial: Return Int32, zeros for an unknown month or day; else such a date is set aside.
                A mistyped date is set aside, but its year, and month if possible, is kept.
        """
        pattern = self.source.formats.get(field)
        raw = self.raw(field)
        day_first = (
            pattern_is_day_first(pattern)
            if pattern is not None
            else is_day_first(raw.drop_nulls().unique().to_list())
        )

        def read(text: str) -> PartialDate | None:
            return read_date(text, day_first=day_first, pattern=pattern, latest=self.as_of)

        def number(text: str) -> int | None:
            found = read(text)
            return found.number if found else None

        def remains(text: str) -> int | None:
            found = None if _no_date(text) else read_remains(text, day_first=day_first)
            return found.number if found else None

        def day(text: str) -> dt.date | None:
            found = read(text)
            if found is None or found.month is None or found.day is None:
                return None
            return dt.date(found.year, found.month, found.day)

        if partial:
            whole = self.value(field, Reader(number, "not a date", _no_date), pl.Int32())
            unread = whole.is_null() & raw.is_not_null()
            left = map_uniques(raw.filter(unread), remains, pl.Int32())
            return whole.scatter(unread.arg_true(), left) if unread.any() else whole
        return self.value(field, Reader(day, "not a whole date", _no_date), pl.Date())

    def set_aside_rows(self, wanted: pl.Series, reason: str) -> None:
        """Set whole rows aside.

        Args:
            wanted: Which rows.
            reason: Why, as the operator reads it.
        """
        self._add(self.rows.select("row").filter(wanted), None, reason, "row")

    def set_aside(self) -> pl.DataFrame:
        """Return everything set aside so far, in the order of the source."""
        empty = pl.DataFrame(schema=SET_ASIDE)
        return pl.concat([empty, *self._set_aside]).sort("row", "column", nulls_last=True)

    def _keep(self, field: str, texts: pl.DataFrame, found: pl.DataFrame, reader: Reader) -> None:
        unread = [
            text
            for text in found.filter(pl.col("value").is_null())["text"].to_list()
            if not reader.says_nothing(text)
        ]
        if not unread:
            return
        bad = texts.join(pl.DataFrame({"text": unread}), on="text", maintain_order="left")
        classes = map_uniques(bad["text"], value_class, pl.String())
        columns = self.source.fields.get(field, field)
        column = columns if isinstance(columns, str) else ", ".join(columns)
        rows = bad.select("row", value_class=classes)
        self._add(rows, column, reader.reason, "value")

    def _add(self, rows: pl.DataFrame, column: str | None, reason: str, outcome: str) -> None:
        value = (
            pl.col("value_class") if "value_class" in rows.columns else pl.lit(None, pl.String())
        )
        self._set_aside.append(
            rows.select(
                source=pl.lit(self.source.name),
                row=pl.col("row").cast(pl.Int64),
                column=pl.lit(column, pl.String()),
                value_class=value,
                reason=pl.lit(reason),
                outcome=pl.lit(outcome),
            )
        )


def _no_date(text: str) -> bool:
    """Whether a date says nothing: a placeholder, or zeros and nines alone."""
    figures = {character for character in text if character.isalnum()}
    return is_placeholder(text) or figures in ({"0"}, {"9"})
