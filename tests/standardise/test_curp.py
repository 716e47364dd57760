"""The Mexican population code: when it is valid, and what it tells."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.population import Plan, generate
from linker.standardise.curp import check_digit, curp_columns, read_curp

BODY = "HEGG560427MVZRRL0"


def whole(body: str) -> str:
    return f"{body}{check_digit(body)}"


CURP = whole(BODY)


def test_a_valid_curp_tells_birth_date_and_sex() -> None:
    """The date and sex in it are read; the character before the last tells the century."""
    assert CURP == "HEGG560427MVZRRL04"  # the example of the official instructions
    assert read_curp(CURP) == ("1956-04-27", "female")
    assert read_curp(whole("HEGG040229HNERRLA")) == ("2004-02-29", "male")
    assert read_curp(whole("HEGG040229XNERRLA")) == ("2004-02-29", "")


@pytest.mark.parametrize(
    "text",
    [
        CURP[:-1] + "5",
        whole("HEGG560431MVZRRL0"),
        whole("HEGG561327MVZRRL0"),
        whole("HEGG050229HNERRLA"),
        whole("HEGG560427MZZRRL0"),
        whole("HEGG560427KVZRRL0"),
        whole("HBGG560427MVZRRL0"),
        whole("HEGG560427MVZARL0"),
        CURP[:-1],
        CURP + "0",
        CURP.lower(),
        "",
    ],
)
def test_what_is_no_curp(text: str) -> None:
    """A wrong check digit, an impossible date, state, sex or letter: any makes it invalid."""
    assert read_curp(text) is None


@given(st.integers(0, 16), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_a_digit_off_is_noticed(place: int, sign: str) -> None:
    """Another sign changes the check digit, except by a multiple of ten in its weight."""
    values = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
    step = (values.index(sign) - values.index(CURP[place])) * (18 - place)
    other = CURP[:place] + sign + CURP[place + 1 :]
    assert (check_digit(other) == check_digit(CURP)) == (step % 10 == 0)


def test_curps_of_invented_people_are_valid(tmp_path: Path) -> None:
    """Nearly all of the population's, which are built apart from this; the rest are mistyped."""
    generate(Plan(records=2_000), tmp_path)
    given = pl.read_csv(tmp_path / "case_subjects.csv", infer_schema=False)["curp"].drop_nulls()
    curps = given.filter(given.str.len_chars() == len(CURP))
    valid = [text for text in curps if read_curp(text)]
    assert len(valid) > 20
    assert 0.85 < len(valid) / len(curps) <= 1.0


def test_what_a_record_lacks_is_told_by_its_curp() -> None:
    """Birth date and sex are filled where the record has none, and left as they are elsewhere."""
    columns = {
        "national_id": pl.Series([CURP, CURP, "X1", CURP[:-1] + "5", None]),
        "birth_date": pl.Series([None, dt.date(1980, 1, 2), None, None, None]),
        "birth_date_precision": pl.Series([None, "day", None, None, None]),
        "birth_year": pl.Series([None, 1980, None, None, None], dtype=pl.Int32),
        "birth_year_margin": pl.Series([None, 0, None, None, None], dtype=pl.Int32),
        "birth_month": pl.Series([None, 1, None, None, None], dtype=pl.Int32),
        "sex": pl.Series([None, "male", None, None, None], dtype=pl.String),
    }
    found = curp_columns(columns)
    assert found["curp"].to_list() == [CURP, CURP, None, None, None]
    assert found["birth_date"].to_list() == [
        *(dt.date(1956, 4, 27), dt.date(1980, 1, 2), None, None, None)
    ]
    assert found["birth_date_precision"].to_list() == ["day", "day", None, None, None]
    assert found["birth_year"].to_list() == [1956, 1980, None, None, None]
    assert found["birth_year_margin"].to_list() == [0, 0, None, None, None]
    assert found["birth_month"].to_list() == [4, 1, None, None, None]
    assert found["sex"].to_list() == ["female", "male", None, None, None]
    assert all(found[name].dtype == columns[name].dtype for name in columns if name in found)


def test_a_source_that_maps_no_birth_date_has_that_of_its_curps() -> None:
    """The columns are made where there are none."""
    found = curp_columns({"national_id": pl.Series([CURP, None])})
    assert found["birth_year"].to_list() == [1956, None]
    assert found["sex"].to_list() == ["female", None]
    assert set(curp_columns({"national_id": pl.Series(["X1", None])})) == {"curp"}
