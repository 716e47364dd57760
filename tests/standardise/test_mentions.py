"""Tests of the door of the room: rows in, mentions and what was set aside out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linker.config.settings import Source
from linker.schemas import (
    CONTEXT,
    LIST_FIELDS,
    MENTIONS,
    ORGANIZATION_FIELDS,
    PERSON_FIELDS,
    QUARANTINE,
    EntityType,
    check,
)
from linker.standardise.mentions import Standardised, standardise

Make = Callable[..., Standardised]


def one(made: Standardised) -> dict[str, Any]:
    assert made.mentions.height == 1
    return {name: value for name, value in made.mentions.to_dicts()[0].items() if value is not None}


def test_a_person_from_parts(make: Make) -> None:
    """A record in parts becomes a mention whose derived columns follow from the parts."""
    made = make(
        [
            {
                "given_name": "José Ángel",
                "middle_name": "M.",
                "surname": "de la Cruz",
                "second_surname": "Resendiz",
                "suffix": "Junior",
                "birth_date": "08/01/1959",
                "sex": "M",
                "a_number": "A12345678",
                "phones": ["(01) 664 123 4567", "702-919-1300", "7029191300"],
                "plates": ["ABC-123"],
                "citizenship": "Mexicana",
            }
        ]
    )
    assert one(made) == {
        "mention": 0,
        "source": "subjects",
        "record_id": "0000",
        "kind": "case",
        "name_as_given": "José Ángel M. de la Cruz Resendiz Junior",
        "full_name": "jose angel m cruz resendiz jr",
        "given_name": "jose",
        "given_name_root": "jose",
        "middle_name": "angel m",
        "surname": "cruz resendiz",
        "surname_parts": ["cruz", "resendiz"],
        "surname_prefix": "de la",
        "suffix": "jr",
        "name_tokens": ["angel", "cruz", "jose", "m", "resendiz"],
        "name_written": ["jose", "angel", "m", "cruz", "resendiz"],
        "name_keys": ["jose", "angil", "m", "cruz", "risindiz"],
        "name_key": "angil cruz jose m risindiz",
        "name_sounds": ["KRS", "RSNTS"],
        "birth_date": dt.date(1959, 8, 1),
        "birth_date_precision": "day",
        "birth_year": 1959,
        "birth_year_margin": 0,
        "birth_month": 8,
        "sex": "male",
        "citizenship": "MX",
        "a_number": "012345678",
        "phones": ["+17029191300", "+526641234567"],
        "plates": ["A8C123"],
    }
    assert made.set_aside.is_empty()


def test_a_full_name_fills_what_the_parts_leave_open(make: Make) -> None:
    """Explicit parts win over the full name; the full name fills the gaps and adds its words."""
    made = make(
        [
            {"full_name": "thomas clifford, 1st baron chudleigh", "surname": "chudleigh"},
            {"full_name": "Juan Perez", "given_name": "Pepe", "surname": "Lopez"},
            {"full_name": "Juan de la Cruz", "given_name": None, "surname": None},
            {"full_name": "Cher", "given_name": "Cher", "surname": None},
            {"full_name": None, "given_name": "Ana", "surname": None},
        ]
    )
    columns = ["full_name", "surname", "surname_prefix", "name_tokens"]
    assert made.mentions.select(columns).rows() == [
        ("thomas chudleigh", "chudleigh", None, ["chudleigh", "clifford", "thomas"]),
        ("pepe lopez", "lopez", None, ["juan", "lopez", "pepe", "perez"]),
        ("juan cruz", "cruz", "de la", ["cruz", "juan"]),
        ("cher", None, None, ["cher"]),
        ("ana", None, None, ["ana"]),
    ]


def test_aliases_come_from_their_field_and_from_the_names(make: Make) -> None:
    """Aliases are distinct and sorted, wherever they were written; none is null."""
    made = make(
        [
            {
                "full_name": "Joaquin 'El Chapo' Guzman",
                "aliases": ["SMITH, John", "unknown", "el chapo"],
            },
            {"full_name": "Ana Lopez", "aliases": []},
        ]
    )
    assert made.mentions["aliases"].to_list() == [["el chapo", "john smith"], None]


def test_the_one_man_of_eight_stops(make: Make) -> None:
    """The names given at eight stops of one man (inspector general's report, 2000) fall together
    where biography links them."""
    names = [
        ("Angel Resendiz-Ramirez", "1969-08-01"),
        ("Angel Resendiz-Ramirez", "1959-08-01"),
        ("Angel Resendiz-Ramirez", "1965-08-03"),
        ("Jose Angel Resendiz Ramirez", "1966-08-01"),
        ("Gernando Mata-Roman", "1963-12-08"),
        ("De Uribe Rafael Hernandez-Hernandez", "1966-08-16"),
    ]
    made = make([{"full_name": name, "birth_date": date} for name, date in names])
    assert made.mentions["surname_parts"].to_list() == [
        *[["resendiz", "ramirez"]] * 4,
        ["mata", "roman"],
        ["hernandez", "hernandez"],
    ]
    assert made.mentions["birth_date"].null_count() == 0


def test_unreadable_values_are_set_aside(make: Make) -> None:
    """A value that cannot be read leaves its mention without it, and is told but not shown."""
    made = make(
        [
            {"full_name": "Ana Lopez", "birth_date": "05/0b/1994", "ssn": "3241"},
            {"full_name": "Ana Lopez", "ssn": "000-00-0000", "birth_date": "1856-86-18"},
            {"full_name": "Ana Lopez", "phones": ["12", "702-919-1300"], "status": "odd"},
        ]
    )
    check(made.set_aside, QUARANTINE, "set aside")
    assert made.set_aside.select("row", "column", "value_class", "outcome").rows() == [
        (1, "birth_date column", "text, 10 characters", "value"),
        (1, "ssn column", "4 digits", "value"),
        (2, "birth_date column", "text, 10 characters", "value"),
        (3, "phones column", "2 digits", "value"),
        (3, "status column", "letters, 3 characters", "value"),
    ]
    assert made.mentions.height == 3
    assert made.mentions["ssn"].to_list() == [None, None, None]
    assert made.mentions["birth_year"].to_list() == [None, 1856, None]
    assert made.mentions["phones"].to_list() == [None, None, ["+17029191300"]]


def test_rows_that_name_nobody_are_set_aside(make: Make) -> None:
    """A row without name, identifier or contact becomes no mention; one contact is enough."""
    made = make(
        [
            {"full_name": "unknown", "birth_date": "1970-05-05", "narrative": "two men seen"},
            {"full_name": "FNU LNU", "plates": ["ABC-123"]},
            {"full_name": "xxx", "ssn": "999-99-9999"},
        ]
    )
    assert made.mentions.select("record_id", "plates").rows() == [("0001", ["A8C123"])]
    assert made.set_aside.rows() == [
        ("subjects", row, None, None, "names nobody: no name, identifier or contact", "row")
        for row in (1, 3)
    ]


def test_an_unreadable_sensitivity_is_the_most_guarded(make: Make) -> None:
    """A sensitivity that cannot be read hides the case rather than showing it; none is none."""
    made = make(
        [{"full_name": "Ana Lopez", "sensitivity": s} for s in ("open", "n/a!", "?", "", None)]
    )
    assert made.mentions["sensitivity"].to_list() == ["open", "silent", "silent", None, None]
    assert made.set_aside["row"].to_list() == [2, 3]


def test_context_is_carried(make: Make) -> None:
    """What a mention belongs to is carried along, dates as dates."""
    made = make(
        [
            {
                "full_name": "Ana Lopez",
                "case_id": " C-1 ",
                "joint_case_ids": ["C-3", "C-2", "C-3"],
                "status": "Cerrado",
                "opened": "2019-01-01",
                "closed": "12/31/2019",
                "agency": "Unit  A",
            }
        ]
    )
    mention = one(made)
    assert mention["opened"] == dt.date(2019, 1, 1)
    assert mention["closed"] == dt.date(2019, 12, 31)
    assert mention["joint_case_ids"] == ["C-2", "C-3"]
    assert (mention["case_id"], mention["status"], mention["agency"]) == ("C-1", "closed", "Unit A")


def test_an_address_on_one_line_fills_the_open_fields_only(make: Make) -> None:
    """City, state and postal code told apart win over those on the address line."""
    line = "123 Main Street, Las Vegas NV 89132"
    made = make([{"full_name": "Ana Lopez", "address": line, "city": "Reno", "state": None}])
    mention = one(made)
    assert mention["address"] == "123 main st"
    assert (mention["city"], mention["state"], mention["postal_code"]) == ("reno", "NV", "89132")


def test_an_organization(make: Make) -> None:
    """An organization becomes a mention without legal form, with what is derived from its name."""
    made = make(
        [
            {
                "name": "Transportes del Norte, S.A. de C.V. dba Norte Express",
                "kind": "Transportista",
                "tax_id": "tno-010101-ab1",
                "principals": ["GUZMAN LOERA, Joaquin", "unknown"],
            }
        ],
        entity="organization",
    )
    assert one(made) == {
        "mention": 0,
        "source": "subjects",
        "record_id": "0000",
        "kind": "case",
        "name_as_given": "Transportes del Norte, S.A. de C.V. dba Norte Express",
        "name": "transportes del norte",
        "legal_form": "sa de cv",
        "name_tokens": ["nurti", "transport"],
        "name_sounds": ["NRT", "TRNSPRT"],
        "acronym": "tn",
        "aliases": ["norte express"],
        "organization_kind": "carrier",
        "tax_id": "TNO010101AB1",
        "principals": ["joaquin guzman loera"],
    }


def test_an_organization_may_lack_a_name(make: Make) -> None:
    """A registration number alone makes a mention of an organization."""
    made = make([{"registration_id": "X-12"}, {"kind": "cartel"}], entity="organization")
    assert made.mentions["registration_id"].to_list() == ["X12"]
    assert made.set_aside["outcome"].to_list() == ["row"]


def test_mentions_are_in_order_of_record_id(make: Make) -> None:
    """Mentions are numbered from 0 in order of record id, whatever the order of the rows."""
    made = make([{"record_id": key, "full_name": f"{key} Smith"} for key in ("c", "a", "b")])
    assert made.mentions.select("mention", "record_id", "full_name").rows() == [
        (0, "a", "a smith"),
        (1, "b", "b smith"),
        (2, "c", "c smith"),
    ]


def every_field(entity: EntityType) -> list[str]:
    own = PERSON_FIELDS if entity == "person" else ORGANIZATION_FIELDS
    return [*own, *CONTEXT]


TEXTS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(["Ana", "1970-01-01", "unknown", "7029191300", "M", "123456780", "a@b.co"]),
)


@pytest.mark.parametrize("entity", ["person", "organization"])
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_row_becomes_a_mention_or_is_set_aside(entity: EntityType, data: st.DataObject) -> None:
    """Whatever the rows hold, each becomes exactly one mention or is set aside, in the schema."""
    fields = every_field(entity)
    height = data.draw(st.integers(0, 3))
    columns = [
        pl.Series(
            field,
            data.draw(
                st.lists(
                    st.lists(TEXTS, max_size=2) if field in LIST_FIELDS else TEXTS,
                    min_size=height,
                    max_size=height,
                )
            ),
            dtype=pl.List(pl.String) if field in LIST_FIELDS else pl.String,
        )
        for field in fields
    ]
    rows = pl.DataFrame(columns).with_columns(
        record_id=pl.int_range(pl.len()).cast(pl.String),
        row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
        retained=pl.lit(None, pl.String),
    )
    source = Source(
        name="s",
        path="s.csv",
        kind="other",
        entity=entity,
        record_id="id",
        fields={field: field for field in fields},
    )
    made = standardise(rows, source)
    check(made.mentions, MENTIONS[entity], "mentions")
    check(made.set_aside, QUARANTINE, "set aside")
    lost = made.set_aside.filter(pl.col("outcome") == "row")["row"].to_list()
    assert sorted(lost + [int(key) + 1 for key in made.mentions["record_id"]]) == list(
        range(1, height + 1)
    )
    for name, dtype in MENTIONS[entity].items():
        if dtype == pl.List(pl.String):
            assert all(value is None or value for value in made.mentions[name].to_list())


def test_many_rows_are_read_as_few_are(make: Make) -> None:
    """Rows give the same mentions in a large table, which is joined, as in a small one."""
    records = [
        {
            "full_name": f"Juan{'abcdefghij'[at % 10]} de la Cruz",
            "birth_date": f"{1 + at % 28}/{1 + at % 12}/19{10 + at % 80}",
            "phones": [f"70291913{at % 100:02}", None, "12"] if at % 3 else None,
            "address": f"{at} Main Street, Reno NV 89132" if at % 2 else None,
        }
        for at in range(200)
    ]
    whole = make(records, formats={"birth_date": "%d/%m/%Y"})
    parts = [
        make(
            [{**record, "record_id": f"{at + start:04}"} for at, record in enumerate(part)],
            formats={"birth_date": "%d/%m/%Y"},
        )
        for start in range(0, 200, 50)
        for part in [records[start : start + 50]]
    ]
    joined = pl.concat([part.mentions for part in parts])
    assert whole.mentions.drop("mention").equals(joined.drop("mention"))
    assert whole.set_aside.height == sum(part.set_aside.height for part in parts)
