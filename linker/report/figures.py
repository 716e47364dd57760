"""Numbers as a person reads them: thousands separators, true minus signs, units named."""

from __future__ import annotations

import datetime as dt
import math
from typing import Final

SUPERSCRIPTS: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
ACRONYMS: Final = frozenset({"a", "fbi", "id", "ssn"})
"""Parts of names that are written in capitals, the A of an A-number among them."""
LEAST_PLAIN: Final = 0.001
"""Probabilities below this are written with a power of ten."""
LEAST_BAR: Final = 0.5
"""Width in percent of the bar of a number that is small but not 0."""


def counted(number: int, one: str, many: str) -> str:
    """Return a number and its noun: ``1 row``, ``1,204 rows``."""
    return f"{number:,} {one if number == 1 else many}"


def percent(share: float) -> str:
    """Return a share between 0 and 1 in percent, never rounded to 0% or 100% if it is not."""
    shown = f"{share:.1%}"
    if shown == "0.0%":
        return "under 0.1%" if share else "0%"
    if shown == "100.0%":
        return "over 99.9%" if share < 1 else "100%"
    return shown


def bits(weight: float) -> str:
    """Return a match weight in bits with its sign: ``+4.2``, ``−0.7``, ``0.0``."""
    shown = f"{weight:+.1f}"
    return "0.0" if shown in {"+0.0", "-0.0"} else shown.replace("-", "−")


def edge(weight: float) -> str:
    """Return the edge of a bin of match weights: ``−2.5``, ``0``, ``12``."""
    shown = f"{round(weight, 3):.6g}"
    return "0" if shown == "-0" else shown.replace("-", "−")


def seconds(duration: float) -> str:
    """Return a duration in seconds: ``0.42 s``, ``1,204.5 s``."""
    return f"{duration:,.2f} s" if duration < 10 else f"{duration:,.1f} s"  # noqa: PLR2004


def probability(value: float) -> str:
    """Return a probability with three digits that count: ``0.761``, ``1.23 × 10⁻⁶``."""
    if value in {0, 1}:
        return f"{value:g}"
    if value >= LEAST_PLAIN:
        shown = f"{value:#.3g}"
        return "over 0.999" if shown == "1.00" else shown
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{mantissa} × 10{str(int(exponent)).translate(SUPERSCRIPTS)}"


def one_in(value: float) -> str:
    """Return the N of "one in N" of a probability above 0: ``12,346``, ``1.3``."""
    every = 1 / value
    return f"{every:,.0f}" if every >= 10 else f"{every:.1f}".removesuffix(".0")  # noqa: PLR2004


def moment(text: str) -> str:
    """Return an ISO 8601 time in UTC as words: ``1 March 2026, 02:00:05 UTC``."""
    time = dt.datetime.fromisoformat(text)
    return f"{day(time.date())}, {time:%H:%M:%S} UTC"


def day(date: dt.date) -> str:
    """Return a date as words that no reader takes for another: ``1 March 2026``."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def spaced(word: str) -> str:
    """Return a name of a column, rule or comparison as words: ``birth date``, ``FBI number``."""
    return " ".join(part.upper() if part in ACRONYMS else part for part in word.split("_"))


def capitalised(words: str) -> str:
    """Return words with a capital at the start; acronyms keep theirs."""
    return words[:1].upper() + words[1:]


def width(number: float, most: float) -> str:
    """Return the width of a bar in percent of the longest one's; anything but 0 can be seen."""
    if number <= 0 or most <= 0:
        return "0"
    return f"{max(100 * number / most, LEAST_BAR):.2f}"


def log_width(number: float, most: float) -> str:
    """Return the width of a bar on a log scale on which 0 has none and 1 has a little."""
    return width(math.log10(1 + number), math.log10(1 + most))


# A locale would make the page depend on the machine.
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
