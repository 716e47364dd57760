"""What a model itself expects of matches: how much they weigh, by what a question gives."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from linker.evidence.ladders import Ladder, ladders
from linker.model import LinkageModel, weight_of
from linker.scoring.levels import Kind
from linker.scoring.levels.dates import ImpreciseMonth, ImpreciseYear

_GRID: Final = 16
"""Steps of a bit in which weights are summed."""


@dataclass(frozen=True)
class _Step:
    """A comparison, as matches meet it.

    Attributes:
        needed: The columns without which nothing is compared.
        needs_all: Whether each of them is needed, or any one.
        levels: By level the columns it reads, the share of matches that meet it, and its weight in
            steps of the grid.
    """

    needed: tuple[str, ...]
    needs_all: bool
    levels: tuple[tuple[frozenset[str], float, int], ...]

    def known(self, asked: Collection[str], filled: Mapping[str, float]) -> float:
        """Return in what share of pairs with a question there is something to compare."""
        there = [filled.get(name, 1.0) if name in asked else 0.0 for name in self.needed]
        return (min if self.needs_all else max)(there, default=1.0)

    def met(self, asked: Collection[str]) -> dict[int, float]:
        """Return by weight the share of matches that meet a level, of columns that are asked.

        Who would meet a level that reads more meets the next one that can be told.
        """
        found: dict[int, float] = {}
        waiting = 0.0
        for columns, share, weight in self.levels:
            waiting += share
            if columns.issubset(asked):
                found[weight] = found.get(weight, 0.0) + waiting
                waiting = 0.0
        return found


class Expectation:
    """What a model itself expects of matches: how much they weigh, by what is compared."""

    def __init__(self, model: LinkageModel) -> None:
        """Read the model.

        Raises:
            ConfigError: A level's kind or a parameter is unknown.
        """
        self._prior = model.prior_weight
        self._steps = [_step(ladder) for ladder in ladders(model)]

    def misses(self, asked: Collection[str], review: float, filled: Mapping[str, float]) -> float:
        """Return the share of matches whose weight is expected below the review threshold.

        Comparisons are independent of each other, as the model takes them to be; those of which the
        question or a record lacks what is needed weigh nothing. Term frequencies are left out.

        Args:
            asked: The columns that the question's mention has.
            review: The review threshold, a probability.
            filled: Column: the share of records that have it.
        """
        weights, first = np.ones(1), 0
        for step in self._steps:
            known = step.known(asked, filled)
            if known == 0:
                continue
            met = {weight: share * known for weight, share in step.met(asked).items()}
            met[0] = met.get(0, 0.0) + 1 - known
            low, high = min(met), max(met)
            summed = np.zeros(len(weights) + high - low)
            for weight, share in met.items():
                summed[weight - low : weight - low + len(weights)] += share * weights
            weights, first = summed, first + low
        enough = (weight_of(review) - self._prior) * _GRID
        below = np.arange(first, first + len(weights)) < enough
        return float(weights[below].sum() / weights.sum())


def _step(ladder: Ladder) -> _Step:
    levels = list(zip(ladder.kinds, ladder.comparison.levels, strict=True))[1:]
    whole = sum(level.m or 0.0 for _, level in levels)
    return _Step(
        needed=ladder.words[0].needed,
        needs_all=ladder.words[0].needs_all,
        levels=tuple(
            (_told(kind), (level.m or 0.0) / whole, round(level.weight * _GRID))
            for kind, level in levels
        ),
    )


def _told(kind: Kind) -> frozenset[str]:
    """Return the columns that a question must have for a level to be met."""
    if isinstance(kind, ImpreciseYear):
        return frozenset({kind.year})
    if isinstance(kind, ImpreciseMonth):
        return frozenset({kind.year, kind.month})
    return frozenset(kind.columns)
