"""Numbers that documents and agencies give to people and organizations.

A number that breaks a rule of its kind, such as a check digit, is kept as it was written: that it
was mistyped is what a near match is for. Only what no such number can be is set aside.
"""

from __future__ import annotations

import re
from typing import Final

from linker.standardise.text import alphanumeric, is_placeholder_number

LONGEST: Final = 30
"""Characters past which a text is no identifier."""

_A_NUMBER_DIGITS: Final = 9
_A_NUMBER_SHORTEST: Final = 7
_SSN_DIGITS: Final = 9
_MISREAD_DIGITS: Final = 2
_NEVER_ISSUED: Final = re.compile(r"(?:000|666).*|...00.*|.*0000")
_PRINTED: Final = frozenset({"078051120", "219099999", "457555462"})
"""Social Security numbers that advertisements made known and thousands have given."""
_GENERAL_PUBLIC: Final = frozenset({"XAXX010101000", "XEXX010101000"})
"""Mexican tax ids that stand for whoever has none."""
_RFC: Final = re.compile(r"([A-Z]{3,4})([0-9OI]{6})([A-Z0-9]{3})")
_RFC_DATE: Final = re.compile(r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_MRZ: Final = re.compile(
    r"([A-Z0-9<]{9})([0-9])[A-Z<]{3}[0-9]{7}[MFX<][0-9]{7}[A-Z0-9<]{14}[0-9<][0-9]"
)
_MRZ_LENGTH: Final = 44
_MRZ_WEIGHTS: Final = (7, 3, 1)
_CURP: Final = re.compile(r"[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[A-Z0-9][0-9]")
_CURP_LENGTH: Final = 18
_CURP_DIGITS: Final = frozenset({4, 5, 6, 7, 8, 9, 17})
_CURP_FREE: Final = 16
_TO_DIGIT: Final = str.maketrans("OI", "01")
_TO_LETTER: Final = str.maketrans("01", "OI")


def read_identifier(text: str) -> str | None:
    """Return the letters and digits of an identifier, upper-case, or None where it says nothing.

    Args:
        text: A passport, licence, file or registration number.
    """
    if len(text) > 2 * LONGEST or is_placeholder_number(text):
        return None
    plain = alphanumeric(text)
    return None if len(plain) > LONGEST or is_placeholder_number(plain) else plain


def read_a_number(text: str) -> str | None:
    """Return an alien registration number as nine characters, without the A.

    Numbers have seven to nine digits and no check digit. Up to two letters among them are kept:
    they are digits misread, and near matches are scored later.

    Args:
        text: Such as "A012-345-678", "A# 12 345 678" or "1234567".
    """
    plain = alphanumeric(text)[: LONGEST + 1].lstrip("A")
    if not _A_NUMBER_SHORTEST <= len(plain) <= _A_NUMBER_DIGITS or is_placeholder_number(plain):
        return None
    return plain.zfill(_A_NUMBER_DIGITS) if _mostly_digits(plain) else None


def read_ssn(text: str) -> str | None:
    """Return a Social Security number, or a taxpayer number (9xx), as nine characters.

    Up to two letters among the digits are kept as misread digits. Areas 000 and 666, group 00 and
    serial 0000 were never issued; the last four digits alone are no number.

    Args:
        text: Such as "123-45-6788".
    """
    plain = alphanumeric(text)[: LONGEST + 1]
    if len(plain) != _SSN_DIGITS or is_placeholder_number(plain) or not _mostly_digits(plain):
        return None
    return None if _NEVER_ISSUED.fullmatch(plain) or plain in _PRINTED else plain


def read_national_id(text: str) -> str | None:
    """Return a national identifier, upper-case; in a Mexican CURP, O and 0, I and 1 are put right.

    Args:
        text: A national identity number of any country.
    """
    plain = read_identifier(text)
    if plain is None or len(plain) != _CURP_LENGTH:
        return plain
    mended = "".join(
        character
        if at == _CURP_FREE
        else character.translate(_TO_DIGIT if at in _CURP_DIGITS else _TO_LETTER)
        for at, character in enumerate(plain)
    )
    return mended if _CURP.fullmatch(mended) else plain


def read_tax_id(text: str) -> str | None:
    """Return a tax id, upper-case; in a Mexican RFC, O and I in the date become 0 and 1.

    Args:
        text: A tax number of any country; the Mexican ones for the general public say nothing.
    """
    plain = read_identifier(text)
    match = _RFC.fullmatch(plain) if plain else None
    if plain is None or match is None:
        return plain
    letters, date, rest = match.groups()
    mended = date.translate(_TO_DIGIT)
    plain = letters + mended + rest if _RFC_DATE.fullmatch(mended) else plain
    return None if plain in _GENERAL_PUBLIC else plain


def is_placeholder_tax_id(text: str) -> bool:
    """Whether a tax id says nothing: a placeholder, or the number of whoever has none."""
    return is_placeholder_number(text) or alphanumeric(text) in _GENERAL_PUBLIC


def read_passport(text: str) -> str | None:
    """Return a passport number, upper-case; of a machine-readable line, the number in it.

    Args:
        text: A number, or the second line of the machine-readable zone, whose check digit must fit.
    """
    line = "".join(text.split()).upper()
    match = _MRZ.fullmatch(line) if len(line) == _MRZ_LENGTH else None
    if match is None:
        return read_identifier(text)
    number, digit = match.groups()
    total = sum(_mrz_value(sign) * _MRZ_WEIGHTS[at % 3] for at, sign in enumerate(number))
    return read_identifier(number.replace("<", "")) if total % 10 == int(digit) else None


def _mrz_value(sign: str) -> int:
    return 0 if sign == "<" else int(sign, 36)


def _mostly_digits(plain: str) -> bool:
    if plain.isdigit():
        return True
    return sum(not character.isdigit() for character in plain) <= _MISREAD_DIGITS
