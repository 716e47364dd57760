from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linker.deconfliction.shared import LEFT_OUT, SHARED, shared_identifiers
from linker.schemas import ORGANIZATION

if TYPE_CHECKING:
    from conftest import World


def found_in(world: World, max_entities: int = 20) -> set[tuple[str, str, tuple[str, ...]]]:
    """(record, record, shared identifiers) of every pair."""
    pairs, _ = shared_identifiers("person", world.mentions(), world.membership(), max_entities)
    assert dict(pairs.schema) == dict(SHARED)
    assert pairs.filter(pl.col("mention_l") >= pl.col("mention_r")).is_empty()
    names = {number: name for name, number in world.numbers().items()}
    return {(names[left], names[right], tuple(on)) for left, right, on in pairs.iter_rows()}


@pytest.mark.parametrize(
    ("left", "right", "shared"),
    [
        ({"phones": ["1", "2"]}, {"phones": ["2", "3"]}, ("phones",)),
        ({"emails": ["a@b"]}, {"emails": ["a@b"]}, ("emails",)),
        ({"plates": ["P"]}, {"plates": ["P"]}, ("plates",)),
        ({"passport": "1", "ssn": "2"}, {"passport": "1", "ssn": "2"}, ("passport", "ssn")),
        ({"fingerprint_id": "1"}, {"fingerprint_id": "1"}, ("fingerprint_id",)),
        ({"a_number": "1"}, {"fbi_number": "1"}, None),
        ({"phones": []}, {"phones": []}, None),
        ({"address": "1 M", "city": "X"}, {"address": "1 M", "city": "X"}, ("address",)),
        (
            {"address": "1 M", "postal_code": "9", "city": "X"},
            {"address": "1 M", "postal_code": "9"},
            ("address",),
        ),
        ({"address": "1 M", "city": "X"}, {"address": "1 M", "city": "Y"}, None),
        ({"address": "1 M"}, {"address": "1 M"}, None),
        ({"address": "1 M", "postal_code": "9"}, {"address": "1 M", "city": "X"}, None),
        ({"city": "X"}, {"city": "X"}, None),
    ],
)
def test_what_is_shared(
    world: World, left: dict[str, Any], right: dict[str, Any], shared: tuple[str, ...] | None
) -> None:
    """Contacts and documents are shared when equal; an address with its postal code or city."""
    world.case("P1", "Q", "- - -", record="a", **left).add("P2", "b", kind="arrest", **right)
    assert found_in(world) == ({("a", "b", shared)} if shared else set())


def test_only_investigations_and_only_other_entities(world: World) -> None:
    """No pair without an investigation, within one entity, or within one investigation."""
    for entity, record in (("P1", "a"), ("P2", "b")):
        world.add(entity, record, kind="arrest", phones=["1"])
    for entity, case_id, record in (("P3", "7", "c"), ("P3", "8", "d"), ("P4", "8", "e")):
        world.case(entity, case_id, "- - -", record=record, phones=["1"])
    pairs = {(left, right) for left, right, _ in found_in(world)}
    assert pairs == {("a", "c"), ("a", "d"), ("a", "e"), ("b", "c"), ("b", "d"), ("b", "e")} | {
        ("c", "e")
    }


def test_one_mention_stands_for_an_investigation(world: World) -> None:
    """Ten records of one case and arrestee with one phone are one pair, of the smallest two."""
    for number in range(10):
        world.case("P1", "Q", "- - -", record=f"c{number}", phones=["1"])
        world.add("P2", f"a{number}", kind="arrest", phones=["1"])
    assert found_in(world) == {("a0", "c0", ("phones",))}


def test_values_of_many_are_left_out_and_counted(world: World) -> None:
    """A value of more entities than allowed makes no pair; it is counted and not named."""
    for number in range(4):
        world.case(f"P{number}", f"{number}", "- - -", record=f"r{number}", phones=["1", "2"])
        world.add(f"P{number}", f"o{number}", phones=["1"], emails=[f"{number % 2}"])
    pairs, left_out = shared_identifiers("person", world.mentions(), world.membership(), 3)
    assert pairs.is_empty()
    assert dict(left_out.schema) == dict(LEFT_OUT)
    assert left_out.rows() == [("phones", 2, 8)]
    assert len(found_in(world, max_entities=4)) > 0


def test_organizations() -> None:
    """Organizations share registration and tax ids."""
    rows = [
        {"mention": n, "source": "s", "record_id": f"{n}", "kind": "case", "case_id": f"{n}"}
        | {"tax_id": "1", "registration_id": f"{n}"}
        for n in range(2)
    ]
    mentions = pl.DataFrame(rows, schema=dict(ORGANIZATION))
    membership = pl.DataFrame({"mention": [0, 1], "entity_id": ["O1", "O2"]})
    pairs, left_out = shared_identifiers("organization", mentions, membership)
    assert pairs.rows() == [(0, 1, ["tax_id"])]
    assert left_out.is_empty()


record = st.tuples(
    st.sampled_from(["P1", "P2", "P3"]),
    st.sampled_from(["a", "b", "c", None]),
    st.lists(st.sampled_from("123"), max_size=2),
)


@settings(max_examples=10)
@given(st.lists(st.lists(record, max_size=8), min_size=1, max_size=5))
def test_equals_brute_force(
    new_world: Callable[[], World], parts: list[list[tuple[str, str | None, list[str]]]]
) -> None:
    """Which entities and investigations are paired equals a count over all pairs of mentions."""
    drawn = [
        (f"{part}{entity}", case_id and f"{part}{case_id}", [f"{part}{phone}" for phone in phones])
        for part, records in enumerate(parts)
        for entity, case_id, phones in records
    ]
    world = new_world()
    for number, (entity, case_id, phones) in enumerate(drawn):
        if case_id:
            world.case(entity, case_id, "- - -", record=f"r{number}", phones=phones)
        else:
            world.add(entity, f"r{number}", kind="arrest", phones=phones)
    expected = {
        frozenset([left[:2], right[:2]])
        for left, right in combinations(drawn, 2)
        if left[0] != right[0]
        and (left[1] or right[1])
        and left[1] != right[1]
        and set(left[2]) & set(right[2])
    }
    placed = {f"r{number}": row[:2] for number, row in enumerate(drawn)}
    assert {
        frozenset([placed[left], placed[right]]) for left, right, _ in found_in(world)
    } == expected
