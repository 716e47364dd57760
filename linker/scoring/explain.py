"""Evidence: what each comparison says for or against a pair, in words and bits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from linker.model import TrainedComparison
from linker.scoring.features.pack import Int32s
from linker.scoring.scorer import PackedMentions, probabilities, score_pairs

Side = Literal["for", "against", "absent"]


@dataclass(frozen=True)
class Evidence:
    """What one comparison says about a pair.

    `weight` is in bits, term-frequency part included; the weights of all comparisons and the
    model's prior weight sum to the pair's match weight. `place` is the place of the level that the
    pair met among the comparison's levels, from 0, the missing level.
    """

    comparison: str
    side: Side
    level: str
    place: int
    weight: float
    term_frequency_weight: float


@dataclass(frozen=True)
class ExplainedPair:
    """A scored pair with the evidence of every comparison."""

    mention_l: int
    mention_r: int
    match_weight: float
    match_probability: float
    identity_weight: float
    confirmed: bool
    evidence: tuple[Evidence, ...]


def explain(mentions: PackedMentions, left: Int32s, right: Int32s) -> list[ExplainedPair]:
    """Score pairs and say why, the heaviest first.

    Args:
        mentions: The packed mentions.
        left: The left mention of each pair.
        right: The right one.
    """
    kept = score_pairs(mentions, left, right, details=True)
    chances = probabilities(kept.weight)
    comparisons = mentions.scorer.in_use.model.comparisons
    return [
        ExplainedPair(
            mention_l=int(kept.left[pair]),
            mention_r=int(kept.right[pair]),
            match_weight=float(kept.weight[pair]),
            match_probability=float(chances[pair]),
            identity_weight=float(kept.identity[pair]),
            confirmed=bool(kept.confirmed[pair]),
            evidence=tuple(
                evidence_of(comparison, int(place), float(part))
                for comparison, place, part in zip(
                    comparisons, kept.found[pair], kept.parts[pair], strict=True
                )
            ),
        )
        for pair in np.lexsort((kept.right, kept.left, -kept.weight))
    ]


def evidence_of(comparison: TrainedComparison, place: int, term_part: float) -> Evidence:
    """Return what a comparison says of a pair that met one of its levels.

    Args:
        comparison: The comparison.
        place: The place of the level.
        term_part: The term-frequency part of its weight, in bits.
    """
    level = comparison.levels[place]
    weight = level.weight + term_part
    side: Side = "absent" if level.is_missing else "for" if weight > 0 else "against"
    return Evidence(comparison.name, side, level.label, place, weight, term_part)
