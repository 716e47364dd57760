"""Calibration: whether of the pairs with a match probability of 0.9 nine in ten match.

The expected calibration error (ECE) is the mean, over pairs in bins of equal width, of how far the
share that matches is from the mean match probability (M. P. Naeini, G. Cooper and M. Hauskrecht,
Obtaining Well Calibrated Probabilities Using Bayesian Binning, AAAI 2015). A map from match weight
to a calibrated probability is fitted on one half of the true entities and judged on the other. It
is monotone, so that no two pairs change places: isotonic regression (B. Zadrozny and C. Elkan,
Transforming Classifier Scores into Accurate Multiclass Probability Estimates, KDD 2002), or a
straight line from weight to log-odds (J. Platt, Probabilistic Outputs for Support Vector Machines,
1999), whichever errs less on a part of the first half that neither saw.

Every pair of one entity is in one half; entities of like size are dealt out evenly, since a few
large ones have most of the pairs. A pair of two entities is in a half if both are, which
keeps half of such pairs where the others keep all of theirs: so it counts twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from scipy.optimize import isotonic_regression, minimize

from linker.judging.judgement import Calibration, Reliability, ReliabilityBin
from linker.scoring.scorer import probabilities

BINS: Final = 20
"""Of equal width in match probability."""
FEWEST: Final = 50
"""So many pairs that match, and so many that do not, each half has at least."""
GROUPS: Final = 200
"""Into so many groups of about equal weight pairs are put for isotonic regression."""
KNOTS: Final = 64
"""So many points a straight map has."""
SEED: Final = 20260101
_EDGE: Final = 1e-6
"""No calibrated probability is nearer to 0 or 1: no truth is large enough to tell."""

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Answers:
    """Match weights, whether each pair matches (1 or 0), and for how many pairs each counts."""

    weight: Floats
    match: Floats
    count: Floats

    @property
    def serves(self) -> bool:
        """Whether there are enough of both kinds."""
        matches = int(self.match.sum())
        return min(matches, len(self.match) - matches) >= FEWEST


@dataclass(frozen=True)
class Map:
    """A calibrated match probability at some match weights, ascending."""

    weights: Floats
    shares: Floats

    def __call__(self, weights: Floats) -> Floats:
        """Return the calibrated probability of match weights: on the line between two knots."""
        return np.interp(weights, self.weights, self.shares)


def calibration_of(pairs: pl.DataFrame) -> Calibration | None:
    """Return how well calibrated match probability is, and a map that mends it.

    Args:
        pairs: Scored pairs with a known answer: ``match_weight``, ``is_match``, ``unit_l`` and
            ``unit_r`` (whole numbers), in a lasting order.

    Returns:
        The calibration on the half of the entities that the map has not seen; None where either
        half has too few pairs of either kind.
    """
    if pairs.is_empty():
        return None
    units = [pairs[name].to_numpy() for name in ("unit_l", "unit_r")]
    quarter_of = _quarters(units)
    ends = [quarter_of[unit] for unit in units]
    judged, fitted = _within(pairs, ends, (0, 1)), _within(pairs, ends, (2, 3))
    if not (judged.serves and fitted.serves):
        return None
    makes = _better(_within(pairs, ends, (2,)), _within(pairs, ends, (3,)))
    calibrated = makes(fitted)
    return Calibration(
        pairs=len(judged.weight),
        before=reliability(probabilities(judged.weight), judged.match, judged.count),
        after=reliability(calibrated(judged.weight), judged.match, judged.count),
        map=tuple(zip(calibrated.weights.tolist(), calibrated.shares.tolist(), strict=True)),
    )


def reliability(expected: Floats, match: Floats, count: Floats) -> Reliability:
    """Return the expected calibration error and the bins it is made of; empty bins are left out.

    Args:
        expected: The match probability of each pair.
        match: Whether it matches, 1 or 0.
        count: For how many pairs it counts.
    """
    places = np.minimum((expected * BINS).astype(np.int64), BINS - 1)
    pairs = np.bincount(places, minlength=BINS)
    whole = np.bincount(places, count, BINS)
    sums = [np.bincount(places, count * values, BINS) for values in (expected, match)]
    bins, error = [], 0.0
    for place in np.flatnonzero(pairs):
        mean, share = sums[0][place] / whole[place], sums[1][place] / whole[place]
        error += float(whole[place] / whole.sum() * abs(mean - share))
        bins.append(
            ReliabilityBin(
                low=float(place / BINS),
                high=float((place + 1) / BINS),
                pairs=int(pairs[place]),
                expected=float(mean),
                observed=float(share),
            )
        )
    return Reliability(error=error, bins=tuple(bins))


def _quarters(units: Sequence[Ints]) -> Ints:
    """Return a quarter for each unit, drawn so that large entities are in all of them alike.

    Args:
        units: Those of the two ends of each pair.
    """
    sizes = np.bincount(np.concatenate(units))
    chance = np.random.default_rng(SEED)
    fours = chance.permuted(np.tile(np.arange(4), (len(sizes) // 4 + 1, 1)), axis=1)
    quarters = np.empty(len(sizes), dtype=np.int64)
    quarters[np.argsort(-sizes, kind="stable")] = fours.ravel()[: len(sizes)]
    return quarters


def _within(pairs: pl.DataFrame, ends: Sequence[Ints], quarters: Sequence[int]) -> Answers:
    """Return the pairs of which both entities are in some quarters of all."""
    both = np.isin(ends[0], quarters) & np.isin(ends[1], quarters)
    found = pairs.filter(pl.Series(both))
    apart = (found["unit_l"] != found["unit_r"]).to_numpy()
    return Answers(
        found["match_weight"].to_numpy().astype(np.float64),
        found["is_match"].to_numpy().astype(np.float64),
        np.where(apart, 4.0 / len(quarters), 1.0),
    )


def _better(learnt: Answers, held_out: Answers) -> Callable[[Answers], Map]:
    """Return what makes the better map: of little a line, else what errs less on what is new."""
    if not (learnt.serves and held_out.serves):
        return line_map

    def error(makes: Callable[[Answers], Map]) -> float:
        turns = ((learnt, held_out), (held_out, learnt))
        return sum(_error(makes(one), other) for one, other in turns)

    return isotonic_map if error(isotonic_map) < error(line_map) else line_map


def isotonic_map(pairs: Answers) -> Map:
    """Return the monotone map that errs least: steps, each two knots, with a line between two.

    Pairs are put into groups of neighbours first, so that a step is more than one pair's chance.
    """
    order = np.argsort(pairs.weight, kind="stable")
    weight, match, count = pairs.weight[order], pairs.match[order], pairs.count[order]
    before = (np.cumsum(count) - count)[np.searchsorted(weight, weight)]  # equal weights: one group
    _, group = np.unique((before / count.sum() * GROUPS).astype(np.int64), return_inverse=True)
    sizes = np.bincount(group, count)
    shares = np.bincount(group, count * match) / sizes
    steps = isotonic_regression(shares, weights=sizes).x
    values, block = np.unique(steps[group], return_inverse=True)
    first = np.searchsorted(block, np.arange(len(values)))
    last = np.searchsorted(block, np.arange(len(values)), side="right") - 1
    knots = np.stack([weight[first], weight[last]], axis=1).ravel()
    return Map(knots, np.repeat(np.clip(values, _EDGE, 1 - _EDGE), 2))


def line_map(pairs: Answers) -> Map:
    """Return the map whose log-odds are a straight line of match weight, by maximum likelihood."""

    def loss(line: Floats) -> float:
        odds = line[0] * pairs.weight + line[1]
        lost = np.logaddexp(0, np.where(pairs.match > 0, -odds, odds))
        return float((pairs.count * lost).sum() / pairs.count.sum())

    bounds = [(1e-3, None), (None, None)]
    begin = np.array([np.log(2), 0.0])  # match probability as it is
    line = minimize(loss, begin, method="L-BFGS-B", bounds=bounds).x
    knots = np.linspace(pairs.weight.min(), pairs.weight.max(), KNOTS)
    shares = 1 / (1 + np.exp(-(line[0] * knots + line[1])))
    return Map(knots, np.clip(shares, _EDGE, 1 - _EDGE))


def _error(calibrated: Map, pairs: Answers) -> float:
    return reliability(calibrated(pairs.weight), pairs.match, pairs.count).error
