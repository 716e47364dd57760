"""Sessions that disagree."""

from __future__ import annotations

from typing import Any

import pytest

from linker.config import ComparisonSettings
from linker.model import TrainedComparison
from linker.training.convergence import NOT_MET
from linker.training.disagreement import Disagreement, disagreement_notes, disagreements
from linker.training.smooth import SessionEstimate

LEVELS: list[dict[str, Any]] = [
    {"level": {"kind": "missing", "of": ["sex"]}, "label": "missing"},
    {"level": {"kind": "exact", "column": "sex"}, "label": "same", "m": 0.9, "u": 0.25},
    {"level": {"kind": "else"}, "label": "differs", "m": 0.1, "u": 0.75},
]
SEX = TrainedComparison.model_validate({"name": "sex", "role": "identity", "levels": LEVELS})


def among(
    *sessions: SessionEstimate, lowest: float = -20.0, fill: float = 1.0
) -> list[Disagreement]:
    configured = ComparisonSettings.model_validate(
        {
            "name": "sex",
            "lowest_weight": lowest,
            "levels": [
                {"kind": "missing", "of": ["sex"]},
                {"kind": "exact", "column": "sex"},
                {"kind": "else"},
            ],
        }
    )
    return disagreements([SEX], [configured], sessions, {"sex": fill})


def session(column: str, matches: float, *m: float) -> SessionEstimate:
    return SessionEstimate((column, "city"), 10_000, 0.5, matches, {"sex": list(m)})


def test_sessions_that_say_the_same_do_not_disagree() -> None:
    """A factor of two in m is one bit, and within the limit."""
    assert not among(session("a", 1e4, 0.9, 0.1), session("b", 1e4, 0.8, 0.2))


def test_a_factor_of_eight_is_three_bits() -> None:
    """The weights that each session would give are shown by its name."""
    found = among(session("a", 1e4, 0.6, 0.4), session("b", 1e4, 0.95, 0.05))
    assert [(one.comparison, one.level) for one in found] == [("sex", "differs")]
    assert found[0].spread == pytest.approx(3.0)
    assert list(found[0].weights) == ["a and city", "b and city"]
    (note,) = disagreement_notes(found)
    assert note.startswith("comparison sex: sessions disagree by up to 3.0 bits")
    assert "b and city" in note


def test_what_few_matches_say_is_no_disagreement() -> None:
    """A session of thirty matches says nothing of a level that two of them are expected to meet."""
    assert not among(session("a", 1e4, 0.93, 0.07), session("b", 30, 1.0, 0.0))


def test_a_level_that_no_match_met_counts_as_half_a_match() -> None:
    """A weight of minus infinity would make every spread infinite."""
    found = among(session("a", 1e4, 0.9, 0.1), session("b", 1000, 1.0, 0.0))
    assert found[0].weights["b and city"] == pytest.approx(-10.55, abs=0.01)


def test_a_session_that_rules_a_level_out_says_nothing_of_it() -> None:
    """No pair met what thousands should have met by chance: what is held equal rules it out."""
    assert not among(session("a", 1e4, 0.9, 0.1), session("b", 1000, 1.0, NOT_MET))


def test_one_session_agrees_with_itself() -> None:
    """There is nothing to compare it with, nor where no session saw the comparison."""
    assert not among(session("a", 1e4, 0.9, 0.1))
    assert not among()


def test_the_widest_comes_first() -> None:
    """Whoever reads one line reads the worst."""
    found = among(session("a", 1e4, 0.02, 0.98), session("b", 1e4, 0.99, 0.01))
    assert [one.level for one in found] == ["differs", "same"]
    assert "more than 2 of 1 more" in disagreement_notes(found)[0]
    assert found[0].summary()["spread"] == pytest.approx(6.615)


def test_weights_below_the_least_of_the_comparison_are_all_the_same() -> None:
    """The model gives neither of them."""
    one, other = session("a", 1e4, 0.95, 0.05), session("b", 1e4, 0.998, 0.002)
    assert among(one, other)
    assert not among(one, other, lowest=-4.0)


def test_only_matches_that_have_the_field_count() -> None:
    """Of a thousand matches ten have a field that one record in ten has; they prove nothing."""
    one, other = session("a", 1e6, 0.9, 0.1), session("b", 1000, 1.0, 0.0)
    assert among(one, other)
    assert not among(one, other, fill=0.1)
