"""Records that may as well be of one person as of another."""

from __future__ import annotations

import pytest

from linker.entities.component import Rules
from tests.entities.test_hold import LINK, held, mentions

FATHER, SON = "1954-03-31", "1980-11-12"


@pytest.mark.parametrize(
    ("ahead", "found"), [(0.0, [0, 1, 2]), (LINK - 0.5, [0, 1, 2]), (LINK, [0, 1, 1])]
)
def test_a_record_joins_one_of_two_only_where_it_is_likelier_by_far(
    ahead: float, found: list[int]
) -> None:
    """What fits father and son is the son's only where that is as likely as a link has to be."""
    people = mentions([FATHER, None, SON])
    assert held(people, [(0, 1, 12.0, True), (1, 2, 12.0 + ahead, True)])[0] == found


def test_both_links_of_a_torn_record_are_cut_and_told() -> None:
    """The ledger says of either that it may as well be the other."""
    people = mentions([FATHER, None, SON])
    _, cuts = held(people, [(0, 1, 12.0, True), (1, 2, 12.0, True)])
    assert cuts == [(0, 1, "torn"), (1, 2, "torn")]


def test_torn_records_may_be_one_among_themselves() -> None:
    """Two records without a birth date are like each other, whoever they are."""
    people = mentions([FATHER, None, None, SON])
    rows = [
        *((0, 1, 11.0, True), (0, 2, 12.0, True), (1, 2, 14.0, True)),
        *((1, 3, 11.0, True), (2, 3, 11.5, True)),
    ]
    assert held(people, rows)[0] == [0, 1, 1, 3]


def test_what_hangs_on_a_torn_record_alone_stays_alone() -> None:
    """A record that only a torn one links to its group is not left in the group."""
    people = mentions([FATHER, None, None, SON])
    rows = [(0, 1, 12.0, True), (1, 2, 11.0, True), (1, 3, 12.0, True)]
    assert held(people, rows)[0] == [0, 1, 2, 3]


def test_a_biometric_identifier_is_never_torn() -> None:
    """What a fingerprint joins stays joined, however like another it is."""
    people = mentions([FATHER, None, SON])
    rows = [(0, 1, 12.0, True), (1, 2, 12.0, True)]
    assert held(people, rows, confirmed={(0, 1)})[0] == [0, 0, 2]


def test_a_record_that_contradicts_the_other_group_itself_is_not_torn() -> None:
    """A chain that ends in a contradiction is cut where it is, and nothing else falls off."""
    people = mentions([FATHER, FATHER, SON])
    rows = [(0, 1, 12.0, True), (1, 2, 12.0, True)]
    assert held(people, rows)[0] == [0, 0, 2]


def test_a_long_row_of_contradictions_ends() -> None:
    """Each record fits its neighbours, who contradict each other: it takes no round for each."""
    dates = [(FATHER, None, SON)[number % 3] for number in range(3_000)]
    rows = [(number, number + 1, 12.0 + number % 7 / 100, True) for number in range(2_999)]
    found, cuts = held(mentions(list(dates)), rows, Rules(LINK, 5_000))
    assert len(found) == len(dates)
    assert "torn" in {why for *_, why in cuts}
