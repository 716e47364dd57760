"""Levels that a session cannot show, since what it holds equal rules them out.

A session that holds the family name equal meets no pair with the same given name and another family
name: with the same family name it is the same name. That it saw no match there says nothing of how
many matches are there, and m of next to 0 would be learnt where nothing could be seen. What rules a
level out is told by the counts, not by how the comparison is made: so many pairs would have met it
by chance alone, and none did.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from linker.training.convergence import NOT_MET

BY_CHANCE: Final = 20.0
"""A level that so many pairs of a session would have met by chance, and none did, is ruled out."""
_ROUNDS: Final = 100
"""Rounds in which the shares of levels that some sessions did not show settle."""


@dataclass(frozen=True)
class Seen:
    """How many matches a source of m saw at each level, and which levels it could not see."""

    matches: list[float]
    ruled_out: list[bool]


def ruled_out(m: Sequence[float], u: Sequence[float | None], others: float) -> list[bool]:
    """Return of each level whether a session cannot show it.

    Args:
        m: What it learnt, from the best level to the worst, the missing one left out.
        u: Of the same levels, None where no random pair met it.
        others: How many pairs of the session do not match and have values to compare.
    """
    return [
        # less than what Splink says of a level that no pair met is what pairs that met it said
        math.isclose(share, NOT_MET, rel_tol=1e-9) and (chance or 0.0) * others >= BY_CHANCE
        for share, chance in zip(m, u, strict=True)
    ]


def shares_of(seen: Sequence[Seen], pseudo: Sequence[float]) -> list[float]:
    """Return the share of matches at each level, by all who saw some of the levels.

    Who cannot see a level says nothing of it: what was counted are shares of the others. The
    matches that were not seen are thought to be as many as all together make likely, which is the
    share that was expected beforehand where nobody could see the level (expectation maximisation of
    an incomplete multinomial: Dempster, Laird and Rubin 1977, section 4.2).

    Args:
        seen: Who saw how many.
        pseudo: How many of each level are thought to have been seen beforehand, none of them 0.
    """
    totals = list(pseudo)
    for one in seen:
        totals = [a + b for a, b in zip(totals, one.matches, strict=True)]
    partial = [one for one in seen if any(one.ruled_out)]
    m = [value / sum(pseudo) for value in pseudo] if partial else totals
    for _ in range(_ROUNDS if partial else 1):
        filled = list(totals)
        for one in partial:
            shown = sum(m[place] for place, out in enumerate(one.ruled_out) if not out)
            whole = sum(one.matches)
            for place, out in enumerate(one.ruled_out):
                filled[place] += whole * m[place] / shown if out else 0.0
        m = [value / sum(filled) for value in filled]
    return m
