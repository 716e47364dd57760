"""Chosen rules as a piece of a configuration."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from linker.config import BlockingRule
from linker.tuning.fragment import fragment
from linker.tuning.missed import Estimate
from linker.tuning.tune import RuleMeasure, RuleSet, Tuned

RULES = st.builds(
    BlockingRule,
    name=st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True),
    key=st.lists(st.sampled_from(["birth_date", "name_tokens", "ssn:prefix5"]), min_size=1),
    max_pairs=st.none() | st.integers(1, 9),
    max_records_per_key=st.none() | st.integers(2, 9),
    refine=st.lists(st.sampled_from(["buckets", "birth_year"]), max_size=2),
)


def tuned(rules: list[BlockingRule], *, own_pairs: int = 0) -> Tuned:
    """Rules of which the last is not chosen."""
    recall = [Estimate("strata", 0.9, 0.8, 0.95)]
    one = RuleSet(len(rules), own_pairs, (5.0, 4.0, 6.0), 3.0, 2.0, 0.1, recall)
    measures = [
        RuleMeasure(
            rule=rule,
            given=True,
            chosen=place < len(rules) - 1,
            pairs=5,
            matches=3.0,
            links=2.0,
            only=1.0,
            seconds=0.1,
        )
        for place, rule in enumerate(rules)
    ]
    return Tuned(
        measures=measures,
        before=one,
        after=one,
        every=one,
        sampled=10,
        listed=20,
        matches=3,
        doubtful=0.1,
        by_truth=False,
        link_budget=100,
        left_out=[],
        seconds_per_pair=1e-7,
    )


@given(st.lists(RULES, min_size=2, max_size=5))
def test_a_fragment_says_the_chosen_rules_and_no_others(rules: list[BlockingRule]) -> None:
    """Read as TOML, the fragment gives back each chosen rule in order, with all it has."""
    text = fragment(tuned(rules), "person", "all 10 records", "9 pairs at most.")
    written = tomllib.loads(text)["person"]["blocking"]
    assert [BlockingRule.model_validate(values) for values in written] == rules[:-1]


def test_the_comment_justifies_the_rules() -> None:
    """It tells pairs and their interval, the share of matches found, and a line for each rule."""
    rules = [BlockingRule(name=name, key=["ssn"]) for name in ("one", "other")]
    text = fragment(tuned(rules, own_pairs=200), "person", "all 10 records", "9 pairs at most.")
    comment = [line for line in text.splitlines() if line.startswith("#")]
    assert "# About 5 candidate pairs (4 to 6)." in comment
    assert any("90.00% of all matches (80.00% to 95.00%)" in line for line in comment)
    assert any(line.split()[1:] == ["one", "5", "3", "2", "1", "0.10"] for line in comment)
    assert any("max_pairs_per_record" in line for line in comment)
