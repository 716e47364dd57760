"""Ages, and years of birth that are only estimated, each with the years it may be wrong by."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from linker.standardise.dates import FIRST_YEAR, LAST_YEAR, OLDEST, PartialDate
from linker.standardise.text import to_ascii

ABOUT_YEARS: Final = 3
"""By how many years "about 1980" may be wrong."""
ABOUT_AGE: Final = 5
"""By how many years a guessed age may be wrong: it was mostly a glance."""
WIDEST: Final = 30
"""A span of more years than this says nothing."""

_LONGEST: Final = 40
_ABOUT: Final = re.compile(
    r"(?:(?:circa|ca|cca|c|approx|approximately|about|around|abt|est|estimated|appears|looks"
    r"|aprox|aproximadamente|alrededor de|cerca de|hacia|unos|como)(?![a-z])\.?|~) ?"
)
_PERHAPS: Final = re.compile(
    r"[ ,]*\(?(?:\?|\b(?:circa|approx|approximately|est|estimated|aprox|or so))\.?\)?"
)
_TO: Final = r"(?: ?[-/] ?| (?:to|and|or|y|a|o) )"
_YEARS: Final = re.compile(rf"(?:(?:between|from|entre|de) )?([0-9]{{4}}){_TO}([0-9]{{4}})")
_PART: Final = r"(?:(early|mid|late)[ -])?"
_DECADE: Final = re.compile(rf"(?:the )?{_PART}(?:the )?([0-9]{{3}})0 ?'?s")
_AGE_WORD: Final = re.compile(r"(?:aged?|edad)(?![a-z]):? ?")
_OLD: Final = r"(?: ?(?:y|yr|yrs|yo|y\.o\.|years?|anos?)(?:[ -]?old| de edad)?)?"
_AGE: Final = re.compile(rf"([0-9]{{1,3}})(?:\.0+)?{_OLD}")
_AGES: Final = re.compile(
    rf"(?:(?:between|from|entre|de) )?([0-9]{{1,3}}){_TO}([0-9]{{1,3}}){_OLD}"
)
_TENS: Final = re.compile(rf"(?:in )?(?:his|her|their|the)? ?{_PART}([1-9])0 ?'?s")
_MONTHS: Final = re.compile(r"([0-9]{1,2}) ?(?:m|mo|mos|months?|mes|meses)(?:[ -]?old)?")
_PARTS: Final = {"early": (0, 3), "mid": (4, 6), "late": (7, 9), None: (0, 9)}
"""Which years of ten the parts of a decade are."""


class Age(NamedTuple):
    """An age in whole years, and by how many years the year of birth it gives may be wrong.

    Who is 34 was born 34 or 35 calendar years ago: even an exact age leaves one year.
    """

    years: int
    margin: int = 1


def read_about(text: str) -> tuple[str, bool]:
    """Return plain lower-case text without words such as "about", and whether there were any.

    Args:
        text: Such as "circa 1980", "~1980" or "1980?".
    """
    plain = to_ascii(text)
    begin = _ABOUT.match(plain)
    rest = plain[begin.end() :] if begin else plain
    end = next((found for found in _PERHAPS.finditer(rest) if found.end() == len(rest)), None)
    rest = rest[: end.start()] if end else rest
    return rest, bool(begin or end)


def read_estimated_year(text: str) -> PartialDate | None:
    """Return the year in the middle of a span of years or of a decade, and its margin.

    Args:
        text: Such as "1978-1982", "between 1978 and 1982", "1980s" or "late 1970s".
    """
    if len(text) > _LONGEST:
        return None
    plain, about = read_about(text)
    span = _YEARS.fullmatch(plain)
    decade = _DECADE.fullmatch(plain)
    if span is not None:
        first, last = int(span.group(1)), int(span.group(2))
    elif decade is not None:
        ten = int(decade.group(2)) * 10
        first, last = (ten + year for year in _PARTS[decade.group(1)])
    elif about and re.fullmatch(r"[0-9]{4}", plain):
        first = last = int(plain)
    else:
        return None
    if not FIRST_YEAR <= first <= last <= LAST_YEAR or last - first > WIDEST:
        return None
    middle = (first + last + 1) // 2
    return PartialDate(middle, margin=middle - first + (ABOUT_YEARS if about else 0))


def read_age(text: str) -> Age | None:
    """Read an age, from 0 to 130 years, or None.

    Args:
        text: Such as "34", "34.0", "34 years", "about 30", "35-40", "mid 30s" or "8 months".
    """
    if len(text) > _LONGEST:
        return None
    plain, about = read_about(_AGE_WORD.sub("", to_ascii(text), count=1))
    first = last = OLDEST + 1
    if match := _AGE.fullmatch(plain):
        first = last = int(match.group(1))
    elif match := _MONTHS.fullmatch(plain):
        first = last = int(match.group(1)) // 12
    elif match := _AGES.fullmatch(plain):
        first, last = int(match.group(1)), int(match.group(2))
    elif match := _TENS.fullmatch(plain):
        first, last = (int(match.group(2)) * 10 + year for year in _PARTS[match.group(1)])
    if not first <= last <= OLDEST or last - first > WIDEST:
        return None
    middle = (first + last) // 2
    # who is `last` may have been born a calendar year earlier
    return Age(middle, last + 1 - middle + (ABOUT_AGE - 1 if about else 0))
