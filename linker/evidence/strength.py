"""How strong evidence is, and how likely a conclusion: the words and their bounds.

Evidence is told by the verbal scale of the European Network of Forensic Science Institutes (ENFSI
Guideline for Evaluative Reporting in Forensic Science, 2015): how many times as probable what was
found is if both records are of one target as if they are of two, the likelihood ratio. A match
weight in bits is log2 of it. The scale speaks of the evidence and not of the conclusion, which also
depends on how rare matches are at all; for that `likely` has words of its own.
"""

from __future__ import annotations

import math
from typing import Final

SCALE: Final[tuple[tuple[float, str], ...]] = (
    (2, "weakly"),
    (10, "moderately"),
    (100, "moderately strongly"),
    (1_000, "strongly"),
    (10_000, "very strongly"),
    (1_000_000, "extremely strongly"),
)
"""The likelihood ratio from which on evidence speaks so; below the first it says hardly anything.
The same words serve against: 1,000 times as probable of two targets is strongly against."""

CHANCES: Final[tuple[tuple[float, str], ...]] = (
    (0.999, "almost certain"),
    (0.99, "very likely"),
    (0.9, "likely"),
    (0.5, "more likely than not"),
    (0.1, "less likely than not"),
    (0.01, "unlikely"),
    (0.0, "very unlikely"),
)
"""The match probability from which on a match is called so."""


def strength(weight: float) -> str | None:
    """Return how strongly a weight speaks, for or against; None where it says hardly anything.

    Both are taken to a tenth of a bit, as weights are shown: two that look alike are called alike.

    Args:
        weight: In bits.
    """
    shown = round(abs(weight), 1)
    found = [word for ratio, word in SCALE if shown >= round(math.log2(ratio), 1)]
    return found[-1] if found else None


def likely(probability: float) -> str:
    """Return how likely a match is of a match probability, in words."""
    return next(word for least, word in CHANCES if probability >= least)
