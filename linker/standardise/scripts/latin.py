"""Texts in Latin letters, whatever their script."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from anyascii import anyascii

from linker.standardise.scripts.arabic import ARABIC, arabic_in_latin
from linker.standardise.scripts.cyrillic import CYRILLIC, GAJ, cyrillic_in_latin, gaj_in_ascii
from linker.standardise.scripts.greek import GREEK, greek_in_latin
from linker.standardise.scripts.hebrew import HEBREW, hebrew_in_latin
from linker.standardise.scripts.indic import INDIC, indic_in_latin
from linker.standardise.scripts.thai import THAI, thai_in_latin

_READERS: Final = (
    (GAJ, gaj_in_ascii),
    (CYRILLIC, cyrillic_in_latin),
    (GREEK, greek_in_latin),
    (ARABIC, arabic_in_latin),
    (HEBREW, hebrew_in_latin),
    (INDIC, indic_in_latin),
    (THAI, thai_in_latin),
)
"""Scripts whose letters one by one do not tell how a word is written, and how each is read."""

_DIGIT: Final = re.compile(r"(?![0-9])\d")
_OTHERWISE: Final = str.maketrans({"\u17b9": "i", "\u17c2": "e"})
"""Vowels of Khmer that people write otherwise than linguists: Kim, Sen."""


def in_latin(text: str) -> str:
    """Return a text in ASCII, whatever its script.

    Args:
        text: Any text.
    """
    if text.isascii():
        return text
    text = _DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
    for script, read in _READERS:
        if script.search(text):
            text = read(text)
    return anyascii(text.translate(_OTHERWISE))
