"""What the values of a column tell of how its source writes."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.config.settings import Source
from linker.standardise.habits import Habits, Telling, habits, telling, told_together

DATES = st.sampled_from(["3/4/1970", "25/12/1970", "12/25/1970", "1970-12-25", "", "soon"])


def source(**given: Any) -> Source:
    usual = {"name": "a", "path": "a.csv", "kind": "case", "entity": "person", "record_id": "id"}
    return Source(**(usual | {"fields": {"birth_date": "born", "sex": "sex"}} | given))


def told(dates: list[str], sexes: list[str] | None = None, **given: Any) -> Telling:
    columns = {"birth_date": dates, "sex": sexes or [""] * len(dates)}
    rows = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String()))
    return telling(rows, source(**given))


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (["3/4/1970", "25/12/1980"], True),
        (["3/4/1970", "12/25/1980"], False),
        (["3/4/1970"], False),
        (["13/01/1970", "01/13/1970", "02/14/1970"], False),
        (["25121980", "03041970"], True),
        (["19701225", "1970-12-25"], False),
        ([], False),
    ],
)
def test_a_column_proves_its_order(dates: list[str], expected: bool) -> None:
    """A column is day first where its values say so, more often than not."""
    assert (habits(told(dates), source()).day_first == {"birth_date"}) is expected


def test_a_sex_of_men_tells_what_m_is() -> None:
    """M is a woman where H is a man."""
    assert habits(told(["", ""], ["M", "H"]), source()).spanish_sex
    assert not habits(told(["", ""], ["M", "F"]), source()).spanish_sex


@given(st.lists(DATES), st.lists(DATES))
def test_parts_tell_what_the_whole_does(first: list[str], second: list[str]) -> None:
    """What two parts of a source tell, put together, is what the source tells."""
    assert told_together([told(first), told(second)]) == told(first + second)


def test_a_given_format_decides() -> None:
    """Where the format of a date is given, no value of it is looked at."""
    given = {"formats": {"birth_date": "%m/%d/%Y"}}
    assert told(["25/12/1970"], **given).days == {}
    assert habits(told(["25/12/1970"]), source(**given)) == Habits()
    assert habits(Telling(), source(formats={"birth_date": "%d/%m/%Y"})).day_first == {"birth_date"}


def test_what_is_told_holds_no_value() -> None:
    """Counts alone are kept: nobody's date, nor anybody's sex."""
    text = json.dumps(asdict(told(["25/12/1970", "24/11/1971"], ["Hombre", "M"])))
    assert json.loads(text) == {"days": {"birth_date": [2, 0]}, "spanish_sex": True}
