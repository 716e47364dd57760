"""The generated German records of the R package RecordLinkage, wherever they are read from."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchmarks.real.dataset import FileSource, RealSet, real_set, truth_of

FIELDS = {
    "given_name": ["fname_c1", "fname_c2"],
    "surname": ["lname_c1", "lname_c2"],
    "birth_date": "birth_date",
}


def rldata(
    name: str, table: pl.DataFrame, record_id: str, people: pl.Series, work: Path
) -> RealSet:
    """Put birth dates together, and write the records without their truth.

    Args:
        name: How the set is called.
        table: Columns of names, and ``by``, ``bm`` and ``bd``: year, month and day of birth.
        record_id: The column that names a record.
        people: Who each record is about.
        work: Where the records go.
    """
    records = table.select(
        record_id,
        *FIELDS["given_name"],
        *FIELDS["surname"],
        birth_date=pl.concat_str(
            "by", pl.col("bm").str.zfill(2), pl.col("bd").str.zfill(2), separator="-"
        ),
    )
    source = FileSource(name, work / f"{name}.csv", "person", record_id, FIELDS)
    records.write_csv(source.path)
    truth = truth_of(records.with_columns(person=people), source, pl.col("person"))
    return real_set(name, [source], truth)
