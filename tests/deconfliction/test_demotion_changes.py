"""Values that a night demotes or lets count again, judged from their holders alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linker.deconfliction import demotion
from linker.deconfliction.demotion import demoted_values
from linker.deconfliction.demotion_changes import demotion_changes
from linker.schemas import DEMOTED, PERSON, empty
from tests.deconfliction.nights import HeldWarehouse
from tests.deconfliction.test_demotion import Held, stranger

LIMIT = 2

holder = st.builds(
    lambda who, ssn, passport, alike: {
        **stranger(who),
        "ssn": ssn,
        "passport": passport,
        "aliases": [alike] if alike else None,
    },
    st.integers(0, 9),
    st.sampled_from([None, "1", "2", "3"]),
    st.sampled_from([None, None, "1", "4"]),
    st.sampled_from([None, None, None, "given1", "given2"]),
)
night = st.tuples(st.lists(holder, max_size=4), st.lists(st.integers(0, 30), max_size=3))


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Return mentions whose record ids are in no order of arrival."""
    named = [
        {"mention": number, "source": "s", "record_id": f"r{number * 37 % 101:03}", **row}
        for number, row in enumerate(rows)
    ]
    return pl.DataFrame(named, schema=dict(PERSON))


def in_order(mentions: pl.DataFrame) -> Held:
    return Held(mentions.sort("source", "record_id"))


@settings(max_examples=40)
@given(st.lists(holder, max_size=16), st.lists(night, min_size=1, max_size=4))
def test_what_a_night_changes_is_what_all_mentions_say(
    first: list[dict[str, Any]], nights: list[tuple[list[dict[str, Any]], list[int]]]
) -> None:
    """What is demoted is what all mentions say; told of are the holders of values that changed."""
    rows, living = [*first], [True] * len(first)
    known = demoted_values("person", in_order(frame(rows)), LIMIT)
    for new, which in nights:
        gone = sorted({number % len(rows) for number in which} if rows else set())
        gone = [number for number in gone if living[number]]
        serials = np.array([0 if alive else -1 for alive in living], dtype=np.int64)
        warehouse = HeldWarehouse(frame(rows), serials)
        came = Held(frame([*rows, *new]).slice(len(rows)))
        found = demotion_changes(warehouse, known, came, np.array(gone, dtype=np.int64), LIMIT)
        for number in gone:
            living[number] = False
        staying = frame(rows).filter(pl.Series(living, dtype=pl.Boolean))
        rows, living = [*rows, *new], [*living, *(True for _ in new)]
        after = frame(rows).filter(pl.Series(living, dtype=pl.Boolean))
        expected = demoted_values("person", in_order(after), LIMIT)
        assert found.demoted.equals(expected)
        pairs = [set(some.select("column", "value").iter_rows()) for some in (known, expected)]
        flipped = pairs[0] ^ pairs[1]
        holders = {
            row["mention"]
            for row in staying.iter_rows(named=True)
            if any(row[column] == value for column, value in flipped)
        }
        assert found.holders.tolist() == sorted(holders)
        known = found.demoted


def test_holders_are_judged_in_the_order_of_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only the first holders are compared, they are those that a full run would compare."""
    monkeypatch.setattr(demotion, "MOST_COMPARED", 3)
    rows = [stranger(who, ssn="1") for who in (1, 1, 1, 2, 3, 4)]
    rows = [{**row, "name_tokens": [*row["name_tokens"], f"x{n}"]} for n, row in enumerate(rows)]
    warehouse = HeldWarehouse(frame(rows[:4]), np.zeros(4, dtype=np.int64))
    came = Held(frame(rows).slice(4))
    none = np.empty(0, dtype=np.int64)
    found = demotion_changes(warehouse, empty(DEMOTED), came, none, LIMIT)
    assert found.demoted.equals(demoted_values("person", in_order(frame(rows)), LIMIT))
