"""Blocking keys."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.blocking.keys import key_columns, parse_key, write_keys
from linker.config import BlockingRule
from linker.errors import ConfigError
from linker.schemas import PERSON


def mentions(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(
        [{"mention": number, **row} for number, row in enumerate(rows)], schema=dict(PERSON)
    )


def keys(rows: list[dict[str, Any]], *rules: BlockingRule) -> list[tuple[int, int, int]]:
    connection = duckdb.connect()
    connection.register("people", mentions(rows).to_arrow())
    write_keys(connection, rules, "person", "people")
    return sorted(connection.execute("SELECT rule, key, mention FROM keys").fetchall())


def stable(*texts: str) -> int:
    """The twin of DuckDB's md5_number_lower in the standard library."""
    digest = hashlib.md5("\x1f".join(texts).encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[8:], "little")


RULE = BlockingRule(name="r", key=["surname_parts", "given_name:initial"])


def test_a_key_is_the_stable_hash_of_rule_and_parts() -> None:
    """A key does not depend on DuckDB's own hash: the standard library computes the same."""
    found = keys([{"surname_parts": ["cruz"], "given_name": "juan"}], RULE)
    assert found == [(0, stable("r", "cruz", "j"), 0)]


def test_a_list_makes_one_key_for_each_value() -> None:
    """A mention with two family names has two keys, and shares one with each bearer of one."""
    found = keys(
        [
            {"surname_parts": ["martinez", "cruz"], "given_name": "juan"},
            {"surname_parts": ["cruz"], "given_name": "jose"},
        ],
        RULE,
    )
    assert {key for _, key, mention in found if mention == 1} < {key for _, key, _ in found}
    assert len(found) == 3


def test_a_missing_part_means_no_key() -> None:
    """A mention that lacks any part of the key, or has it empty, has no key."""
    rows: list[dict[str, Any]] = [
        {"surname_parts": ["cruz"]},
        {"given_name": "juan"},
        {"surname_parts": [], "given_name": "juan"},
        {"surname_parts": [""], "given_name": "juan"},
    ]
    assert keys(rows, RULE) == []


def test_values_that_a_transform_makes_equal_give_one_key() -> None:
    """A mention never has the same key twice under one rule."""
    rule = BlockingRule(name="p", key=["surname_parts:prefix3"])
    assert len(keys([{"surname_parts": ["garcia", "garza", "garrido"]}], rule)) == 1


def test_dates_give_years_and_days_of_the_year() -> None:
    """The transforms year and month_day read a date; a missing date has no key."""
    day = dt.date(1980, 5, 24)
    rules = [
        BlockingRule(name="y", key=["birth_date:year"]),
        BlockingRule(name="d", key=["birth_date:month_day"]),
    ]
    found = keys([{"birth_date": day}, {}], *rules)
    assert found == sorted([(0, stable("y", "1980"), 0), (1, stable("d", "524"), 0)])


def test_names_and_aliases_meet() -> None:
    """The combined part `names` lets one record's alias meet the other's name."""
    rule = BlockingRule(name="n", key=["names"])
    found = keys([{"full_name": "a b", "aliases": ["c d"]}, {"full_name": "c d"}], rule)
    assert (0, stable("n", "c d"), 0) in found
    assert (0, stable("n", "c d"), 1) in found


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


@given(st.lists(st.text(max_size=8), max_size=4), st.text(max_size=8))
def test_any_text_gives_the_standard_librarys_keys(parts: list[str], given_name: str) -> None:
    """Whatever the texts are, keys equal their twin in the standard library."""
    clean = sorted({part for part in parts if part and "\x00" not in part})
    given_name = given_name.replace("\x00", "")
    rule = BlockingRule(name="r", key=["surname_parts", "given_name"])
    found = keys([{"surname_parts": clean, "given_name": given_name}], rule)
    expected = {stable("r", part, given_name) for part in clean} if given_name else set()
    assert {key for _, key, _ in found} == expected


def test_a_rule_says_which_columns_it_reads() -> None:
    """Plain columns, and the columns behind a combined one, each once."""
    rules = [
        BlockingRule(name="a", key=["names", "birth_date:year"]),
        BlockingRule(name="b", key=["full_name"]),
    ]
    assert key_columns(rules, "person") == {"full_name", "aliases", "birth_date"}
