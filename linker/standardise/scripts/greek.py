"""Names in Greek letters: two letters that are one sound."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

GREEK: Final = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
"""A Greek letter."""

_VOICELESS: Final = "\u03b8\u03ba\u03be\u03c0\u03c2-\u03c4\u03c6-\u03c8"
_FIRST: Final = "(?<![a-z\u03b1-\u03c9\u0301])"
_PAIRS: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("\u03bf\u03c5", "ou"),
        (f"(?<=[\u03b1\u03b5\u03b7])\u03c5(?=\u0301?(?:[{_VOICELESS}]|(?![\\w\u0301])))", "f"),
        ("(?<=[\u03b1\u03b5\u03b7])\u03c5", "v"),
        (f"{_FIRST}\u03bc\u03c0", "b"),
        (f"{_FIRST}\u03bd\u03c4", "d"),
        (f"{_FIRST}\u03b3\u03ba", "g"),
        ("\u03b3(?=[\u03b3\u03be\u03c7])", "n"),
    )
)
"""Pairs, of which the first letter has no accent; with one they are two sounds."""


def greek_in_latin(text: str) -> str:
    """Return a text in lower case in which pairs of Greek letters are Latin ones.

    Args:
        text: Any text.
    """
    text = unicodedata.normalize("NFD", text.lower())
    for pair, sound in _PAIRS:
        text = pair.sub(sound, text)
    return unicodedata.normalize("NFC", text)
