"""The parts of generated keys."""

from __future__ import annotations

import pytest

from linker.blocking.keys import parse_key
from linker.config import BlockingRule
from linker.schemas import CONTEXT, EntityType
from linker.tuning.parts import KINDS_OF_PARTS, LISTS, go_together, list_of_rule, named


@pytest.mark.parametrize("entity_type", ["person", "organization"])
def test_every_part_is_one_that_rules_may_have(entity_type: EntityType) -> None:
    """Each part is understood by blocking, and makes a rule's name."""
    for part in KINDS_OF_PARTS[entity_type]:
        rule = BlockingRule(name=named([part]), key=[part])
        (parsed,) = parse_key(rule, entity_type)
        assert not set(parsed.columns) & set(CONTEXT)


@pytest.mark.parametrize(
    ("kinds", "fits"),
    [
        (["given name", "family name"], True),
        (["name", "family name"], False),
        (["birth", "birth"], False),
        (["name", "birth", "place"], True),
    ],
)
def test_parts_of_one_kind_do_not_go_together(kinds: list[str], *, fits: bool) -> None:
    """A key has one part of a kind, and no part of a name beside the whole of it."""
    assert go_together(kinds) is fits


@pytest.mark.parametrize(
    ("key", "refine", "of"),
    [
        (["name_pairs"], [], LISTS[0]),
        (["surname_parts", "given_name:initial"], [], LISTS[0]),
        (["name_pairs"], ["birth_year"], None),
        (["birth_date", "sex"], [], LISTS[1]),
        (["ssn"], ["buckets"], LISTS[2]),
        (["phones", "given_name:initial"], [], None),
        (["sex"], [], None),
        (["birth_month"], [], None),
    ],
)
def test_a_rule_is_of_a_list_if_all_its_parts_are(
    key: list[str], refine: list[str], of: str | None
) -> None:
    """Lists have no column in common; a rule of several, or of an unknown column, is of none."""
    assert list_of_rule(BlockingRule(name="rule", key=key, refine=refine), "person") == of
