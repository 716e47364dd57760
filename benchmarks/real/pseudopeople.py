"""A simulated population of the United States on three kinds of form.

The files have no column that names a record and says nothing of the person, so each is written
anew with a row number; the columns that hold truth stay behind.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchmarks.real.dataset import FileSource, RealSet, real_set, truth_of

TRUE_ID = "simulant_id"
TRUE_EMPLOYER = "employer_id"
CENSUS_YEARS = (2020, 2030)

CENSUS = {
    "given_name": "first_name",
    "middle_name": "middle_initial",
    "surname": "last_name",
    "birth_date": "date_of_birth",
    "age": "age",
    "observed_on": "census_day",
    "sex": "sex",
    "address": ["street_number", "street_name", "unit_number"],
    "city": "city",
    "state": "state",
    "postal_code": "zipcode",
}
SOCIAL_SECURITY = {
    "ssn": "ssn",
    "given_name": "first_name",
    "middle_name": "middle_name",
    "surname": "last_name",
    "birth_date": "date_of_birth",
    "sex": "sex",
}
MAILING = "mailing_address_"
W2 = {
    "ssn": "ssn",
    "given_name": "first_name",
    "middle_name": "middle_initial",
    "surname": "last_name",
    "address": [f"{MAILING}{part}" for part in ("street_number", "street_name", "unit_number")],
    "city": f"{MAILING}city",
    "state": f"{MAILING}state",
    "postal_code": f"{MAILING}zipcode",
}

EMPLOYER = {
    "name": "employer_name",
    "address": [f"employer_{part}" for part in ("street_number", "street_name", "unit_number")],
    "city": "employer_city",
    "state": "employer_state",
    "postal_code": "employer_zipcode",
}


def pseudopeople(data: Path, work: Path) -> RealSet:
    """Census 2020 and 2030, all social security events, every row of the tax file.

    A row of the tax file is a person and an employer; those whose form is a 1099 or was left
    blank count too, which is what gives the 55,382 records of 21,374 people.
    """
    folder = data / "pseudopeople"
    census = pl.read_parquet(folder / "decennial_census.parquet")
    sources: list[FileSource] = []
    truth: list[pl.DataFrame] = []

    def add(source: FileSource, records: pl.DataFrame) -> None:
        numbered = records.with_row_index("row", offset=1).with_columns(
            pl.col(pl.Categorical).cast(pl.String)
        )
        columns = [
            column
            for name in source.fields.values()
            for column in ([name] if isinstance(name, str) else name)
        ]
        _write(numbered.select("row", *columns), source.path)
        sources.append(source)
        truth.append(truth_of(numbered, source, pl.col(TRUE_ID)))

    for year in CENSUS_YEARS:
        source = FileSource(
            f"census_{year}",
            work / f"census_{year}.parquet",
            "person",
            "row",
            CENSUS,
            formats={"birth_date": "%m/%d/%Y"},
        )
        answers = census.filter(pl.col("year") == year)
        add(source, answers.with_columns(census_day=pl.date(year, 4, 1)))
    events = FileSource(
        "social_security",
        work / "social_security.csv",
        "person",
        "row",
        SOCIAL_SECURITY,
        formats={"birth_date": "%Y%m%d"},
    )
    add(events, pl.read_parquet(folder / "social_security.parquet"))
    taxes = FileSource("taxes_w2", work / "taxes_w2.jsonl", "person", "row", W2)
    add(taxes, pl.read_parquet(folder / "taxes_w2_2020.parquet"))
    return real_set("pseudopeople", sources, pl.concat(truth))


def pseudopeople_employers(data: Path, work: Path) -> RealSet:
    """The employers on the tax file, a record a row: 105 of them, the largest in 777 records."""
    records = pl.read_parquet(data / "pseudopeople" / "taxes_w2_2020.parquet").with_row_index(
        "row", offset=1
    )
    source = FileSource("taxes_w2", work / "taxes_w2.jsonl", "organization", "row", EMPLOYER)
    columns = [pl.col(name) for name in records.columns if name.startswith("employer_")]
    told = [column for column in columns if column.meta.output_name() != TRUE_EMPLOYER]
    _write(records.select("row", *told).cast({pl.Categorical: pl.String}), source.path)
    return real_set(
        "pseudopeople_employers", [source], truth_of(records, source, pl.col(TRUE_EMPLOYER))
    )


def _write(records: pl.DataFrame, path: Path) -> None:
    if path.suffix == ".parquet":
        records.write_parquet(path)
    elif path.suffix == ".csv":
        records.write_csv(path)
    else:
        records.write_ndjson(path)
