"""People of history with injected errors; read where it lies."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchmarks.real.dataset import FileSource, RealSet, real_set, truth_of

# The full name mixes titles into the name ("1st baron ..."), which the two names are free of;
# the occupation is no canonical field.
FIELDS = {
    "given_name": "first_name",
    "surname": "surname",
    "birth_date": "dob",
    "birth_place": "birth_place",
    "postal_code": "postcode_fake",
    "sex": "gender",
}


def historical_50k(data: Path, work: Path) -> RealSet:
    """50,578 records of 5,156 people."""
    del work  # nothing to convert
    path = data / "historical_50k.parquet"
    source = FileSource("historical_50k", path, "person", "unique_id", FIELDS)
    records = pl.read_parquet(path, columns=["unique_id", "cluster"])
    return real_set("historical_50k", [source], truth_of(records, source, pl.col("cluster")))
