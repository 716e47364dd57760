"""Real files, read in place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from linker.sources.read import SourceRows

Read = Callable[..., SourceRows]


def test_the_sanctions_list_is_read_whole(read_in: Read, shared_data: Path) -> None:
    """The Treasury list has no header, ends with control-Z, marks nulls -0-, and loses no row."""
    found = read_in(
        shared_data,
        path="ofac/sdn.csv",
        header=False,
        null_values=["-0-"],
        record_id="column_1",
        where={"column_3": "individual"},
        fields={"full_name": "column_2", "narrative": "column_12"},
        constants={"agency": "OFAC"},
    )
    assert (found.total, len(found.rows), found.rejected.height) == (8976, 4620, 0)
    assert found.total == len(found.rows) + found.outside
    assert found.rows["full_name"].null_count() == 0


def test_records_with_lists_of_features_are_read(read_in: Read, shared_data: Path) -> None:
    """Features in a list of objects are reached by a path through it."""
    found = read_in(
        shared_data,
        path="senzing_truthset/*.jsonl",
        record_id=["DATA_SOURCE", "RECORD_ID"],
        fields={"surname": "FEATURES.NAME_LAST", "emails": "FEATURES.EMAIL_ADDRESS"},
    )
    assert (found.total, found.rejected.height) == (159, 0)
    one = found.rows.row(by_predicate=pl.col("record_id") == "WATCHLIST-1007", named=True)
    assert (one["surname"], one["emails"]) == ("Smith", ["psmith@email.com"])


def test_a_parquet_file_is_read_whole(read_in: Read, shared_data: Path) -> None:
    """Every record of the historical set arrives, under its own id."""
    found = read_in(
        shared_data,
        path="historical_50k.parquet",
        record_id="unique_id",
        fields={"full_name": "full_name", "birth_date": "dob"},
    )
    assert (found.total, len(found.rows)) == (50_578, 50_578)
