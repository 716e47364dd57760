"""Telephone numbers, email addresses and number plates."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import phonenumbers

from linker.standardise.text import (
    alphanumeric,
    digits,
    is_placeholder,
    is_placeholder_number,
    to_ascii,
)

_EXTENSION: Final = re.compile(r"(?:x|ext|extension)\.? ?[0-9]{1,6}$")
_WITHOUT_SIGNS: Final = str.maketrans("", "", " +-().")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_SHORTEST: Final = 7
_LONGEST: Final = 40
_LONGEST_EMAIL: Final = 254
_LONGEST_PLATE: Final = 12
_LOCAL: Final = 10
_PLATE: Final = str.maketrans("OISZB", "01528")
_MEXICAN: Final = re.compile(r"(?:0?44|0?45|01|(?:00|011)?52(?:1|01)?)([0-9]{10})")
_ABROAD: Final = re.compile(r"(?:00|011)([1-9][0-9]{7,14})")
_NANP: Final = re.compile(r"1?([2-9][0-9]{2})[2-9][0-9]{6}")


def read_phone(text: str) -> str | None:
    """Return a telephone number as "+", country code and national number.

    Ten digits are a United States number where the area code exists, else a Mexican one. Mexican
    prefixes in use before August 2019 (01, 044, 045, +52 1) are dropped. More digits are a number
    with its country code, though the plus sign be left out, where it can be one; digits that are no
    complete number are kept as they are from seven digits on.

    Args:
        text: One telephone number; an extension is dropped.
    """
    if len(text) > _LONGEST:
        return None
    plain, number = text, text.translate(_WITHOUT_SIGNS)
    if not (number.isdigit() and number.isascii()):
        plain = _EXTENSION.sub("", to_ascii(text))
        number = digits(plain)
    if len(number) < _SHORTEST or is_placeholder_number(number):
        return None
    if plain.lstrip(" (").startswith("+"):
        return _international(number) or _national(number)
    return _national(number)


def read_email(text: str) -> str | None:
    """Return an email address in lower case, or None where there is no @ with a dot after it.

    Args:
        text: One address, perhaps with ``mailto:`` or, behind a name, in angle brackets.
    """
    plain = text.strip().lower().rpartition("<")[2].removeprefix("mailto:").strip(">;, \t\r\n.")
    if len(plain) > _LONGEST_EMAIL or is_placeholder(plain) or not _EMAIL.fullmatch(plain):
        return None
    return plain


def read_plate(text: str) -> str | None:
    """Return a number plate folded to one form: O to 0, I to 1, Z to 2, S to 5, B to 8, signs off.

    Letters that are misread as digits are folded to the digit, so that both readings are equal.

    Args:
        text: One number plate.
    """
    plain = alphanumeric(text) if len(text) <= _LONGEST else ""
    if not plain or len(plain) > _LONGEST_PLATE or is_placeholder_number(text):
        return None
    folded = plain.translate(_PLATE)
    return None if is_placeholder_number(folded) else folded


def _national(number: str) -> str:
    match = _NANP.fullmatch(number)
    if match is not None and _is_area_code(match.group(1)):
        return f"+1{number[-_LOCAL:]}"
    match = _MEXICAN.fullmatch(number)
    if match is not None:
        return f"+52{match.group(1)}"
    if len(number) == _LOCAL and number[0] not in "01":
        return f"+52{number}"
    match = _ABROAD.fullmatch(number)
    if match is None and len(number) <= _LOCAL:
        return number
    return _international(match.group(1) if match else number) or number


def _international(number: str) -> str | None:
    """Return a number that starts with a country code, or None if it cannot be one."""
    match = _NANP.fullmatch(number)
    if match is not None and len(number) == _LOCAL + 1:
        return f"+{number}" if _is_area_code(match.group(1)) else None
    match = _MEXICAN.fullmatch(number) if number.startswith("52") else None
    if match is not None:
        return f"+52{match.group(1)}"
    try:
        parsed = phonenumbers.parse(f"+{number}")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed) or parsed.country_code in (1, 52):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@cache
def _is_area_code(area: str) -> bool:
    """Whether the North American numbering plan has given out this area code."""
    return phonenumbers.is_valid_number(phonenumbers.parse(f"+1{area}2345678"))
