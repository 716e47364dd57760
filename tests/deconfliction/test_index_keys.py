"""Keys by which mentions that hold a value, are of an investigation or of a day are found."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from linker.deconfliction.index_keys import index_names, keys_of, keys_of_days
from linker.deconfliction.shared import shared_columns
from linker.schemas import ORGANIZATION, PERSON


def keyed(name: str, *rows: dict[str, Any]) -> list[set[int]]:
    """Return the keys of each mention, given no other columns than the name takes."""
    mentions = pl.DataFrame([{"source": "s", **row} for row in rows], schema=dict(PERSON))
    found = keys_of(name, mentions.select(index_names("person")[name]))
    return [set(found.keys[found.rows == number].tolist()) for number in range(len(rows))]


def test_equal_values_have_equal_keys() -> None:
    """A list has a key for each of its values, and a mention without any has none."""
    one, other, none = keyed("value.phones", {"phones": ["1", "2"]}, {"phones": ["2"]}, {})
    assert len(one) == 2
    assert one & other == other
    assert none == set()
    first, second = keyed("value.passport", {"passport": "P"}, {"passport": "Q"})
    assert len(first | second) == 2


def test_an_address_is_one_with_its_postal_code_or_its_city() -> None:
    """Alone it has no key; a city that reads as a postal code counts as that."""
    both, city, code, bare, elsewhere = keyed(
        "value.address",
        {"address": "1 M", "postal_code": "9", "city": "X"},
        {"address": "1 M", "city": "X"},
        {"address": "1 M", "city": "9"},
        {"address": "1 M"},
        {"address": "2 M", "city": "X"},
    )
    assert both == city | code
    assert len(both) == 2
    assert bare == set()
    assert not elsewhere & both


def test_a_case_is_named_by_agency_and_id() -> None:
    """The name of its source stands for an agency that is missing; without a case id is no key."""
    named, same, other, alone = keyed(
        "case",
        {"agency": "s", "case_id": "1", "kind": "arrest"},
        {"case_id": "1", "kind": "case"},
        {"agency": "t", "case_id": "1", "kind": "case"},
        {"kind": "case"},
    )
    assert named == same
    assert len(named | other) == 2
    assert alone == set()


@pytest.mark.parametrize("day", ["opened", "closed"])
def test_mentions_of_investigations_are_found_by_their_days(day: str) -> None:
    """Those on a day between the first and the last, both included; days before 1970 too."""
    dates = [dt.date(1969, 12, 30), dt.date(1970, 1, 1), dt.date(1970, 1, 2)]
    held = keyed(
        day,
        *({day: date, "kind": "case"} for date in dates),
        {day: dates[1], "case_id": "1", "kind": "intel"},
        {day: dates[1], "kind": "arrest"},
        {"kind": "case"},
    )
    asked = keys_of_days(dates[0], dates[1]).tolist()
    assert len(set(asked)) == 3
    assert [bool(keys & set(asked)) for keys in held] == [True, True, False, True, False, False]


def test_every_shared_column_is_of_an_index() -> None:
    """What two entities can be told to share, or what makes a case, can be found."""
    held = {column for columns in index_names("person").values() for column in columns}
    assert set(shared_columns("person")) - {"mention"} <= held


def test_an_entity_type_has_the_indexes_of_its_columns() -> None:
    """Organizations have no plates and other documents than people."""
    assert "value.plates" in index_names("person")
    names = index_names("organization")
    assert "value.plates" not in names
    assert {column for columns in names.values() for column in columns} <= set(ORGANIZATION)
    assert {"value.phones", "value.tax_id", "case", "opened", "closed"} <= set(names)
