"""Groups of records that links bridge: which are supported, and which are cut."""

from __future__ import annotations

from itertools import combinations

import pytest

from linker.entities.component import Rules
from linker.entities.regroup import HEAVY, SURE
from tests.entities.test_hold import LINK, SQUARES, held, mentions


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
