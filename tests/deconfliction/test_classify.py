from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import World

OPEN = "open 2023-01-01 -"

# The timelines of Q and C (status, opened, closed), and how each sees the other.
TIMELINES = [
    ("both open", OPEN, "open 2022-01-01 -", "SIMULTANEOUS", "SIMULTANEOUS"),
    ("suspended is active", OPEN, "suspended 2022-01-01 -", "SIMULTANEOUS", "SIMULTANEOUS"),
    ("reopened is active", OPEN, "reopened 2022-01-01 -", "SIMULTANEOUS", "SIMULTANEOUS"),
    (
        "reopened, with the date it had closed",
        OPEN,
        "reopened 2019-01-01 2020-01-01",
        "SIMULTANEOUS",
        "SIMULTANEOUS",
    ),
    ("opened today", OPEN, "open 2024-06-01 -", "SIMULTANEOUS", "SIMULTANEOUS"),
    (
        "closes after the as-of date",
        OPEN,
        "closed 2022-01-01 2024-06-02",
        "SIMULTANEOUS",
        "SIMULTANEOUS",
    ),
    (
        "open, to be closed later",
        OPEN,
        "open 2022-01-01 2024-12-31",
        "SIMULTANEOUS",
        "SIMULTANEOUS",
    ),
    (
        "closed on the as-of date",
        OPEN,
        "closed 2022-01-01 2024-06-01",
        "HISTORICAL_OVERLAP",
        "HISTORICAL_OVERLAP",
    ),
    ("closed before", OPEN, "closed 2020-01-01 2021-01-01", "PRIOR", None),
    ("closed the day the other opened", OPEN, "closed 2020-01-01 2023-01-01", "PRIOR", None),
    (
        "closed the day after the other opened",
        OPEN,
        "closed 2020-01-01 2023-01-02",
        "HISTORICAL_OVERLAP",
        "HISTORICAL_OVERLAP",
    ),
    (
        "both closed, apart",
        "closed 2021-01-01 2021-06-01",
        "closed 2020-01-01 2020-06-01",
        "PRIOR",
        None,
    ),
    (
        "both closed, overlapping",
        "closed 2020-03-01 2021-06-01",
        "closed 2020-01-01 2020-06-01",
        "HISTORICAL_OVERLAP",
        "HISTORICAL_OVERLAP",
    ),
    (
        "opened and closed within the other",
        OPEN,
        "closed 2023-05-05 2023-05-05",
        "HISTORICAL_OVERLAP",
        "HISTORICAL_OVERLAP",
    ),
    (
        "both opened and closed on one day",
        "closed 2023-05-05 2023-05-05",
        "closed 2023-05-05 2023-05-05",
        "PRIOR",
        "PRIOR",
    ),
    (
        "closed within the pause of a reopened one",
        "reopened 2019-01-01 2020-01-01",
        "closed 2021-01-01 2022-01-01",
        "INDETERMINATE",
        "INDETERMINATE",
    ),
    (
        "closed after the first part of a reopened one had begun",
        "reopened 2019-01-01 2020-01-01",
        "closed 2019-06-01 2022-01-01",
        "HISTORICAL_OVERLAP",
        "HISTORICAL_OVERLAP",
    ),
    ("no status", OPEN, "- 2020-01-01 2021-01-01", "INDETERMINATE", "INDETERMINATE"),
    ("unknown status", OPEN, "pending 2020-01-01 -", "INDETERMINATE", "INDETERMINATE"),
    ("no opening date", OPEN, "open - -", "INDETERMINATE", "INDETERMINATE"),
    (
        "no opening date but a closing date",
        OPEN,
        "closed - 2020-01-01",
        "INDETERMINATE",
        "INDETERMINATE",
    ),
    ("closed without a date", OPEN, "closed 2020-01-01 -", "INDETERMINATE", "INDETERMINATE"),
    (
        "open with a closing date in the past",
        OPEN,
        "open 2020-01-01 2021-01-01",
        "INDETERMINATE",
        "INDETERMINATE",
    ),
    ("inverted", OPEN, "closed 2021-01-01 2020-01-01", "INDETERMINATE", "INDETERMINATE"),
    ("not opened yet", OPEN, "open 2024-06-02 -", "INDETERMINATE", "INDETERMINATE"),
    ("all missing", "- - -", "- - -", "INDETERMINATE", "INDETERMINATE"),
]


@pytest.mark.parametrize(
    ("q", "c", "as_q_sees", "as_c_sees"),
    [row[1:] for row in TIMELINES],
    ids=[row[0] for row in TIMELINES],
)
def test_class_by_timeline(
    world: World, q: str, c: str, as_q_sees: str, as_c_sees: str | None
) -> None:
    """Two investigations of one entity get the class their dates and statuses say."""
    seen = world.case("P1", "Q", q).case("P1", "C", c).seen()
    expected: set[tuple[Any, ...]] = {("Q", as_q_sees, "PROBABLE", "C")}
    if as_c_sees:
        expected.add(("C", as_c_sees, "PROBABLE", "Q"))
    assert seen == expected


def test_a_row_says_who_and_where(world: World) -> None:
    """A row carries both records, both offices, and the as-of date; the source is the agency."""
    world.case("P1", "Q", OPEN, unit="U1", agency="HSI")
    world.case("P1", "C", OPEN, unit="U2", agency=None, source="other")
    row = world.classified().filter(case_id="Q").row(0, named=True)
    assert row == {
        "entity_type": "person",
        "entity_id": "P1",
        "source": "src",
        "record_id": "r-Q",
        "case_id": "Q",
        "agency": "HSI",
        "unit": "U1",
        "class": "SIMULTANEOUS",
        "tier": "PROBABLE",
        "other_entity_id": None,
        "other_source": "other",
        "other_record_id": "r-C",
        "other_kind": "case",
        "other_case_id": "C",
        "other_agency": "other",
        "other_unit": "U2",
        "matched_on": None,
        "as_of": dt.date(2024, 6, 1),
    }


def test_no_hit(world: World) -> None:
    """An investigation that meets nothing has one row that says so, without a tier."""
    world.case("P1", "Q", OPEN).case("P2", "C", OPEN).add("P1", "x", kind="other")
    assert world.seen() == {("Q", "NO_HIT", None, None), ("C", "NO_HIT", None, None)}


def test_a_later_investigation_is_no_row_and_no_no_hit(world: World) -> None:
    """A closed investigation whose only meeting opened later has no row of its own."""
    world.case("P1", "old", "closed 2020-01-01 2021-01-01").case("P1", "new", OPEN)
    assert world.seen() == {("new", "PRIOR", "PROBABLE", "old")}


def test_a_prior_on_one_entity_accounts_for_a_possible_one(world: World) -> None:
    """Told as PRIOR where they share an entity, a case met through a possible link has no row."""
    world.case("P1", "old", "closed 2020-01-01 2021-01-01").case("P2", "new", OPEN)
    world.case("P2", "old", "closed 2020-01-01 2021-01-01", record="r-old-2")
    world.pair("r-old", "r-new", link=False)
    found = world.classified().select("entity_id", "case_id", "class", "tier", "other_entity_id")
    assert found.rows() == [("P2", "new", "PRIOR", "PROBABLE", None)]


def test_same_case_id_of_two_agencies_are_two_investigations(world: World) -> None:
    """Agencies number their cases apart; a missing agency counts as the source's name."""
    for record, agency in (("r1", "A"), ("r2", "B"), ("r3", None)):
        world.case("P1", "7", OPEN, record=record, agency=agency)
    found = world.classified()
    assert found.height == 6
    assert set(found["other_agency"]) == {"A", "B", "src"}


def test_one_investigation_does_not_meet_itself(world: World) -> None:
    """Mentions of one investigation are one, and the smallest record stands for them."""
    world.case("P1", "Q", OPEN, record="r2").case("P1", "Q", OPEN, record="r1", unit="U")
    world.case("P1", "C", OPEN, record="r0")
    found = world.classified().select("case_id", "record_id", "other_record_id", "unit").rows()
    assert set(found) == {("Q", "r1", "r0", "U"), ("C", "r0", "r1", None)}


def test_mentions_that_contradict_each_other_are_indeterminate(world: World) -> None:
    """One case, open in one record and closed in another, is never guessed."""
    world.case("P1", "Q", OPEN).case("P1", "C", "open 2020-01-01 -", record="a")
    world.case("P2", "C", "closed 2020-01-01 2021-01-01", record="b")
    assert ("Q", "INDETERMINATE", "PROBABLE", "C") in world.seen()


def test_mentions_complete_each_other(world: World) -> None:
    """An arrest that names the case adds to it, and takes nothing from its dates."""
    world.case("P1", "Q", OPEN).case("P1", "C", "open 2020-01-01 -")
    world.add("P1", "arrest", kind="arrest", case_id="C", agency="A", arrest_id="X")
    assert world.seen() == {
        ("Q", "SIMULTANEOUS", "PROBABLE", "C"),
        ("C", "SIMULTANEOUS", "PROBABLE", "Q"),
    }


def test_a_case_mention_without_a_case_id_is_not_lost(world: World) -> None:
    """A case whose id is missing is an investigation of its own."""
    world.case("P1", "Q", OPEN)
    for record in ("n1", "n2"):
        world.add("P1", record, kind="case", status="open", opened=dt.date(2020, 1, 1))
    found = world.classified()
    assert found.height == 6
    assert set(found["class"]) == {"SIMULTANEOUS"}


@pytest.mark.parametrize("side", ["Q", "C"])
def test_joint_investigations_do_not_meet(world: World, side: str) -> None:
    """Either side's declaration suffices; nothing else met is NO_HIT."""
    world.case("P1", "Q", OPEN, joint_case_ids=["C"] if side == "Q" else [])
    world.case("P1", "C", OPEN, joint_case_ids=["Q"] if side == "C" else None)
    world.shared = [("r-Q", "r-C", ["phones"])]
    assert world.seen() == {("Q", "NO_HIT", None, None), ("C", "NO_HIT", None, None)}


def test_prior_contact(world: World) -> None:
    """Arrests, reports and listings of the entity are contacts, one row each; others are not."""
    world.case("P1", "Q", OPEN)
    world.add("P1", "a", kind="arrest", arrest_id="ARR")
    world.add("P1", "i", kind="intel", report_id="REP")
    world.add("P1", "w", kind="watchlist").add("P1", "o", kind="other")
    world.add("P2", "b", kind="arrest", arrest_id="NOT")
    found = world.classified()
    assert set(found["class"]) == {"PRIOR_CONTACT"}
    assert set(found.select("other_kind", "other_record_id", "other_case_id").rows()) == {
        ("arrest", "a", "ARR"),
        ("intel", "i", "REP"),
        ("watchlist", "w", None),
    }


def test_confirmed_directly_and_in_a_chain(world: World) -> None:
    """Confirmed links make a meeting CONFIRMED, through other mentions too; plain links do not."""
    for case_id in ("Q", "C", "D"):
        world.case("P1", case_id, OPEN)
    world.add("P1", "a", kind="arrest", arrest_id="X")
    world.pair("r-Q", "a", link=True, confirmed=True).pair("a", "r-C", link=True, confirmed=True)
    world.pair("r-C", "r-D", link=True)
    tiers = {(case, other): tier for case, _, tier, other in world.seen()}
    assert tiers == {
        ("Q", "C"): "CONFIRMED",
        ("C", "Q"): "CONFIRMED",
        ("Q", "X"): "CONFIRMED",
        ("C", "X"): "CONFIRMED",
        ("Q", "D"): "PROBABLE",
        ("D", "Q"): "PROBABLE",
        ("C", "D"): "PROBABLE",
        ("D", "C"): "PROBABLE",
        ("D", "X"): "PROBABLE",
    }


def test_confirmed_through_any_mention_of_the_investigation(world: World) -> None:
    """The confirmed link need not join the smallest records."""
    world.case("P1", "Q", OPEN, record="r1").case("P1", "Q", OPEN, record="r9")
    world.case("P1", "C", OPEN).pair("r9", "r-C", link=True, confirmed=True)
    assert {tier for _, _, tier, _ in world.seen()} == {"CONFIRMED"}


def test_possible_link(world: World) -> None:
    """Entities that a possible link joins meet with tier POSSIBLE, contacts included."""
    world.case("P1", "Q", OPEN).case("P2", "C", "closed 2020-01-01 2021-01-01")
    world.add("P2", "a", kind="arrest", arrest_id="X").case("P2", "D", OPEN)
    world.pair("r-Q", "a", link=False)
    found = world.classified().filter(case_id="Q")
    assert set(found.select("class", "tier", "other_case_id", "other_entity_id").rows()) == {
        ("PRIOR", "POSSIBLE", "C", "P2"),
        ("SIMULTANEOUS", "POSSIBLE", "D", "P2"),
        ("PRIOR_CONTACT", "POSSIBLE", "X", "P2"),
    }
    assert ("D", "SIMULTANEOUS", "POSSIBLE", "Q") in world.seen()


def test_a_link_or_a_rejection_within_an_entity_is_no_possible_link(world: World) -> None:
    """Pairs inside one entity add no meeting of their own."""
    world.case("P1", "Q", OPEN).case("P1", "C", OPEN).pair("r-Q", "r-C", link=False)
    assert {tier for _, _, tier, _ in world.seen()} == {"PROBABLE"}


def test_shared_identifier(world: World) -> None:
    """What strangers share is its own class for both, with what is shared; dates do not matter."""
    world.case("P1", "Q", OPEN).case("P2", "C", "- - -").case("P2", "C", "- - -", record="z")
    world.shared = [("r-Q", "r-C", ["plates", "address"]), ("r-Q", "z", ["phones"])]
    found = world.classified()
    assert found.select("case_id", "other_case_id", "class", "tier", "other_entity_id").rows() == [
        ("Q", "C", "SHARED_IDENTIFIER", "POSSIBLE", "P2"),
        ("C", "Q", "SHARED_IDENTIFIER", "POSSIBLE", "P1"),
    ]
    assert found["matched_on"].to_list() == [["address", "phones", "plates"]] * 2


def test_identifier_shared_through_an_arrest(world: World) -> None:
    """The phone of the target's arrest record leads to the case that holds it, and back."""
    world.case("P1", "Q", OPEN).add("P1", "a", kind="arrest", arrest_id="X").case("P2", "C", OPEN)
    world.shared = [("a", "r-C", ["phones"])]
    assert world.seen() == {
        ("Q", "PRIOR_CONTACT", "PROBABLE", "X"),
        ("Q", "SHARED_IDENTIFIER", "POSSIBLE", "C"),
        ("C", "SHARED_IDENTIFIER", "POSSIBLE", "Q"),
    }


def test_the_surest_meeting_stands_for_the_others(world: World) -> None:
    """A pair met on the entity has no second row through a possible link or an identifier."""
    world.case("P1", "Q", OPEN).case("P1", "C", OPEN).case("P2", "C", OPEN, record="c2")
    world.pair("r-Q", "c2", link=False)
    world.shared = [("r-Q", "c2", ["phones"])]
    found = world.classified().filter(case_id="Q")
    assert found.select("class", "tier", "other_case_id").rows() == [
        ("SIMULTANEOUS", "PROBABLE", "C")
    ]


def test_nothing_at_all(world: World) -> None:
    """No mentions give an empty table of the right shape."""
    assert world.classified().is_empty()
