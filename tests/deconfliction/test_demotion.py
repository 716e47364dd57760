"""Identifiers that many unlike records hold count as missing."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.deconfliction.demotion import (
    WithoutDemoted,
    demoted_values,
    demotion_columns,
    without_demoted,
)
from linker.schemas import DEMOTED, MENTIONS, EntityType

LIMIT = 5


@dataclass(frozen=True)
class Held:
    """Mentions held in memory."""

    frame: pl.DataFrame

    @property
    def height(self) -> int:
        return self.frame.height

    def read(self, columns: Iterable[str]) -> pl.DataFrame:
        return self.frame.select(columns)


def mentions(rows: list[dict[str, Any]], entity_type: EntityType = "person") -> Held:
    schema = {name: MENTIONS[entity_type][name] for name in demotion_columns(entity_type)}
    schema |= {"curp": pl.String()} if entity_type == "person" else {}
    return Held(pl.DataFrame([{**dict.fromkeys(schema), **row} for row in rows], schema=schema))


def stranger(number: int, **values: Any) -> dict[str, Any]:
    """Somebody who is like nobody else."""
    return {
        "name_tokens": [f"given{number}", f"family{number}"],
        "name_sounds": [f"S{number}"],
        "given_name_root": f"given{number}",
        "birth_year": 1900 + 4 * number,
        **values,
    }


def demoted(rows: list[dict[str, Any]], limit: int = LIMIT) -> list[tuple[str, str, int]]:
    found = demoted_values("person", mentions(rows), limit)
    assert dict(found.schema) == dict(DEMOTED)
    return found.rows()


def test_a_value_of_many_strangers_is_demoted() -> None:
    """One more than the limit is enough; every identifier is looked at by itself."""
    six = [stranger(n, fingerprint_id="F1", ssn=f"{n}") for n in range(6)]
    assert demoted(six) == [("fingerprint_id", "F1", 6)]
    assert demoted(six[:5]) == []
    assert demoted(six, limit=6) == []
    both = [{**row, "passport": "P"} for row in six]
    assert demoted(both) == [("fingerprint_id", "F1", 6), ("passport", "P", 6)]


def test_one_person_of_many_records_is_not_many() -> None:
    """Forty records of one man, with typos and drifting years, are like each other."""
    draw = random.Random(1)
    forty = [
        {
            "name_tokens": ["angel", draw.choice(["resendiz", "resendez", "ramirez"])],
            "name_sounds": draw.choice([["RSNTS"], ["RMRS"]]),
            "given_name_root": draw.choice(["angel", "jose"]),
            "birth_year": draw.choice([1959, 1960, 1965, 1966, 1969]),
            "fingerprint_id": "F1",
        }
        for _ in range(40)
    ]
    assert demoted(forty) == []


@pytest.mark.parametrize(
    "alike",
    [
        {"name_tokens": ["same"]},
        {"name_sounds": ["SM"]},
        {"given_name_root": "same"},
        {"birth_year": 1960},
        {"aliases": ["given0"]},
    ],
)
def test_records_alike_in_anything_count_once(alike: dict[str, Any]) -> None:
    """A word, a sound, a given name, a birth year or an alias in common: not unlike."""
    rows = [stranger(n, a_number="A1", **alike) for n in range(12)]
    assert demoted(rows) == []


def test_nine_names_with_years_near_each_other_are_one_person() -> None:
    """Who is fingerprinted under nine names gives birth dates of about his age."""
    years = [1960, 1961, 1962, 1963, 1961, 1960, 1962, 1963, 1960]
    rows = [stranger(n, fingerprint_id="F1", birth_year=y) for n, y in enumerate(years)]
    assert demoted(rows) == []


def test_what_a_record_lacks_makes_it_like_nobody_and_without_a_name_it_does_not_count() -> None:
    """Strangers without birth dates are strangers; a bare number says nothing of its holder."""
    undated = [stranger(n, ssn="1", birth_year=None, given_name_root=None) for n in range(6)]
    assert demoted(undated) == [("ssn", "1", 6)]
    nameless = [{"ssn": "1"} for _ in range(20)]
    assert demoted(nameless) == []
    assert demoted([*undated, *nameless]) == [("ssn", "1", 26)]


def test_organizations_are_unlike_by_their_names() -> None:
    """A tax id of many firms of other names is demoted, that of branches of one is not."""
    firms = [
        {"name_tokens": [f"firm{n}"], "name_sounds": [f"F{n}"], "tax_id": "T"} for n in range(6)
    ]
    branches = [
        {"name_tokens": ["apex", f"b{n}"], "name_sounds": ["APX"], "tax_id": "U"} for n in range(9)
    ]
    held = mentions([*firms, *branches], "organization")
    assert demoted_values("organization", held, LIMIT).rows() == [("tax_id", "T", 6)]


@given(st.lists(st.integers(0, 9), max_size=40), st.integers(1, 4), st.randoms())
def test_strangers_are_counted_whatever_the_order(
    people: list[int], limit: int, draw: random.Random
) -> None:
    """Of records of strangers, as many are unlike as there are strangers, in any order."""
    rows = [stranger(n, ssn="1") for n in people]
    expected = [("ssn", "1", len(rows))] if len(set(people)) > limit else []
    assert demoted(rows, limit) == expected
    draw.shuffle(rows)
    assert demoted(rows, limit) == expected


def test_what_is_demoted_is_missing() -> None:
    """The value is null in its own column and where it stands checked, and nowhere else."""
    rows = [
        {"national_id": "C1", "curp": "C1", "passport": "C1"},
        {"national_id": "C2", "curp": "C2"},
        {"national_id": None},
    ]
    held = mentions(rows)
    some = pl.DataFrame([("national_id", "C1", 9)], schema=dict(DEMOTED), orient="row")
    kept = without_demoted(held.frame, some)
    assert kept["national_id"].to_list() == [None, "C2", None]
    assert kept["curp"].to_list() == [None, "C2", None]
    assert kept["passport"].to_list() == ["C1", None, None]
    assert without_demoted(held.frame.select("passport"), some)["passport"].to_list()[0] == "C1"
    compared = WithoutDemoted(held, some)
    assert compared.height == 3
    assert compared.read(["curp"]).equals(kept.select("curp"))
    assert without_demoted(held.frame, some.clear()).equals(held.frame)
