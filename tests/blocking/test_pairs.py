"""Candidate pairs and their budget."""

from __future__ import annotations

from itertools import combinations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.blocking.pairs import (
    SMALLEST_BUDGET,
    RuleCount,
    count_pairs,
    enforce_budget,
    pairs_by_rule,
    write_candidate_pairs,
)
from linker.config import BlockingRule, EntitySettings
from linker.errors import BudgetError

RULES = [BlockingRule(name="a", key=["ssn"]), BlockingRule(name="b", key=["surname"])]


def world(keys: list[tuple[int, int, int]]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE keys (rule UTINYINT, key UBIGINT, mention BIGINT)")
    if keys:
        connection.executemany("INSERT INTO keys VALUES (?, ?, ?)", keys)
    return connection


KEYS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 3), st.integers(0, 9)), max_size=30, unique=True
)


@given(KEYS, st.integers(2, 6))
def test_pairs_are_those_that_share_a_key_each_once(
    keys: list[tuple[int, int, int]], cap: int
) -> None:
    """Pairs equal a brute-force search, each under the first rule that finds it."""
    members: dict[tuple[int, int], set[int]] = {}
    for rule, key, mention in keys:
        members.setdefault((rule, key), set()).add(mention)
    expected: dict[tuple[int, int], int] = {}
    own = [0, 0]
    for (rule, _), group in members.items():
        if len(group) <= cap:
            for pair in combinations(sorted(group), 2):
                expected[pair] = min(rule, expected.get(pair, rule))
                own[rule] += 1
    connection = world(keys)
    counts = count_pairs(connection, RULES, cap)
    assert [count.pairs for count in counts] == own
    assert write_candidate_pairs(connection) == len(expected)
    found = connection.execute("SELECT mention_l, mention_r, rule FROM candidate_pairs").fetchall()
    assert {(left, right): rule for left, right, rule in found} == expected
    assert sum(pairs for _, pairs in pairs_by_rule(connection, RULES)) == len(expected)


def test_over_full_keys_are_left_out_and_counted() -> None:
    """A key that too many records share makes no pairs, and the count says how many it would."""
    connection = world([(0, 1, mention) for mention in range(5)] + [(1, 2, 0), (1, 2, 1)])
    counts = count_pairs(connection, RULES, 4)
    assert counts[0] == RuleCount("a", 1, 0, 1, 5, 10)
    assert counts[1] == RuleCount("b", 1, 1, 0, 0, 0)


def test_a_rules_own_cap_comes_before_the_shared_one() -> None:
    """A rule with its own max_records_per_key is capped by that."""
    rules = [RULES[0], RULES[1].model_copy(update={"max_records_per_key": 2})]
    keys = [(rule, 1, mention) for rule in (0, 1) for mention in range(3)]
    counts = count_pairs(world(keys), rules, 10)
    assert [count.pairs for count in counts] == [3, 0]


def settings(**changes: object) -> EntitySettings:
    return EntitySettings.model_validate({"blocking": RULES, **changes})


def test_a_rule_over_budget_stops_with_its_name_and_counts() -> None:
    """The error names the rule, its pairs and its budget."""
    counts = [RuleCount("a", 1, 10, 0, 0, 0), RuleCount("b", 1, 3_000_000, 0, 0, 0)]
    with pytest.raises(BudgetError, match=r"'b' makes 3,000,000 .* budget is 2,000,000"):
        enforce_budget(counts, settings(max_pairs_per_record=2), 1_000_000, "person")


def test_all_rules_together_over_budget_stop_with_the_largest() -> None:
    """Rules that fit one by one may be too many together; the largest is named."""
    counts = [RuleCount("a", 1, 900_000, 0, 0, 0), RuleCount("b", 1, 800_000, 0, 0, 0)]
    with pytest.raises(
        BudgetError, match=r"1,700,000 candidate pairs together.*'a' makes the most"
    ):
        enforce_budget(counts, settings(max_pairs_per_record=1), 1000, "person")


def test_a_rules_own_budget_counts() -> None:
    """max_pairs of a rule replaces the shared budget."""
    rules = [RULES[0].model_copy(update={"max_pairs": 5}), RULES[1]]
    counts = [RuleCount("a", 1, 6, 0, 0, 0), RuleCount("b", 1, 0, 0, 0, 0)]
    with pytest.raises(BudgetError, match="budget is 5"):
        enforce_budget(counts, settings(blocking=rules), 1000, "person")


def test_few_pairs_are_always_allowed() -> None:
    """Small inputs are never stopped."""
    counts = [RuleCount("a", 1, SMALLEST_BUDGET, 0, 0, 0), RuleCount("b", 0, 0, 0, 0, 0)]
    enforce_budget(counts, settings(max_pairs_per_record=0.1), 10, "person")
