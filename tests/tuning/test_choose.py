"""Choosing rules within a budget."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linker.tuning.choose import UNITS, Problem, choose

FOUND = st.lists(st.integers(0, 14), unique=True, max_size=8).map(sorted)
RULE = st.tuples(FOUND, FOUND)


def problem(
    rules: list[tuple[list[int], list[int]]],
    most_pairs: float,
    *,
    most_own: float = 1e9,
    keep: frozenset[int] = frozenset(),
) -> Problem:
    """Rules by the matches they find and the pairs they make; every match counts one."""
    return Problem(
        matches=[np.array(found, dtype=np.int32) for found, _ in rules],
        weights=np.full(15, UNITS, dtype=np.int64),
        pairs=[np.array(made, dtype=np.int32) for _, made in rules],
        own=np.array([len(made) for _, made in rules], dtype=np.int64),
        most_pairs=most_pairs,
        most_own=most_own,
        keep=keep,
    )


def together(rules: list[tuple[list[int], list[int]]], chosen: tuple[int, ...]) -> tuple[int, int]:
    """How many matches some rules find, and how many pairs they make."""
    found = {one for rule in chosen for one in rules[rule][0]}
    made = {one for rule in chosen for one in rules[rule][1]}
    return len(found), len(made)


@given(st.lists(RULE, max_size=7), st.integers(0, 15))
def test_no_set_within_the_budget_finds_twice_as_much(
    rules: list[tuple[list[int], list[int]]], budget: int
) -> None:
    """What is chosen keeps to the budget, and the best set of all finds less than twice as much."""
    chosen = tuple(choose(problem(rules, budget)))
    found, made = together(rules, chosen)
    assert made <= budget
    best = max(
        together(rules, some)[0]
        for size in range(len(rules) + 1)
        for some in combinations(range(len(rules)), size)
        if together(rules, some)[1] <= budget
    )
    assert 2 * found >= best
    assert (found > 0) == (best > 0)


@given(st.lists(RULE, max_size=7), st.integers(0, 15))
def test_every_chosen_rule_finds_something_alone(
    rules: list[tuple[list[int], list[int]]], budget: int
) -> None:
    """A rule without which as much would be found is not chosen."""
    chosen = choose(problem(rules, budget))
    for rule in chosen:
        others = tuple(other for other in chosen if other != rule)
        assert together(rules, others)[0] < together(rules, tuple(chosen))[0]


def test_a_pair_that_another_rule_makes_costs_nothing() -> None:
    """Two rules that make the same pairs fit into a budget of the pairs of one."""
    rules = [([0, 1], [0, 1, 2]), ([2, 3], [0, 1, 2])]
    assert choose(problem(rules, 3)) == [0, 1]


def test_the_best_single_rule_wins_over_a_bad_beginning() -> None:
    """A cheap rule that finds little does not keep out the dear one that finds nearly all."""
    rules = [([0], [0]), ([1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7, 8])]
    assert choose(problem(rules, 8)) == [1]


def test_what_a_run_would_refuse_is_not_chosen() -> None:
    """The pairs that rules make by themselves, added up, stay within the budget of a run."""
    rules = [([0, 1], [0, 1, 2]), ([2], [0, 1, 2])]
    assert choose(problem(rules, 3, most_own=5)) == [0]


def test_rules_to_keep_are_kept_though_they_find_nothing() -> None:
    """A given rule that costs next to nothing stays."""
    rules = [([], []), ([0], [0])]
    assert choose(problem(rules, 3, keep=frozenset({0}))) == [0, 1]


def test_nothing_is_chosen_of_nothing() -> None:
    """Without rules there is no choice, and no error."""
    assert choose(problem([], 5)) == []
