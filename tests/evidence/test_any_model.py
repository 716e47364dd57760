"""Models of one's own, with every kind of level, and organizations: all is said of them too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.config import EntitySettings
from linker.evidence.counterfactual import would_change
from linker.evidence.helpful import advice
from linker.evidence.summary import summary_words
from linker.evidence.verdict import Met, Sum, summed
from linker.evidence.words import phrasebook
from linker.model import LinkageModel, ModelInUse
from linker.schemas import EntityType
from linker.scoring.explain import evidence_of
from tests.scoring.models import STRUCTURES, weighed


@pytest.fixture(scope="module")
def models(shipped: dict[EntityType, ModelInUse]) -> list[LinkageModel]:
    own = [weighed(structure, seed).model for structure in STRUCTURES.values() for seed in (1, 2)]
    return [*own, shipped["organization"].model]


@given(data=st.data())
def test_all_is_said_of_any_model(data: st.DataObject, models: list[LinkageModel]) -> None:
    """Whatever levels a pair meets, each has a sentence, and each change keeps its promise."""
    found = data.draw(st.sampled_from(models))
    evidence = [
        evidence_of(comparison, data.draw(st.integers(0, len(comparison.levels) - 1)), 0.0)
        for comparison in found.comparisons
    ]
    thresholds = found.thresholds(EntitySettings())
    book = phrasebook(found)
    said = [book.in_words(one) for one in evidence]
    said.append(summary_words(found, evidence, thresholds))
    verdict = summed(found, [Met.of(one) for one in evidence]).verdict(thresholds)
    for change in would_change(evidence, found, thresholds):
        said.append(change.words)
        confirmed = change.verdict_after == "CONFIRMED"
        after = Sum(change.weight_after, change.identity_weight_after, confirmed)
        assert after.verdict(thresholds) == change.verdict_after != verdict
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in said)
    assert isinstance(advice(found).helpful_fields([]), list)
