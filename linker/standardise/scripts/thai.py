"""Names in Thai letters, in Latin letters after the Royal Thai General System of Transcription.

Thai writes some vowels before the consonant after which they are said, and leaves out an o between
two consonants and an a after one. A consonant at the end of a syllable has another sound than at
its beginning; one under the mark of silence has none. Where a syllable ends is told by what follows
it, without a dictionary, so that some words come out wrong.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

THAI: Final = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]+")
"""A word in Thai letters."""

_SILENT: Final = re.compile(
    "[\u0e14\u0e15\u0e17]?\u0e23\u0e4c|[\u0e01-\u0e2e][\u0e34\u0e38]?\u0e4c"
)
_TONES: Final = re.compile("[\u0e47-\u0e4b\u0e4d\u0e4e\u0e3a]")
_INITIALS: Final = dict(
    zip(
        map(chr, range(0xE01, 0xE2F)),
        (
            "k kh kh kh kh kh ng ch ch ch s ch y d t th th th n d t th th th n b p ph f ph f ph m"
            " y r rue l lue w s s s h l  h"
        ).split(" "),
        strict=True,
    )
)
_AT_THE_END: Final = dict(
    zip("kh ch s d th r l b ph f y w".split(), "k t t t t n n p p p i o".split(), strict=True)
)
_FINALS: Final = {
    letter: _AT_THE_END[initial] for letter, initial in _INITIALS.items() if initial in _AT_THE_END
} | {"\u0e0d": "n"}
"""Consonants that sound otherwise at the end of a syllable."""

_ALONE: Final = frozenset("\u0e2a\u0e28\u0e0b")
"""An s, after which an r is silent."""
_LETTER: Final = "[\u0e01-\u0e2e]"
_VOWEL: Final = "[\u0e30-\u0e39]"
_HUSHED: Final = (
    "(?:\u0e2b(?=[\u0e07\u0e0d\u0e19\u0e21\u0e22\u0e23\u0e25\u0e27])|\u0e2d(?=\u0e22))?"
)
"""Letters that only set the tone of the next one."""
_ONSET: Final = f"{_HUSHED}({_LETTER})([\u0e23\u0e25\u0e27](?={_VOWEL}))?"
"""One consonant, or two that begin a syllable together."""
_ONSET_LATE: Final = (
    f"{_HUSHED}({_LETTER})((?<=[\u0e01\u0e02\u0e04\u0e15\u0e1b\u0e1c\u0e1e])[\u0e23\u0e25])?"
)
"""The same after the vowel."""
_END: Final = (
    f"(?:([\u0e15\u0e17\u0e01\u0e0a](?=\u0e23$)|(?![\u0e23\u0e25]{_LETTER}){_LETTER}"
    f"(?!{_VOWEL}|\u0e2d|[\u0e23\u0e25\u0e19\u0e07]$)))?"
)
"""A consonant that ends the syllable: no vowel is written after it, nor the end of another."""
_SYLLABLES: Final = tuple(
    (
        re.compile(pattern.replace("L", _ONSET_LATE).replace("C", _ONSET) + (_END if ends else "")),
        vowel,
    )
    for pattern, vowel, ends in (
        ("\u0e40L\u0e35\u0e22\u0e30?", "ia", True),
        ("\u0e40L\u0e37\u0e2d", "uea", True),
        ("\u0e40L\u0e32\u0e30", "o", False),
        ("\u0e40L\u0e32", "ao", False),
        ("\u0e40L\u0e2d", "oe", True),
        ("\u0e40L\u0e34", "oe", True),
        ("\u0e40L\u0e30?", "e", True),
        ("\u0e41L\u0e30?", "ae", True),
        ("\u0e42L\u0e30?", "o", True),
        ("[\u0e43\u0e44]L\u0e22?", "ai", False),
        ("C\u0e31\u0e27", "ua", False),
        ("C\u0e31", "a", True),
        ("C\u0e23\u0e23", "a", True),
        ("C[\u0e30\u0e32]", "a", True),
        ("C\u0e33", "am", False),
        ("C[\u0e34\u0e35]", "i", True),
        ("C[\u0e36\u0e37]\u0e2d?", "ue", True),
        ("C[\u0e38\u0e39]", "u", True),
        (f"C\u0e27(?={_LETTER}(?!{_VOWEL}))", "ua", True),
        (f"C\u0e2d(?={_LETTER}|$)", "o", True),
        (f"C(?={_LETTER}(?!{_VOWEL}|\u0e2d))", "o", True),
        ("C", "a", False),
    )
)
"""Syllables by how they are written, the longest first, and the vowel that is said."""


def thai_in_latin(text: str) -> str:
    """Return a text with Thai words in Latin letters, and all else as it was.

    Args:
        text: Any text.
    """
    return THAI.sub(lambda word: _latin(word[0]), text)


@lru_cache(maxsize=1 << 14)
def _latin(word: str) -> str:
    word = _TONES.sub("", _SILENT.sub("", word))
    found = ""
    at = 0
    while at < len(word):
        matches = ((syllable.match(word, at), vowel) for syllable, vowel in _SYLLABLES)
        match, vowel = next(((one, said) for one, said in matches if one), (None, ""))
        if match is None:  # a vowel without its consonant
            at += 1
            continue
        first, second, *last = match.groups()
        ends = last[0] if last and last[0] else ""
        if not (found and match.end() == len(word) and match.group() == first and vowel == "a"):
            together = "" if first in _ALONE else _INITIALS.get(second or "", "")
            found += _INITIALS[first] + together + vowel
            found += _FINALS.get(ends, _INITIALS.get(ends, ""))
        at = match.end()
    return found
