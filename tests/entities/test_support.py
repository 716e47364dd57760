"""Groups of records that links bridge: which are supported, and which are cut."""

from __future__ import annotations

from itertools import combinations

import polars as pl
import pytest

from linker.entities.cluster import cluster
from linker.entities.component import Rules
from linker.entities.hold import hold
from linker.entities.regroup import HEAVY, RELATIVES, SURE
from tests.entities.test_hold import LINK, RULES, SQUARES, Row, held, mentions, pairs


def test_the_pairs_between_two_groups_weigh_enough_on_average() -> None:
    """Three links of nine join two groups by what all pairs weigh, possible links among them."""
    rows = [*SQUARES, *((number, number + 3, 9.0, True) for number in range(3))]
    others = [(0, 5, 0.9, False), (1, 3, 0.9, False), (1, 5, 0.9, False)]
    assert held(mentions([None] * 6), rows)[0] == [0, 0, 0, 3, 3, 3]
    assert held(mentions([None] * 6), [*rows, *others])[0] == [0] * 6


@pytest.mark.parametrize(("identity", "together"), [(SURE, True), (SURE - 0.1, False)])
def test_a_link_that_relatives_hardly_have_joins_two_groups(
    identity: float, together: bool
) -> None:
    """A number of one's own and a birth date join the records of two family names."""
    rows = [*SQUARES, (2, 3, 14.0, True)]
    found, _ = held(mentions([None] * 6), rows, identity=identity)
    assert (found == [0] * 6) is together
    firms = Rules(LINK, 1000, namesakes=False)
    light = [*SQUARES, (2, 3, LINK + 1, True)]
    assert held(mentions([None] * 6), light, firms, identity=identity)[0] == [0, 0, 0, 3, 3, 3]


def together(people: int, rows: list[Row], identity: dict[tuple[int, int], float]) -> list[int]:
    """The clusters of people, of whose pairs some speak for relatives and the others do not."""
    frame = pairs(rows).with_columns(
        pl.Series("identity_weight", [identity.get(row[:2], 9.0) for row in rows])
    )
    labels = cluster(people, frame.filter("link"))
    return hold(labels, frame, mentions([None] * people), RULES)[0].tolist()


def test_a_record_like_two_twins_is_of_neither_where_the_other_pairs_tell_them_apart() -> None:
    """A record with its name turned round joins others unless most of these were relatives."""
    rows = [(0, 1, 20.0, True), (0, 2, LINK + 1, True), (1, 2, 14.0, False)]
    limit = 2 * RELATIVES[False] - 3.0
    assert together(3, rows, {(0, 2): 3.0, (1, 2): limit + 0.1}) == [0, 0, 0]
    assert together(3, rows, {(0, 2): 3.0, (1, 2): limit - 0.1}) == [0, 0, 2]


@pytest.mark.parametrize(
    ("identity", "expected"),
    [(RELATIVES[True] + 0.1, [0] * 6), (RELATIVES[True] - 0.1, [0, 0, 0, 3, 3, 3])],
)
def test_groups_whose_pairs_speak_for_relatives_stay_apart(
    identity: float, expected: list[int]
) -> None:
    """Links between two groups are too little where relatives would have them too."""
    links = [(number, number + 3, 9.0, True) for number in range(3)]
    alike = [(0, 5, 9.0, False), (1, 3, 9.0, False), (1, 5, 9.0, False)]
    between = {row[:2]: identity for row in (*links, *alike)}
    assert together(6, [*SQUARES, *links, *alike], between) == expected


@pytest.mark.parametrize(
    ("weight", "expected"), [(LINK + HEAVY, [0] * 6), (LINK + HEAVY - 0.1, [0, 0, 0, 3, 3, 3])]
)
def test_what_namesakes_have_in_common_joins_no_groups(weight: float, expected: list[int]) -> None:
    """A link that relatives hardly have is no support where it is light: strangers have it."""
    bridge = (2, 3, weight, True)
    assert together(6, [*SQUARES, bridge], {bridge[:2]: SURE}) == expected


STRICT = 9.0
"""A link threshold at which groups must look alike."""


def test_a_light_link_of_a_strict_model_needs_the_others_to_look_alike() -> None:
    """A record joins one of four by a light link if it is possibly one of the others too."""
    rules = Rules(STRICT, 1000)
    four = [(left, right, 20.0, True) for left, right in combinations(range(4), 2)]
    rows = [*four, (0, 4, 9.5, True)]
    assert held(mentions([None] * 5), rows, rules) == ([0, 0, 0, 0, 4], [(0, 4, "support")])
    others = [(1, 4, 1.5, False), (2, 4, 1.5, False)]
    assert held(mentions([None] * 5), [*rows, *others], rules) == ([0] * 5, [])
    heavier = [*four, (0, 4, STRICT + HEAVY, True)]
    assert held(mentions([None] * 5), heavier, rules) == ([0] * 5, [])
    lenient = [*four, (0, 4, LINK, True)]
    assert held(mentions([None] * 5), lenient) == ([0] * 5, [])
