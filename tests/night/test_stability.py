"""What is a change, and what is chance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.night.stability import CERTAIN, CHANCE, ratio_chance, share_chance, stability_index

counts = st.lists(st.integers(0, 1000), min_size=2, max_size=8).filter(lambda found: sum(found) > 0)


def test_the_index_is_that_of_the_formula() -> None:
    """Of known distributions it is the sum of (p - q) ln(p / q)."""
    then, now = np.array([0.5, 0.3, 0.2]), np.array([0.4, 0.4, 0.2])
    index, chance = stability_index(then, now, (CERTAIN, CERTAIN))
    expected = 0.1 * math.log(0.5 / 0.4) + 0.1 * math.log(0.4 / 0.3)
    assert index == pytest.approx(expected, rel=1e-4)
    assert chance < 1e-4


@given(counts)
def test_the_index_is_of_no_direction(found: list[int]) -> None:
    """It is never negative, the same both ways, and nothing where nothing moved."""
    then = np.array(found) / sum(found)
    now = then[::-1].copy()
    there, _ = stability_index(then, now, (1e3, 1e3))
    back, _ = stability_index(now, then, (1e3, 1e3))
    assert there >= 0
    assert there == pytest.approx(back)
    assert stability_index(then, then, (1e3, 1e3))[0] == 0


@pytest.mark.parametrize("size", [60, 400, 5_000])
def test_samples_of_one_distribution_stay_below_chance(size: int) -> None:
    """Of 2,000 pairs of samples of one distribution hardly one is beyond chance."""
    shares = np.array([0.55, 0.3, 0.1, 0.04, 0.01])
    numbers = np.random.default_rng(5)
    beyond = 0
    for then, now in numbers.multinomial(size, shares, size=(2_000, 2)):
        index, chance = stability_index(then / size, now / size, (size, size))
        beyond += index > chance
    assert beyond <= 3


def test_chance_of_shares_and_ratios_shrinks_with_what_is_counted() -> None:
    """Four times as many things halve it; the bound is that of a normal distribution's tail."""
    errors = share_chance((0.5, 0.5), (100, 100)) / math.sqrt(0.25 / 50)
    assert math.erfc(errors / math.sqrt(2)) == pytest.approx(CHANCE)
    assert share_chance((0.5, 0.5), (400, 400)) == pytest.approx(
        share_chance((0.5, 0.5), (100, 100)) / 2
    )
    assert ratio_chance((400, 400)) == pytest.approx(errors * math.sqrt(2 / 400))
    assert share_chance((0.0, 0.0), (0, 0)) == 0
