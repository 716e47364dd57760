"""Birth dates of mentions: how much is known of one, and by how much it may be wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from linker.standardise.mentions import Standardised

Make = Callable[..., Standardised]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"birth_date": "1/1/1970"}, (None, "year", 1970, None)),
        (
            {"birth_date": "1/1/1970", "birth_date_precision": "day"},
            (dt.date(1970, 1, 1), "day", 1970, 1),
        ),
        ({"birth_date": "May 1970"}, (None, "month", 1970, 5)),
        ({"birth_date": "3/5/1970", "birth_date_precision": "year"}, (None, "year", 1970, None)),
        ({"birth_date": "3/5/1970", "birth_date_precision": "month"}, (None, "month", 1970, 3)),
        ({"age": "25"}, (None, "year", 1995, None)),
        ({"age": "25", "observed_on": "2001-05-05"}, (None, "year", 1976, None)),
        ({"age": "25", "birth_date": "3/5/1970"}, (dt.date(1970, 3, 5), "day", 1970, 3)),
        ({"birth_date": "unknown", "age": "25"}, (None, "year", 1995, None)),
        ({"birth_date": "3/5/21"}, (dt.date(1921, 3, 5), "day", 1921, 3)),
        ({"birth_date": "0000-00-00"}, (None, None, None, None)),
    ],
)
def test_birth_dates(make: Make, record: dict[str, str], expected: tuple[object, ...]) -> None:
    """A birth date is as precise as it was given; an age gives the year."""
    made = make([{"full_name": "Ana Lopez", **record}])
    assert made.set_aside.is_empty()
    columns = ["birth_date", "birth_date_precision", "birth_year", "birth_month"]
    assert made.mentions.select(columns).row(0) == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"birth_date": "3/5/1970"}, ("day", 1970, 0)),
        ({"birth_date": "1970"}, ("year", 1970, 0)),
        ({"birth_date": "circa 1970"}, ("estimated", 1970, 3)),
        ({"birth_date": "circa 3/5/1970"}, ("estimated", 1970, 3)),
        ({"birth_date": "1968-1972"}, ("estimated", 1970, 2)),
        ({"birth_date": "1970", "birth_date_precision": "estimated"}, ("estimated", 1970, 3)),
        ({"birth_date": "3/5/1970", "birth_date_precision": "est"}, ("estimated", 1970, 3)),
        ({"age": "25"}, ("year", 1995, 1)),
        ({"age": "about 25"}, ("estimated", 1995, 5)),
        ({"age": "20-30"}, ("estimated", 1995, 6)),
        ({"age": "about 25", "birth_date": "3/5/1970"}, ("day", 1970, 0)),
        ({}, (None, None, None)),
    ],
)
def test_an_estimated_year_says_how_wrong_it_may_be(
    make: Make, record: dict[str, str], expected: tuple[object, ...]
) -> None:
    """Ages and estimates leave the year open by so many years, dates by none."""
    made = make([{"full_name": "Ana Lopez", **record}])
    assert made.set_aside.is_empty()
    columns = ["birth_date_precision", "birth_year", "birth_year_margin"]
    assert made.mentions.select(columns).row(0) == expected


def test_a_valid_curp_stands_beside_the_national_id(make: Make) -> None:
    """It tells the birth date and the sex that the record does not."""
    curps = ["HEGG560427MVZRRL04", "HEGG56O427MVZRRL04", "HEGG560427MVZRRL05"]
    made = make([{"full_name": "Ana Lopez", "national_id": curp} for curp in curps])
    assert made.mentions["national_id"].to_list() == [curps[0], curps[0], curps[2]]
    assert made.mentions["curp"].to_list() == [curps[0], curps[0], None]
    born = dt.date(1956, 4, 27)
    assert made.mentions["birth_date"].to_list() == [born, born, None]
    assert made.mentions["sex"].to_list() == ["female", "female", None]


def test_an_age_needs_a_day_to_count_from(make: Make) -> None:
    """Without an observation date or the source's date, an age gives no birth year."""
    aged = [{"full_name": "Ana Lopez", "age": "25"}]
    assert make(aged, drawn=None).mentions["birth_year"].to_list() == [None]
    made = make(aged, drawn=None, as_of=dt.date(2000, 1, 1))
    assert made.mentions["birth_year"].to_list() == [1975]


def test_a_column_of_dates_is_read_one_way(make: Make) -> None:
    """One date that proves day first decides for the column, and a configured format for all."""
    dates = [{"full_name": "Ana Lopez", "birth_date": date} for date in ("3/4/1970", "25/4/1970")]
    assert make(dates).mentions["birth_date"].to_list() == [
        dt.date(1970, 4, 3),
        dt.date(1970, 4, 25),
    ]
    made = make(dates[:1], formats={"birth_date": "%d/%m/%Y"})
    assert made.mentions["birth_date"].to_list() == [dt.date(1970, 4, 3)]
    assert make(dates[:1]).mentions["birth_date"].to_list() == [dt.date(1970, 3, 4)]
