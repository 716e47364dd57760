"""What is told of one entity to someone who asks without a case."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.deconfliction.standing import ANSWER, READ, class_of, standing
from linker.deconfliction.timeline import timelines

if TYPE_CHECKING:
    from conftest import World

AS_OF = dt.date(2024, 6, 1)


def told(world: World) -> list[dict[str, Any]]:
    return standing(world.mentions().select(READ).to_dicts(), AS_OF)


@pytest.mark.parametrize(
    ("timeline", "expected"),
    [
        ("open 2024-06-01 -", "SIMULTANEOUS"),
        ("suspended 2020-01-01 -", "SIMULTANEOUS"),
        ("reopened 2020-01-01 2021-01-01", "SIMULTANEOUS"),
        ("closed 2020-01-01 2024-06-02", "SIMULTANEOUS"),
        ("closed 2020-01-01 2024-06-01", "PRIOR"),
        ("closed 2020-01-01 -", "INDETERMINATE"),
        ("open 2020-01-01 2021-01-01", "INDETERMINATE"),
        ("open 2024-06-02 -", "INDETERMINATE"),
        ("- - -", "INDETERMINATE"),
    ],
)
def test_class_without_a_case(world: World, timeline: str, expected: str) -> None:
    """A query without a case sees each investigation as of today."""
    (row,) = told(world.case("P1", "C", timeline))
    assert list(row) == list(ANSWER)
    assert (row["case_id"], row["class"], row["other_kind"]) == ("C", expected, "case")


MENTIONS = st.lists(
    st.fixed_dictionaries(
        {
            "status": st.sampled_from([None, "open", "suspended", "closed", "reopened", "odd"]),
            "opened": st.none() | st.dates(dt.date(2024, 5, 30), dt.date(2024, 6, 3)),
            "closed": st.none() | st.dates(dt.date(2024, 5, 30), dt.date(2024, 6, 3)),
        }
    ),
    min_size=1,
    max_size=3,
)


@given(rows=MENTIONS)
def test_dates_are_read_as_a_night_reads_them(rows: list[dict[str, Any]]) -> None:
    """Whatever dates and statuses mentions give, the class is that of the night's timelines."""
    schema = {
        "investigation": pl.Int64,
        "status": pl.String,
        "opened": pl.Date,
        "closed": pl.Date,
    }
    cases = pl.DataFrame([{"investigation": 0, **row} for row in rows], schema=schema)
    line = timelines(cases, AS_OF).row(0, named=True)
    expected = "SIMULTANEOUS" if line["active"] else "PRIOR" if line["begun"] else "INDETERMINATE"
    assert class_of(rows, AS_OF) == expected


def test_contacts_carry_their_own_ids(world: World) -> None:
    """Arrests, reports and listings are contacts; the agency falls back to the source's name."""
    world.add("P1", "a", kind="arrest", arrest_id="ARR", agency="A")
    world.add("P1", "i", kind="intel", report_id="REP")
    world.add("P1", "w", kind="watchlist").add("P1", "o", kind="other")
    names = ("case_id", "agency", "class", "other_kind")
    assert [tuple(row[name] for name in names) for row in told(world)] == [
        ("ARR", "A", "PRIOR_CONTACT", "arrest"),
        ("REP", "src", "PRIOR_CONTACT", "intel"),
        (None, "src", "PRIOR_CONTACT", "watchlist"),
    ]


def test_an_arrest_of_an_investigation_is_no_contact(world: World) -> None:
    """What carries a case id belongs to the case; a case without one stands alone."""
    world.add("P1", "a", kind="arrest", arrest_id="ARR", case_id="C", agency="A")
    world.add("P1", "b", kind="case").add("P1", "c", kind="case")
    assert [(row["case_id"], row["other_kind"]) for row in told(world)] == [
        ("C", "case"),
        (None, "case"),
        (None, "case"),
    ]


def test_several_mentions_of_one_case_become_one_row(world: World) -> None:
    """The contact is one person's, and the strictest sensitivity holds."""
    world.case("P1", "C", "- - -", record="1", contact_phone="555", sensitivity="open")
    world.case("P1", "C", "open 2020-01-01 -", record="2", unit="U", sensitivity="silent")
    world.case("P1", "C", "- - -", record="3", contact_name="N", sensitivity="pointer_only")
    (row,) = told(world)
    assert (row["record_id"], row["unit"], row["status"]) == ("1", "U", "open")
    assert (row["contact_name"], row["contact_phone"]) == (None, "555")
    assert (row["sensitivity"], row["class"]) == ("silent", "SIMULTANEOUS")


@pytest.mark.parametrize(("given", "shown"), [(None, None), ("secret", "silent"), ("open", "open")])
def test_an_unknown_sensitivity_is_the_strictest(
    world: World, given: str | None, shown: str | None
) -> None:
    """A word nobody defined must not open a case to others."""
    world.case("P1", "C", "open 2020-01-01 -", sensitivity=given)
    assert [row["sensitivity"] for row in told(world)] == [shown]


def test_the_most_pressing_comes_first(world: World) -> None:
    """Rows are ordered by class, and within it by agency and case."""
    world.case("P1", "C1", "closed 2020-01-01 2021-01-01")
    world.case("P1", "C3", "open 2020-01-01 -", agency="B").case("P1", "C2", "open 2020-01-01 -")
    assert [row["case_id"] for row in told(world)] == ["C2", "C3", "C1"]


def test_nothing_known() -> None:
    """An entity without mentions gives an empty answer."""
    assert standing([], AS_OF) == []
