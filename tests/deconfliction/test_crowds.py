"""Entities of so many investigations that not all of what they meet is told."""

from __future__ import annotations

import polars as pl
import pytest

from linker.deconfliction.classify import classify, classify_in_parts
from linker.deconfliction.crowds import MOST, Crowded
from tests.deconfliction.conftest import AS_OF, World

MANY = MOST + 20
SHUT = "closed 2023-01-01 2024-02-01"
OPEN = "open 2024-01-01 -"


def rows(world: World) -> tuple[pl.DataFrame, list[Crowded]]:
    told: list[Crowded] = []
    parts = classify_in_parts(
        "person",
        world.mentions(),
        world.membership(),
        world.pair_frame(),
        world.shared_frame(),
        AS_OF,
        tell=told.append,
    )
    return pl.concat(list(parts)), told


def crowd(entity: str, prefix: str, cases: int = MANY) -> World:
    """Many cases of one entity, all at one time; the last two alone are closed."""
    world = World()
    for number in range(cases):
        when = OPEN if number < cases - 2 else SHUT
        world.case(entity, f"{prefix}{number:04}", when)
    return world


def test_of_a_crowd_each_investigation_is_told_the_most_pressing() -> None:
    """Rows grow with the investigations, the active come first, and nobody has a NO_HIT."""
    found, told = rows(crowd("p1", "c"))
    assert told == [Crowded(1, MANY, 0)]
    seen = found.group_by("case_id").len()
    assert seen.height == MANY
    assert seen["len"].max() == MOST
    assert set(found["class"]) == {"SIMULTANEOUS", "HISTORICAL_OVERLAP"}
    assert not {f"c{MANY - 1:04}", f"c{MANY - 2:04}"} & set(found["other_case_id"])


def test_a_few_investigations_are_told_whole() -> None:
    """Up to the limit every meeting is told, and nothing is said of a crowd."""
    found, told = rows(crowd("p1", "c", 12))
    assert told == [Crowded(0, 0, 0)]
    assert found.height == 12 * 11


def test_contacts_of_a_crowd_are_bounded_too() -> None:
    """An investigation is told of so many arrests of its entity and no more."""
    world = World().case("p1", "c1", OPEN)
    for number in range(MANY):
        world.add("p1", f"a{number:04}", kind="arrest", arrest_id=f"n{number}")
    found, told = rows(world)
    assert told == [Crowded(1, 1, MANY)]
    assert found.height == MOST
    assert set(found["class"]) == {"PRIOR_CONTACT"}


@pytest.mark.parametrize("how", ["possible", "shared"])
def test_what_a_crowd_may_be_is_bounded(how: str) -> None:
    """An investigation that may meet a crowd is told of some of it; each of the crowd of it."""
    world = crowd("p1", "c").case("p2", "z1", OPEN, record="z")
    if how == "possible":
        world.pair("r-c0000", "z", link=False)
    else:
        world.shared.append(("r-c0000", "z", ["phones"]))
    found, _ = rows(world)
    looking = found.filter(case_id="z1")
    assert 1 <= looking.height <= MOST
    assert set(looking["other_entity_id"]) == {"p1"}
    crowded = found.filter(pl.col("case_id") != "z1", pl.col("other_case_id") == "z1")
    assert crowded["case_id"].n_unique() == MANY


def test_parts_of_a_crowd_are_the_whole() -> None:
    """However few entities are made at once, the parts one after the other are the same."""
    world = crowd("p1", "c", 40)
    for number in range(20):
        world.case(f"q{number:02}", f"x{number}", OPEN, record=f"x{number}")
    args = (
        world.mentions(),
        world.membership(),
        world.pair_frame(),
        world.shared_frame(),
        AS_OF,
    )
    whole = classify("person", *args)
    parts = list(classify_in_parts("person", *args, at_once=3))
    assert len(parts) > 3
    assert pl.concat(parts).equals(whole)
