"""Shares as natural frequencies, weights in bits, and words of strength."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.evidence.numbers import bits, natural, rounded, signed_bits
from linker.evidence.strength import CHANCES, SCALE, likely, strength

UNITS = {"": 1, " million": 10**6, " billion": 10**9}


def share_of(told: str) -> float:
    """The share that a natural frequency states."""
    found = re.fullmatch(r"(?:more than )?(\d+) in ([\d,.]+)( [mb]illion)?", told)
    assert found, told
    return int(found[1]) / (float(found[2].replace(",", "")) * UNITS[found[3] or ""])


@given(st.floats(1e-12, 1))
def test_a_natural_frequency_states_the_share(share: float) -> None:
    """What is told is within five hundredths of the share, and never more than all."""
    told = share_of(natural(share))
    assert told == pytest.approx(share, rel=0.051)
    assert 0 < told < 1


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (1.0, "more than 999 in 1,000"),
        (0.9964, "996 in 1,000"),
        (0.826, "83 in 100"),
        (0.1, "10 in 100"),
        (0.0999, "1 in 10"),
        (1 / 16_384, "1 in 16,000"),
        (1 / 999_600, "1 in 1 million"),
        (8.7e-7, "1 in 1.1 million"),
        (5e-11, "1 in 20 billion"),
    ],
)
def test_shares_are_told_as_people_count(share: float, told: str) -> None:
    """Large shares are told of a hundred or a thousand, small ones as one in so many."""
    assert natural(share) == told


@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_rounding_keeps_the_order(number: int, other: int) -> None:
    """A larger number is never told as a smaller one."""
    told = [share_of(f"1 in {rounded(value)}") for value in sorted((number, other))]
    assert told[0] >= told[1]


@pytest.mark.parametrize(
    ("weight", "signed", "plain"),
    [
        (13.54, "+13.5 bits", "13.5 bits"),
        (-6.26, "−6.3 bits", "−6.3 bits"),
        (0.04, "0.0 bits", "0.0 bits"),
        (-0.04, "0.0 bits", "0.0 bits"),
    ],
)
def test_weights_have_a_unit(weight: float, signed: str, plain: str) -> None:
    """A weight is told to a tenth of a bit, with a true minus, and 0 without a sign."""
    assert (signed_bits(weight), bits(weight)) == (signed, plain)


@pytest.mark.parametrize(("ratio", "word"), SCALE)
@pytest.mark.parametrize("sign", [1, -1])
def test_the_scale_of_strength_is_that_of_forensic_science(
    ratio: float, word: str, sign: int
) -> None:
    """Each word holds from its likelihood ratio on, for and against; below it a weaker one does."""
    weight = math.log2(ratio)
    weaker = [None, *(word for _, word in SCALE)]
    assert strength(sign * weight) == word
    assert strength(sign * (weight - 0.1)) == weaker[weaker.index(word) - 1]


@given(st.floats(-40, 40), st.floats(-40, 40))
def test_a_heavier_weight_is_not_called_weaker(weight: float, other: float) -> None:
    """The words follow the weights."""
    words = [None, *(word for _, word in SCALE)]
    lighter, heavier = sorted((weight, other), key=abs)
    assert words.index(strength(lighter)) <= words.index(strength(heavier))


def test_every_probability_has_a_word() -> None:
    """The words of chance reach from 0 to 1, the likelier the first."""
    bounds = [least for least, _ in CHANCES]
    assert bounds == sorted(bounds, reverse=True)
    assert (likely(0.0), likely(0.5), likely(1.0)) == (
        "very unlikely",
        "more likely than not",
        "almost certain",
    )
