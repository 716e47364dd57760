"""In which order a model's comparisons are made, and what each can still add to a weight."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from linker.model import LinkageModel, TrainedComparison, TrainedLevel
from linker.scoring.kernel.drive import Floats
from linker.scoring.levels import Kind, kind_of
from linker.scoring.levels.base import CHEAP_NS
from linker.scoring.settings import equality


@dataclass(frozen=True)
class PlannedLevel:
    """A level with its number among all levels of the model."""

    number: int
    trained: TrainedLevel
    kind: Kind

    @property
    def cheap(self) -> bool:
        """Whether its test is made at once."""
        return self.kind.cost <= CHEAP_NS


@dataclass(frozen=True)
class PlannedComparison:
    """A comparison, its levels, and how many of the first of them are tested at once."""

    number: int
    comparison: TrainedComparison
    levels: tuple[PlannedLevel, ...]

    @property
    def tested_at_once(self) -> int:
        """How many levels from the first are cheap; all of them where none is dear."""
        dear = [place for place, level in enumerate(self.levels) if not level.cheap]
        return dear[0] if dear else len(self.levels)

    @property
    def is_dear(self) -> bool:
        """Whether some level is tested only while it can matter."""
        return self.tested_at_once < len(self.levels)

    @property
    def says_who(self) -> bool:
        """Whether the comparison counts for the identity weight."""
        return self.comparison.role in {"identity", "biometric"}

    @property
    def power(self) -> float:
        """How many bits the dear levels are expected to take off the bound, per nanosecond.

        The bound counts the best level that is still possible; among random pairs a level is met
        with its u probability.
        """
        rest = self.levels[self.tested_at_once :]
        shares = [level.trained.u or 0.0 for level in rest]
        weights = [level.trained.weight for level in rest]
        whole = sum(shares) or 1.0
        mean = sum(share * weight for share, weight in zip(shares, weights, strict=True)) / whole
        return (max(weights) - mean) / sum(level.kind.cost for level in rest)


@dataclass(frozen=True)
class Plan:
    """A model's comparisons in its own order, and the dear ones in the order they are made."""

    comparisons: tuple[PlannedComparison, ...]
    dear: tuple[PlannedComparison, ...]

    @cached_property
    def word_columns(self) -> tuple[str, ...]:
        """The list columns of whose words levels read how common they are, sorted."""
        return tuple(sorted({c for level in self.every_level for c in level.kind.word_columns}))

    @cached_property
    def level_weights(self) -> Floats:
        """The weight of every level, by number."""
        return np.array([level.trained.weight for level in self.every_level])

    @cached_property
    def identity_caps(self) -> Floats:
        """The most that every level says of identity, in bits, by number."""
        return np.array([level.trained.identity_cap for level in self.every_level])

    @cached_property
    def log_u(self) -> Floats:
        """log2 of the u that a level's term frequency is compared with, 0 for missing levels.

        It is the level's own, or that of equality for one that likens.
        """
        return np.array(
            [
                np.log2((equality(comparison.comparison, level.trained) or level.trained).u or 1.0)
                for comparison in self.comparisons
                for level in comparison.levels
            ]
        )

    @cached_property
    def every_level(self) -> list[PlannedLevel]:
        """All levels, by number."""
        return [level for comparison in self.comparisons for level in comparison.levels]


def plan_of(model: LinkageModel) -> Plan:
    """Return the plan of a model.

    Raises:
        ConfigError: A level's kind or a parameter is unknown.
    """
    number = 0
    comparisons = []
    for place, comparison in enumerate(model.comparisons):
        levels = []
        for level in comparison.levels:
            kind = kind_of(level.level, f"comparison {comparison.name!r}")
            levels.append(PlannedLevel(number, level, kind))
            number += 1
        comparisons.append(PlannedComparison(place, comparison, tuple(levels)))
    dear = sorted(
        (comparison for comparison in comparisons if comparison.is_dear),
        key=lambda comparison: (-comparison.power, comparison.number),
    )
    return Plan(tuple(comparisons), tuple(dear))
