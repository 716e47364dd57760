"""Smoothing what was estimated: no level untrained, no weight beyond its bound."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from linker.config import ComparisonSettings, TrainingSettings
from linker.model import TrainedComparison, TrainedLevel
from linker.training.ruled_out import Seen, ruled_out, shares_of
from linker.training.witnesses import Witness

Origin = Literal["configured", "fallback", "generated"]
"""Why a session was run: it is configured, or what was configured did not suffice."""

THIN: Final = 20.0
"""A level that fewer matches are expected to show is thin: its m was hardly estimated."""
U_PSEUDO_COUNT: Final = 0.5
"""A level that no random pair showed counts as so many of them."""


@dataclass(frozen=True)
class SessionEstimate:
    """What one EM session learnt.

    `matches` is the number of matches the session expects among its pairs; `m` holds, by
    comparison, the m probability of each level from best to worst, the missing level left out.
    `by_chance` is the share of all pairs of records that agree on the columns without matching.
    `iterations`, `last_change` and `converged` say how it ended, see
    `linker.training.convergence.Learnt`. `checked` are the comparisons that a better session had
    estimated before, so that this one's m is compared with its own and not mixed in.
    """

    columns: tuple[str, ...]
    pairs: int
    match_share: float
    matches: float
    m: dict[str, list[float]]
    by_chance: float | None = None
    iterations: int = 0
    last_change: float = 0.0
    converged: bool = True
    origin: Origin = "configured"
    checked: frozenset[str] = frozenset()

    @property
    def only_checks(self) -> bool:
        """Whether it was run for nothing but to check others; then prior and u leave it out."""
        return bool(self.m) and self.checked >= set(self.m)

    def summary(self) -> dict[str, Any]:
        """Return the session as JSON values."""
        return {
            "columns": list(self.columns),
            "pairs": self.pairs,
            "match_share": round(self.match_share, 6),
            "matches": round(self.matches),
            "iterations": self.iterations,
            "last_change": round(self.last_change, 6),
            "converged": self.converged,
            "origin": self.origin,
            "checked": sorted(self.checked),
            "m": {name: [round(value, 6) for value in values] for name, values in self.m.items()},
        }


def smooth(
    comparisons: Sequence[TrainedComparison],
    settings: Sequence[ComparisonSettings],
    u: dict[str, list[float | None]],
    fills: dict[str, float],
    sessions: Sequence[SessionEstimate],
    training: TrainingSettings,
    prior: float,
    witnesses: Sequence[Witness] = (),
) -> tuple[list[TrainedComparison], list[str]]:
    """Return the comparisons with smoothed, bounded parameters, and notes about them.

    m is the mean of the estimates of the sessions (but for those that only check it), each weighted
    by the matches that it expects to have values, and of what witnesses counted, each pair a match.
    It is pulled towards the configured m as if that had been seen on `pseudo_pairs` matches (a
    Dirichlet prior). A session is not heard on levels that it cannot show (see `ruled_out`). A
    level that the random pairs never showed gets half an observation as its u.
    Then u is raised where the weight would pass `highest_weight` or that of the comparison's best
    level (a level hardly ever seen would otherwise outweigh full agreement), and m where it would
    fall below the comparison's `lowest_weight`. A level that matches hardly ever showed either, so
    that its m is mostly the configured one while its u is of these data, weighs no more than any
    better level.

    Where a session held just the column of a comparison equal, its non-matches say how often the
    column agrees by chance. That is a far steadier u than what remains of random pairs once the
    matches among them, which may be nearly all that agree, are taken away.

    Args:
        comparisons: Untrained.
        settings: The same comparisons as configured, for their bounds and configured m.
        u: By comparison, u of each level, None where never observed.
        fills: By comparison, the share of records that have what it compares.
        sessions: The sessions that taught something.
        training: Pseudo-counts and bounds.
        prior: The share of matches among the random pairs that u was counted on.
        witnesses: Whose counts are combined with the sessions' m, where they suffice.
    """
    trained, notes = [], []
    for comparison, configured in zip(comparisons, settings, strict=True):
        levels = [level for level in comparison.levels if not level.is_missing]
        expected = _configured_m(configured, len(levels))
        fill = fills[comparison.name]
        seen = _seen(comparison.name, sessions, witnesses, u[comparison.name], fill)
        m = shares_of(seen, [v * training.pseudo_pairs for v in expected])
        if not seen:
            notes.append(
                f"comparison {comparison.name}: no session could estimate it; the configured m "
                "probabilities stand"
            )
        # who has a number has it in most records: among pairs that have one, matches are denser
        observed = _without_matches(u[comparison.name], m, prior / fill)
        chance = _by_chance(levels[0], sessions)
        if chance is not None:
            observed[0] = chance / fill**2
        us = _fill(observed, training.u_max_pairs * fill**2)
        best = math.log2(m[0] / us[0])
        highest = min(training.highest_weight, max(best, 0.0))
        parameters = iter(
            [
                _bound(m_level, u_level, (configured.lowest_weight, most))
                for m_level, u_level, most in zip(
                    m, us, _highest(m, us, _shown(m, seen), highest), strict=True
                )
            ]
        )
        trained.append(
            comparison.model_copy(
                update={"levels": tuple(_with(level, parameters) for level in comparison.levels)}
            )
        )
    return trained, notes


def _configured_m(configured: ComparisonSettings, levels: int) -> list[float]:
    given = [level.m for level in configured.levels if not level.is_missing]
    if any(value is None for value in given):
        # nothing was said: most matches agree fully, the rest spread evenly
        given = [0.8, *[0.2 / (levels - 1)] * (levels - 1)]
    values = [float(value) for value in given if value is not None]
    return [value / sum(values) for value in values]


def _seen(
    name: str,
    sessions: Sequence[SessionEstimate],
    witnesses: Sequence[Witness],
    u: Sequence[float | None],
    fill: float,
) -> list[Seen]:
    """Return how many matches sessions and witnesses saw at each level of a comparison.

    Of a session only those count both records of which have a value to compare: what few records
    have, few matches showed, however many the session had.
    """
    heard = [one for one in sessions if name in one.m and name not in one.checked]
    found = [
        Seen(
            [value * session.matches * fill for value in session.m[name]],
            ruled_out(session.m[name], u, session.pairs * fill**2 * (1 - session.match_share)),
        )
        for session in heard
    ]
    found += [
        Seen([float(n) for n in one.met[name]], [False] * len(one.met[name]))
        for one in witnesses
        if name in one.used
    ]
    return [one for one in found if sum(one.matches)]


def _shown(m: Sequence[float], seen: Sequence[Seen]) -> list[float]:
    """Return how many matches are expected at each level, of those who could see it."""
    return [
        share * sum(sum(one.matches) for one in seen if not one.ruled_out[place])
        for place, share in enumerate(m)
    ]


def seen_matches(
    name: str, sessions: Sequence[SessionEstimate], witnesses: Sequence[Witness] = ()
) -> list[float]:
    """Return how many matches are expected to have met each level of a comparison.

    Empty where no session and no witness saw the comparison.
    """
    counts = [
        [value * session.matches for value in session.m[name]]
        for session in sessions
        if name in session.m and name not in session.checked
    ]
    counts += [[float(n) for n in w.met[name]] for w in witnesses if name in w.used]
    return [sum(level) for level in zip(*counts, strict=True)]


def estimated_m(
    comparisons: Sequence[TrainedComparison], sessions: Sequence[SessionEstimate]
) -> dict[str, list[float]]:
    """Return by comparison m of each level as the sessions alone say it, without smoothing."""
    found = {}
    for comparison in comparisons:
        seen = seen_matches(comparison.name, sessions)
        if sum(seen):
            found[comparison.name] = [round(level / sum(seen), 6) for level in seen]
    return found


def _without_matches(
    observed: list[float | None], m: list[float], matches: float
) -> list[float | None]:
    """Take the matches among the random pairs out of u.

    Of random pairs a share `matches` match, and of these m fall on each level: with rare numbers
    nearly every equal pair is one person's, and u would say that numbers agree by chance.
    """
    return [
        None if value is None else max(value - matches * share, 0.0)
        for value, share in zip(observed, m, strict=True)
    ]


def _by_chance(level: TrainedLevel, sessions: Sequence[SessionEstimate]) -> float | None:
    """Return how often random pairs that do not match meet a level that a session held equal."""
    for session in sessions:
        alone = len(session.columns) == 1 and not session.only_checks
        if alone and is_equality(level, session.columns[0]):
            return session.by_chance
    return None


def _highest(
    m: Sequence[float], u: Sequence[float], shown: Sequence[float], highest: float
) -> list[float]:
    """Return the most each level may weigh: `highest`, or where it is thin the least above it."""
    most, least = [], highest
    for m_level, u_level, matches in zip(m, u, shown, strict=True):
        if matches < THIN:
            most.append(least)
        else:
            most.append(highest)
            least = min(least, max(math.log2(m_level / u_level), 0.0))
    return most


def is_equality(level: TrainedLevel, column: str) -> bool:
    """Return whether a level is met by equal values of a column, and by nothing else."""
    return level.level.kind == "exact" and level.level.parameters.get("column") == column


def _fill(observed: list[float | None], pairs: float) -> list[float]:
    """Give levels never observed among `pairs` random pairs half an observation."""
    filled = [max(value or 0.0, U_PSEUDO_COUNT / max(pairs, 1.0)) for value in observed]
    return [value / sum(filled) for value in filled]


def _bound(m: float, u: float, bounds: tuple[float, float]) -> tuple[float, float]:
    lowest, highest = bounds
    weight = math.log2(m / u)
    if weight > highest:
        return m, m / 2**highest
    if weight < lowest:
        return min(u * 2**lowest, 1.0), u
    return m, u


def _with(level: TrainedLevel, parameters: Any) -> TrainedLevel:  # noqa: ANN401
    if level.is_missing:
        return level
    m, u = next(parameters)
    return level.model_copy(update={"m": rounded(m), "u": rounded(u)})


def rounded(value: float) -> float:
    """Return a parameter to nine digits: threads add up in any order, so the rest is chance."""
    return float(f"{value:.9g}")
