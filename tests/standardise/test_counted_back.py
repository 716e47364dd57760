"""Values whose meaning depends on the day their source was drawn."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.config.settings import Source
from linker.standardise.counted_back import counted_back
from linker.standardise.mentions import standardise

BORN = st.sampled_from(
    [None, "3/4/70", "28/2/26", "2/28/26", "about 1/3/26", "26", "1926", "1 mar 26", "unknown"]
)
SEEN = st.sampled_from([None, "2020-05-06", "5/6/20", "5/6/26", "2020", "99/99/99", "soon"])
AGES = st.sampled_from([None, "34", "about 30", "old"])
DAYS = st.dates(dt.date(2025, 6, 1), dt.date(2027, 6, 1))


def source(**given: Any) -> Source:
    fields = {"full_name": "n", "birth_date": "b", "observed_on": "o", "age": "a"}
    usual = {"name": "a", "path": "a.csv", "kind": "case", "entity": "person", "record_id": "id"}
    return Source(**(usual | {"fields": fields} | given))


def rows(**columns: str | None) -> pl.DataFrame:
    whole = {"record_id": "1", "retained": None, "full_name": "Ann Lee"} | columns
    table = pl.DataFrame(
        {name: [text] for name, text in whole.items()},
        schema_overrides=dict.fromkeys(whole, pl.String()),
    )
    return table.with_columns(row=pl.lit(1, pl.Int64()))


@pytest.mark.parametrize("pattern", [None, "%d/%m/%y"])
@given(born=BORN, seen=SEEN, age=AGES, days=st.tuples(DAYS, DAYS))
def test_what_counts_back_alike_reads_alike(
    pattern: str | None,
    born: str | None,
    seen: str | None,
    age: str | None,
    days: tuple[dt.date, dt.date],
) -> None:
    """Rows that count back to the same on two days become the same mention on both."""
    table = rows(birth_date=born, observed_on=seen, age=age)
    settings = source(formats={"birth_date": pattern} if pattern else {})
    one, other = (counted_back(table, settings, day) for day in days)
    if {name: it.to_list() for name, it in one.items()} == {
        name: it.to_list() for name, it in other.items()
    }:
        first, second = (standardise(table, settings, as_of=day) for day in days)
        assert first.mentions.equals(second.mentions)
        assert first.set_aside.equals(second.set_aside)


def test_most_values_depend_on_no_day() -> None:
    """A whole date, and an age of a known day, mean the same whenever their source was drawn."""
    table = rows(birth_date="1970-03-04", observed_on="2020-05-06", age="50")
    assert counted_back(table, source(), dt.date(2026, 1, 1)) == {}


def test_an_age_counts_back_from_a_year() -> None:
    """An age of no known day changes its meaning once a year, not each night."""
    table = rows(age="50", observed_on=None)
    found = [
        counted_back(table, source(), day)["age"].to_list()
        for day in (dt.date(2026, 1, 1), dt.date(2026, 12, 31), dt.date(2027, 1, 1))
    ]
    assert found == [[2026], [2026], [2027]]
