"""The budget of candidate pairs."""

from __future__ import annotations

import pytest

from linker.blocking.pairs import SMALLEST_BUDGET, RuleCount, enforce_budget
from linker.config import BlockingRule, EntitySettings
from linker.errors import BudgetError

RULES = [BlockingRule(name="a", key=["ssn"]), BlockingRule(name="b", key=["surname"])]


def settings(**changes: object) -> EntitySettings:
    return EntitySettings.model_validate({"blocking": RULES, **changes})


def test_a_rule_over_budget_stops_with_its_name_and_counts() -> None:
    """The error names the rule, its pairs and its budget."""
    counts = [RuleCount("a", 1, 10, 0, 0, 0), RuleCount("b", 1, 9_000_000, 0, 0, 0)]
    with pytest.raises(BudgetError, match=r"'b' makes 9,000,000 .* budget is 6,000,000"):
        enforce_budget(counts, settings(max_pairs_per_record=2), 3_000_000, "person")


def test_all_rules_together_over_budget_stop_with_the_largest() -> None:
    """Rules that fit one by one may be too many together; the largest is named."""
    counts = [RuleCount("a", 1, 4_900_000, 0, 0, 0), RuleCount("b", 1, 4_800_000, 0, 0, 0)]
    with pytest.raises(
        BudgetError, match=r"9,700,000 candidate pairs together.*'a' makes the most"
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
