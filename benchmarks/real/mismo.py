"""Four sets that the project was not built on, read out of a package they come with.

The package Mismo holds sets that the literature of record linkage uses: names of applicants for
patents, of companies mostly, judged by hand (PATSTAT, of dedupe's examples); 2,260 affiliations as
scientists wrote them, judged by hand (Leipzig's database group); the second of Febrl's generated
sets; 500 generated German records (of the R package RecordLinkage). The package is not installed:
its files are read where they lie (see `packages`).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchmarks.real.dataset import FileSource, RealSet, real_set, truth_of
from benchmarks.real.febrl import FIELDS
from benchmarks.real.packages import content
from benchmarks.real.rldata import rldata

INSIDE = "mismo/_data/_datasets"


def applicants(data: Path, work: Path) -> RealSet:
    """2,379 Dutch applicants for patents, companies mostly: a name, and no more."""
    del data  # it lies elsewhere
    return _names("applicants", _table("patstat/patents.csv"), "name", work)


def affiliations(data: Path, work: Path) -> RealSet:
    """2,260 affiliations of scientists: a name, often with its department and city in one text."""
    del data
    return _names("affiliations", _table("leipzig/affiliations.csv"), "affiliation", work)


def febrl2(data: Path, work: Path) -> RealSet:
    """5,000 generated Australian records of 4,000 people, up to five of one."""
    del data
    table = _table("febrl/dataset2.csv")
    formats = {"birth_date": "%Y%m%d"}
    path = work / "febrl2.csv"
    source = FileSource("febrl2", path, "person", "record_id", FIELDS, formats=formats)
    table.drop("label_true").write_csv(path)
    return real_set("febrl2", [source], truth_of(table, source, pl.col("label_true")))


def rldata_500(data: Path, work: Path) -> RealSet:
    """500 German records of 450 people: names and birth date."""
    del data
    table = _table("rldata/RLdata500.csv")
    return rldata("rldata_500", table, "record_id", table["label_true"], work)


def _names(name: str, table: pl.DataFrame, column: str, work: Path) -> RealSet:
    source = FileSource(name, work / f"{name}.csv", "organization", "record_id", {"name": column})
    table.select("record_id", column).write_csv(source.path)
    return real_set(name, [source], truth_of(table, source, pl.col("label_true")))


def _table(name: str) -> pl.DataFrame:
    return pl.read_csv(content("mismo", "0.4.1", f"{INSIDE}/{name}"), infer_schema=False)
