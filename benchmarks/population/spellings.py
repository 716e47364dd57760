"""Other romanisations of Chinese, Arabic, West African and Eastern European names."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from benchmarks.population.culture_tables import (
    CANTONESE_SYLLABLES,
    EASTERN_EUROPEAN_SPELLING_RULES,
    EASTERN_EUROPEAN_SPELLINGS,
    WEST_AFRICAN_SPELLINGS,
)
from benchmarks.population.name_tables import (
    ARABIC_SPELLING_RULES,
    ARABIC_SPELLINGS,
    CANTONESE_AND_HOKKIEN,
    CHINESE_SYLLABLES_FEMALE,
    CHINESE_SYLLABLES_MALE,
    WADE_GILES,
    WADE_GILES_FINALS,
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
            one, other = (CANTONESE_SYLLABLES.get(part, part) for part in (first, second))
            found.append(f"{one.capitalize()} {other.capitalize()}")
    if lower in _SYLLABLES:
        found.append(CANTONESE_SYLLABLES.get(lower, lower).capitalize())
    if lower in _SYLLABLES or len(found) == 0 or name in CANTONESE_AND_HOKKIEN:
        found.append(_wade_giles(lower).capitalize())
    return _distinct(found, name)


def arabic_spellings(name: str) -> list[str]:
    """Return how else a romanised Arabic name is written."""
    return _ruled(name, ARABIC_SPELLINGS, ARABIC_SPELLING_RULES)


def eastern_european_spellings(name: str) -> list[str]:
    """Return how else a name written in Cyrillic is transliterated."""
    return _ruled(name, EASTERN_EUROPEAN_SPELLINGS, EASTERN_EUROPEAN_SPELLING_RULES)


def west_african_spellings(name: str) -> list[str]:
    """Return how a name is written in neighbouring countries of other official languages."""
    return _distinct(WEST_AFRICAN_SPELLINGS.get(name, "").split(), name)


SPELLINGS: Final[Mapping[str, Callable[[str], list[str]]]] = {
    "chinese": chinese_spellings,
    "arabic": arabic_spellings,
    "west_african": west_african_spellings,
    "eastern_european": eastern_european_spellings,
}
"""By culture."""


def _ruled(name: str, known: Mapping[str, str], rules: Iterable[tuple[str, str]]) -> list[str]:
    found = known.get(name, "").split()
    for old, new in rules:
        if old in name:
            changed = name.replace(old, new, 1)
            one_word = changed.isalpha()
            found.append(changed.capitalize() if one_word else changed[:1].upper() + changed[1:])
    return _distinct(found, name)


@functools.cache
def _wade_giles(syllable: str) -> str:
    """Return the older romanisation of a syllable, without its apostrophes, as papers omit them."""
    for pinyin, older in WADE_GILES:
        if syllable.startswith(pinyin):
            syllable = older + syllable[len(pinyin) :]
            break
    for pinyin, older in WADE_GILES_FINALS:
        changed = re.sub(pinyin + "$", older, syllable)
        if changed != syllable:
            return changed
    return syllable


def _distinct(found: list[str], name: str) -> list[str]:
    return [spelling for spelling in dict.fromkeys(found) if spelling != name][:_MOST_SPELLINGS]
