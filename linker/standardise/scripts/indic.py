"""Names in the scripts of India, in the Latin letters that their bearers use.

In these scripts a consonant has an a of its own unless another vowel or the sign that takes it away
follows. The north does not say the a at the end of a word, nor one between a vowel and a consonant
with a vowel (Ohala, "Aspects of Hindi Phonology", 1983): Ramadeva is written, Ramdev said. What a
letter is called in Unicode says how it sounds, in all nine scripts.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from anyascii import anyascii

INDIC: Final = re.compile("[\u0900-\u0963\u0970-\u09e5\u09f0-\u0d65\u0d7a-\u0d7f\u200c\u200d]+")
"""A word in Devanagari, Bengali, Gurmukhi, Gujarati, Oriya, Tamil, Telugu, Kannada, Malayalam."""

_NORTH: Final = frozenset({"DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA"})
_CONSONANTS: Final = {
    **dict.fromkeys(("NG", "NY", "NN", "NNN"), "n"),
    **dict.fromkeys(("RR", "RRR"), "r"),
    **dict(
        zip(("C", "TT", "TTH", "DD", "DDH", "LL"), ("ch", "t", "th", "d", "dh", "l"), strict=True)
    ),
    **dict(zip(("LLL", "SS", "YY", "W"), ("zh", "sh", "y", "v"), strict=True)),
}
"""Consonants that are written otherwise than Unicode calls them, without their a."""
_OF_SCRIPT: Final = {
    ("TAMIL", "C"): "s",
    ("TAMIL", "T"): "th",
}
_DOTTED: Final = {"j": "z", "ph": "f", "k": "q", "d": "r", "dh": "rh"}
"""What a dot below makes of a consonant."""
_VOWELS: Final = {
    **dict.fromkeys(("A", "AA", "CANDRA A"), "a"),
    **dict.fromkeys(("E", "EE", "SHORT E", "CANDRA E"), "e"),
    **dict.fromkeys(("I", "II"), "i"),
    **dict.fromkeys(("O", "OO", "SHORT O", "CANDRA O"), "o"),
    **dict.fromkeys(("U", "UU"), "u"),
    **dict(zip(("AI", "AU", "VOCALIC R"), ("ai", "au", "ri"), strict=True)),
}
_NASALS: Final = frozenset({"ANUSVARA", "CANDRABINDU", "BINDI", "TIPPI"})
_NASAL: Final = "~"
_SAID: Final = (
    (re.compile("~(?=[pbmf])"), "m"),
    (re.compile("~h$"), "ngh"),  # Singh
    (re.compile("~(?!$)"), "n"),
)
_PLAIN: Final = re.compile("[A-Z]{1,3}")
"""What Unicode calls a consonant without its a."""
_CHILLU: Final = "CHILLU "


@dataclass(slots=True)
class _Sound:
    """A consonant and the vowel after it, either of which may be empty."""

    consonant: str
    vowel: str = ""
    own: bool = False
    """The vowel is the consonant's own a, which may be silent."""


def indic_in_latin(text: str) -> str:
    """Return a text with words in scripts of India in Latin letters, and all else as it was.

    Args:
        text: Any text.
    """
    return INDIC.sub(lambda word: _latin(word[0]), text)


@lru_cache(maxsize=1 << 15)
def _latin(word: str) -> str:
    sounds: list[_Sound] = []
    script = ""
    for letter in unicodedata.normalize("NFC", word):
        script, _, name = unicodedata.name(letter, "  ").partition(" ")
        kind, _, called = name.rpartition("SIGN ") if "SIGN" in name else name.partition(" ")
        called = called or name
        if kind.strip() == "VOWEL" and sounds:
            sounds[-1].vowel, sounds[-1].own = _VOWELS.get(called, ""), False
        elif called in {"VIRAMA", "PULLI"} and sounds:
            sounds[-1].vowel, sounds[-1].own = "", False
        elif called == "NUKTA" and sounds:
            sounds[-1].consonant = _DOTTED.get(sounds[-1].consonant, sounds[-1].consonant)
        elif called in _NASALS:
            sounds.append(_Sound(_NASAL))
        elif unicodedata.category(letter) == "Lo":
            sounds.append(_letter(letter, script, called))
    if script in _NORTH:
        _silence(sounds)
    return _nasals("".join(sound.consonant + sound.vowel for sound in sounds), script)


def _letter(letter: str, script: str, called: str) -> _Sound:
    """Return the sound of a letter by itself."""
    if called in _VOWELS:
        return _Sound("", _VOWELS[called])
    if called.startswith(_CHILLU):
        called = called.removeprefix(_CHILLU)
        return _Sound(_CONSONANTS.get(called, called.lower()))
    if called == "KHANDA TA":
        return _Sound("t")
    bare = called.removesuffix("A")
    if not _PLAIN.fullmatch(bare):
        return _Sound(anyascii(letter).lower())
    return _Sound(
        _OF_SCRIPT.get((script, bare), _CONSONANTS.get(bare, bare.lower())), "a", own=True
    )


def _silence(sounds: list[_Sound]) -> None:
    """Take out the vowels of their own that consonants have in writing alone, from the end on."""
    for at in range(len(sounds) - 1, 0, -1):
        sound = sounds[at]
        before = sounds[at - 2 if sounds[at - 1].consonant == _NASAL and at > 1 else at - 1]
        following = sounds[at + 1] if at + 1 < len(sounds) else None
        ends = following is None
        between = following is not None and bool(
            following.consonant.strip(_NASAL) and following.vowel
        )
        if sound.own and before.vowel and (ends or between):
            sound.vowel = ""


def _nasals(latin: str, script: str) -> str:
    """Return a word with the nasal that the next consonant, or the end of the word, asks for."""
    if script == "BENGALI" and latin.startswith("y"):
        latin = f"j{latin[1:]}"
    for pattern, said in _SAID:
        latin = pattern.sub(said, latin)
    return latin.replace(_NASAL, "n" if script in _NORTH else "m")
