"""The keys of one mention are those of a table of one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.blocking.one_keys import KeyMaker
from linker.config import BlockingRule
from linker.config.load import default_settings
from linker.schemas import DATE, MENTIONS, TEXT, TEXTS, EntityType
from tests.blocking.twins import keys, mentions

WORDS = st.sampled_from(["juan", "cruz", "de la o", "a", "\u00e9mile", "x" * 40, "9565550177", ""])


def shipped(entity: EntityType) -> list[BlockingRule]:
    return [BlockingRule(**rule) for rule in default_settings(entity)["blocking"]]


def rows(entity: EntityType) -> st.SearchStrategy[dict[str, Any]]:
    """Mentions of any columns that rules read, and of others."""

    def values(name: str) -> st.SearchStrategy[Any]:
        dtype = MENTIONS[entity][name]
        if dtype == TEXT:
            return WORDS
        if dtype == TEXTS:
            return st.lists(WORDS, max_size=4)
        if dtype == DATE:
            return st.dates(dt.date(1900, 1, 1), dt.date(2030, 12, 31))
        return st.integers(1900, 2030)

    names = [name for name in MENTIONS[entity] if name not in {"mention", "retained"}]
    return st.fixed_dictionaries({}, optional={name: values(name) for name in names})


def as_a_table(entity: EntityType, rules: list[BlockingRule], row: dict[str, Any]) -> Any:
    frame = mentions([row], entity)
    found = {rule.name: sorted({key for key, _ in keys(frame, rule, entity)}) for rule in rules}
    return {name: values for name, values in found.items() if values}


@pytest.mark.parametrize("entity", ["person", "organization"])
@given(data=st.data())
def test_every_shipped_rule(entity: EntityType, data: st.DataObject) -> None:
    """Whatever a mention holds, each shipped rule gives it the same keys both ways."""
    row = data.draw(rows(entity))
    rules = shipped(entity)
    found = KeyMaker(rules, entity).keys(row)
    assert {name: sorted(values) for name, values in found.items()} == as_a_table(
        entity, rules, row
    )


@given(data=st.data())
def test_every_transform(data: st.DataObject) -> None:
    """Initials, prefixes, years, days of a year, whole dates and numbers are hashed alike."""
    parts = ["given_name:initial", "surname:prefix3", "birth_date:year", "birth_date:month_day"]
    parts += ["birth_date", "birth_year", "names", "name_pairs", "phones", "surname_parts:initial"]
    parts += ["undated", "birth_years", "name_words"]
    rules = [BlockingRule(name=f"r{at}", key=[part]) for at, part in enumerate(parts)]
    rules.append(BlockingRule(name="two", key=["phones", "surname_parts:prefix2"]))
    row = data.draw(rows("person"))
    found = KeyMaker(rules, "person").keys(row)
    assert {name: sorted(values) for name, values in found.items()} == as_a_table(
        "person", rules, row
    )


def test_each_key_is_there_once() -> None:
    """A value that a list repeats makes one key."""
    rules = [BlockingRule(name="r", key=["phones"])]
    assert len(KeyMaker(rules, "person").keys({"phones": ["1", "1", "2"]})["r"]) == 2


def test_a_question_has_no_bucket() -> None:
    """Buckets are drawn by source and record id, which a question lacks."""
    rules = [BlockingRule(name="r", key=["surname", "buckets"])]
    assert KeyMaker(rules, "person").keys({"surname": "cruz"}) == {}
