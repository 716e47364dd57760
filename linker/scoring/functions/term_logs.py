"""The term-frequency part of a weight."""

from __future__ import annotations

from linker.compiled import compiled
from linker.scoring.functions.memory import float_at

__all__ = ["adjustment"]


@compiled
def adjustment(log_u: float, logs: int, left: int, right: int) -> float:
    """Return what a level's weight gains from how rare the compared values are, in bits.

    It is log2(u) - log2(the greater term frequency), as in Splink: the value is compared with what
    the level expects of random pairs. Where one side is missing the other one counts, where both
    are there is nothing to gain.

    Args:
        log_u: log2 of the level's u probability.
        logs: The address of log2 of the column's term frequencies, by code.
        left: The code of the left value, -1 where missing.
        right: The code of the right value.
    """
    if left < 0 and right < 0:
        return 0.0
    greater: float
    if left < 0 or right < 0:
        greater = float_at(logs, max(left, right))
    else:
        greater = max(float_at(logs, left), float_at(logs, right))
    return log_u - greater
