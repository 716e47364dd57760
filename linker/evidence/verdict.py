"""What a weight comes to: no match, possible, probable or confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, Self, get_args

import numpy as np

from linker.model import LinkageModel, Thresholds
from linker.scoring.explain import Evidence
from linker.scoring.scorer import probabilities

Verdict = Literal["NO_MATCH", "POSSIBLE", "PROBABLE", "CONFIRMED"]
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
"""From the weakest on."""


@dataclass(frozen=True)
class Met:
    """The level of a comparison that a pair meets.

    Attributes:
        place: Its place.
        weight: What it weighs, in bits, term-frequency part included.
        term_part: That part.
    """

    place: int
    weight: float
    term_part: float = 0.0

    @classmethod
    def of(cls, evidence: Evidence) -> Self:
        """Return the level that an evidence tells of."""
        return cls(evidence.place, evidence.weight, evidence.term_frequency_weight)


@dataclass(frozen=True)
class Sum:
    """What a pair's levels come to: its weights in bits, and whether biometrics confirm it."""

    match_weight: float
    identity_weight: float
    confirmed: bool

    @property
    def match_probability(self) -> float:
        """The match probability of the weight."""
        return probability(self.match_weight)

    def verdict(self, thresholds: Thresholds) -> Verdict:
        """Return what the sum comes to; see `linker.entities.cluster.mark_links`."""
        if self.confirmed:
            return "CONFIRMED"
        if self.match_probability < thresholds.review:
            return "NO_MATCH"
        return "PROBABLE" if self.is_link(thresholds) else "POSSIBLE"

    def is_link(self, thresholds: Thresholds) -> bool:
        """Return whether the weight asserts one identity, biometrics apart."""
        reached = self.match_probability >= thresholds.link
        return reached and self.identity_weight >= thresholds.identity_floor


def probability(weight: float) -> float:
    """Return the match probability of a match weight in bits."""
    return float(probabilities(np.array([weight]))[0])


def summed(model: LinkageModel, levels: Sequence[Met]) -> Sum:
    """Return what a pair's levels come to, as the kernel adds them up.

    Args:
        model: The model, whose prior stands for the records that are searched.
        levels: The level met of each of its comparisons, in their order.
    """
    weight, identity, confirmed = model.prior_weight, 0.0, False
    for comparison, met in zip(model.comparisons, levels, strict=True):
        weight += met.weight
        if comparison.role in {"identity", "biometric"}:
            identity += min(met.weight, comparison.levels[met.place].identity_cap)
        confirmed |= comparison.role == "biometric" and met.place == 1
    return Sum(weight, identity, confirmed)
