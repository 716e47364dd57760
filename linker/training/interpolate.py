"""Levels that nothing was seen of: a weight between those of their neighbours, and a warning.

A level is never seen where no random pair met it and where of all matches that sessions and
witnesses saw fewer than one is expected to have met it. Its m is then mostly the configured one
and its u half an observation: a weight that nobody measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from linker.model import TrainedComparison, TrainedLevel
from linker.training.convergence import NOT_MET
from linker.training.smooth import SessionEstimate, is_equality, rounded, seen_matches
from linker.training.witnesses import Witness

LEAST_SEEN: Final = 1.0
"""Of fewer expected matches than this a level was not seen."""


@dataclass(frozen=True)
class Interpolated:
    """A level that was never seen, and the weight in bits that it was given."""

    comparison: str
    level: str
    weight: float

    def summary(self) -> dict[str, Any]:
        """Return the level as JSON values."""
        return {"comparison": self.comparison, "level": self.level, "weight": self.weight}


def seen_levels(
    comparisons: Sequence[TrainedComparison],
    u: Mapping[str, Sequence[float | None]],
    sessions: Sequence[SessionEstimate],
    witnesses: Sequence[Witness] = (),
) -> dict[str, list[bool]]:
    """Return by comparison which of its levels, the missing one left out, were ever seen.

    Args:
        comparisons: Trained or not.
        u: By comparison, u of each level, None where no random pair met it.
        sessions: The sessions that taught something.
        witnesses: Their counts count where they are used.
    """
    found = {}
    for comparison in comparisons:
        name = comparison.name
        matches = seen_matches(name, [_as_met(s, name) for s in sessions], witnesses)
        levels = [level for level in comparison.levels if not level.is_missing]
        found[name] = [
            observed is not None or expected >= LEAST_SEEN or _held_equal(level, sessions)
            for level, observed, expected in zip(
                levels, u[name], matches or [0.0] * len(levels), strict=True
            )
        ]
    return found


def interpolate(
    comparisons: Sequence[TrainedComparison], seen: Mapping[str, Sequence[bool]]
) -> tuple[list[TrainedComparison], list[Interpolated]]:
    """Give levels that were never seen a weight between those of their neighbours.

    Between two levels that were seen the weight changes by equal steps. Levels above the best seen
    one weigh as much as that; if it speaks against a match, it says nothing of agreement, and the
    configured m stands. Levels below the last seen one weigh as much as that, and no more than 0.
    A weight is lowered by raising u and raised by raising m.

    Args:
        comparisons: Smoothed.
        seen: As `seen_levels` says.

    Returns:
        The comparisons, and what was interpolated.
    """
    done, found = [], []
    for comparison in comparisons:
        levels = [level for level in comparison.levels if not level.is_missing]
        wanted = _weights([level.weight for level in levels], seen[comparison.name])
        moved = iter(
            [
                level if weight is None else _at(level, weight)
                for level, weight in zip(levels, wanted, strict=True)
            ]
        )
        found += [
            Interpolated(comparison.name, level.label, round(weight, 3))
            for level, weight in zip(levels, wanted, strict=True)
            if weight is not None
        ]
        done.append(
            comparison.model_copy(
                update={
                    "levels": tuple(
                        level if level.is_missing else next(moved) for level in comparison.levels
                    )
                }
            )
        )
    return done, found


def interpolation_notes(found: Sequence[Interpolated]) -> list[str]:
    """Return a warning of each comparison with levels that were interpolated."""
    notes = []
    for name in dict.fromkeys(one.comparison for one in found):
        levels = [f"{one.level!r} {one.weight:+.1f}" for one in found if one.comparison == name]
        notes.append(
            f"comparison {name}: never seen in these records, so weighed by the levels beside "
            f"them: {', '.join(levels)}"
        )
    return notes


def _weights(weights: Sequence[float], seen: Sequence[bool]) -> list[float | None]:
    """Return the weight to give each level, None where its own stands."""
    known = [place for place, one in enumerate(seen) if one]
    wanted: list[float | None] = []
    for place, one in enumerate(seen):
        above = max((k for k in known if k < place), default=None)
        below = min((k for k in known if k > place), default=None)
        if one or not known:
            wanted.append(None)
        elif above is None and below is not None:
            wanted.append(weights[below] if weights[below] > 0 else None)
        elif below is None and above is not None:
            wanted.append(min(weights[above], 0.0))
        elif above is not None and below is not None:
            part = (place - above) / (below - above)
            wanted.append(weights[above] + part * (weights[below] - weights[above]))
    return wanted


def _at(level: TrainedLevel, weight: float) -> TrainedLevel:
    """Return the level with a weight."""
    m, u = level.m or 0.0, level.u or 0.0
    if weight < level.weight:
        u = min(m / 2**weight, 1.0)
        return level.model_copy(update={"u": rounded(u)})
    m = min(u * 2**weight, 1.0)
    return level.model_copy(update={"m": rounded(m)})


def _held_equal(level: TrainedLevel, sessions: Sequence[SessionEstimate]) -> bool:
    """Return whether all pairs of some session met a level."""
    return any(
        len(session.columns) == 1 and is_equality(level, session.columns[0]) for session in sessions
    )


def _as_met(session: SessionEstimate, name: str) -> SessionEstimate:
    """Return what a session truly saw of a comparison: Splink says `NOT_MET` of what it did not."""
    if name not in session.m:
        return session
    met = [0.0 if m <= NOT_MET else m for m in session.m[name]]
    return SessionEstimate(
        session.columns, session.pairs, session.match_share, session.matches, {name: met}
    )
