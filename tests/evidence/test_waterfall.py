"""The steps by which evidence makes a match weight."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.evidence.waterfall import waterfall
from linker.model import LinkageModel
from tests.evidence.conftest import Evidences

WEIGHT = st.floats(-40, 40)


@st.composite
def evidences(draw: st.DrawFn) -> list[dict[str, Any]]:
    names = draw(st.lists(st.sampled_from(["name", "phones", "sex", "ssn", "tattoo"]), unique=True))
    found = []
    for name in names:
        side = draw(st.sampled_from(["absent", "said"]))
        weight = 0.0 if side == "absent" else draw(WEIGHT)
        said = side if side == "absent" else "for" if weight > 0 else "against"
        found.append({"comparison": name, "side": said, "weight": weight})
    return found


@given(WEIGHT, evidences())
def test_steps_lead_from_the_prior_to_the_weight(
    prior: float, evidence: list[dict[str, Any]]
) -> None:
    """Each step begins where the last one ended, and the total is the sum of all weights."""
    first, *between, last = waterfall(prior, evidence).steps
    assert (first.kind, first.start, first.end) == ("prior", 0.0, prior)
    end = first.end
    for step in between:
        assert step.start == end
        assert step.kind == ("for" if step.weight > 0 else "against")
        end = step.end
    weights = [part["weight"] for part in evidence]
    assert (last.kind, last.start, last.end) == ("total", 0.0, end)
    assert math.isclose(last.weight, prior + sum(weights), abs_tol=1e-9)


@given(WEIGHT, evidences())
def test_the_heaviest_step_comes_first(prior: float, evidence: list[dict[str, Any]]) -> None:
    """What speaks for comes before what speaks against; what was not compared is no step."""
    found = waterfall(prior, evidence)
    weights = [step.weight for step in found.steps[1:-1]]
    assert weights == sorted(weights, reverse=True)
    assert len(weights) + len(found.absent) == len(evidence)


def test_a_waterfall_is_told_in_words(people: LinkageModel, meeting: Evidences) -> None:
    """Who does not see the chart hears its steps, thresholds and what was not compared."""
    evidence = [asdict(one) for one in meeting(name=1, birth_date=-1)]
    said = waterfall(people.prior_weight, evidence, review=0.0, link=5.87).described
    assert said.startswith(
        "It starts at the prior of −16.6 bits. Name for: +17.9 bits. Birth date against: −7.4 bits."
        " The match weight is −6.1 bits. A possible link needs 0.0 bits. A link needs +5.9 bits. "
        "Not compared: Family name,"
    )


def test_words_stay_with_their_step() -> None:
    """A hit's sentences are those of the steps."""
    evidence = [{"comparison": "sex", "side": "for", "weight": 0.6, "words": "Sex: the same."}]
    assert [step.words for step in waterfall(-16.0, evidence).steps[1:-1]] == ["Sex: the same."]
    assert waterfall(-16.0, []).steps[-1].weight == pytest.approx(-16.0)
