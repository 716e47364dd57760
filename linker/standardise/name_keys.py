"""Equivalence keys of name words: one spelling for the ways in which a word is romanised.

Arabic, Cyrillic and Chinese names reach Latin letters by many systems, and each gives another
spelling: Mohammed and Muhamad, Yevgeniy and Evgenii, Hsiao and Xiao. A key is what is left when
the systems' habits are taken out. Words with equal keys are taken for one word, so the rules are
few and each undoes a habit of some system; they are no measure of likeness.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from linker.standardise.languages.chinese import chinese_keys, is_chinese_family
from linker.standardise.languages.korean import korean_keys
from linker.standardise.languages.slavic import father_name
from linker.standardise.name_words import PARTICLES
from linker.standardise.nicknames import given_name_root, other_roots, spelling_root

MOST_WORDS: Final = 8
"""Words of a name that count; a longer text is hardly a name."""

_LONG: Final = 5
"""Letters from which on e and i, and o and u, are one letter: in short words they tell."""

_BEFORE: Final = "(?:^|(?<=[bcdfhjklmnprstvwz]))"
"""What stands before a vowel that Germans mark, and write with an e where they cannot."""
_HABITS: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"([a-z])\1+", r"\1"),  # doubled letters: Hassan, Hasan
        (r"^mac(?=[bdfgjklmnpqrstvw][a-z]{3})", "mc"),  # MacDonald, McDonald
        (r"^oh(?=[bcdfgkmnprst])", "o"),  # Japanese: Ohno, Ono
        # German: Schaefer, Schafer; Moeller, Moller; but Michaela, Noelle, Miguel
        (rf"{_BEFORE}ae(?=[bcdfghkmnprstz][a-z])", "a"),
        (rf"{_BEFORE}oe(?=[bcdfghkmnprstz][a-z]|ll?er|l[sz])", "o"),
        (rf"{_BEFORE}ue(?=[bcdfhkmnprstz][a-z]|ll?er|l[sz])", "u"),
        (r"tch|tsch", "ch"),  # French and German: Tchekhov, Tschechow
        (r"shch|sch|sh", "sh"),
        (r"ph", "f"),
        (r"kh|gh", "h"),  # Khaled and Haled, Ghassan and Hassan are not told apart
        (r"dh", "d"),  # Qadhafi and Qadafi
        (r"[ao]u(?=sk)", "ov"),  # Belarusian: Zimouski, Zimovski
        (r"zh|dzh|dj", "j"),  # Zhukov, Jukov; Djamel, Jamal
        (r"ck|q", "k"),
        (r"(?:^|(?<=^abd[ae]l))ou(?=[ae])", "v"),  # French: Ouahab, Wahab
        # Noureddine, Nuruddin, Nour Eddine
        (r"(?:^[aeou]d|(?<=[a-z][b-df-hj-np-tv-z])[aeou]d?)d(?:i|ee|y)ne?$", "udin"),
        (r"(?<=[a-z]{2})enka$", "enko"),  # Belarusian: Lukashenka, Lukashenko
        (r"ou|oo", "u"),  # French and English: Mahmoud, Mahmood
        (r"aw|au", "au"),
        (r"ee|ea(?=[a-z])", "i"),
        (r"(?<=[aeou])[iy]ev(?=$|a$|ich|na$)", "ev"),  # Tokayev, Tokaev
        (r"[ae]i|[ae]y", "i"),  # Hussein, Husayn; Sergei, Sergey
        (r"(?<=[lnr])tz$", "z"),  # German: Schwartz, Schwarz; Mertz, Merz
        (r"ts|tz|cz", "ts"),
        (r"^[yi](?=[eu])", ""),  # Yevgeny, Evgeny; Yusuf, Usuf
        (r"(?<=[a-z])[yij]+(?=[aeou])", "i"),
        (r"[iy]+[yj]?$", "i"),  # -y, -iy, -ij, -yi, -yj
        (r"y|j(?=[bcdfghklmnpqrstvwxz])", "i"),
        (r"w", "v"),
        (r"x", "ks"),
        (r"(?<=[aeiou])h$|(?<=[bcdfgklmnprstvz])eh$", ""),  # Fatimah, Fatima
        (r"([a-z])\1+", r"\1"),
    )
)
_LATVIAN: Final = re.compile(r"(?:(?<=[a-z]j)|(?<=[oe]v)|(?<=sk[iy]))s$")
"""The ending that Latvian gives to men's names from elsewhere: Sergejs Lavrovs."""
_MERGED: Final = str.maketrans("oe", "ui")
_ARTICLE: Final = re.compile(r"[ae]l(?!iyev)(?:[a-z]{4}|ali$)")
_ABD: Final = re.compile(r"abd[aeiou]+l?(?=[a-z]{2})")
"""The beginning of a name of the pattern "servant of", with the article."""
_ABD_WORDS: Final = frozenset({"abd", "abdul", "abdel", "abdal", "abdol", "abdoul", "abdu"})


_Reader = Callable[[str], str]
"""Makes a key of a word."""
_MAY_BE_FAITH: Final = re.compile("d[iey]+n")
_FAITH: Final = frozenset({"din", "udin", "ildin", "aldin", "idini"})
"""Keys of "al-Din", of the faith, written as a word: el Din, Eddine, Uddin."""
_WHOLE: Final = frozenset({"muhamad", "md", "ahmad", "ali"})
"""Given names that nothing of faith follows: Mohammed Uddin has a family name."""


def name_keys(text: str) -> str | None:
    """Return the keys of the words of a name in their order, or None where it has none.

    "Abd al-Rahman", "Abdul Rahman" and "Abdurrahman" have one key: what is a servant's name to
    its god is one word. Where every word is made of Chinese or Korean syllables it has
    the keys of these. A key that a name has twice is numbered the second time, as the family names
    of Juan Garcia Garcia are two: he is not Juan Garcia Lopez.

    Args:
        text: The given names and, after a bar, the family names, lower-case ASCII.
    """
    given, _, family = text.partition("|")
    words = [word for word in f"{given} {family}".split() if word.isalpha()]
    korean = korean_keys(given.split(), family.split())
    # family names of both countries are read as Chinese ones, which are more
    first = None if is_chinese_family(family) else korean
    eastern = first or chinese_keys(words) or korean
    if eastern is not None:
        return " ".join(numbered(eastern))
    given_words = sum(map(str.isalpha, given.split()))
    readers: list[_Reader] = [given_key] * given_words + [_family_key] * (len(words) - given_words)
    if _MAY_BE_FAITH.search(text):
        words, readers = _of_faith(words, readers)
    keys = [read(word) for word, read in zip(words, readers, strict=True)]
    return " ".join(numbered(_servants(words, keys)[:MOST_WORDS])) or None


def name_written(text: str) -> str | None:
    """Return the words of a name as they are written, in their order, or None where it has none.

    An initial tells how a word is written, not how its key begins: K is Khalid's. Words that a name
    has twice are numbered as their keys are.

    Args:
        text: As `name_keys` takes it.
    """
    given, _, family = text.partition("|")
    return " ".join(numbered(f"{given} {family}".split()[:MOST_WORDS])) or None


def numbered(words: Sequence[str]) -> list[str]:
    """Return words, each followed by its number where it was there before."""
    return [
        word + str(n) if (n := words[: at + 1].count(word)) > 1 else word
        for at, word in enumerate(words)
    ]


def without_article(word: str) -> str:
    """Return a family name without an Arabic article written as one with it: Alzahrani, Zahrani.

    Written apart the article is a particle, and no part of the name. Names that begin so by
    themselves (Alfaro) lose two letters in every record alike.

    Args:
        word: One lower-case ASCII word.
    """
    return word[2:] if _ARTICLE.match(word) else word


def _servants(words: Sequence[str], keys: Sequence[str]) -> list[str]:
    """Return the keys of words, "abd" joined with what follows it but for an article."""
    found = []
    servant = False
    for word, key in zip(words, keys, strict=True):
        if servant and word in PARTICLES:
            continue
        if servant:
            found.append("abd" + key.lstrip("aeiou"))
        elif word not in _ABD_WORDS:
            found.append(key)
        servant = word in _ABD_WORDS and not servant
    return [*found, "abd"] if servant else found


def _of_faith(words: Sequence[str], readers: Sequence[_Reader]) -> tuple[list[str], list[_Reader]]:
    """Return words and what reads each, "al-Din" joined with the word before: Nur al-Din, Nuruddin.

    Args:
        words: The words of a name.
        readers: What makes a key of each.
    """
    found: list[str] = []
    read_by: list[_Reader] = []
    for word, read in zip(words, readers, strict=True):
        faith = word_key(word) in _FAITH
        if faith and len(found) > 1 and found[-1] == "ud":  # Bashir-ud-Din
            found.pop()
            read_by.pop()
        if faith and found and word_key(found[-1]) not in _WHOLE:
            found[-1] += "uddin"
        else:
            found.append(word)
            read_by.append(read)
    return found, read_by


@lru_cache(maxsize=1 << 16)
def given_key(word: str) -> str:
    """Return the key of a given name: that of the name for which it is a short form, if any.

    Args:
        word: One lower-case ASCII given name.
    """
    return _without_habits(given_name_root(_form(word)))


def other_given_keys(word: str) -> str | None:
    """Return the keys of the further names for which a given name is short, or None.

    Args:
        word: One lower-case ASCII given name.
    """
    return " ".join(sorted(map(_without_habits, other_roots(word)))) or None


@lru_cache(maxsize=1 << 17)
def word_key(word: str) -> str:
    """Return the key of any word of a name.

    Args:
        word: One lower-case ASCII word.
    """
    return _without_habits(spelling_root(_form(word)))


def _family_key(word: str) -> str:
    return word_key(without_article(word))


def _form(word: str) -> str:
    return father_name(_LATVIAN.sub("", word))


def _without_habits(key: str) -> str:
    if len(key) == 1:
        return key
    for pattern, replacement in _HABITS:
        key = pattern.sub(replacement, key)
    if len(key) < _LONG:
        return key
    servant = _ABD.match(key)
    if servant:
        return "abd" + key[servant.end() :].lstrip("aeiou").translate(_MERGED)
    return key.translate(_MERGED)
