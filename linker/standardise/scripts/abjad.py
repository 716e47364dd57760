"""Words of scripts that write few vowels: an a where their shape asks for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sound:
    """A vowel or a consonant in Latin letters; a consonant may be silent."""

    letters: str
    vowel: bool = False


def voiced(sounds: Sequence[Sound], *, after_long: str = "a") -> str:
    """Return a word with a vowel where consonants begin or end it, or where three meet.

    Args:
        sounds: What is written of the word.
        after_long: The vowel between the last two consonants after an a that is written.
    """
    found = ""
    vowel_before = long_before = False
    for at, sound in enumerate(sounds):
        found += sound.letters
        if sound.vowel:
            vowel_before, long_before = True, sound.letters == "a" and at > 0
            continue
        meets = at + 1 < len(sounds) and not sounds[at + 1].vowel
        ends = at + 2 == len(sounds)
        vowel_before = meets and (at == 0 or ends or not vowel_before)
        if vowel_before:
            found += after_long if ends and long_before else "a"
        long_before = False
    return found or "a"
