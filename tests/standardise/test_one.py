"""A query's mention is the one that a table of one row becomes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks.population.config_file import config_text
from benchmarks.population.generate import Plan, generate
from linker.config import Config, Source, load_config
from linker.schemas import (
    CONTEXT,
    LIST_FIELDS,
    MENTIONS,
    ORGANIZATION_FIELDS,
    PERSON_FIELDS,
    EntityType,
)
from linker.sources.read import read_source
from linker.standardise.mentions import standardise
from linker.standardise.one import standardise_one

AS_OF = dt.date(2026, 6, 30)
OF_A_RECORD = {"mention", "source", "record_id", "kind", "retained", *CONTEXT}


def as_a_table(
    entity: EntityType, fields: Mapping[str, str | list[str]]
) -> tuple[dict[str, Any], set[str]]:
    """The mention that the room makes of a table of this one row, and the fields set aside."""
    columns: dict[str, Any] = {"record_id": ["r"], "row": [1], "retained": [None]}
    schema: dict[str, Any] = {"record_id": pl.String, "row": pl.Int64, "retained": pl.String}
    for name, value in fields.items():
        columns[name] = [value]
        schema[name] = pl.List(pl.String) if name in LIST_FIELDS else pl.String
    source = Source(
        name="query",
        path="query",
        kind="other",
        entity=entity,
        record_id="record_id",
        fields={name: name for name in fields},
    )
    made = standardise(pl.DataFrame(columns, schema=schema), source, as_of=AS_OF)
    mentions = made.mentions.to_dicts()
    mention = {
        name: value
        for name, value in (mentions[0] if mentions else {}).items()
        if value is not None and name not in OF_A_RECORD
    }
    unread = made.set_aside.filter(outcome="value")["column"].to_list()
    return mention, set(unread)


def alone(
    entity: EntityType, fields: Mapping[str, str | list[str]]
) -> tuple[dict[str, Any], set[str]]:
    mention, unread = standardise_one(entity, fields, AS_OF)
    assert set(mention) <= set(MENTIONS[entity])
    return mention, set(unread)


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> Config:
    directory: Path = tmp_path_factory.mktemp("one")
    generate(Plan(records=1_500, seed=17), directory)
    path = directory / "linker.toml"
    path.write_text(config_text(str(directory), str(directory / "store"), "csv", "both"), "utf-8")
    return load_config(path)


def test_every_record_of_a_population(population: Config) -> None:
    """Whatever a source of an invented population holds, both ways give the same mention."""
    seen = 0
    for source in population.sources:
        wanted = PERSON_FIELDS if source.entity == "person" else ORGANIZATION_FIELDS
        rows = read_source(source, population).rows
        rows = rows.select(name for name in rows.columns if name in wanted).head(60)
        for row in rows.to_dicts():
            fields = {name: value for name, value in row.items() if value is not None}
            assert alone(source.entity, fields) == as_a_table(source.entity, fields)
            seen += 1
    assert seen > 200


NAMES = st.sampled_from(
    [
        "Juan Perez Garcia",
        "GARCIA-LOPEZ, Maria de los Angeles",
        "de la Cruz",
        "Ruiz",
        "O'Neil Jr., Sean",
        "Dr. Ana M. Ruiz a.k.a. 'La Guera'",
        "Mohammed bin Ali",
        "王小明",
        "Jose (Pepe) Luna III",
        "unknown",
        "N/A",
        "x",
        "",
        "  ",
        "Mary Ann Smith-Jones née Brown",
    ]
) | st.text(max_size=30)
DATES = st.sampled_from(
    [
        *("1980-05-24", "24/05/1980", "5/24/80", "1980", "1980-05", "about 1980", "1980s", "0"),
        *("1980-01-01", "soon", "31/02/1980", "1978-1982", "19800524", "May 1980", "99/99/9999"),
    ]
)
TEXTS = st.sampled_from(
    [
        *("956-555-0177", "+52 1 55 1234 5678", "A12345678", "123-45-6789", "ABC-123", "none"),
        *("PEGJ800524HDFRRN09", "PEGJ800524HDFRRN01", "000-00-0000", "x@y.com", "Laredo", "TX"),
        *("418 Calle Encino, Laredo, TX 78040", "MEX", "M", "Hombre", "day", "estimated", "yes"),
        *("34", "30-35", "about 40", "old", "jr", "year", "X9", "SA de CV", "LLC", "month"),
    ]
)


def fields_of(entity: EntityType) -> st.SearchStrategy[dict[str, str | list[str]]]:
    wanted = PERSON_FIELDS if entity == "person" else ORGANIZATION_FIELDS
    dates = {"birth_date", "observed_on"}
    named = {"full_name", "given_name", "middle_name", "surname", "second_surname", "name"}

    def of(name: str) -> st.SearchStrategy[Any]:
        one = DATES if name in dates else NAMES if name in named | {"aliases"} else TEXTS
        return st.lists(one | TEXTS, max_size=3) if name in LIST_FIELDS else one

    return st.fixed_dictionaries({}, optional={name: of(name) for name in wanted}).filter(
        lambda fields: any(fields.values())
    )


@given(fields=fields_of("person"))
@example(fields={"full_name": "Ruiz", "given_name": "Ana"})
@example(fields={"national_id": "PEGJ800524HDFRRN09"})
@example(fields={"full_name": "Ana", "birth_date": "1980-01-01", "birth_date_precision": "day"})
@example(fields={"full_name": "Ana", "birth_date_precision": "estimated", "age": "unread"})
def test_any_fields_of_a_person(fields: dict[str, str | list[str]]) -> None:
    """Whichever fields are given, however they are written, both ways give the same person."""
    fields = {name: value for name, value in fields.items() if value}
    assert alone("person", fields) == as_a_table("person", fields)


@given(fields=fields_of("organization"))
def test_any_fields_of_an_organization(fields: dict[str, str | list[str]]) -> None:
    """Whichever fields are given, however they are written, both ways give the same one."""
    fields = {name: value for name, value in fields.items() if value}
    assert alone("organization", fields) == as_a_table("organization", fields)
