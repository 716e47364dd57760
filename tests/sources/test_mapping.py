"""From source columns to canonical fields."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.sources.batch import Batch
from linker.sources.mapping import map_batch
from linker.sources.read import SourceRows
from tests.sources.conftest import make_source

Read = Callable[..., SourceRows]


def mapped(columns: dict[str, list[str | None]], **given: Any) -> pl.DataFrame:
    height = len(next(iter(columns.values())))
    texts = pl.DataFrame(
        {"id": [f"no. {n}" for n in range(height)], **columns},
        schema=dict.fromkeys(["id", *columns], pl.String()),
    )
    batch = Batch(pl.int_range(1, height + 1, eager=True), texts, pl.DataFrame())
    return map_batch(batch, make_source(**given), 0).rows


def field(name: str, columns: dict[str, list[str | None]], **given: Any) -> list[Any]:
    return mapped(columns, **{"fields": {name: list(columns)}} | given)[name].to_list()


def test_values_are_trimmed_and_null_values_become_null() -> None:
    """White space goes, and null values count after trimming, by their exact letters."""
    values = [" Ann ", "-0- ", "", " ", "n/a", "N/A", "\u00a0Bo\u00a0", None]
    expected = ["Ann", None, None, None, "n/a", None, "Bo", None]
    assert field("city", {"a": values}, null_values=[" -0-", "N/A"]) == expected


def test_several_columns_make_one_text() -> None:
    """Columns of a scalar field are joined by one space, nulls skipped."""
    columns = {"a": ["Ann", " ", None], "b": ["-", "May", "-"], "c": [" Lee", "Lee ", ""]}
    assert field("full_name", columns, null_values=["-"]) == ["Ann Lee", "May Lee", None]


def test_several_columns_make_one_list() -> None:
    """Columns of a list field each give values, split at semicolons and bars."""
    columns = {"a": ["1; 2", None, " ; "], "b": ["3|4;N/A", "5", None]}
    expected = [["1", "2", "3", "4"], ["5"], None]
    assert field("phones", columns, null_values=["N/A"]) == expected


def test_values_are_replaced_exactly_then_whatever_their_case() -> None:
    """A source value is replaced by its exact entry first, else by one of other case, else kept."""
    values = {"M": "male", "m": "minor", "Hombre": "male", "?": ""}
    given = ["M", "m", "HOMBRE", "x", None, "?"]
    expected = ["male", "minor", "male", "x", None, None]
    assert field("sex", {"a": given}, values={"sex": values}) == expected


def test_values_of_lists_are_replaced_one_by_one() -> None:
    """In a list field each value is looked up by itself."""
    values = {"aliases": {"EL CHAPO": "Chapo", "none": ""}}
    assert field("aliases", {"a": ["el chapo;Ann;None"]}, values=values) == [["Chapo", "Ann"]]


def test_constants_fill_what_is_null_or_unmapped() -> None:
    """A constant stands where the field is null or is not mapped, as a list for a list field."""
    found = mapped(
        {"a": ["US", None]},
        fields={"country": "a", "phones": "a"},
        constants={"country": "MX", "agency": "HSI", "phones": "1;2", "emails": "x@y"},
    )
    assert found.drop("row", "retained").rows() == [
        ("no. 0", "US", ["US"], "HSI", ["x@y"]),
        ("no. 1", "MX", ["1", "2"], "HSI", ["x@y"]),
    ]


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ({"kind": "person"}, ["1"]),
        ({"kind": "-0-"}, ["2"]),
        ({"kind": ""}, ["3", "4"]),
        ({"flag": True}, ["1", "2", "4"]),
        ({"flag": "true"}, ["1", "4"]),
        ({"n": 7}, ["1", "3"]),
        ({"n": 7.0, "flag": False}, ["3"]),
        ({"n": 7.5}, ["4"]),
    ],
)
def test_only_rows_that_meet_where_belong(
    read: Read, where: dict[str, Any], ids: list[str]
) -> None:
    """Conditions compare text as it stands in the file, truth values in any case."""
    content = (
        "id,name,kind,flag,n\n1,a,person,true,7\n2,b,-0- ,TRUE,8\n3,c,,False,7\n4,d, ,true,7.5\n"
    )
    found = read(content, where=where, null_values=["-0-"])
    assert found.rows["record_id"].to_list() == ids
    assert (found.total, found.outside) == (4, 4 - len(ids))


def test_retained_columns_are_one_json_object() -> None:
    """Retained columns are kept as JSON text, null where none of them holds anything."""
    columns = {"a": ['say "hi"', None, "ñ"], "b": [" x ", "", None]}
    found = mapped(columns, fields={"city": "a"}, retain=["a", "b"])["retained"].to_list()
    assert [text and json.loads(text) for text in found] == [
        {"a": 'say "hi"', "b": "x"},
        None,
        {"a": "ñ", "b": None},
    ]


def test_record_ids_of_several_columns_are_joined(read: Read) -> None:
    """Columns of a record id are joined by a hyphen; where one is missing, so is the id."""
    found = read("case,no,name\nA,1,Ann\nA,,Bo\n,2,Cy\nA,2,Di\n", record_id=["case", "no"])
    assert found.rows["record_id"].to_list() == ["A-1", "A-2"]
    assert found.rejected.select("row", "column", "value_class", "reason").rows() == [
        (2, "no", "empty", "record id is missing"),
        (3, "case", "empty", "record id is missing"),
    ]


TEXTS = st.lists(st.none() | st.text(max_size=8), min_size=1, max_size=8)


@given(TEXTS, st.lists(st.text(max_size=3), max_size=3))
def test_no_field_holds_an_empty_or_null_like_text(
    values: list[str | None], nulls: list[str]
) -> None:
    """Whatever the values, a field holds trimmed text that is no null value, or null."""
    found = mapped(
        {"a": values}, fields={"city": "a", "phones": "a"}, null_values=nulls, retain=["a"]
    )
    nothing = {"", *(text.strip() for text in nulls)}
    texts = [*found["city"].drop_nulls(), *found["phones"].explode().drop_nulls()]
    assert len(found) == len(values)
    assert all(text == text.strip() and text not in nothing for text in texts)
