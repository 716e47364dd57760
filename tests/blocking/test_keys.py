"""Blocking keys."""

from __future__ import annotations

import datetime as dt
from typing import Any

import networkx as nx
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.blocking.keys import key_columns, key_parts, parse_key, parse_refinement
from linker.config import BlockingRule
from linker.errors import ConfigError
from tests.blocking.twins import key_of, keys, mentions

RULE = BlockingRule(name="r", key=["surname_parts", "given_name:initial"])


def test_keys_are_frozen() -> None:
    """These very numbers lie in stores, so that a rule's keys of today meet those of tomorrow."""
    day = dt.date(1980, 5, 24)
    frame = mentions([{"surname_parts": ["cruz"], "given_name": "juan", "birth_date": day}])
    assert keys(frame, RULE) == [(0xF2B6C3B8E148FB33, 0)]
    assert keys(frame, BlockingRule(name="y", key=["birth_date:year"])) == [(0x473651952435BA70, 0)]
    rule = BlockingRule(name="d", key=["birth_date:month_day"])
    assert keys(frame, rule) == [(0x1B3C14EC3D42EF4B, 0)]


def test_a_key_is_of_its_rule() -> None:
    """The same values under another rule make another key."""
    frame = mentions([{"surname": "cruz"}])
    one, other = (keys(frame, BlockingRule(name=name, key=["surname"])) for name in ("a", "b"))
    assert one != other


def test_a_list_makes_one_key_for_each_value() -> None:
    """A mention with two family names has two keys, and shares one with each bearer of one."""
    rows = [
        {"surname_parts": ["martinez", "cruz"], "given_name": "juan"},
        {"surname_parts": ["cruz"], "given_name": "jose"},
    ]
    shared, own = key_of("r", "cruz", "j"), key_of("r", "martinez", "j")
    assert keys(mentions(rows), RULE) == sorted([(own, 0), (shared, 0), (shared, 1)])


def test_every_two_words_of_a_name_make_a_key() -> None:
    """Names with two words in common share a key, whatever their order and what else there is."""
    rows = [
        {"name_keys": ["juan", "martinez", "cruz"]},
        {"name_keys": ["cruz", "juan"]},
        {"name_keys": ["juan"]},
        {"name_keys": None},
    ]
    rule = BlockingRule(name="two", key=["name_pairs"])
    shared = key_of("two", "cruz juan")
    pairs = ("juan martinez", "cruz martinez", "cruz juanmartinez", "juan martinezcruz")
    others = [key_of("two", pair) for pair in pairs]
    found = keys(mentions(rows), rule)
    assert found == sorted([(shared, 0), (shared, 1), *((other, 0) for other in others)])


def test_two_family_names_written_as_one_meet_them_apart() -> None:
    """Juan Martinez Cruz shares a key with Juan Pedro Martinezcruz, whichever name is first."""
    rule = BlockingRule(name="two", key=["name_pairs"])
    names = ["juan martinez cruz", "juan pedro martinezcruz", "martinez cruz juan", "martinezcruz"]
    rows: list[dict[str, Any]] = [{"name_keys": name.split()} for name in names]
    found = keys(mentions(rows), rule)
    joined = key_of("two", "juan martinezcruz")
    assert [mention for key, mention in found if key == joined] == [0, 1, 2]


def test_a_year_that_follows_from_an_age_meets_those_beside_it() -> None:
    """Who was 30 in 2020 was born in 1990, or in 1989; a date says its year."""
    rows = [
        {"birth_year": 1990, "birth_year_margin": 1},
        {"birth_year": 1989, "birth_year_margin": 0},
        {"birth_year": 1988, "birth_year_margin": 0},
        {"birth_year": 1989},
        {},
    ]
    found = keys(mentions(rows), BlockingRule(name="y", key=["birth_years"]))
    assert [who for key, who in found if key == key_of("y", "1989")] == [0, 1, 3]
    assert {who for _, who in found} == {0, 1, 2, 3}


def test_a_word_meets_as_it_is_written_and_by_its_key() -> None:
    """A slip may be in what makes the key; a word that is its own key is there once."""
    rows = [{"name_tokens": ["khaled", "amin"], "name_keys": ["halid", "amin"]}]
    found = keys(mentions(rows), BlockingRule(name="w", key=["name_words"]))
    assert sorted(found) == sorted((key_of("w", word), 0) for word in ("khaled", "halid", "amin"))


def test_a_missing_part_means_no_key() -> None:
    """A mention that lacks any part of the key, or has it empty, has no key."""
    rows: list[dict[str, Any]] = [
        {"surname_parts": ["cruz"]},
        {"given_name": "juan"},
        {"surname_parts": [], "given_name": "juan"},
        {"surname_parts": [""], "given_name": "juan"},
        {"surname_parts": [None], "given_name": "juan"},
        {"surname_parts": ["cruz"], "given_name": ""},
    ]
    assert keys(mentions(rows), RULE) == []


def test_a_missing_list_makes_no_key_even_where_arrow_hides_values_in_it() -> None:
    """A list that a condition made missing still has its values in memory; they are no keys."""
    frame = mentions([{"phones": ["1"]}, {"phones": ["2", "3"]}, {"phones": ["4"]}])
    kept = pl.when(pl.col("mention") != 1).then("phones")
    rule = BlockingRule(name="r", key=["phones"])
    expected = sorted([(key_of("r", "1"), 0), (key_of("r", "4"), 2)])
    assert keys(frame.with_columns(phones=kept), rule) == expected
    assert keys(frame.slice(1), rule)[0] in {(key_of("r", phone), 0) for phone in "23"}


@pytest.mark.parametrize("length", range(1, 10))
def test_a_prefix_counts_code_points(length: int) -> None:
    """A prefix is so many letters, not bytes; a shorter text counts whole."""
    rows = [{"surname": name} for name in ("ñandúñandú", "ña", "")]
    rule = BlockingRule(name="p", key=[f"surname:prefix{length}"])
    expected = [(key_of("p", row["surname"][:length]), at) for at, row in enumerate(rows[:2])]
    assert keys(mentions(rows), rule) == sorted(expected)


def test_values_that_a_transform_makes_equal_give_equal_keys() -> None:
    """Two values of one list that begin alike make one key, twice; sorting keeps it once."""
    rule = BlockingRule(name="p", key=["surname_parts:prefix3"])
    frame = mentions([{"surname_parts": ["garcia", "garza", "garrido"]}])
    assert set(keys(frame, rule)) == {(key_of("p", "gar"), 0)}


def test_dates_give_years_and_days_of_the_year() -> None:
    """The transforms year and month_day read a date; a missing date has no key."""
    frame = mentions([{"birth_date": dt.date(1980, 5, 24)}, {}, {"birth_date": dt.date(1, 12, 31)}])
    years = keys(frame, BlockingRule(name="y", key=["birth_date:year"]))
    assert years == sorted([(key_of("y", 1980), 0), (key_of("y", 1), 2)])
    days = keys(frame, BlockingRule(name="d", key=["birth_date:month_day"]))
    assert days == sorted([(key_of("d", 524), 0), (key_of("d", 1231), 2)])


def test_whole_dates_and_numbers_are_keys_too() -> None:
    """A date counts as its days since 1970, a number as itself."""
    frame = mentions([{"birth_date": dt.date(1969, 12, 31), "birth_year": 1969}, {}])
    assert keys(frame, BlockingRule(name="r", key=["birth_date", "birth_year"])) == [
        (key_of("r", -1, 1969), 0)
    ]


def test_names_and_aliases_meet() -> None:
    """One record's alias meets the other's name, and a name any other with the same words."""
    rule = BlockingRule(name="n", key=["names"])
    rows: list[dict[str, Any]] = [
        {"full_name": "a b", "aliases": ["c d"]},
        {"full_name": "c d"},
        {"aliases": ["e f", None, ""]},
        {"full_name": "h g", "name_key": "g h", "aliases": []},
        {},
    ]
    expected = [("a b", 0), ("c d", 0), ("c d", 1), ("e f", 2), ("g h", 3), ("h g", 3)]
    found = keys(mentions(rows), rule)
    assert found == sorted((key_of("n", name), mention) for name, mention in expected)


def test_the_names_of_organizations_meet() -> None:
    """Names meet aliases, and the initials of a name meet a name that is written so."""
    rows: list[dict[str, Any]] = [
        {"name": "gulf freight", "acronym": "gf", "aliases": ["apex"]},
        {"name": "gf"},
        {"acronym": "zz"},
        {"aliases": ["gf"]},
    ]
    frame = mentions(rows, "organization")
    rule = BlockingRule(name="n", key=["name_or_acronym"])
    expected = [("gulf freight", 0), ("gf", 0), ("gf", 1), ("zz", 2)]
    assert keys(frame, rule, "organization") == sorted((key_of("n", n), at) for n, at in expected)
    rule = BlockingRule(name="n", key=["name_and_aliases"])
    expected = [("gulf freight", 0), ("apex", 0), ("gf", 1), ("gf", 3)]
    assert keys(frame, rule, "organization") == sorted((key_of("n", n), at) for n, at in expected)


def test_a_name_written_apart_shares_the_key_of_its_beginning() -> None:
    """Spaces make no difference to the first letters of an organization's name."""
    rows: list[dict[str, Any]] = [{"name": "good will store"}, {"name": "goodwill"}, {"name": None}]
    rule = BlockingRule(name="start", key=["name_joined:prefix6"])
    shared = key_of("start", "goodwi")
    found = keys(mentions(rows, "organization"), rule, "organization")
    assert found == sorted([(shared, 0), (shared, 1)])


def test_no_mentions_have_no_keys() -> None:
    """An empty table makes no key of any part."""
    rule = BlockingRule(name="r", key=["surname_parts:prefix3", "names", "birth_date:year", "sex"])
    assert keys(mentions([]), rule) == []


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("surnme", "did you mean 'surname'?"),
        ("surname:initail", "did you mean 'initial'?"),
        ("surname:prefix0", "unknown transform"),
        ("surname:", "unknown transform"),
        ("surname:initial:year", "unknown transform"),
        ("surname:year", "'year' takes dates, which 'surname' does not hold"),
        ("birth_year:initial", "'initial' takes texts, which 'birth_year' does not hold"),
        ("birth_date:prefix3", "'prefix3' takes texts"),
    ],
)
def test_an_unknown_part_is_refused_with_the_nearest_name(key: str, message: str) -> None:
    """A key that names no column or transform is refused before anything is read."""
    with pytest.raises(ConfigError) as caught:
        parse_key(BlockingRule(name="r", key=[key]), "person")
    assert message in str(caught.value)
    assert "blocking 'r'" in str(caught.value)


@given(
    st.lists(
        st.tuples(
            st.none() | st.lists(st.none() | st.text(max_size=6), max_size=4),
            st.none() | st.text(max_size=6),
            st.none() | st.dates(),
        ),
        max_size=5,
    )
)
def test_any_values_give_the_twins_keys(rows: list[tuple[Any, Any, Any]]) -> None:
    """Whatever the values are, keys are those of the twin: one for each value, none for nulls."""
    columns = ("surname_parts", "given_name", "birth_date")
    frame = mentions([dict(zip(columns, row, strict=True)) for row in rows])
    rule = BlockingRule(name="r", key=["surname_parts", "given_name:prefix2", "birth_date:year"])
    expected = [
        (key_of("r", part, given[:2], born.year), mention)
        for mention, (parts, given, born) in enumerate(rows)
        for part in parts or []
        if part and given and born
    ]
    assert keys(frame, rule) == sorted(expected)


def test_a_rule_says_which_columns_it_reads() -> None:
    """Plain columns, and the columns behind a combined one, each once."""
    rules = [
        BlockingRule(name="a", key=["names", "birth_date:year"]),
        BlockingRule(name="b", key=["full_name"]),
    ]
    named = {"name_key", "full_name", "aliases"}
    assert key_columns(rules, "person") == {*named, "birth_date"}


def test_a_rule_reads_what_its_refinement_reads() -> None:
    """Columns of a refinement are read as well, and each part is hashed once."""
    rules = [
        BlockingRule(name="a", key=["surname"], refine=["birth_date:year", "names"]),
        BlockingRule(name="b", key=["birth_date:year"]),
    ]
    named = {"name_key", "full_name", "aliases"}
    assert key_columns(rules, "person") == {"surname", "birth_date", *named}
    parts = [part.name for part in key_parts(rules, "person")]
    assert parts == ["surname", "birth_date:year", "names"]


def test_an_unknown_part_of_a_refinement_is_refused() -> None:
    """A refinement is checked as a key is."""
    with pytest.raises(ConfigError, match="did you mean 'surname'"):
        parse_refinement(BlockingRule(name="r", key=["sex"], refine=["surnme"]), "person")


def of_records(source: str, ids: range) -> list[list[int]]:
    """By record, the keys that its buckets make."""
    frame = mentions([{"source": source, "record_id": str(number)} for number in ids])
    found = keys(frame, BlockingRule(name="b", key=["buckets"]))
    return [[key for key, mention in found if mention == place] for place in range(len(ids))]


def test_a_record_has_two_buckets_of_its_own() -> None:
    """What identifies it draws them, so that they stay whatever else it says; others are others."""
    first = of_records("cases", range(300))
    assert first == of_records("cases", range(300))
    assert first != of_records("arrests", range(300))
    assert {len(set(drawn)) for drawn in first} == {2}
    assert len({key for drawn in first for key in drawn}) == 64


def test_two_hundred_records_meet_through_their_buckets() -> None:
    """Each with each, if not at once then one by one: an over-full key is no dead end."""
    graph: nx.Graph[tuple[str, int]] = nx.Graph()
    for record, drawn in enumerate(of_records("cases", range(201))):
        graph.add_edges_from((("record", record), ("bucket", key)) for key in drawn)
    assert nx.is_connected(graph)


def test_only_records_without_a_birth_year_are_undated() -> None:
    """What is told apart by the year needs no other key."""
    frame = mentions([{"birth_year": 1980}, {}, {"surname": "cruz"}])
    found = keys(frame, BlockingRule(name="u", key=["undated"]))
    assert [mention for _, mention in found] == [1, 2]


def test_names_of_one_word_meet_by_how_they_begin_or_end() -> None:
    """A slip is in the one half or the other; short names and those of several words have none."""
    names = ["chevron", "chevon", "invidia", "nvidia", "bank", "chevron oil", None]
    frame = mentions([{"name": name} for name in names], "organization")
    found = keys(frame, BlockingRule(name="w", key=["word_ends"]), "organization")
    shared: dict[int, list[int]] = {}
    for key, mention in found:
        shared.setdefault(key, []).append(mention)
    assert sorted(who for who in shared.values() if len(who) > 1) == [[0, 1], [2, 3]]
    assert {mention for _, mention in found} == {0, 1, 2, 3}


def test_buckets_take_no_transform() -> None:
    """They are no text."""
    with pytest.raises(ConfigError, match="'buckets' takes no transform"):
        parse_key(BlockingRule(name="r", key=["buckets:initial"]), "person")
