"""A model made ready to score: its kernel, its numbers, and how mentions are packed for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Final

import numpy as np
import polars as pl

from linker.model import ModelInUse
from linker.schemas import MENTIONS
from linker.scoring.features.layout import Layout, layout_of
from linker.scoring.features.pack import Features, Int32s, Int64s, pack_frame
from linker.scoring.features.term_logs import TermLogs, term_logs, word_starts
from linker.scoring.kernel.build import build
from linker.scoring.kernel.drive import Floats, Kept, Packed, Weights, Work
from linker.scoring.kernel.plan import Plan, plan_of
from linker.scoring.kernel.source import kernel_source

EVERYTHING: Final = -np.inf
"""A least weight that every pair reaches."""


@dataclass(frozen=True)
class Scorer:
    """A model that can score.

    Attributes:
        in_use: The model.
        layout: How its mentions are packed.
        plan: Its comparisons and their order.
        module: Its kernel.
    """

    in_use: ModelInUse
    layout: Layout
    plan: Plan
    module: ModuleType

    def pack(self, mentions: pl.DataFrame, threads: int = 1) -> PackedMentions:
        """Pack a frame of mentions, numbered from 0, with the columns of the layout."""
        return self.packed(pack_frame(mentions, self.layout, threads))

    def packed(self, features: Features) -> PackedMentions:
        """Add the logarithms of the model's term frequencies to packed mentions."""
        logs = term_logs(features, self.in_use, self.plan.word_columns)
        return PackedMentions(self, features, logs)


@dataclass(frozen=True)
class PackedMentions:
    """Mentions packed for a scorer; what `score` takes."""

    scorer: Scorer
    features: Features
    logs: TermLogs

    @cached_property
    def arrays(self) -> Packed:
        """The arrays that the kernel reads."""
        features = self.features
        return Packed(
            features.rows,
            features.data,
            features.ends,
            features.lists,
            self.logs.values,
        )

    @cached_property
    def weights(self) -> Weights:
        """The model's numbers, and where the terms of each level are."""
        plan = self.scorer.plan
        starts = [
            self.logs.starts.get(level.trained.term_frequency or "", 0)
            for level in plan.every_level
        ]
        return Weights(
            self.scorer.in_use.model.prior_weight,
            plan.level_weights,
            plan.identity_caps,
            plan.log_u,
            np.array(starts, dtype=np.int64),
            word_starts(self.scorer.layout, self.logs.starts, plan.word_columns),
        )


def scorer_of(in_use: ModelInUse) -> Scorer:
    """Return a scorer of a model; its kernel is compiled, or loaded where it was kept.

    Raises:
        ConfigError: A level's kind or a parameter is unknown.
        ModelError: A level is untrained.
    """
    model = in_use.model
    plan = plan_of(model)
    layout = layout_of(
        [level.kind for level in plan.every_level],
        MENTIONS[model.entity_type],
        first=model.adjusting_columns,
        more=model.term_frequency_columns,
    )
    module = build(kernel_source(plan, layout), _tried_out(len(plan.comparisons)))
    return Scorer(in_use, layout, plan, module)


def _tried_out(comparisons: int) -> Callable[[ModuleType], None]:
    """Return what calls a kernel on nothing, which compiles it."""

    def try_out(module: ModuleType) -> None:
        numbers, places = np.empty(0, dtype=np.int32), np.zeros(1, dtype=np.int64)
        some = np.empty(0)
        packed = Packed(
            np.empty((0, 1), dtype=np.int32), np.empty(0, dtype=np.uint8), places, numbers, some
        )
        weights = Weights(0.0, some, some, some, places, places)
        work = Work(numbers, places, np.empty(0, dtype=np.uint8), places[:0], numbers)
        kept = room(0, comparisons, details=False)
        module.score_runs(packed, weights, work, kept, np.zeros(3, dtype=np.int64), places, 0.0)

    return try_out


def room(pairs: int, comparisons: int, *, details: bool) -> Kept:
    """Return room for kept pairs; for the level and term part of each comparison with `details`."""
    shape = (pairs if details else 0, comparisons)
    return Kept(
        np.empty(pairs, dtype=np.int32),
        np.empty(pairs, dtype=np.int32),
        np.empty(pairs, dtype=np.uint8),
        np.empty(pairs),
        np.empty(pairs),
        np.empty(pairs, dtype=np.bool_),
        np.empty(shape, dtype=np.int8),
        np.empty(shape),
        np.zeros((comparisons + 1, 2), dtype=np.int64),
    )


def score_pairs(
    mentions: PackedMentions,
    left: Int32s,
    right: Int32s,
    least: float = EVERYTHING,
    *,
    details: bool = False,
) -> Kept:
    """Score a list of pairs; those that reach a weight are returned, in order.

    Args:
        mentions: The packed mentions.
        left: The left mention of each pair.
        right: The right one.
        least: The least weight to keep, in bits.
        details: Whether to return each comparison's level and term-frequency part.
    """
    members = np.stack([left, right], axis=1).astype(np.int32).ravel()
    starts = np.arange(0, len(members) + 1, 2, dtype=np.int64)
    none = np.empty(0, dtype=np.int64)
    work = Work(members, starts, np.zeros(len(left), dtype=np.uint8), none, members[:0])
    kept = room(len(left), len(mentions.scorer.plan.comparisons), details=details)
    place = np.array([0, 0, len(left)], dtype=np.int64)
    filled = run_kernel(mentions, work, kept, place, np.zeros(1, dtype=np.int64), least)
    return first_of(kept, filled)


def first_of(kept: Kept, pairs: int) -> Kept:
    """Return the first of the kept pairs."""
    return Kept(
        kept.left[:pairs],
        kept.right[:pairs],
        kept.rule[:pairs],
        kept.weight[:pairs],
        kept.identity[:pairs],
        kept.confirmed[:pairs],
        kept.found[:pairs],
        kept.parts[:pairs],
        kept.tally,
    )


def run_kernel(
    mentions: PackedMentions,
    work: Work,
    kept: Kept,
    place: Int64s,
    candidates: Int64s,
    least: float,
) -> int:
    """Run the kernel once; see `linker.scoring.kernel.drive.score_runs`."""
    found = mentions.scorer.module.score_runs(
        mentions.arrays, mentions.weights, work, kept, place, candidates, least
    )
    return int(found)


def probabilities(weights: Floats) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return match probabilities of match weights in bits, as Splink computes them."""
    odds = np.exp2(-np.abs(weights))
    return np.where(weights >= 0, 1.0 / (1.0 + odds), odds / (1.0 + odds))
