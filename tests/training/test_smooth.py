"""Smoothing of estimated parameters."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.config import ComparisonSettings, TrainingSettings
from linker.model import TrainedComparison
from linker.scoring.settings import untrained
from linker.training.smooth import SessionEstimate, estimated_m, smooth
from linker.training.witnesses import Witness

TRAINING = TrainingSettings(u_max_pairs=1e5, pseudo_pairs=50, highest_weight=20)


def configured(lowest: float = -5.0) -> ComparisonSettings:
    levels: list[dict[str, Any]] = [
        {"kind": "missing", "of": ["ssn"]},
        {"kind": "exact", "column": "ssn", "m": 0.9},
        {"kind": "damerau_levenshtein", "column": "ssn", "at_most": 1, "m": 0.06},
        {"kind": "else", "m": 0.04},
    ]
    return ComparisonSettings.model_validate(
        {"name": "ssn", "lowest_weight": lowest, "levels": levels}
    )


def run(
    u: list[float | None],
    *sessions: SessionEstimate,
    fill: float = 1.0,
    witnesses: tuple[Witness, ...] = (),
) -> tuple[TrainedComparison, list[str]]:
    settings = configured()
    trained, notes = smooth(
        [untrained(settings, "person")],
        [settings],
        {"ssn": u},
        {"ssn": fill},
        sessions,
        TRAINING,
        prior=0.0,
        witnesses=witnesses,
    )
    return trained[0], notes


def weights(comparison: TrainedComparison) -> list[float]:
    return [level.weight for level in comparison.levels if not level.is_missing]


def session(matches: float, *m: float) -> SessionEstimate:
    return SessionEstimate(("a",), 1000, 0.5, matches, {"ssn": list(m)})


def test_without_a_session_the_configured_m_stands_and_is_said() -> None:
    """A comparison that nothing could estimate keeps its configured shares, with a note."""
    comparison, notes = run([0.001, 0.001, 0.998])
    assert [level.m for level in comparison.levels[1:3]] == pytest.approx([0.9, 0.06])
    assert any("no session could estimate it" in note for note in notes)


def test_many_matches_outweigh_the_configured_m() -> None:
    """With matches enough the data speak; with few, the configured shares do."""
    many, _ = run([0.001, 0.001, 0.998], session(1e6, 0.5, 0.3, 0.2))
    few, _ = run([0.001, 0.001, 0.998], session(1, 0.5, 0.3, 0.2))
    assert many.levels[1].m == pytest.approx(0.5, abs=1e-3)
    assert few.levels[1].m == pytest.approx(0.9, abs=1e-2)


def test_sessions_count_by_their_matches() -> None:
    """Two sessions are averaged, each by the matches it expects."""
    comparison, _ = run(
        [0.001, 0.001, 0.998], session(3e6, 0.6, 0.3, 0.1), session(1e6, 0.2, 0.3, 0.5)
    )
    assert comparison.levels[1].m == pytest.approx(0.5, abs=1e-3)


def test_a_level_never_observed_gets_half_an_observation() -> None:
    """No level is left without a weight; where the field is rare, one observation counts more."""
    full, _ = run([None, 0.001, 0.999])
    rare, _ = run([None, 0.001, 0.999], fill=0.1)
    assert full.levels[1].u == pytest.approx(0.5e-5, rel=0.01)
    assert rare.levels[1].u == pytest.approx(0.5e-3, rel=0.01)


def test_a_rare_level_does_not_outweigh_full_agreement() -> None:
    """The best level's weight bounds the others."""
    comparison, _ = run([0.01, None, 0.99])
    best, near, _ = weights(comparison)
    assert near <= best + 1e-6


PARTS = st.lists(st.floats(0.001, 1), min_size=3, max_size=3).map(
    lambda values: [value / sum(values) for value in values]
)


@given(PARTS, PARTS, st.floats(0, 1e6), st.floats(0.01, 1))
def test_every_weight_is_within_its_bounds(
    m: list[float], u: list[float], matches: float, fill: float
) -> None:
    """Whatever was estimated, weights lie between the comparison's and the training's bounds."""
    comparison, _ = run(list(u), session(matches, *m), fill=fill)
    for weight in weights(comparison):
        assert -5 - 1e-6 <= weight <= 20 + 1e-6  # parameters are kept to nine digits
        assert math.isfinite(weight)


def test_matches_are_taken_out_of_u() -> None:
    """Random pairs that agree because they match do not say that numbers agree by chance."""
    settings = configured()
    trained, _ = smooth(
        [untrained(settings, "person")],
        [settings],
        {"ssn": [1e-3, 1e-3, 0.998]},
        {"ssn": 0.5},
        [],
        TRAINING,
        prior=5e-4,
    )
    same, near = trained[0].levels[1:3]
    assert same.u == pytest.approx(1e-3 - 5e-4 / 0.5 * 0.9, rel=0.01)
    assert near.u == pytest.approx(1e-3 - 5e-4 / 0.5 * 0.06, rel=0.01)


def test_a_session_on_the_column_says_how_often_it_agrees_by_chance() -> None:
    """The non-matches of a session on just one column are the u of its equality."""
    on_ssn = SessionEstimate(("ssn",), 1000, 0.9, 900, {}, by_chance=1e-4)
    comparison, _ = run([0.01, 0.001, 0.989], on_ssn, session(10_000, 0.9, 0.06, 0.04), fill=0.5)
    assert comparison.levels[1].u == pytest.approx(1e-4 / 0.5**2, rel=0.05)


def test_a_session_on_several_columns_says_nothing_of_one() -> None:
    """Where a session held more than the column equal, random pairs give u."""
    both = SessionEstimate(("ssn", "surname"), 1000, 0.9, 900, {}, by_chance=1e-4)
    comparison, _ = run([0.01, 0.001, 0.989], both, session(10_000, 0.9, 0.06, 0.04))
    assert comparison.levels[1].u == pytest.approx(0.01, rel=0.01)


def test_a_level_that_matches_hardly_showed_weighs_no_more_than_a_better_one() -> None:
    """A thin level, whose m is the configured one, is bounded by what is well known above it."""
    few = run([0.1, 1e-5, 0.9], session(1000, 0.95, 0.0, 0.05))[0]
    many = run([0.1, 1e-5, 0.9], session(100_000, 0.5, 0.05, 0.45))[0]
    assert weights(few)[1] == pytest.approx(weights(few)[0])
    assert weights(many)[1] > weights(many)[0] - 1e-9


def test_a_session_that_checks_is_not_mixed_in() -> None:
    """m and u are those of the better session; the other one is there to be compared."""
    first = session(1e6, 0.6, 0.3, 0.1)
    second = SessionEstimate(
        ("ssn",),
        1000,
        0.9,
        1e6,
        {"ssn": [0.1, 0.1, 0.8]},
        by_chance=0.5,
        checked=frozenset({"ssn"}),
    )
    assert second.only_checks
    assert run([0.01, 0.001, 0.989], first, second) == run([0.01, 0.001, 0.989], first)


def test_a_witness_counts_each_pair_as_one_match() -> None:
    """A thousand labelled matches count as much as a session of a thousand matches."""
    counted = Witness("decisions", 1000, {"ssn": [600, 300, 100]}, frozenset({"ssn"}))
    u: list[float | None] = [0.001, 0.001, 0.998]
    assert run(u, witnesses=(counted,)) == run(u, session(1000, 0.6, 0.3, 0.1))
    shown = Witness("decisions", 1000, {"ssn": [600, 300, 100]})
    assert run(u, witnesses=(shown,)) == run(u)


def test_what_the_sessions_say_alone_is_their_mean() -> None:
    """Without smoothing, and nothing where no session saw the comparison."""
    comparisons = [untrained(configured(), "person")]
    said = estimated_m(comparisons, [session(300, 0.6, 0.3, 0.1), session(100, 0.2, 0.3, 0.5)])
    assert said == {"ssn": [0.5, 0.3, 0.2]}
    assert estimated_m(comparisons, []) == {}


def test_what_few_records_have_few_matches_showed() -> None:
    """A session of many matches says little of a field that one record in a hundred has."""
    common, _ = run([0.001, 0.001, 0.998], session(5000, 0.01, 0.98, 0.01))
    rare, _ = run([0.001, 0.001, 0.998], session(5000, 0.01, 0.98, 0.01), fill=0.01)
    assert common.levels[2].m == pytest.approx(0.97, abs=0.01)
    assert rare.levels[2].m == pytest.approx(0.52, abs=0.01)
