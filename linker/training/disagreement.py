"""Where EM sessions disagree: levels that weigh much in one session and little in another.

Sessions hold different columns equal. Where comparisons are independent among matches, as the model
takes them to be, all sessions find the same m; where they do not, a weight depends on what was held
equal, and nobody should rely on it to the bit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from linker.config import ComparisonSettings
from linker.model import TrainedComparison
from linker.training.convergence import session_name
from linker.training.ruled_out import ruled_out
from linker.training.smooth import SessionEstimate, rounded

MOST_BITS: Final = 2.0
"""Weights of one level that spread by more than this disagree: m by a factor of four."""
LEAST_MATCHES: Final = 20.0
"""A session speaks of a level only if so many of its matches would meet it, by the model's m."""
HALF: Final = 0.5
"""What no match of a session met counts as half a match there."""


@dataclass(frozen=True)
class Disagreement:
    """A level whose weight depends on the session.

    Attributes:
        comparison: The comparison's name.
        level: The level's label.
        weights: By session, the weight in bits that its m would give the level.
        spread: The largest less the least of them.
    """

    comparison: str
    level: str
    weights: dict[str, float]
    spread: float

    def summary(self) -> dict[str, Any]:
        """Return the disagreement as JSON values."""
        return {
            "comparison": self.comparison,
            "level": self.level,
            "weights": {name: round(weight, 3) for name, weight in self.weights.items()},
            "spread": round(self.spread, 3),
        }


def disagreements(
    comparisons: Sequence[TrainedComparison],
    settings: Sequence[ComparisonSettings],
    sessions: Sequence[SessionEstimate],
    fills: Mapping[str, float],
) -> list[Disagreement]:
    """Return the levels whose weights spread by more than `MOST_BITS`, the widest first.

    A session says nothing of a level that it rules out.

    Args:
        comparisons: Trained.
        settings: The same comparisons as configured: no weight counts that is below their least.
        sessions: The sessions that taught something.
        fills: By comparison, the share of records that have what it compares; of a session's
            matches its square are thought to have it twice.
    """
    found = []
    for comparison, configured in zip(comparisons, settings, strict=True):
        levels = [level for level in comparison.levels if not level.is_missing]
        out = {
            session_name(one.columns): ruled_out(
                one.m[comparison.name],
                [level.u for level in levels],
                one.pairs * fills[comparison.name] ** 2 * (1 - one.match_share),
            )
            for one in sessions
            if comparison.name in one.m
        }
        saw = {
            session_name(session.columns): (
                session.m[comparison.name],
                session.matches * fills[comparison.name] ** 2,
            )
            for session in sessions
            if comparison.name in session.m
        }
        pooled = _pooled(list(saw.values()))
        for place, level in enumerate(levels):
            weights = {
                name: max(
                    rounded(math.log2(max(m[place], HALF / matches) / (level.u or 1.0))),
                    configured.lowest_weight,
                )
                for name, (m, matches) in saw.items()
                if pooled[place] * matches >= LEAST_MATCHES and not out[name][place]
            }
            spread = max(weights.values(), default=0.0) - min(weights.values(), default=0.0)
            if spread > MOST_BITS:
                found.append(Disagreement(comparison.name, level.label, weights, rounded(spread)))
    return sorted(found, key=lambda one: (-one.spread, one.comparison, one.level))


def disagreement_notes(found: Sequence[Disagreement]) -> list[str]:
    """Return a note of each comparison that sessions disagree on: by how much, and who says what.

    Args:
        found: The disagreements, the widest first.
    """
    notes = []
    for name in sorted({one.comparison for one in found}):
        own = [one for one in found if one.comparison == name]
        widest = own[0]
        told = "; ".join(f"{bits:+.1f} by {who}" for who, bits in widest.weights.items())
        notes.append(
            f"comparison {name}: sessions disagree by up to {widest.spread:.1f} bits, most of the "
            f"level {widest.level!r} ({told})"
            + (f", and by more than {MOST_BITS:g} of {len(own) - 1} more" if own[1:] else "")
        )
    return notes


def _pooled(sessions: Sequence[tuple[list[float], float]]) -> list[float]:
    """Return m of each level as all sessions together see it, each by its matches."""
    whole = sum(matches for _, matches in sessions)
    rows = [[value * matches / whole for value in m] for m, matches in sessions]
    return [sum(level) for level in zip(*rows, strict=True)]
