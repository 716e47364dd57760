"""EM sessions that took relatives for matches, recognised and set right.

Where little but names and addresses is known, two kinds of pairs stand out among those that agree
on the family name: the records of one person, and those of one household. EM finds one kind of
match, and as households have more pairs, it may find them: most of its "matches" then have given
names that differ. How relatives meet the levels of such a comparison is configured (`relatives`),
and so is how often the names of one person differ (`m`). So what a session learnt is taken apart:
it is a mixture of matches and relatives, of which the share of the last level says how much is
which (the method of moments for a mixture of two known shapes, of which one share is sought).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from linker.config import ComparisonSettings
from linker.config.levels import LevelSettings
from linker.training.convergence import Learnt

MOSTLY: Final = 0.5
"""A session more of whose matches are relatives than this learnt a household."""
MOST: Final = 0.99
"""No session is thought to hold more relatives: something is left to hear."""
LEFT: Final = 0.1
"""So much of the configured m a level keeps, for the shares of relatives are no exact ones."""


def without_relatives(
    learnt: Learnt, comparisons: Sequence[ComparisonSettings]
) -> tuple[Learnt, float]:
    """Return what a session learnt of matches, and the share of its matches that are relatives.

    A session that learnt a household is heard on the comparisons alone that tell relatives apart,
    and on these without the relatives; any other is returned as it is. There are no households
    where nothing is compared that one shares: names alone may differ because they are aliases. The
    first comparison that tells relatives apart says how many there are, or none does: where names
    are held equal, what few records have (a suffix) must not silence the session.

    Args:
        learnt: What the session learnt.
        comparisons: As configured, with m and the shares of relatives.
    """
    telling = [comparison for comparison in comparisons if tells_relatives(comparison)]
    shared = any(c.role == "association" for c in comparisons if c.name in learnt.m)
    if not (shared and telling and telling[0].name in learnt.m):
        return learnt, 0.0
    share = _share_of_relatives(learnt.m[telling[0].name], telling[0])
    if share <= MOSTLY:
        return learnt, share
    m = {c.name: _taken_out(learnt.m[c.name], c, share) for c in telling if c.name in learnt.m}
    return replace(learnt, match_share=learnt.match_share * (1 - share), m=m), share


def tells_relatives(comparison: ComparisonSettings) -> bool:
    """Return whether how relatives meet a comparison is configured, whatever they meet."""
    levels = _levels(comparison)
    return all(level.relatives is not None and level.m is not None for level in levels)


def _levels(comparison: ComparisonSettings) -> list[LevelSettings]:
    return [level for level in comparison.levels if not level.is_missing]


def _of_relatives(comparison: ComparisonSettings) -> list[float]:
    """Return the share of relatives that meet each level."""
    shares = [level.relatives or 0.0 for level in _levels(comparison)]
    return [share / sum(shares) for share in shares]


def _share_of_relatives(m: Sequence[float], comparison: ComparisonSettings) -> float:
    """Return which share of a session's matches are relatives, by how many names differ."""
    differ, expected = _of_relatives(comparison)[-1], _levels(comparison)[-1].m or 0.0
    if differ <= expected:
        return 0.0
    return min(max((m[-1] - expected) / (differ - expected), 0.0), MOST)


def _taken_out(m: Sequence[float], comparison: ComparisonSettings, share: float) -> list[float]:
    """Return m of each level without a share of relatives, and not nothing where none is left."""
    relatives, levels = _of_relatives(comparison), _levels(comparison)
    left = [
        max((mine - share * theirs) / (1 - share), LEFT * (level.m or 0.0))
        for mine, theirs, level in zip(m, relatives, levels, strict=True)
    ]
    whole = sum(left)
    return [value / whole for value in left]
