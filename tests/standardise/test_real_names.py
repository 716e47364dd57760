"""Tests on real names: nothing fails, and what is known of them comes out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from linker.standardise.mentions import Standardised

Make = Callable[..., Standardised]
SAMPLE = 4_000


def test_names_of_the_sanctions_list(make: Make, shared_data: Path) -> None:
    """Every person and organization of the US sanctions list is named, people by family name."""
    listed = pl.read_csv(
        shared_data / "ofac" / "sdn.csv",
        has_header=False,
        infer_schema=False,
    )
    listed = listed.select(name=pl.nth(1), type=pl.nth(2)).drop_nulls("name")
    is_person = pl.col("type").str.strip_chars() == "individual"
    people = make([{"full_name": name} for name in listed.filter(is_person)["name"].to_list()])
    others = listed.filter(~is_person)["name"].to_list()
    organizations = make([{"name": name} for name in others], entity="organization")
    assert people.set_aside.is_empty()
    assert people.mentions["surname"].null_count() == 0
    assert people.mentions["given_name"].null_count() < people.mentions.height / 20
    assert organizations.mentions.height > 0.99 * len(others)
    assert organizations.mentions["legal_form"].drop_nulls().len() > 500
    known = people.mentions.filter(pl.col("name_as_given") == "ZAMBADA NIEBLA, Vicente")
    assert known["surname_parts"].to_list() == [["zambada", "niebla"]]


def test_names_of_history(make: Make, shared_data: Path) -> None:
    """A full name of history is mostly read as the given and family name its keepers recorded."""
    rows = pl.read_parquet(shared_data / "historical_50k.parquet").head(SAMPLE)
    plain = rows.filter(
        pl.col("full_name").str.contains(r"^[a-z]+( [a-z]+)+$")
        & (pl.col("full_name") == pl.concat_str("first_name", pl.lit(" "), "surname"))
    )
    assert plain.height > SAMPLE / 5
    made = make([{"full_name": name} for name in plain["full_name"].to_list()]).mentions
    right = (made["given_name"] == plain["first_name"]) & (made["surname"] == plain["surname"])
    assert right.sum() > 0.95 * plain.height


def test_dates_of_history_keep_their_year(make: Make, shared_data: Path) -> None:
    """A mistyped birth date of history is set aside, but its year is kept."""
    rows = pl.read_parquet(shared_data / "historical_50k.parquet").head(SAMPLE)
    made = make(
        [
            {"full_name": "Ana Lopez", "birth_date": date}
            for date in rows["dob"].drop_nulls().to_list()
        ]
    )
    aside = made.set_aside.filter(pl.col("reason") == "not a date").height
    assert 0 < aside < made.mentions.height / 5
    assert made.mentions["birth_year"].null_count() < made.mentions.height / 100
