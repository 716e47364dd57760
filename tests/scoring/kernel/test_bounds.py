"""Giving pairs up early: never one that reaches the threshold."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.config import BlockingRule
from linker.scoring.pairs import score_runs
from linker.scoring.scorer import (
    PackedMentions,
    Scorer,
    probabilities,
    score_pairs,
    scorer_of,
)
from tests.scoring.candidates import linked, runs_of
from tests.scoring.models import STRUCTURES, weighed
from tests.scoring.people import some

RECORDS = 70
LEFT, RIGHT = (side.astype(np.int32) for side in np.triu_indices(RECORDS, 1))
SCORERS: dict[str, Scorer] = {}


def packed(name: str, seed: int) -> PackedMentions:
    """Mentions by a kernel that is compiled once."""
    if name not in SCORERS:
        SCORERS[name] = scorer_of(weighed(STRUCTURES[name], 0))
    scorer = SCORERS[name]
    return scorer.pack(some(scorer.in_use.model.entity_type, RECORDS, seed))


@pytest.mark.parametrize("name", STRUCTURES)
@given(seed=st.integers(0, 1000), share=st.floats(0, 1))
def test_a_threshold_only_filters(name: str, seed: int, share: float) -> None:
    """What is kept is what reaches the threshold among all pairs, and confirmed pairs."""
    mentions = packed(name, seed)
    whole = score_pairs(mentions, LEFT, RIGHT, details=True)
    assert len(whole.weight) == len(LEFT)
    least = float(np.quantile(whole.weight, share))
    for threshold in (least, np.nextafter(least, np.inf)):
        kept = score_pairs(mentions, LEFT, RIGHT, threshold, details=True)
        wanted = (whole.weight >= threshold) | whole.confirmed
        for found, every in zip(kept[:-1], whole[:-1], strict=True):
            assert np.array_equal(found, every[wanted])


@pytest.mark.parametrize("name", STRUCTURES)
@given(seed=st.integers(0, 1000))
def test_details_add_up_to_the_weight(name: str, seed: int) -> None:
    """The prior, the levels' weights and term-frequency parts; identity by role, up to its cap."""
    mentions = packed(name, seed)
    plan = mentions.scorer.plan
    kept = score_pairs(mentions, LEFT, RIGHT, details=True)
    weight = np.full(len(LEFT), mentions.scorer.in_use.model.prior_weight)
    identity, confirmed = np.zeros(len(LEFT)), np.zeros(len(LEFT), dtype=bool)
    for comparison in plan.comparisons:
        number = comparison.number
        level_weights = np.array([level.trained.weight for level in comparison.levels])
        part = level_weights[kept.found[:, number]] + kept.parts[:, number]
        weight += part
        caps = np.array([level.trained.identity_cap for level in comparison.levels])
        if comparison.says_who:
            identity += np.minimum(part, caps[kept.found[:, number]])
        if comparison.comparison.role == "biometric":
            confirmed |= kept.found[:, number] == 1
    assert np.abs(kept.weight - weight).max() < 1e-9
    assert np.abs(kept.identity - identity).max() < 1e-9
    assert np.array_equal(kept.confirmed, confirmed)


@pytest.mark.parametrize("name", ["names", "dates"])
def test_confirmed_pairs_are_kept_whatever_their_weight(name: str) -> None:
    """An equal biometric identifier keeps a pair, whether its best level is cheap or dear."""
    mentions = packed(name, 1)
    kept = score_pairs(mentions, LEFT, RIGHT, np.inf)
    column = {"names": "fingerprint_id", "dates": "fbi_number"}[name]
    codes = mentions.features.column(column)
    same = (codes[LEFT] == codes[RIGHT]) & (codes[LEFT] >= 0)
    assert same.sum() > 20
    assert kept.confirmed.all()
    found = set(zip(kept.left.tolist(), kept.right.tolist(), strict=True))
    assert found >= set(zip(LEFT[same].tolist(), RIGHT[same].tolist(), strict=True))


@pytest.mark.parametrize("name", STRUCTURES)
def test_no_pairs_give_nothing(name: str) -> None:
    """An empty list of pairs is scored to an empty one."""
    none = LEFT[:0]
    assert len(score_pairs(packed(name, 1), none, none, details=True).weight) == 0


@pytest.mark.parametrize("name", STRUCTURES)
def test_a_weight_depends_on_two_records_alone(name: str) -> None:
    """The same two records get the same weight among any others, to the last bit."""
    scorer = packed(name, 0).scorer
    mentions = some(scorer.in_use.model.entity_type, RECORDS, 4)
    whole = score_pairs(scorer.pack(mentions), LEFT, RIGHT).weight
    for left, right in [(0, 1), (3, 40), (12, 69)]:
        two = mentions[[left, right]]
        alone = score_pairs(scorer.pack(two), LEFT[:1], RIGHT[:1]).weight[0]
        assert alone == whole[(left == LEFT) & (right == RIGHT)][0]


@given(st.lists(st.floats(-1000, 1000), min_size=1, max_size=5))
def test_a_probability_is_that_of_the_odds(weights: list[float]) -> None:
    """Weights are log2 of odds; however great they are, there is no overflow."""
    found = probabilities(np.array(weights))
    for weight, chance in zip(weights, found, strict=True):
        assert 0 <= chance <= 1
        if abs(weight) < 40:
            assert chance == pytest.approx(2**weight / (1 + 2**weight), rel=1e-12)


def test_the_oldest_rule_gets_the_pair() -> None:
    """Candidates are counted once, under the first rule that finds them."""
    mentions = some("organization", 50, 7)
    rules = [
        BlockingRule(name="tax", key=["tax_id"]),
        BlockingRule(name="again", key=["tax_id"]),
        BlockingRule(name="word", key=["name_tokens"]),
    ]
    in_use = weighed(STRUCTURES["organizations"], 0)
    pairs = linked(mentions, in_use, rules)
    runs, counts = runs_of(mentions, rules, "organization")
    frames: list[pl.DataFrame] = []
    scored = score_runs(scorer_of(in_use).pack(mentions), runs, -np.inf, 1, frames.append)
    by_rule = dict(pairs["rule"].value_counts().iter_rows())
    assert scored.candidates.tolist() == [by_rule.get(rule, 0) for rule in range(3)]
    assert scored.candidates[0] == counts[0].pairs == counts[1].pairs > 0
    assert scored.candidates[1] == 0 < scored.candidates[2] < counts[2].pairs
    assert scored.kept == pairs.height == pairs.select("mention_l", "mention_r").n_unique()
