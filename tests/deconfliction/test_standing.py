from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from linker.deconfliction.classify import ANSWER, classify_against

if TYPE_CHECKING:
    from conftest import World

AS_OF = dt.date(2024, 6, 1)


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
    found = classify_against(world.case("P1", "C", timeline).mentions(), AS_OF)
    assert found.columns == list(ANSWER)
    assert found.select("case_id", "class", "other_kind").rows() == [("C", expected, "case")]


def test_contacts_carry_their_own_ids(world: World) -> None:
    """Arrests, reports and listings are contacts; the agency falls back to the source's name."""
    world.add("P1", "a", kind="arrest", arrest_id="ARR", agency="A")
    world.add("P1", "i", kind="intel", report_id="REP")
    world.add("P1", "w", kind="watchlist").add("P1", "o", kind="other")
    found = classify_against(world.mentions(), AS_OF)
    assert found.select("case_id", "agency", "class", "other_kind").rows() == [
        ("ARR", "A", "PRIOR_CONTACT", "arrest"),
        ("REP", "src", "PRIOR_CONTACT", "intel"),
        (None, "src", "PRIOR_CONTACT", "watchlist"),
    ]


def test_several_mentions_of_one_case_become_one_row(world: World) -> None:
    """The contact is one person's, and the strictest sensitivity holds."""
    world.case("P1", "C", "- - -", record="1", contact_phone="555", sensitivity="open")
    world.case("P1", "C", "open 2020-01-01 -", record="2", unit="U", sensitivity="silent")
    world.case("P1", "C", "- - -", record="3", contact_name="N", sensitivity="pointer_only")
    row = classify_against(world.mentions(), AS_OF).row(0, named=True)
    assert (row["record_id"], row["unit"], row["status"]) == ("1", "U", "open")
    assert (row["contact_name"], row["contact_phone"]) == (None, "555")
    assert (row["sensitivity"], row["class"]) == ("silent", "SIMULTANEOUS")


@pytest.mark.parametrize(("given", "shown"), [(None, None), ("secret", "silent"), ("open", "open")])
def test_an_unknown_sensitivity_is_the_strictest(
    world: World, given: str | None, shown: str | None
) -> None:
    """A word nobody defined must not open a case to others."""
    world.case("P1", "C", "open 2020-01-01 -", sensitivity=given)
    assert classify_against(world.mentions(), AS_OF)["sensitivity"].to_list() == [shown]


def test_nothing_known(world: World) -> None:
    """An entity without mentions gives an empty answer."""
    found = classify_against(world.mentions(), AS_OF)
    assert found.is_empty()
    assert found.columns == list(ANSWER)
