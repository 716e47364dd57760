"""Splink's small smoke set of invented people; read where it lies."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchmarks.real.dataset import FileSource, RealSet, real_set, truth_of

FIELDS = {
    "given_name": "first_name",
    "surname": "surname",
    "birth_date": "dob",
    "city": "city",
    "emails": "email",
}


def fake_1000(data: Path, work: Path) -> RealSet:
    """1,000 records of 251 people."""
    del work  # nothing to convert
    source = FileSource("fake_1000", data / "fake_1000.csv", "person", "unique_id", FIELDS)
    records = pl.read_csv(source.path, infer_schema=False)
    return real_set("fake_1000", [source], truth_of(records, source, pl.col("cluster")))
