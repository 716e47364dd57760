"""Calibration of match probability."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from linker.judging.calibration import (
    Answers,
    _quarters,
    calibration_of,
    isotonic_map,
    line_map,
    reliability,
)
from linker.scoring.scorer import probabilities


def drawn(pairs: int, slope: float, shift: float, seed: int = 1) -> pl.DataFrame:
    """Pairs whose log-odds are a straight line of their weight, of as many entities."""
    chance = np.random.default_rng(seed)
    weight = chance.normal(2.0, 6.0, pairs)
    match = chance.random(pairs) < 1 / (1 + np.exp(-(slope * np.log(2) * weight + shift)))
    units = np.arange(pairs)
    return pl.DataFrame(
        {
            "match_weight": weight,
            "is_match": match,
            "unit_l": units,
            "unit_r": np.where(match, units, chance.permutation(units)),
        }
    )


def test_probabilities_that_are_right_stay() -> None:
    """Where nine in ten of 0.9 match, the error is small before and after."""
    found = calibration_of(drawn(40_000, 1.0, 0.0))
    assert found is not None
    assert found.before.error < 0.02
    assert found.after.error < 0.02


@pytest.mark.parametrize(("slope", "shift"), [(0.4, 0.0), (1.0, -2.0), (0.6, 1.5)])
def test_probabilities_that_are_wrong_are_mended(slope: float, shift: float) -> None:
    """A model that is too sure, or too ready, is mended on entities that the map has not seen."""
    found = calibration_of(drawn(40_000, slope, shift))
    assert found is not None
    assert found.before.error > 0.04
    assert found.after.error < 0.02
    weights, shares = zip(*found.map, strict=True)
    assert list(weights) == sorted(weights)
    assert list(shares) == sorted(shares)
    assert 0 < shares[0] < shares[-1] < 1


def test_every_pair_of_a_bin_is_counted() -> None:
    """The bins hold all pairs that were judged, and their shares are those of the pairs."""
    match = np.array([0.0, 0.0, 1.0, 1.0])
    found = reliability(np.array([0.01, 0.02, 0.99, 1.0]), match, np.ones(4))
    assert [(row.pairs, row.observed) for row in found.bins] == [(2, 0.0), (2, 1.0)]
    assert found.error == pytest.approx((0.015 + 0.005) / 2)


def test_too_few_pairs_of_a_kind() -> None:
    """Without non-matches, or any pair at all, there is nothing to tell."""
    pairs = drawn(4_000, 1.0, 0.0)
    assert calibration_of(pairs.filter("is_match")) is None
    assert calibration_of(pairs.clear()) is None


def test_both_maps_rise() -> None:
    """Isotonic and straight maps never give a heavier pair a lower probability."""
    pairs = drawn(3_000, 0.5, 0.5)
    weight = pairs["match_weight"].to_numpy()
    match = pairs["is_match"].to_numpy().astype(np.float64)
    grid = np.linspace(-25, 25, 101)
    for makes in (isotonic_map, line_map):
        calibrated = makes(Answers(weight, match, np.ones(len(weight))))
        assert (np.diff(calibrated(grid)) >= 0).all()
        middle = np.abs(grid) < 6
        right = 1 / (1 + np.exp(-(0.5 * np.log(2) * grid + 0.5)))
        assert np.abs(calibrated(grid) - right)[middle].max() < 0.15
    assert probabilities(np.array([0.0]))[0] == 0.5


def test_an_entity_is_in_one_half() -> None:
    """No entity has pairs among those fitted on and those judged; large ones are dealt evenly."""
    chance = np.random.default_rng(2)
    units = [np.sort(chance.zipf(1.5, 5_000) % 300) for _ in "lr"]
    quarters = _quarters(units)
    assert len(quarters) == max(unit.max() for unit in units) + 1
    sizes = np.bincount(np.concatenate(units))
    largest = np.argsort(-sizes, kind="stable")[:40]
    assert np.bincount(quarters[largest]).tolist() == [10, 10, 10, 10]
    assert (_quarters(units) == quarters).all()
