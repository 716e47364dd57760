"""Dates as people write them, with as much precision as they give."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final, NamedTuple

from linker.standardise.tables import readings
from linker.standardise.text import to_ascii

FIRST_YEAR: Final = 1000
LAST_YEAR: Final = 2100
OLDEST: Final = 130

_LONGEST: Final = 40
_SIGN: Final = r"[/.\- ]"
_TRIPLE: Final = re.compile(rf"([0-9]{{1,4}})({_SIGN})([0-9]{{1,2}})\2([0-9]{{1,4}})")
_EIGHT: Final = re.compile(r"([0-9]{8})(?:\.0+)?")
_YEAR: Final = re.compile(r"([0-9]{4})(?:\.0+)?")
_YEAR_MONTH: Final = re.compile(rf"([0-9]{{4}}){_SIGN}([0-9]{{1,2}})")
_MONTH_YEAR: Final = re.compile(rf"([0-9]{{1,2}}){_SIGN}([0-9]{{4}})")
_TIME: Final = re.compile(r"(.*[0-9])[t ][0-9]{1,2}:[0-9]{2}.*", re.DOTALL)
_WORDS: Final = re.compile(r"[a-z]+|[0-9]+")
_SPELLED: Final = re.compile(r"[a-z0-9 ,./\-]+")
_DIRECTIVE: Final = re.compile(r"%[-#]?([a-zA-Z])")
_FILLERS: Final = frozenset({"de", "del", "of", "the", "st", "nd", "rd", "th"})
_FOUR_DIGITS: Final = 4
_TWELVE: Final = 12

_MONTHS: Final = readings(
    {
        "1": "january|jan|enero|ene",
        "2": "february|feb|febrero",
        "3": "march|mar|marzo",
        "4": "april|apr|abril|abr",
        "5": "may|mayo",
        "6": "june|jun|junio",
        "7": "july|jul|julio",
        "8": "august|aug|agosto|ago",
        "9": "september|sept|sep|septiembre|setiembre|set",
        "10": "october|oct|octubre",
        "11": "november|nov|noviembre",
        "12": "december|dec|diciembre|dic",
    }
)
"""Month names and their abbreviations, English and Spanish."""


_PRECISIONS: Final = readings(
    {
        "day": "day|d|dia|full|exact",
        "month": "month|m|mes",
        "year": "year|y|ano",
        "estimated": "estimated|est|e|approximate|approx|circa|estimado|aproximado",
    }
)


class PartialDate(NamedTuple):
    """A date of which only the year, or only the year and the month, may be known."""

    year: int
    month: int | None = None
    day: int | None = None
    margin: int = 0
    """By how many years an estimated year may be wrong; with neither month nor day."""

    @property
    def number(self) -> int:
        """The date as yyyymmdd, zeros where the month or the day is unknown.

        Without a month the last two digits are the margin.
        """
        return self.year * 10000 + (self.month or 0) * 100 + (self.day or self.margin)


def read_date(
    text: str, *, day_first: bool = False, pattern: str | None = None, latest: dt.date | None = None
) -> PartialDate | None:
    """Read one date in any of the usual forms, English or Spanish.

    Args:
        text: A date, a month or a year.
        day_first: Whether 3/4/1970 is the third of April, as the column tells; a date that is
            valid only the other way is read the other way, and 3.4.1970 is always day first.
        pattern: How the source writes dates, for `datetime.strptime`; tried first.
        latest: The day past which a two-digit year belongs to the century before.

    Returns:
        The date, or None where the text is none. Years run from 1000 to 2100.
    """
    if len(text) > _LONGEST:
        return None
    plain = to_ascii(text)
    if pattern is not None:
        found = _by_pattern(text.strip(), pattern, latest)
        if found is not None:
            return found
    timed = _TIME.fullmatch(plain)
    return _read(timed.group(1) if timed else plain, day_first=day_first, latest=latest)


def read_remains(text: str, *, day_first: bool = False) -> PartialDate | None:
    """Return what is left of a mistyped date: its year, and its month where only the day cannot be.

    Args:
        text: A date that `read_date` cannot read, such as "1856-86-18" or "03/45/1970".
        day_first: Whether the column writes the day before the month.

    Returns:
        The remains, or None where not even the year is certain.
    """
    plain = to_ascii(text) if len(text) <= _LONGEST else ""
    match = _TRIPLE.fullmatch(plain)
    if match is not None:
        first, sign, second, third = match.groups()
    elif _EIGHT.fullmatch(plain) and plain.startswith(("18", "19", "20")):
        first, sign, second, third = plain[:4], "-", plain[4:6], plain[6:]
    else:
        return None
    if len(first) == _FOUR_DIGITS:
        year, month = first, second
    elif len(third) == _FOUR_DIGITS:
        year, month = third, second if day_first or sign == "." else first
    else:
        return None
    return _calendar(int(year), int(month), 0) or _calendar(int(year), 0, 0)


def pattern_is_day_first(pattern: str) -> bool:
    """Whether a `strptime` pattern writes the day before the month.

    Args:
        pattern: Such as ``%d/%m/%Y``.
    """
    names = _DIRECTIVE.findall(pattern)
    months = [at for at, name in enumerate(names) if name in "mbB"]
    return "d" in names and bool(months) and names.index("d") < months[0]


def day_place(text: str) -> int | None:
    """Return which part of a date can only be the day: the first or the second; else None.

    Args:
        text: A date as written, such as 25/12/1970, where it is the first.
    """
    match = _TRIPLE.match(text.strip()[:_LONGEST])
    if match is not None and len(match.group(1)) <= 2:  # noqa: PLR2004 - no year
        left, right = int(match.group(1)), int(match.group(3))
    elif (eight := _EIGHT.fullmatch(text.strip()[:_LONGEST])) is not None:
        value = eight.group(1)
        if _calendar(int(value[:4]), int(value[4:6]), int(value[6:])) is not None:
            return None
        left, right = int(value[:2]), int(value[2:4])
    else:
        return None
    if left > _TWELVE >= right:
        return 1
    return 2 if right > _TWELVE >= left else None


def read_precision(text: str) -> str | None:
    """Read how much of a birth date is known: day, month, year or estimated, or None.

    Args:
        text: Such as "Y", "month" or "día".
    """
    return _PRECISIONS.get(to_ascii(text))


def _read(plain: str, *, day_first: bool, latest: dt.date | None) -> PartialDate | None:
    match = _TRIPLE.fullmatch(plain)
    if match is not None:
        first, sign, second, third = match.groups()
        return _triple((first, second, third), day_first or sign == ".", latest)
    match = _EIGHT.fullmatch(plain)
    if match is not None:
        return _eight(match.group(1), day_first=day_first)
    match = _YEAR.fullmatch(plain)
    if match is not None:
        return _calendar(int(match.group(1)), 0, 0)
    match = _YEAR_MONTH.fullmatch(plain)
    if match is not None:
        return _calendar(int(match.group(1)), int(match.group(2)), 0)
    match = _MONTH_YEAR.fullmatch(plain)
    if match is not None:
        return _calendar(int(match.group(2)), int(match.group(1)), 0)
    return _spelled(plain, latest) if _SPELLED.fullmatch(plain) else None


def _triple(
    parts: tuple[str, str, str], day_first: bool, latest: dt.date | None
) -> PartialDate | None:
    first, second, third = (int(part) for part in parts)
    if len(parts[0]) == _FOUR_DIGITS:
        return _calendar(first, second, third)
    if len(parts[0]) > 2 or len(parts[2]) not in (2, _FOUR_DIGITS):  # noqa: PLR2004 - 2 digits
        return None
    orders = [(first, second), (second, first)]
    for month, day in reversed(orders) if day_first else orders:
        if len(parts[2]) == _FOUR_DIGITS:
            found = _calendar(third, month, day)
        else:
            found = _recent(third, month, day, latest)
        if found is not None:
            return found
    return None


def _eight(value: str, *, day_first: bool) -> PartialDate | None:
    whole = _calendar(int(value[:4]), int(value[4:6]), int(value[6:]))
    # 1112 and the like are years only where nothing else fits: 11121985 is no year 1112.
    if whole is not None:
        return whole
    return _triple((value[:2], value[2:4], value[4:]), day_first, None)


def _spelled(plain: str, latest: dt.date | None) -> PartialDate | None:
    words = [word for word in _WORDS.findall(plain) if word not in _FILLERS]
    months = [int(_MONTHS[word]) for word in words if word in _MONTHS]
    numbers = [word for word in words if word.isdigit()]
    if len(months) != 1 or len(numbers) + 1 != len(words) or not 1 <= len(numbers) <= 2:  # noqa: PLR2004
        return None
    if len(numbers) == 1:
        return _calendar(int(numbers[0]), months[0], 0) if len(numbers[0]) == _FOUR_DIGITS else None
    year_first = len(numbers[0]) == _FOUR_DIGITS
    year, day = numbers if year_first else reversed(numbers)
    if len(year) == _FOUR_DIGITS:
        return _calendar(int(year), months[0], int(day))
    return _recent(int(year), months[0], int(day), latest) if len(year) == 2 else None  # noqa: PLR2004


def _recent(two_digits: int, month: int, day: int, latest: dt.date | None) -> PartialDate | None:
    """Return the newest date with this two-digit year that is not past `latest`."""
    limit = latest or dt.datetime.now(tz=dt.UTC).date()
    year = limit.year - limit.year % 100 + two_digits
    later = (year, month, day) > (limit.year, limit.month, limit.day)
    return _calendar(year - 100 if later else year, month, day)


def _calendar(year: int, month: int, day: int) -> PartialDate | None:
    """Return the date if it exists; a zero means that the month or the day is unknown."""
    if not FIRST_YEAR <= year <= LAST_YEAR or not 0 <= month <= _TWELVE:
        return None
    if month == 0:
        return PartialDate(year) if day == 0 else None
    if day == 0:
        return PartialDate(year, month)
    try:
        dt.date(year, month, day)
    except ValueError:
        return None
    return PartialDate(year, month, day)


def _by_pattern(text: str, pattern: str, latest: dt.date | None) -> PartialDate | None:
    try:
        found = dt.datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return None
    names = set(_DIRECTIVE.findall(pattern))
    if "y" in names:
        return _recent(found.year % 100, found.month, found.day, latest)
    whole = bool(names & set("djxc"))
    month = found.month if whole or names & set("mbB") else 0
    return _calendar(found.year, month, found.day if whole else 0)
