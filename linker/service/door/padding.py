"""When an answer leaves: at the next multiple of a step from the request's arrival.

A silent case takes a little longer to find and not to tell of than a target that nobody knows. Its
answer leaves at the same moment, unless that little is more than what was left of the step.
"""

from __future__ import annotations

import math


def leaves_at(arrived: float, now: float, step: float) -> float:
    """Return when an answer that is ready now leaves, by the clock of its arguments.

    Args:
        arrived: When the request came, in seconds.
        now: In seconds.
        step: In seconds; 0: at once.
    """
    if step <= 0:
        return now
    return arrived + step * max(1, math.ceil((now - arrived) / step))
