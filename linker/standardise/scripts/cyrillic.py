"""Names in Cyrillic letters: what a letter is in Latin ones depends on whose alphabet it is of.

Ukrainians and Belarusians say h where Russians say g, and Serbs have Latin letters of their own,
which lose their marks: Milosevic, not Miloshevich. Letters that the others lack tell them. In all
alphabets a soft or a hard sign before a vowel is heard as an i: Vasilyev, Vasiliev.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

CYRILLIC: Final = re.compile("[\u0400-\u052f]")
"""A Cyrillic letter."""

_SIGN: Final = re.compile(
    "(?<=[\u0400-\u052f])[\u042c\u044c\u042a\u044a'\u2019\u02bc]"
    "(?=[\u0415\u0435\u0401\u0451\u0404\u0454\u0407\u0457\u0418\u0438])"
)
"""A soft sign, a hard sign or an apostrophe before a vowel that has no y of its own in Latin."""
_CENTRAL_ASIAN: Final = re.compile(
    "[\u0492\u0493\u049a\u049b\u04a2\u04a3\u04ae-\u04b1\u04d8\u04d9]"
)
_UKRAINIAN: Final = re.compile("[\u0404\u0454\u0406\u0456\u0407\u0457\u0490\u0491\u040e\u045e]")
"""Letters of Ukrainian and Belarusian that Russian and Bulgarian lack."""
_SERBIAN: Final = re.compile("[\u0402\u0452\u0408\u0458-\u045b\u0409-\u040b\u040f\u045f]")
_BEGINS: Final = re.compile("(?<![\u0400-\u052f])([\u0404\u0454\u0407\u0457])")
_UKRAINIAN_SOUNDS: Final = str.maketrans(
    "\u0413\u0433\u0418\u0438\u0404\u0454\u0407\u0457", "hhyyeeii"
)
_SERBIAN_SOUNDS: Final = {
    ord(letter): sound
    for letters, sound in (
        ("\u0416\u0436", "z"),
        ("\u0427\u0447\u040b\u045b\u0426\u0446", "c"),
        ("\u0428\u0448", "s"),
        ("\u0402\u0452", "dj"),
        ("\u0408\u0458", "j"),
        ("\u0409\u0459", "lj"),
        ("\u040a\u045a", "nj"),
        ("\u040f\u045f", "dz"),
    )
    for letter in letters
}


GAJ: Final = re.compile("[\u0110\u0111]")
"""A letter of Croats, Bosnians and Serbs who write in Latin letters, and of Vietnamese."""
_HACEK: Final = re.compile("[\u0106\u0107\u010c\u010d\u0160\u0161\u017d\u017e]")


def gaj_in_ascii(text: str) -> str:
    """Return a text in which a crossed d is dj beside letters that Vietnamese lacks: Djordjevic.

    Args:
        text: Any text.
    """
    if not _HACEK.search(unicodedata.normalize("NFC", text)):
        return text
    return text.replace("\u0110", "Dj").replace("\u0111", "dj")


def cyrillic_in_latin(text: str) -> str:
    """Return a text in which letters that depend on their alphabet are Latin ones.

    Args:
        text: Any text.
    """
    text = _SIGN.sub("i", unicodedata.normalize("NFC", text))
    if _CENTRAL_ASIAN.search(text):
        return text
    if _SERBIAN.search(text):
        return text.translate(_SERBIAN_SOUNDS)
    if _UKRAINIAN.search(text):
        return _BEGINS.sub(r"y\1", text).translate(_UKRAINIAN_SOUNDS)
    return text
