"""Levels that were never seen."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.model import TrainedComparison
from linker.training.interpolate import interpolate, interpolation_notes, seen_levels
from linker.training.smooth import SessionEstimate
from linker.training.witnesses import Witness


def comparison(*weights: float) -> TrainedComparison:
    levels: list[dict[str, Any]] = [
        {"level": {"kind": "missing", "of": ["surname"]}, "label": "missing"}
    ]
    for number, weight in enumerate(weights):
        last = number == len(weights) - 1
        level: dict[str, Any] = {"kind": "else"} if last else {"kind": "exact", "column": "surname"}
        m = 0.01 * 2 ** min(weight, 0)
        parameters = {"m": m, "u": m / 2**weight}
        levels.append({"level": level, "label": f"level {number}", **parameters})
    return TrainedComparison.model_validate(
        {"name": "surname", "role": "identity", "levels": levels}
    )


def after(weights: list[float], seen: list[bool]) -> list[float]:
    done, _ = interpolate([comparison(*weights)], {"surname": seen})
    return [level.weight for level in done[0].levels if not level.is_missing]


def session(*m: float, columns: tuple[str, ...] = ("city",)) -> SessionEstimate:
    return SessionEstimate(columns, 1000, 0.1, 100.0, {"surname": list(m)} if m else {})


def test_between_two_levels_the_weight_changes_by_equal_steps() -> None:
    """Two unseen levels between +9 and -3 weigh +5 and +1."""
    assert after([9, 17, 17, -3], [True, False, False, True]) == pytest.approx([9, 5, 1, -3])


def test_above_the_best_seen_level_weights_are_its() -> None:
    """Nobody knows how much more full agreement says than the level below it."""
    assert after([17, 4, -3], [False, True, True]) == pytest.approx([4, 4, -3])


def test_agreement_never_seen_says_what_is_configured() -> None:
    """Disagreement does not tell how much agreement weighs."""
    assert after([17, 12, -3], [False, False, True]) == pytest.approx([17, 12, -3])


def test_below_the_last_seen_level_nothing_speaks_for_a_match() -> None:
    """Disagreement that was never seen is not made to weigh what some agreement does."""
    assert after([9, 4, 9], [True, True, False]) == pytest.approx([9, 4, 0])


def test_a_comparison_of_which_nothing_was_seen_stays_as_it_is() -> None:
    """There is no neighbour to learn from."""
    assert after([9, 4, -2], [False] * 3) == pytest.approx([9, 4, -2])


WEIGHTS = st.lists(st.tuples(st.floats(-10, 20), st.booleans()), min_size=2, max_size=8)


@given(WEIGHTS)
def test_seen_levels_keep_their_weight_and_the_others_stay_in_range(
    levels: list[tuple[float, bool]],
) -> None:
    """Interpolating touches nothing that was seen, and gives no weight beyond the known ones."""
    weights, seen = [weight for weight, _ in levels], [one for _, one in levels]
    known = [weight for weight, one in levels if one]
    for weight, one, before in zip(after(weights, seen), seen, weights, strict=True):
        if one or not known:
            assert weight == pytest.approx(before, abs=1e-6)
        elif weight != pytest.approx(before, abs=1e-6):
            assert min(*known, 0) - 1e-6 <= weight <= max(*known, 0) + 1e-6


def test_a_level_is_seen_by_random_pairs_or_by_matches() -> None:
    """One expected match suffices; what Splink says of a level that it never met does not."""
    one = comparison(9, 4, 2, -3)
    u = {"surname": [None, 0.1, None, None]}
    assert seen_levels([one], u, [session(0.5, 0.4, 1e-6, 0.1)])["surname"] == [
        *(True, True, False, True)
    ]
    assert seen_levels([one], u, [])["surname"] == [False, True, False, False]


def test_a_session_that_holds_a_column_equal_has_seen_it_agree() -> None:
    """All of its pairs met that level."""
    u = {"surname": [None, 0.1, 0.9]}
    assert seen_levels([comparison(9, 4, -3)], u, [session(columns=("surname",))])["surname"][0]


def test_a_witness_that_counts_has_seen_what_it_counted() -> None:
    """Labelled matches on a level make it a known one."""
    u = {"surname": [0.1, None, 0.9]}
    counted = Witness("decisions", 9, {"surname": [5, 4, 0]}, frozenset({"surname"}))
    shown = Witness("decisions", 9, {"surname": [5, 4, 0]})
    assert seen_levels([comparison(9, 4, -3)], u, [], [counted])["surname"][1]
    assert not seen_levels([comparison(9, 4, -3)], u, [], [shown])["surname"][1]


def test_what_was_interpolated_is_said() -> None:
    """One warning a comparison, with the levels and their weights."""
    _, found = interpolate([comparison(9, 17, -3)], {"surname": [True, False, True]})
    assert [one.summary() for one in found] == [
        {"comparison": "surname", "level": "level 1", "weight": 3.0}
    ]
    (note,) = interpolation_notes(found)
    assert "comparison surname: never seen" in note
    assert "'level 1' +3.0" in note
