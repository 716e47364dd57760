"""Other romanisations of Chinese and Arabic names."""

from __future__ import annotations

import re

from benchmarks.population.name_tables import (
    ARABIC_SPELLING_RULES,
    ARABIC_SPELLINGS,
    CANTONESE_AND_HOKKIEN,
    CHINESE_SYLLABLES_FEMALE,
    CHINESE_SYLLABLES_MALE,
    WADE_GILES,
)

_SYLLABLES = {*CHINESE_SYLLABLES_MALE, *CHINESE_SYLLABLES_FEMALE}
_MOST_SPELLINGS = 12


def chinese_spellings(name: str) -> list[str]:
    """Return how else a pinyin name is written: apart, hyphenated, Wade-Giles, Cantonese."""
    found = CANTONESE_AND_HOKKIEN.get(name, "").split()
    lower = name.lower()
    for cut in range(2, len(lower) - 1):
        first, second = lower[:cut], lower[cut:]
        if first in _SYLLABLES and second in _SYLLABLES:
            found += [
                f"{first.capitalize()} {second.capitalize()}",
                f"{first.capitalize()}-{second}",
            ]
            found.append(f"{_wade_giles(first).capitalize()}-{_wade_giles(second)}")
    found.append(_wade_giles(lower).capitalize())
    return _distinct(found, name)


def arabic_spellings(name: str) -> list[str]:
    """Return how else a romanised Arabic name is written."""
    found = ARABIC_SPELLINGS.get(name, "").split()
    for old, new in ARABIC_SPELLING_RULES:
        if old in name:
            changed = name.replace(old, new, 1)
            one_word = changed.isalpha()
            found.append(changed.capitalize() if one_word else changed[:1].upper() + changed[1:])
    return _distinct(found, name)


def _wade_giles(syllable: str) -> str:
    for pinyin, older in WADE_GILES:
        if syllable.startswith(pinyin):
            return re.sub("^" + pinyin, older, syllable)
    return syllable


def _distinct(found: list[str], name: str) -> list[str]:
    return [spelling for spelling in dict.fromkeys(found) if spelling != name][:_MOST_SPELLINGS]
