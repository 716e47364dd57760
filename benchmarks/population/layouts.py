"""How each source writes its records: column names, date formats, order of names.

Every source is laid out on its own, as systems that grew apart are.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from benchmarks.population.calendar import as_dates
from benchmarks.population.cases import Cases, case_columns
from benchmarks.population.draws import pick
from benchmarks.population.narratives import organization_narratives, person_narratives
from benchmarks.population.profiles import (
    AGE,
    ARREST,
    BIRTH_YEAR,
    CASE,
    FULL_BIRTH,
    INTEL,
    WATCHLIST,
)
from benchmarks.population.source_files import CASE_ORGANIZATIONS

GIVEN = pl.concat_str("given", "middle", separator=" ", ignore_nulls=True)
FAMILY = pl.concat_str("family_1", "family_2", separator=" ", ignore_nulls=True)

CHARGES: Final = (
    "8 USC 1324 bringing in and harboring aliens",
    "8 USC 1325 improper entry",
    "8 USC 1326 reentry of removed alien",
    "21 USC 841 possession with intent to distribute",
    "18 USC 1956 laundering of monetary instruments",
    "18 USC 554 smuggling goods",
    "18 USC 1546 fraud and misuse of visas",
)
CHARGE_WEIGHTS: Final = (35, 25, 15, 12, 5, 4, 4)
PROGRAMS: Final = ("TCO", "SDNT", "SDNTK", "GLOMAG", "ILLICIT-DRUGS-EO14059")
RELIABILITY: Final = ("A1", "A2", "B2", "B3", "C3", "D4", "F6")


def laid_out(
    source: int, rng: np.random.Generator, records: pl.DataFrame, cases: Cases
) -> pl.DataFrame:
    """Return the rows of a source file.

    Args:
        source: Its number in `source_files.SOURCES`.
        rng: For what the layout chooses.
        records: What the records say, with record_id and case.
        cases: The cases, and the units that arrest and report.
    """
    if source == CASE:
        return case_subjects(rng, records, cases)
    if source == ARREST:
        return arrests(rng, records, cases.units)
    if source == INTEL:
        return intel_people(rng, records, cases.units)
    if source == WATCHLIST:
        return watchlist(rng, records)
    if source == CASE_ORGANIZATIONS:
        return case_organizations(rng, records, cases)
    return intel_organizations(rng, records, cases.units)


def _in_case(records: pl.DataFrame, cases: Cases, own: pl.DataFrame) -> pl.DataFrame:
    """Put what a record says of its case behind its id."""
    about = case_columns(cases, records["case"].to_numpy())
    return pl.concat([own[:, :1], about, own[:, 1:]], how="horizontal")


def _report(unit: pl.DataFrame) -> list[pl.Expr | pl.Series]:
    return [
        pl.col("record_id").alias("mention_no"),
        ("R" + pl.col("record_id").str.slice(2)).alias("report_no"),
        unit["agency"],
        unit["unit"],
    ]


def _place(street: str, zip_code: str) -> list[pl.Expr]:
    return [
        pl.col("address").alias(street),
        pl.col("city"),
        pl.col("state"),
        pl.col("postal_code").alias(zip_code),
        pl.col("country"),
    ]


def case_subjects(rng: np.random.Generator, records: pl.DataFrame, cases: Cases) -> pl.DataFrame:
    """Lay out people in cases: one name column, "LAST LAST, First", mostly in capitals."""
    rows = len(records)
    manner = pl.Series(pick(rng, rows, [60, 30, 10]))
    letters = pl.Series(rng.random(rows) < 0.5)
    given = pl.concat_str("given", "middle", "suffix", separator=" ", ignore_nulls=True)
    last_first = FAMILY + ", " + given
    own = records.select(
        pl.col("record_id").alias("subject_id"),
        pl.when(manner == 0)
        .then(last_first.str.to_uppercase())
        .when(manner == 1)
        .then(last_first)
        .otherwise(pl.concat_str(GIVEN, FAMILY, "suffix", separator=" ", ignore_nulls=True))
        .alias("name"),
        pl.when(pl.col("aka").is_not_null()).then(pl.concat_list("aka")).alias("aka"),
        pl.col("born").dt.strftime("%m/%d/%Y").alias("dob"),
        pl.when(letters).then(_sex("M", "F")).otherwise(_sex("Hombre", "Mujer")).alias("sex"),
        "birth_place",
        "birth_country",
        "citizenship",
        pl.col("a_number").alias("alien_number"),
        pl.col("fbi_number").alias("fbi_no"),
        "fingerprint_id",
        "ssn",
        pl.col("passport").alias("passport_no"),
        pl.col("national_id").alias("curp"),
        "driver_license",
        pl.col("phones").alias("phone"),
        pl.col("emails").alias("email"),
        pl.col("plates").alias("plate"),
        *_place("street_address", "zip"),
        "role",
        pl.when(pl.col("role").is_in(["target", "associate"]))
        .then(pl.lit("yes"))
        .otherwise(pl.lit("no"))
        .alias("predicate"),
    )
    return _in_case(records, cases, own)


def _sex(male: str, female: str) -> pl.Expr:
    return pl.col("sex").replace_strict(
        [0, 1], [male, female], default=None, return_dtype=pl.String
    )


def arrests(rng: np.random.Generator, records: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """Lay out arrests: names in columns, real dates, lists; 1 January where the day is unknown."""
    rows = len(records)
    unit = units[rng.integers(0, len(units), rows)]
    return records.select(
        pl.col("record_id").alias("arrest_no"),
        unit["agency"],
        unit["unit"],
        as_dates(records["day"].to_numpy()).alias("arrest_date"),
        unit["office"].alias("place"),
        pl.Series("charge", CHARGES).gather(pick(rng, rows, CHARGE_WEIGHTS)),
        pl.col("given").str.to_uppercase().alias("first_name"),
        pl.col("middle").str.to_uppercase().alias("middle_name"),
        FAMILY.str.to_uppercase().alias("last_name"),
        pl.col("suffix").str.to_uppercase(),
        pl.when(pl.col("aka").is_not_null()).then(pl.concat_list("aka")).alias("aliases"),
        pl.col("born").alias("birth_date"),
        _sex("M", "F"),
        "birth_place",
        "birth_country",
        "citizenship",
        "a_number",
        "fbi_number",
        "fingerprint_id",
        "ssn",
        "passport",
        "national_id",
        "driver_license",
        "phones",
        "plates",
        *_place("address", "postal_code"),
        "role",
    )


def intel_people(
    rng: np.random.Generator, records: pl.DataFrame, units: pl.DataFrame
) -> pl.DataFrame:
    """Lay out people in intelligence reports: a name in any order, a year or an age, a story."""
    rows = len(records)
    manner = pl.Series(pick(rng, rows, [75, 10, 15]))
    unit = units[rng.integers(0, len(units), rows)]
    day = as_dates(records["day"].to_numpy())
    own = records.with_columns(
        pl.when(manner == 0)
        .then(GIVEN + " " + FAMILY)
        .when(manner == 1)
        .then(FAMILY + " " + GIVEN)
        .otherwise(FAMILY + ", " + GIVEN)
        .alias("subject"),
        pl.when(pl.col("birth_form") == FULL_BIRTH)
        .then(pl.col("born").dt.strftime("%Y-%m-%d"))
        .when(pl.col("birth_form") == BIRTH_YEAR)
        .then(pl.col("born").dt.strftime("%Y"))
        .alias("born"),
        pl.when(pl.col("birth_form") == AGE).then("age").alias("age"),
    )
    return own.select(
        *_report(unit),
        day.dt.strftime("%Y-%m-%d").alias("reported"),
        pl.Series("reliability", RELIABILITY).gather(rng.integers(0, 7, rows)),
        "subject",
        pl.when(pl.col("aka").is_not_null()).then(pl.concat_list("aka")).alias("also_known_as"),
        "born",
        "age",
        _sex("male", "female"),
        "citizenship",
        "a_number",
        "passport",
        "phones",
        "emails",
        "plates",
        "address",
        "city",
        "state",
        "country",
        "role",
        person_narratives(rng, own),
    )


def watchlist(rng: np.random.Generator, records: pl.DataFrame) -> pl.DataFrame:
    """Lay out listed people: the family names in two columns, dates such as 12 Mar 1970."""
    rows = len(records)
    return records.select(
        pl.col("record_id").alias("entry_id"),
        pl.Series("program", PROGRAMS).gather(rng.integers(0, len(PROGRAMS), rows)),
        as_dates(records["day"].to_numpy()).dt.strftime("%Y-%m-%d").alias("listed"),
        GIVEN.alias("given_names"),
        pl.col("family_1").alias("paternal"),
        pl.col("family_2").alias("maternal"),
        pl.when(pl.col("aka").is_not_null()).then(pl.concat_list("aka")).alias("aka"),
        pl.col("born").dt.strftime("%d %b %Y").alias("dob"),
        _sex("M", "F"),
        pl.col("birth_place").alias("pob"),
        "birth_country",
        pl.col("citizenship").alias("nationality"),
        "passport",
        "national_id",
        *_place("address", "postal_code"),
    )


def case_organizations(
    rng: np.random.Generator, records: pl.DataFrame, cases: Cases
) -> pl.DataFrame:
    """Lay out organizations in cases."""
    capitals = pl.Series(rng.random(len(records)) < 0.5)
    own = records.select(
        pl.col("record_id").alias("row_id"),
        pl.when(capitals)
        .then(pl.col("name").str.to_uppercase())
        .otherwise("name")
        .alias("organization"),
        pl.col("also").alias("also_known_as"),
        pl.col("kind").alias("type"),
        pl.col("registration_id").alias("registration_no"),
        "tax_id",
        pl.col("phones").alias("phone"),
        *_place("street_address", "zip"),
        "principals",
    )
    return _in_case(records, cases, own)


def intel_organizations(
    rng: np.random.Generator, records: pl.DataFrame, units: pl.DataFrame
) -> pl.DataFrame:
    """Lay out organizations in intelligence reports."""
    rows = len(records)
    unit = units[rng.integers(0, len(units), rows)]
    return records.select(
        *_report(unit),
        as_dates(records["day"].to_numpy()).dt.strftime("%Y-%m-%d").alias("reported"),
        pl.Series("reliability", RELIABILITY).gather(rng.integers(0, 7, rows)),
        pl.col("name").alias("organization"),
        pl.col("also").alias("other_names"),
        "kind",
        "tax_id",
        "phones",
        "address",
        "city",
        "state",
        "country",
        "principals",
        organization_narratives(rng, records),
    )
