"""The term-frequency part of a weight."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.scoring.functions.term_logs import adjustment
from tests.scoring.functions.places import address_of

SHARE = st.floats(1e-8, 1.0)


@given(SHARE, st.lists(SHARE, min_size=1, max_size=4), st.data())
def test_the_commoner_value_counts(u: float, shares: list[float], data: st.DataObject) -> None:
    """It is log2(u) - log2(the greater share), of the side that is known where one is missing."""
    code = st.integers(-1, len(shares) - 1)
    left, right = data.draw(code), data.draw(code)
    known = [shares[side] for side in (left, right) if side >= 0]
    expected = math.log2(u / max(known)) if known else 0.0
    logs = np.log2(np.array(shares))
    found = adjustment(math.log2(u), address_of(logs), left, right)
    assert found == pytest.approx(expected, abs=1e-9)


def test_both_missing_adds_nothing() -> None:
    """Where neither side has the value, nothing is read and nothing added."""
    assert adjustment(-3.0, 0, -1, -1) == 0.0


def test_a_rare_value_adds_and_a_common_one_takes() -> None:
    """A value rarer than the level expects of random pairs speaks for a match."""
    logs = np.log2(np.array([0.001, 0.5]))
    assert adjustment(math.log2(0.01), address_of(logs), 0, 0) > 0
    assert adjustment(math.log2(0.01), address_of(logs), 1, 1) < 0
    assert adjustment(math.log2(0.01), address_of(logs), 0, 1) < 0
