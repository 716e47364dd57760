"""Parquet: every type as text."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.errors import SourceError
from linker.sources.read import SourceRows

Read = Callable[..., SourceRows]


def parquet(*columns: tuple[str, pa.Array], row_group_size: int | None = None) -> bytes:
    ids = pa.array(range(1, len(columns[0][1]) + 1))
    table = pa.Table.from_arrays(
        [ids, *(array for _, array in columns)], ["id", *(name for name, _ in columns)]
    )
    buffer = io.BytesIO()
    pq.write_table(table, buffer, row_group_size=row_group_size)
    return buffer.getvalue()


def as_field(read: Read, array: pa.Array, field: str = "city") -> list[Any]:
    found = read({"people.parquet": parquet(("v", array))}, fields={field: "v"})
    return found.rows[field].to_list()


MOMENT = dt.datetime(2020, 1, 2, 3, 4, 5)  # noqa: DTZ001 - a timestamp without a zone


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array(["x", None]), ["x", None]),
        (pa.array(["x", None], pa.string_view()), ["x", None]),
        (pa.array(["x", None]).dictionary_encode(), ["x", None]),
        (pa.array([7, None]).dictionary_encode(), ["7", None]),
        (pa.array([2**63 - 1, None]), [str(2**63 - 1), None]),
        (
            pa.array([123456789.0, 1.5, float("nan"), 123456789012345678.0, -0.0]),
            ["123456789", "1.5", None, "123456789012345680", "0"],
        ),
        (pa.array([1.0, 2.5], pa.float32()), ["1", "2.5"]),
        (pa.array([1.0, 2.5], pa.float16()), ["1", "2.5"]),
        (pa.array([Decimal("12.00"), Decimal("12.50")]), ["12", "12.50"]),
        (pa.array([Decimal(12), None], pa.decimal256(60, 2)), ["12", None]),
        (pa.array([True, None]), ["true", None]),
        (pa.array([dt.date(2020, 1, 2), None]), ["2020-01-02", None]),
        (pa.array([dt.date(2020, 1, 2)], pa.date64()), ["2020-01-02"]),
        (pa.array([MOMENT, None], pa.timestamp("ns")), ["2020-01-02T03:04:05", None]),
        (pa.array([MOMENT.replace(microsecond=250)]), ["2020-01-02T03:04:05.000250"]),
        (
            pa.array([MOMENT], pa.timestamp("us", "America/New_York")),
            ["2020-01-01T22:04:05-0500"],
        ),
        (pa.array([dt.time(3, 4, 5)]), ["03:04:05"]),
        (pa.array([b"\xff\x01", None]), ["ff01", None]),
        (pa.array([b"\xff\x01"], pa.binary(2)), ["ff01"]),
        (pa.array([{"a": dt.date(2020, 1, 2), "b": b"\xff"}, None]), None),
        (pa.nulls(2), [None, None]),
        (pa.array([["x", None, "y"], [], None]), ["x; y", None, None]),
        (pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())), ['[["k", 1]]']),
    ],
    ids=lambda value: str(value.type) if isinstance(value, pa.Array) else "",
)
def test_values_of_any_type_become_text(
    read: Read, array: pa.Array, expected: list[str | None] | None
) -> None:
    """Each type has its text: ISO dates, whole floats as integers, bytes in hexadecimal, JSON."""
    structure = ['{"a": "2020-01-02", "b": "ff"}', None]
    assert as_field(read, array) == (expected or structure)


@pytest.mark.parametrize(
    "kind",
    [pa.list_(pa.float64()), pa.large_list(pa.float64()), pa.list_(pa.float64(), 2)],
    ids=str,
)
def test_lists_stay_lists(read: Read, kind: pa.DataType) -> None:
    """A list column of any element type fills a list field; empty lists are null."""
    array = pa.array([[1.0, 2.5], None, [3.0, None]], kind)
    assert as_field(read, array, "phones") == [["1", "2.5"], None, ["3"]]


def test_lists_of_structures_are_lists_of_json(read: Read) -> None:
    """A list of structures fills a list field with their JSON."""
    assert as_field(read, pa.array([[{"a": 1}], []]), "phones") == [['{"a": 1}'], None]


def test_rows_are_numbered_across_row_groups(read: Read) -> None:
    """Row numbers run on through all stretches of a large file."""
    ids = pa.array([str(n) for n in range(150_000)])
    content = parquet(("v", ids), row_group_size=40_000)
    found = read({"people.parquet": content}, fields={"city": "v"})
    assert found.total == 150_000
    assert (found.rows["record_id"].cast(int) == found.rows["row"]).all()
    assert found.rows["city"].to_list() == ids.to_pylist()


def test_a_missing_column_gets_a_hint(read: Read) -> None:
    """A mapped column that the file lacks is refused with the nearest."""
    with pytest.raises(SourceError, match=r"has no column 'name'; did you mean 'names'"):
        read({"people.parquet": parquet(("names", pa.array(["x"])))})


def test_two_columns_of_one_name_are_refused(read: Read) -> None:
    """A column that the file has twice cannot be mapped."""
    content = parquet(("name", pa.array(["x"])), ("name", pa.array(["y"])))
    with pytest.raises(SourceError, match="has two columns 'name'"):
        read({"people.parquet": content})


def test_a_file_without_rows_is_refused(read: Read) -> None:
    """A Parquet file of no rows is an error that says so."""
    with pytest.raises(SourceError, match="holds no rows"):
        read({"people.parquet": parquet(("name", pa.array([], pa.string())))})


@given(st.data())
def test_damaged_files_are_refused_or_read(
    accounted_for: Callable[..., bool], data: st.DataObject
) -> None:
    """Any change to a file's bytes ends in rows that add up or in one line of error."""
    days = pa.array([dt.date(2020, 1, 2), None] * 20)
    content = bytearray(
        parquet(("name", pa.array(["Ann", "Bo"] * 20)), ("d", days), ("l", pa.array([["x"]] * 40)))
    )
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.sampled_from([None, len(content) - 1, len(content) // 2, 4]))
    fields = {"full_name": "name", "birth_date": "d", "aliases": "l"}
    assert accounted_for({"people.parquet": bytes(content[:cut])}, fields=fields)
