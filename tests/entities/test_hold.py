"""Clusters that hold: what may not be one entity is not, whatever links lead there."""

from __future__ import annotations

import datetime as dt
from itertools import combinations
from typing import Any

import networkx as nx
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.entities.cluster import cluster
from linker.entities.component import Rules
from linker.entities.contradictions import HARD, Record, contradict
from linker.entities.hold import CUTS, REASONS, hold, reading
from linker.entities.regroup import HEAVY, OUTWEIGHS, STRONG
from linker.schemas import ORGANIZATION, PERSON

LINK = 4.0
RULES = Rules(LINK, 1000)
Row = tuple[int, int, float, bool]


def mentions(
    dates: list[str | None],
    suffixes: list[str | None] | None = None,
    sources: list[str] | None = None,
) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for number, text in enumerate(dates):
        date = dt.date.fromisoformat(text) if text else None
        rows.append(
            {
                "mention": number,
                "source": sources[number] if sources else "cases",
                "birth_date": date,
                "birth_year": date.year if date else None,
                "suffix": suffixes[number] if suffixes else None,
            }
        )
    return pl.DataFrame(rows, schema=dict(PERSON)).select(reading(PERSON))


def pairs(
    rows: list[Row], confirmed: set[tuple[int, int]] | None = None, identity: float = 0.0
) -> pl.DataFrame:
    schema = {
        "mention_l": pl.Int64,
        "mention_r": pl.Int64,
        "match_weight": pl.Float64,
        "link": pl.Boolean,
    }
    sure = pl.Series("confirmed", [row[:2] in (confirmed or ()) for row in rows], pl.Boolean)
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(sure, identity_weight=pl.lit(identity))


def held(
    people: pl.DataFrame,
    rows: list[Row],
    rules: Rules = RULES,
    confirmed: set[tuple[int, int]] | None = None,
    apart: list[tuple[int, int]] | None = None,
    identity: float = 0.0,
) -> tuple[list[int], list[tuple[int, int, str]]]:
    frame = pairs(rows, confirmed, identity)
    labels = cluster(people.height, frame.filter("link"))
    parted = pl.DataFrame(apart or [], {"mention_l": pl.Int64, "mention_r": pl.Int64}, orient="row")
    found, cuts = hold(labels, frame, people, rules, parted if apart else None)
    assert dict(cuts.schema) == dict(CUTS)
    return found.tolist(), cuts.select("mention_l", "mention_r", "cut").rows()


def test_a_record_without_a_birth_date_does_not_join_father_and_son() -> None:
    """The link that is much heavier wins; the one that would bring a contradiction in is cut."""
    people = mentions(["1954-03-31", None, "1980-11-12"])
    found, cuts = held(people, [(0, 1, 12.0, True), (1, 2, 16.0, True)])
    assert found == [0, 1, 1]
    assert cuts == [(0, 1, "birth_dates")]


def test_a_suffix_contradicts() -> None:
    """Junior and senior are two people, whoever stands between them."""
    people = mentions([None] * 3, ["jr", None, "sr"])
    found, cuts = held(people, [(0, 1, 15.0, True), (1, 2, 11.0, True)])
    assert found == [0, 0, 2]
    assert cuts == [(1, 2, "suffix")]


@pytest.mark.parametrize(
    ("weight", "expected"), [(LINK + OUTWEIGHS - 1, [0, 1]), (LINK + OUTWEIGHS, [0, 0])]
)
def test_a_generation_parts_two_linked_records(weight: float, expected: list[int]) -> None:
    """A link from father to son counts only where it is very heavy."""
    people = mentions(["1954-03-31", "1980-11-12"], ["sr", "jr"])
    assert held(people, [(0, 1, weight, True)])[0] == expected


def test_birth_dates_were_weighed_where_two_records_are_linked() -> None:
    """A link between two records has their dates in its weight, however they contradict."""
    people = mentions(["1954-03-31", "1980-11-12"])
    assert held(people, [(0, 1, 6.0, True)]) == ([0, 0], [])


def test_what_contradicts_nobody_here_parts_nobody() -> None:
    """Where the dates of one person often differ, a chain over two dates stays whole."""
    people = mentions(["1954-03-31", None, "1980-11-12"])
    rows = [(0, 1, 12.0, True), (1, 2, 16.0, True)]
    assert held(people, rows)[0] == [0, 1, 1]
    lenient = Rules(LINK, 100, contradictions=frozenset({"suffix"}))
    assert held(people, rows, lenient)[0] == [0, 0, 0]


@pytest.mark.parametrize("link", [True, False])
def test_a_weak_contradiction_does_not_hold_against_a_link(link: bool) -> None:
    """Records of two suffixes that are a link themselves stay together, others do not."""
    people = mentions([None] * 3, ["jr", None, "sr"])
    rows = [(0, 1, 11.0, True), (0, 2, 9.0, link), (1, 2, 15.0, True)]
    assert held(people, rows) == (([0, 0, 0], []) if link else ([0, 1, 1], [(0, 1, "suffix")]))


def test_a_generation_parts_father_and_son_who_are_linked() -> None:
    """Suffixes with birth years of two generations hold against a link; in one year they do not."""
    rows = [(0, 1, 12.0, True)]
    apart = mentions(["1954-03-31", "1980-03-12"], ["sr", "jr"])
    assert held(apart, rows) == ([0, 1], [(0, 1, "generation")])
    same = mentions(["1954-03-31", "1954-03-31"], ["sr", "jr"])
    assert held(same, rows) == ([0, 0], [])


def test_who_is_known_to_give_other_birth_dates_contradicts_nobody() -> None:
    """Who is known by fingerprints to give other birth dates may give any."""
    people = mentions(["1954-03-31", "1961-02-01", "1980-11-12"])
    rows = [(0, 1, 12.0, True), (1, 2, -3.0, True)]
    assert held(people, rows, confirmed={(1, 2)}) == ([0, 0, 0], [])


def test_a_person_known_by_a_biometric_identifier_has_a_birth_date() -> None:
    """Records that fingerprints join and that do not differ contradict others like any record."""
    people = mentions(["1954-03-31", None, "1980-11-12", "1980-11-12"])
    rows = [(0, 1, 12.0, True), (1, 2, -3.0, True), (2, 3, 5.0, True)]
    found, cuts = held(people, rows, confirmed={(1, 2), (2, 3)})
    assert found == [0, 1, 1, 1]
    assert cuts == [(0, 1, "birth_dates")]


def test_custody_in_two_places_parts_a_chain() -> None:
    """Two arrests of one day in two places are not joined by a third record."""
    day = dt.date(1998, 4, 21)
    people = mentions([None] * 3).with_columns(
        pl.Series("arrested_on", [day, None, day]),
        pl.Series("place", ["El Paso", None, "San Diego"]),
        pl.Series("agency", ["USBP", None, "DEA"]),
    )
    rows = [(0, 1, 15.0, True), (1, 2, 11.0, True)]
    assert held(people, rows) == ([0, 0, 2], [(1, 2, "custody")])
    assert held(people, [*rows, (0, 2, 5.0, True)]) == ([0, 0, 0], [])


def test_an_arrest_before_birth_parts_a_chain() -> None:
    """An arrest of 1985 is not that of someone born in 1990."""
    people = mentions([None, None, "1990-05-05"]).with_columns(
        pl.Series("arrested_on", [dt.date(1985, 1, 1), None, None])
    )
    rows = [(0, 1, 15.0, True), (1, 2, 11.0, True)]
    assert held(people, rows) == ([0, 0, 2], [(1, 2, "unborn")])


def test_a_source_without_duplicates_gives_an_entity_one_record() -> None:
    """Of two records of such a source the heavier link wins; other sources may repeat."""
    people = mentions([None] * 4, sources=["list", "list", "cases", "cases"])
    rows = [(0, 2, 12.0, True), (1, 2, 15.0, True), (0, 1, 20.0, True), (2, 3, 9.0, True)]
    assert held(people, rows)[0] == [0, 0, 0, 0]
    found, cuts = held(people, rows, Rules(LINK, 1000, frozenset({"list"})))
    assert found == [0, 1, 1, 1]
    assert cuts == [(0, 1, "duplicates")]
    sure = held(people, rows, Rules(LINK, 1000, frozenset({"list"})), confirmed={(0, 1)})
    assert sure[0] == [0, 1, 1, 1]


def test_a_decision_parts_records_however_they_are_linked() -> None:
    """Pairs that may not be in one cluster are not, not even over others or by biometrics."""
    people = mentions([None] * 3)
    rows = [(0, 1, 30.0, True), (1, 2, 20.0, True)]
    assert held(people, rows, apart=[(0, 2)]) == ([0, 0, 2], [(1, 2, "decision")])
    assert held(people, rows, apart=[(2, 0)])[0] == [0, 0, 2]
    assert held(people, rows, confirmed={(1, 2)}, apart=[(0, 2)])[0] == [0, 1, 1]
    assert held(people, rows[:1], apart=[(0, 1)])[0] == [0, 1, 2]


SQUARES: list[Row] = [
    *((left, right, 14.0 + left / 8, True) for left, right in combinations(range(3), 2)),
    *((left, right, 14.0 + left / 8, True) for left, right in combinations(range(3, 6), 2)),
]


@pytest.mark.parametrize(
    ("bridges", "together"),
    [
        ([(2, 3, 6.0, True)], False),
        ([(2, 3, 6.0, True), (1, 4, 5.0, True)], False),
        ([(2, 3, 6.0, True), (1, 4, 5.0, True), (0, 5, 5.5, True)], False),
        ([(2, 3, 13.0, True), (1, 4, 12.9, True), (0, 5, 12.8, True)], True),
        ([(2, 3, 13.9, True)], False),
    ],
)
def test_two_groups_need_many_links_between_them(bridges: list[Row], together: bool) -> None:
    """Bridges are cut until there are as many as the smaller group has records, heavy enough."""
    found, cuts = held(mentions([None] * 6), [*SQUARES, *bridges])
    assert found == ([0] * 6 if together else [0, 0, 0, 3, 3, 3])
    assert cuts == ([] if together else [(2, 3, "support")])


def test_a_record_beyond_a_weak_bridge_still_finds_its_group() -> None:
    """Cutting a bridge leaves those alone that hang on by a lighter link of their own."""
    rows = [*SQUARES, (2, 3, 7.0, True), (0, 6, LINK + HEAVY, True)]
    assert held(mentions([None] * 7), rows)[0] == [0, 0, 0, 3, 3, 3, 0]


def test_without_namesakes_a_very_heavy_link_is_enough() -> None:
    """Groups of organizations are joined by one very heavy link, or by many of any weight."""
    rules = Rules(LINK, 1000, namesakes=False)
    for weight, together in ((LINK + STRONG, True), (LINK + STRONG - 0.1, False)):
        rows = [*SQUARES, (2, 3, weight, True)]
        assert (held(mentions([None] * 6), rows, rules)[0] == [0] * 6) is together
    bridges = [(2, 3, 6.0, True), (1, 4, 5.0, True), (0, 5, 5.5, True)]
    assert held(mentions([None] * 6), [*SQUARES, *bridges], rules)[0] == [0] * 6
    alone = [*SQUARES[:3], (0, 3, LINK, True)]
    assert held(mentions([None] * 4), alone, rules)[0] == [0] * 4


def test_an_equal_biometric_identifier_bridges_any_groups() -> None:
    """Groups that share fingerprints are one, whatever supports it."""
    rows = [*SQUARES, (2, 3, -6.0, True)]
    assert held(mentions([None] * 6), rows, confirmed={(2, 3)})[0] == [0] * 6


def test_records_of_one_body_count_once_for_support() -> None:
    """What fingerprints join is one person's, so that one link to any of it is no bridge."""
    rows = [*SQUARES[:3], (2, 3, 6.0, True), (3, 4, -6.0, True), (4, 5, -6.0, True)]
    assert held(mentions([None] * 6), rows, confirmed={(3, 4), (4, 5)}) == ([0] * 6, [])


def test_an_entity_has_no_more_records_than_it_may() -> None:
    """The lightest links are those that are cut, and each two groups have one row."""
    rows = [(left, right, 30.0 - right, True) for left, right in combinations(range(7), 2)]
    found, cuts = held(mentions([None] * 7), rows, Rules(LINK, 5))
    assert found == [0, 0, 0, 0, 0, 5, 5]
    assert cuts == [(0, 5, "size")]


def test_organizations_are_held_apart_too() -> None:
    """Mentions without birth dates and suffixes have nothing to contradict, but all else holds."""
    frame = pl.DataFrame(
        [{"mention": number, "source": "firms"} for number in range(6)], schema=dict(ORGANIZATION)
    )
    firms = frame.select(reading(ORGANIZATION))
    assert held(firms, [(0, 1, 9.0, True)]) == ([0, 0, 2, 3, 4, 5], [])
    assert held(firms, [*SQUARES, (2, 3, 6.0, True)])[0] == [0, 0, 0, 3, 3, 3]
    assert held(firms, SQUARES, Rules(LINK, 9, frozenset({"firms"})))[0] == list(range(6))


def test_nothing_is_held() -> None:
    """An empty world is no error."""
    assert held(mentions([]), []) == ([], [])


DATES = st.sampled_from([None, "1950-01-05", "1975-06-20", "1999-11-30"])
EDGES = st.dictionaries(
    st.sampled_from(list(combinations(range(8), 2))),
    st.tuples(st.integers(0, 30), st.booleans()),
    max_size=20,
)
WORLD = st.fixed_dictionaries(
    {
        "dates": st.lists(DATES, min_size=8, max_size=8),
        "suffixes": st.lists(st.sampled_from([None, "jr", "sr"]), min_size=8, max_size=8),
        "sources": st.lists(st.sampled_from(["a", "b", "list"]), min_size=8, max_size=8),
        "edges": EDGES,
        "apart": st.lists(st.sampled_from(list(combinations(range(8), 2))), max_size=3),
        "most": st.integers(2, 8),
    }
)


def world(drawn: dict[str, Any]) -> tuple[pl.DataFrame, list[Row], Rules]:
    """Weights are distinct, so that nothing depends on the numbers of records."""
    rows = [
        (*pair, weight + number / 64, link)
        for number, (pair, (weight, link)) in enumerate(drawn["edges"].items())
    ]
    people = mentions(drawn["dates"], drawn["suffixes"], drawn["sources"])
    return people, rows, Rules(LINK, drawn["most"], frozenset({"list"}))


@given(WORLD)
def test_no_cluster_holds_what_may_not_be_one(drawn: dict[str, Any]) -> None:
    """Whatever the links: decisions, sources, sizes and contradictions end apart, connected."""
    people, rows, rules = world(drawn)
    found, cuts = held(people, rows, rules, apart=drawn["apart"])
    weights = {row[:2]: row[2] for row in rows}
    facts = people.select("mention", "birth_date", "birth_year", "suffix").rows()
    for left, right in combinations(range(8), 2):
        if found[left] != found[right]:
            continue
        assert (left, right) not in drawn["apart"]
        assert not drawn["sources"][left] == drawn["sources"][right] == "list"
        kind = contradict(Record(*facts[left]), Record(*facts[right]))
        if kind:
            assert weights.get((left, right), -1.0) >= (LINK + OUTWEIGHS if kind <= HARD else 0)
    graph = nx.Graph([row[:2] for row in rows if row[3] and found[row[0]] == found[row[1]]])
    for label in set(found):
        members = [mention for mention in range(8) if found[mention] == label]
        assert label == members[0]
        assert len(members) <= rules.max_records
        assert len(members) == 1 or nx.is_connected(graph.subgraph(members))
    parted = {
        tuple(sorted((found[left], found[right])))
        for left, right, _, link in rows
        if link and found[left] != found[right]
    }
    assert {tuple(sorted((found[left], found[right]))) for left, right, _ in cuts} == parted
    assert {reason for *_, reason in cuts} <= set(REASONS)
    assert len(cuts) == len(parted)


@given(WORLD, st.permutations(range(8)), st.randoms())
def test_neither_order_nor_numbers_matter(
    drawn: dict[str, Any], numbers: list[int], random: Any
) -> None:
    """Shuffled pairs and renumbered records give the same partition."""
    people, rows, rules = world(drawn)
    found, cuts = held(people, rows, rules, apart=drawn["apart"])
    random.shuffle(rows)
    assert held(people, rows, rules, apart=drawn["apart"]) == (found, cuts)
    place = pl.Series(numbers)
    renumbered = (
        people.with_columns(mention=place.cast(pl.Int64)).sort("mention").select(people.columns)
    )
    others = [
        (*sorted((numbers[left], numbers[right])), weight, link)
        for left, right, weight, link in rows
    ]
    apart = [(numbers[left], numbers[right]) for left, right in drawn["apart"]]
    again, _ = held(renumbered, others, rules, apart=apart)  # type: ignore[arg-type]
    for left, right in combinations(range(8), 2):
        same = again[numbers[left]] == again[numbers[right]]
        assert same == (found[left] == found[right])


def test_a_chain_of_thousands_falls_apart_in_little_time() -> None:
    """A chain of 5,000 records that weak links bring together is no entity."""
    count = 5_000
    rows: list[Row] = [
        (number, number + 1, 5.0 + (number * 7919 % 1000) / 200, True)
        for number in range(count - 1)
    ]
    found, cuts = held(mentions([None] * count), rows)
    assert max(found.count(label) for label in set(found)) < 30
    assert {reason for *_, reason in cuts} == {"support"}
    assert len(set(found)) == len(cuts) + 1


def test_a_large_cluster_is_cut_in_little_time() -> None:
    """Of thousands of records chained by links, those of either date stay together, in seconds."""
    count = 6_000
    first = dt.date(1940, 1, 5)
    dates = [
        (first + dt.timedelta(days=400 * (number % 37))).isoformat() if number % 3 else None
        for number in range(count)
    ]
    rows = [(number, number + 1, float(count - number), True) for number in range(count - 1)]
    found, cuts = held(mentions(dates), rows, Rules(LINK, count))
    assert len(cuts) > 100
    assert len(set(found)) == len(cuts) + 1
