"""Numbers of evidence as people count: 83 in 100, 1 in 14,000, +13.5 bits."""

from __future__ import annotations

import math
from typing import Final

_MOST_OF_100: Final = 0.995
"""From here on a share is told of a thousand."""
_MOST_OF_1000: Final = 0.9995
"""From here on only that a share is more than 999 in 1,000."""
_LEAST_OF_100: Final = 0.1
"""Below this a share is told as 1 in so many."""
_NOT_SEEN: Final = 0.05
"""A weight below this is written 0.0."""
_MILLION: Final = 1_000_000
_BILLION: Final = 1_000_000_000


def natural(share: float) -> str:
    """Return a share as a natural frequency, right to two digits.

    People take "1 in 14,000" for what it is more readily than a probability of 0.000071.

    Args:
        share: Above 0, at most 1.

    Returns:
        ``83 in 100``, ``1 in 14,000``, ``996 in 1,000``, ``more than 999 in 1,000``.
    """
    if share >= _MOST_OF_1000:
        return "more than 999 in 1,000"
    if share >= _MOST_OF_100:
        return f"{round(1000 * share)} in 1,000"
    if share >= _LEAST_OF_100:
        return f"{round(100 * share)} in 100"
    return f"1 in {rounded(1 / share)}"


def rounded(number: float) -> str:
    """Return a number of 1 or more right to two digits: ``210``, ``14,000``, ``1.1 million``."""
    places = math.floor(math.log10(number)) - 1
    near = round(number / 10**places) * 10**places
    for unit, name in ((_BILLION, "billion"), (_MILLION, "million")):
        if near >= unit:
            return (
                f"{near / unit:,.2g} {name}" if near < 100 * unit else f"{near / unit:,.0f} {name}"
            )
    return f"{near:,.0f}"


def signed_bits(weight: float) -> str:
    """Return a weight with its sign and unit: ``+13.5 bits``, ``−6.3 bits``, ``0.0 bits``."""
    if is_nothing(weight):
        return "0.0 bits"
    return f"{weight:+.1f} bits".replace("-", "−")


def bits(weight: float) -> str:
    """Return a weight with its unit, its sign only where it is below 0: ``13.5 bits``."""
    return signed_bits(weight).removeprefix("+")


def is_nothing(weight: float) -> bool:
    """Return whether a weight is so small that it is written 0.0."""
    return abs(weight) < _NOT_SEEN
