"""Febrl: generated Australian people with typing errors; read where they lie."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchmarks.real.dataset import FileSource, RealSet, real_set, truth_of

FIELDS = {
    "given_name": "given_name",
    "surname": "surname",
    "birth_date": "date_of_birth",
    "national_id": "soc_sec_id",
    "address": ["street_number", "address_1", "address_2"],
    "city": "suburb",
    "postal_code": "postcode",
    "state": "state",
}


def febrl3(data: Path, work: Path) -> RealSet:
    """5,000 records of 2,000 people in one file."""
    del work  # nothing to convert
    return _set("febrl3", [data / "febrl" / "dataset3.csv"])


def febrl4(data: Path, work: Path) -> RealSet:
    """5,000 people, each once in either of two files."""
    del work
    files = [data / "febrl" / f"dataset4{part}.csv" for part in "ab"]
    return _set("febrl4", files, duplicates=False)


def _set(name: str, paths: list[Path], *, duplicates: bool = True) -> RealSet:
    formats = {"birth_date": "%Y%m%d"}
    sources = [
        FileSource(
            path.stem, path, "person", "rec_id", FIELDS, formats=formats, duplicates=duplicates
        )
        for path in paths
    ]
    person = pl.col("rec_id").str.extract(r"^rec-(\d+)-")
    truth = [
        truth_of(pl.read_csv(source.path, infer_schema=False), source, person) for source in sources
    ]
    return real_set(name, sources, pl.concat(truth))
