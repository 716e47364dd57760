"""The content of a row: one number that stays as long as what the row says does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.config import Source
from linker.intake import contents as contents_module
from linker.intake.contents import SET_ASIDE, contents, same_content, settings_digest

DAY = dt.date(2026, 1, 2)
TEXTS = st.none() | st.sampled_from(["a", "b", "ab", "Ñ", "a b"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "full_name": TEXTS,
            "city": TEXTS,
            "phones": st.none() | st.lists(st.sampled_from(["1", "2"]), min_size=1, max_size=3),
            "retained": TEXTS,
        }
    ),
    min_size=1,
    max_size=8,
)


def source(**given: Any) -> Source:
    usual = {"name": "a", "path": "a.csv", "kind": "case", "entity": "person", "record_id": "id"}
    fields = {name: name for name in ("full_name", "city", "phones", "age")}
    return Source(**(usual | {"fields": fields} | given))


def table(rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = {
        "full_name": pl.String(),
        "city": pl.String(),
        "phones": pl.List(pl.String()),
        "retained": pl.String(),
    }
    return pl.DataFrame(rows, schema=schema).with_columns(
        record_id=pl.int_range(pl.len()).cast(pl.String()), row=pl.int_range(pl.len())
    )


@given(ROWS)
def test_rows_have_equal_contents_if_they_are_equal(rows: list[dict[str, Any]]) -> None:
    """Equal rows have equal contents, others others, wherever they stand."""
    found, back = contents(table(rows), source(), DAY)
    assert not back
    assert not (found & SET_ASIDE).any()
    assert (found != 0).all()
    for left, one in zip(rows, found, strict=True):
        assert contents(table([left]), source(), DAY)[0][0] == one
        for right, other in zip(rows, found, strict=True):
            assert (left == right) == (one == other)


def test_contents_are_the_same_in_every_release(monkeypatch: pytest.MonkeyPatch) -> None:
    """Contents are kept between runs, so the number of a row never changes within a version."""
    monkeypatch.setattr(contents_module, "_VERSIONS", ("test",))
    rows = [{"full_name": "Ana Ruiz", "phones": ["1", "2"]}, {"city": "Peñón"}]
    assert contents(table(rows), source(), DAY)[0].tolist() == [
        15045596204977825084,
        17862655559415377172,
    ]


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "arrest"},
        {"formats": {"birth_date": "%d/%m/%Y"}},
        {"constants": {"agency": "HSI"}},
    ],
)
def test_what_the_configuration_makes_of_a_row_counts(given: dict[str, Any]) -> None:
    """A setting that makes another mention of the same values makes another content."""
    rows = table([{"full_name": "Ann"}])
    assert contents(rows, source(), DAY)[0] != contents(rows, source(**given), DAY)[0]
    assert settings_digest(source()) != settings_digest(source(**given))


def test_where_a_file_lies_does_not_count() -> None:
    """Neither path nor limit of bad rows changes what a source is."""
    assert settings_digest(source()) == settings_digest(source(path="b.csv", bad_row_limit=0.5))


def test_the_day_counts_only_where_a_value_counts_back() -> None:
    """An age of no known day makes another content in another year; its row alone."""
    rows = table([{"full_name": "Ann"}, {"full_name": "Bo"}]).with_columns(
        age=pl.Series([None, "34"])
    )
    (one, back), (other, _) = (
        contents(rows, source(), dt.date(year, 5, 6)) for year in (2025, 2026)
    )
    assert back
    assert (one == other).tolist() == [True, False]


def test_what_was_set_aside_is_no_part_of_the_comparison() -> None:
    """Contents are the same whether or not something of the row was set aside."""
    found = np.array([4, 4, 6], np.uint64)
    assert same_content(found, np.array([4, 5, 5], np.uint64)).tolist() == [True, True, False]
