"""Korean names in Latin letters: which word is the family name, and one key for their spellings.

South Korea writes Gim Jeong-eun, North Korea Kim Jong Un, older books Kim Chong-un, and people
write themselves as they like: Lee is Yi and Rhee, Young is Yeong and Yong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from linker.standardise.nicknames import is_western

_FAMILIES: Final = """
    kim gim; lee yi ri rhee; park pak bak; choi choe; jung jeong chong; kang gang; cho jo; yoon yun;
    jang chang; lim im rim; han; oh; seo suh; shin sin; kwon gwon; hwang; ahn an; song; yoo yu ryu;
    hong; jeon chon; ko koh; moon mun; son sohn; yang; bae pae; baek paek paik; heo hur huh ho; nam;
    shim sim; noh roh ro; ha; kwak; sung seong; cha; joo chu ju; woo; koo ku; min; na ra; ji;
    um eom; namgung namkoong; hwangbo; jegal; seonu sunwoo; dokgo; sagong; seomun
"""
"""Family names by how many bear them, each in its spellings.

After the census of 2015 (Statistics Korea); spellings of the Revised Romanization, of
McCune-Reischauer and by custom.
"""

_NATIVE: Final = """
    \uae40=kim \uc774=lee \ub9ac=lee \ubc15=park \ucd5c=choi \uc815=jung \uac15=kang
    \uc870=cho \uc724=yoon \uc7a5=jang \uc784=lim \ub9bc=lim \ud55c=han \uc624=oh
    \uc11c=seo \uc2e0=shin \uad8c=kwon \ud669=hwang \uc548=ahn \uc1a1=song \uc720=yoo
    \ub958=yoo \uc804=jeon \uace0=ko \ubb38=moon \uc190=son \uc591=yang \ubc30=bae
    \ubc31=baek \ud5c8=heo \ub0a8=nam \uc2ec=shim \ub178=noh \ub85c=noh \ud558=ha
    \uacfd=kwak \uc131=sung \ucc28=cha \uc8fc=joo \uc6b0=woo \uad6c=koo \ubbfc=min
    \ub098=na \uc9c0=ji \uc5c4=um \ud64d=hong
"""
"""The same in Korean letters, each with its first spelling there."""

_RANKS: Final = {
    spelling: rank
    for rank, spellings in enumerate(_FAMILIES.split(";"))
    for spelling in spellings.split()
}
_KEYS: Final = {
    spelling: group.split()[0] for group in _FAMILIES.split(";") for spelling in group.split()
}
_NATIVE_FAMILIES: Final = {
    syllable: romanised for pair in _NATIVE.split() for syllable, romanised in [pair.split("=")]
}
_VOWELS: Final = "[yw]?(?:ae|eo|eu|oe|ui|oo|ou|ee|[aeiou])"
_FIRST: Final = "ch|[bcdghjkmnprst]"
_SYLLABLE: Final = re.compile(rf"(?:{_FIRST})?{_VOWELS}(?:ng|[ghklmnpt])?")
_TWO: Final = (
    re.compile(rf"((?:{_FIRST})?{_VOWELS}ng)((?:{_FIRST})?{_VOWELS}(?:ng|[ghklmnpt])?)"),
    re.compile(rf"((?:{_FIRST})?{_VOWELS}[klmnp]?)((?:{_FIRST}){_VOWELS}(?:ng|[ghklmnpt])?)"),
)
"""Two syllables in one word: in Jeongeun the first one has the g, more often than not."""
_DOUBLED: Final = re.compile(r"([a-df-np-z])\1+|(e|o)\2{2,}")
_HABITS: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"^ch|^c", "j"),  # what is ch to McCune and Reischauer is j to Seoul
        (r"^g", "k"),
        (r"^d", "t"),
        (r"^b", "p"),
        (r"oo|ou|eu|woo", "u"),
        (r"ee|ui", "i"),
        (r"eo|oe", "o"),
        (r"u(?=ng$|l$)|(?<=y)u(?=[nk]$)", "o"),  # Jung, Chul, Hyun and Hyuk have the vowel of Jeong
        (r"(?<!n)g$", "k"),
        (r"ae", "e"),
        (r"(?<=[aeiou])h$", ""),
        (r"^[yw](?=i)", ""),
    )
)
_GIVEN: Final = 2
"""Syllables of a given name."""


def korean_keys(given: Sequence[str], family: Sequence[str]) -> list[str] | None:
    """Return the keys of the given and the family name, or None where the name is not Korean.

    It is Korean if one word of a common family name stands beside a given name of two syllables, in
    one word or two, that are no Western name.

    Args:
        given: The given names, lower-case ASCII.
        family: The family names.
    """
    if len(family) != 1 or family[0] not in _KEYS:
        return None
    syllables = [syllable for word in given for syllable in _syllables(word)]
    if len(syllables) != _GIVEN or not all(map(_syllables, given)):
        return None
    return ["".join(map(_key, syllables)), _KEYS[family[0]]]


def korean_family(syllable: str) -> str | None:
    """Return how a family name in Korean letters is written in Latin ones, or None.

    Args:
        syllable: One syllable in Korean letters.
    """
    return _NATIVE_FAMILIES.get(syllable)


def is_korean_order(tokens: Sequence[str]) -> bool:
    """Return whether a family name leads two syllables, written apart or with a hyphen.

    Where the last word is the commoner family name the name is written as others are: Min Ho Kim.
    Syllables that are Western names, Lee Ann Sue, are no Korean ones.

    Args:
        tokens: The words of a name without comma, lower-case ASCII, hyphens kept.
    """
    first, *others = tokens
    if first not in _RANKS:
        return False
    words = [word for token in others for word in token.split("-")]
    if len(words) != _GIVEN:
        return False
    apart = len(others) == len(words)
    if apart and _RANKS.get(words[-1], len(_RANKS)) < _RANKS[first]:
        return False
    western = apart and any(map(is_western, words))
    return not western and all(_SYLLABLE.fullmatch(_single(word)) for word in words)


@lru_cache(maxsize=1 << 14)
def _syllables(word: str) -> tuple[str, ...]:
    """Return the syllables of a word of one or two; none of other words and of Western names."""
    plain = _single(word)
    if _SYLLABLE.fullmatch(plain):
        return (plain,)
    two = next(filter(None, (pattern.fullmatch(plain) for pattern in _TWO)), None)
    return (two[1], two[2]) if two and not is_western(word) else ()


def _single(word: str) -> str:
    """Return a word without letters twice, but for the vowels oo and ee."""
    return _DOUBLED.sub(lambda match: match[1] or match[2], word)


@lru_cache(maxsize=1 << 12)
def _key(syllable: str) -> str:
    """Return the one spelling of a syllable."""
    for pattern, replacement in _HABITS:
        syllable = pattern.sub(replacement, syllable)
    return syllable
