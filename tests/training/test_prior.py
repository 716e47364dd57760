"""The prior from several witnesses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.model import TrainedComparison
from linker.training.prior import combine_priors, prior_by_rules
from linker.training.smooth import SessionEstimate
from tests.training.simulated import Field, fitted, settings, simulate


def comparison(column: str, m: float) -> TrainedComparison:
    levels: list[dict[str, Any]] = [
        {"level": {"kind": "missing", "of": [column]}, "label": "missing"},
        {"level": {"kind": "exact", "column": column}, "label": "same", "m": m, "u": 0.01},
        {"level": {"kind": "else"}, "label": "differs", "m": 1 - m, "u": 0.99},
    ]
    return TrainedComparison.model_validate({"name": column, "role": "identity", "levels": levels})


COMPARISONS = [comparison("surname", 0.8), comparison("birth_date", 0.5), comparison("ssn", 0.9)]
FILLS = {"surname": 1.0, "birth_date": 1.0, "ssn": 0.1}
ALL_PAIRS = 1000 * 999 / 2


def session(columns: tuple[str, ...], pairs: int, share: float = 1.0) -> SessionEstimate:
    return SessionEstimate(columns, pairs, share, pairs * share, {})


def combine(by_rules: float, *sessions: SessionEstimate) -> float:
    return combine_priors(by_rules, sessions, COMPARISONS, FILLS, 1000)


def test_without_sessions_the_rules_decide() -> None:
    """One witness is the median of itself."""
    assert combine(0.001) == 0.001


def test_a_session_sees_the_matches_that_agree_on_its_columns() -> None:
    """400 matches that agree on a birth date agreed on by half say 800 matches in all."""
    found = combine(1e-9, session(("birth_date",), 800, 0.5), session(("surname",), 640))
    assert found == pytest.approx(800 / ALL_PAIRS)


def test_columns_together_are_seen_together() -> None:
    """A session on two columns sees the product of their shares."""
    both = session(("surname", "birth_date"), 400)
    assert combine(1000 / ALL_PAIRS, both) == pytest.approx(1000 / ALL_PAIRS)


@pytest.mark.parametrize("columns", [("ssn",), ("city",)])
def test_a_session_that_says_too_little_is_no_witness(columns: tuple[str, ...]) -> None:
    """A rare field, or one that no comparison states as equality, says nothing of the rest."""
    assert combine(0.001, session(columns, 5)) == 0.001


@given(st.floats(1e-9, 1), st.integers(1, 10**6), st.floats(0.001, 1))
def test_the_prior_is_a_probability(by_rules: float, pairs: int, share: float) -> None:
    """Whatever the witnesses say, the prior is above nothing and at most one half."""
    found = combine(by_rules, session(("surname",), pairs, share))
    assert 0.999 / ALL_PAIRS <= found <= 0.5


def test_a_session_that_only_checks_is_no_witness() -> None:
    """It was run though its pairs hold few matches, or relatives."""
    checking = SessionEstimate(
        ("surname",), 1000, 0.5, 500.0, {"sex": [0.9, 0.1]}, checked=frozenset({"sex"})
    )
    assert combine(0.001, checking) == 0.001


def test_without_rules_that_find_pairs_one_match_a_hundred_records_is_assumed() -> None:
    """A prior is needed before anything is known."""
    fields = [Field("surname", 50, 4, (0.9, 0.05, 0.05)), Field("city", 5, 2, (0.9, 0.05, 0.05))]
    mentions, said = simulate(fields, 50, 100, 1), list[str]()
    with fitted(mentions, settings(fields, prior_rules=[["passport"]]), said) as fitting:
        assert prior_by_rules(fitting) == pytest.approx(2 / (200 * 199 / 2))
    assert said == ["prior: no rule finds a pair; one match for each hundred records is assumed"]


def test_fallback_rules_serve_where_no_rule_finds_a_pair() -> None:
    """The pairs that they find, by the share of matches they are thought to find."""
    fields = [Field("surname", 500, 4, (0.9, 0.05, 0.05)), Field("city", 5, 2, (0.9, 0.05, 0.05))]
    given = settings(fields, prior_rules=[["passport"]], fallback_prior_rules=[["surname"]])
    with fitted(simulate(fields, 50, 100, 1), given, []) as fitting:
        pairs = fitting.pairs_of(["surname"])
        assert prior_by_rules(fitting) == pytest.approx(pairs / 0.7 / (200 * 199 / 2))
