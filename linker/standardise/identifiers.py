"""Numbers that documents and agencies give to people and organizations."""

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

    Up to two letters among the digits are kept as misread digits. Areas 000 and 666 were never
    issued; the last four digits alone are no number.

    Args:
        text: Such as "123-45-6788".
    """
    plain = alphanumeric(text)[: LONGEST + 1]
    if len(plain) != _SSN_DIGITS or is_placeholder_number(plain) or not _mostly_digits(plain):
        return None
    return None if plain.startswith(("000", "666")) else plain


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


def _mostly_digits(plain: str) -> bool:
    if plain.isdigit():
        return True
    return sum(not character.isdigit() for character in plain) <= _MISREAD_DIGITS
