"""Which records can be found: joined to their entity's others by what they show."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.population.findable import Evidence, findable


def evidence(entity: list[int], **kinds: list[int]) -> Evidence:
    shown = Evidence(np.array(entity))
    for kind, values in kinds.items():
        shown.add(kind, np.array(values))
    return shown


def test_a_shared_value_joins() -> None:
    """Records of one person with the same telephone are one group, whatever else they lack."""
    judged = findable(evidence([0, 0], phone=[1, 1]))
    assert judged.found.tolist() == [True, True]
    assert (judged.pairs, judged.apart) == (1, 0)


def test_a_chain_joins() -> None:
    """Two records with nothing in common are joined by a third that shares something with each."""
    judged = findable(evidence([0, 0, 0], phone=[1, 1, 0], biography=[0, 1, 1]))
    assert judged.apart == 0


@pytest.mark.parametrize("values", [[1, 2], [1, 0], [0, 0]])
def test_nothing_shared_leaves_a_pair_apart(values: list[int]) -> None:
    """Different values, or none, join nothing; the first of groups of one size counts as found."""
    judged = findable(evidence([0, 0], phone=values))
    assert judged.found.tolist() == [True, False]
    assert (judged.pairs, judged.apart) == (1, 1)


def test_values_of_two_kinds_or_two_people_are_not_the_same() -> None:
    """Number 1 of one kind says nothing of number 1 of another kind or of another person."""
    assert findable(evidence([0, 0], phone=[1, 0], plate=[0, 1])).apart == 1
    judged = findable(evidence([0, 1, 1], phone=[1, 1, 1]))
    assert (judged.pairs, judged.apart) == (1, 0)


def test_several_values_of_a_kind() -> None:
    """A record that shows two telephones is joined to the holders of either."""
    shown = evidence([0, 0, 0], phone=[1, 1, 0])
    shown.add("phone", np.array([0, 2, 2]))
    assert findable(shown).apart == 0


def test_the_larger_group_is_the_found_one() -> None:
    """Of a group of one and a group of two, the records of the larger are found."""
    judged = findable(evidence([0, 0, 0], phone=[1, 2, 2]))
    assert judged.found.tolist() == [False, True, True]
    assert (judged.pairs, judged.apart) == (3, 2)


def test_beyond_a_kind() -> None:
    """A record that shows only a name shows nothing beyond the name."""
    shown = evidence([0, 0], name=[1, 1], phone=[0, 1])
    assert shown.beyond("name").tolist() == [False, True]


@given(
    rows=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 2)), min_size=1)
)
def test_groups_are_the_components(rows: list[tuple[int, int, int]]) -> None:
    """Pairs apart are those that no chain of shared values joins, found one by one."""
    entity, phone, plate = (list(column) for column in zip(*rows, strict=True))
    count = len(rows)
    group = list(range(count))
    for _ in range(count):
        for a in range(count):
            for b in range(count):
                same = phone[a] == phone[b] > 0 or plate[a] == plate[b] > 0
                if entity[a] == entity[b] and same:
                    group[a] = group[b] = min(group[a], group[b])
    pairs = [(a, b) for a in range(count) for b in range(a) if entity[a] == entity[b]]
    judged = findable(evidence(entity, phone=phone, plate=plate))
    assert judged.pairs == len(pairs)
    assert judged.apart == sum(group[a] != group[b] for a, b in pairs)
    # Every entity has a found group.
    found = {entity[row] for row in range(count) if judged.found[row]}
    assert found == set(entity)
