"""Levels that a session cannot show, and what is learnt of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.training.convergence import NOT_MET
from linker.training.ruled_out import Seen, ruled_out, shares_of

OPEN = [False, False, False]


def test_a_level_that_chance_alone_would_have_shown_is_ruled_out() -> None:
    """A hundred pairs should have met the second level, and none did; of the third one, half."""
    found = ruled_out([0.9, NOT_MET, NOT_MET, 0.1], [0.001, 0.01, 0.00005, 0.98], 10_000)
    assert found == [False, True, False, False]


def test_a_level_that_some_pair_met_is_not() -> None:
    """However few matches there are among those who met it."""
    for m in (0.0, 1e-9, 2e-6):
        assert ruled_out([0.9, m, 0.1], [0.001, 0.5, 0.499], 10_000) == OPEN


def test_a_level_that_random_pairs_never_met_says_nothing() -> None:
    """Nothing was to be expected of it."""
    assert ruled_out([0.9, NOT_MET, 0.1], [0.001, None, 0.999], 1e9) == OPEN


def test_what_nobody_could_see_is_thought_to_be_as_was_expected() -> None:
    """The others share what is left, however many matches they were counted on."""
    seen = [Seen([6_000.0, 0.0, 2_000.0], [False, True, False])]
    m = shares_of(seen, [35.0, 10.0, 5.0])
    assert m == pytest.approx([0.6, 0.2, 0.2], abs=0.01)


def test_who_can_see_a_level_is_heard_on_it() -> None:
    """One source sees that half of the matches are there; the other sees the rest alone."""
    blind = Seen([8_000.0, 0.0, 2_000.0], [False, True, False])
    other = Seen([400.0, 500.0, 100.0], OPEN)
    assert shares_of([blind, other], [0.8, 0.1, 0.1]) == pytest.approx([0.4, 0.5, 0.1], abs=0.005)
    assert shares_of([other, blind], [0.8, 0.1, 0.1]) == pytest.approx([0.4, 0.5, 0.1], abs=0.005)


COUNTS = st.lists(st.floats(0, 1e6), min_size=3, max_size=3)


@given(st.lists(st.tuples(COUNTS, st.integers(0, 2)), max_size=4))
def test_shares_are_shares(sources: list[tuple[list[float], int]]) -> None:
    """Whatever was seen, the shares of the levels are above 0 and add up to 1."""
    seen = [
        Seen(
            [0.0 if place == out else n for place, n in enumerate(counts)],
            [p == out for p in range(3)],
        )
        for counts, out in sources
    ]
    m = shares_of(seen, [1.0, 2.0, 3.0])
    assert sum(m) == pytest.approx(1)
    assert min(m) > 0


def test_where_everybody_sees_all_counts_are_added() -> None:
    """Without levels that are ruled out, nothing is thought of that was not seen."""
    seen = [Seen([10.0, 20.0, 30.0], OPEN), Seen([5.0, 5.0, 5.0], OPEN)]
    assert shares_of(seen, [1.0, 1.0, 1.0]) == pytest.approx([16 / 78, 26 / 78, 36 / 78])
