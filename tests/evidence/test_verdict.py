"""What weights come to: the kernel's sums, and the same rule as that of links."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from linker.entities.cluster import is_link
from linker.evidence.verdict import VERDICTS, Met, Sum, probability, summed
from linker.model import ModelInUse, Thresholds
from linker.schemas import EntityType
from linker.scoring.scorer import scorer_of
from tests.evidence.records import scored
from tests.evidence.test_counterfactual import RECORDS

SHARE = st.floats(0.01, 0.999)


@given(st.floats(-60, 60), st.floats(-10, 60), st.booleans(), SHARE, SHARE, st.floats(-5, 10))
def test_a_verdict_follows_the_rule_of_links(
    weight: float, identity: float, confirmed: bool, one: float, other: float, floor: float
) -> None:
    """PROBABLE is a link, POSSIBLE reaches the review threshold, CONFIRMED outranks both."""
    thresholds = Thresholds(link=max(one, other), review=min(one, other), identity_floor=floor)
    verdict = Sum(weight, identity, confirmed).verdict(thresholds)
    chance = probability(weight)
    assert (verdict == "CONFIRMED") == confirmed
    if not confirmed:
        assert (verdict == "PROBABLE") == is_link(chance, identity, thresholds)
        assert (verdict == "NO_MATCH") == (chance < thresholds.review)


@given(st.floats(-60, 60), st.floats(-60, 60))
def test_more_weight_never_makes_a_verdict_weaker(weight: float, other: float) -> None:
    """Verdicts are in the order of weights."""
    thresholds = Thresholds(link=0.98, review=0.5, identity_floor=3.0)
    less, more = sorted((weight, other))
    verdicts = [
        VERDICTS.index(Sum(w, w, confirmed=False).verdict(thresholds)) for w in (less, more)
    ]
    assert verdicts == sorted(verdicts)


def test_sums_are_those_of_the_kernel(shipped: dict[EntityType, ModelInUse]) -> None:
    """Match weight, identity weight and confirmation of evidence are what the kernel found."""
    in_use = shipped["person"]
    scorer = scorer_of(in_use)
    for question in RECORDS:
        for record in RECORDS:
            pair = scored(scorer, question, record).explained
            total = summed(in_use.model, [Met.of(one) for one in pair.evidence])
            assert math.isclose(total.match_weight, pair.match_weight, abs_tol=1e-9)
            assert math.isclose(total.identity_weight, pair.identity_weight, abs_tol=1e-9)
            assert total.confirmed == pair.confirmed
            assert math.isclose(total.match_probability, pair.match_probability, abs_tol=1e-12)
