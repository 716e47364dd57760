"""Chinese names in Latin letters: one key for a syllable of pinyin, Wade-Giles and Cantonese."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

_INITIAL: Final = "zh|ch|sh|hs|ts|tz|[bpmfdtnlgkhjqxzcsrwy]"
_FINAL: Final = (
    "iang|iong|uang|ueng|ang|eng|ing|ong|ung|ian|ien|iao|uai|uan|uei|ueh|ieh|iu|ui|un|ua|uo|ue"
    "|ia|ie|in|io|ai|ei|ao|ou|an|en|ih|eh|er|a|o|e|i|u"
)
_SYLLABLE: Final = re.compile(f"({_INITIAL})?({_FINAL})")

_SOUTHERN: Final = {
    written: syllable
    for syllable, forms in {
        "wang": "wong ong",
        "li": "lee lei",
        "chang": "cheung teo teoh",
        "chen": "chan tan",
        "lin": "lam lim",
        "huang": "hwang",
        "liu": "lau low lew",
        "yang": "yeung yeo",
        "wu": "ng goh",
        "chou": "chow chew",
        "liang": "leung",
        "cheng": "tay",
        "cai": "choi tsoi chua chye",
        "xu": "hui hsui koh tsui",
        "xie": "tse sie cheah",
        "ye": "yip yap",
        "guo": "kwok kwek",
        "zeng": "tsang chan tsang",
        "he": "ho",
        "feng": "fung",
        "mai": "mak",
        "luo": "lo law loh",
        "sun": "suen",
        "xiao": "siu siew seow",
        "jiang": "keung",
        "zhu": "chu choo",
        "pan": "poon phua",
        "lu": "luk",
        "deng": "tang",
        "su": "so soh",
        "ouyang": "auyeung",
    }.items()
    for written in forms.split()
}
"""Common Cantonese and Hokkien spellings of family names, each under its commonest reading."""

_FAMILY: Final = frozenset(
    """
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang
    xie song tang han feng yu dong xiao cheng cao yuan deng fu shen zeng peng lu su jiang cai jia
    ding wei xue ye yan pan du dai xia zhong tian ren fan fang shi yao tan liao zou xiong jin hao
    kong bai cui kang mao qiu qin gu hou shao meng long wan duan qian yin chang chou chao hsu hsieh
    hsiao hsiung tsai tseng teng kuo tsao chiang chien chin chung chu kao ho tung xi hsi ni
    hua wen niu qi ge shao pang
    """.split()
) | frozenset(_SOUTHERN)
"""The commonest family names in pinyin, those that Wade-Giles writes otherwise, and southern ones.

After the report on names of the Ministry of Public Security (2020) and Taiwan's Ministry of the
Interior (2018).
"""

_INITIALS: Final = {
    "b": "p",
    "d": "t",
    "g": "k",
    "zh": "ch",
    "j": "ch",
    "q": "ch",
    "x": "hs",
    "z": "ts",
    "c": "ts",
    "tz": "ts",
    "r": "j",
}
_FINALS: Final = {
    "ong": "ung",
    "ian": "ien",
    "ie": "ieh",
    "ue": "ueh",
    "uo": "o",
    "uei": "ui",
    "ih": "i",
    "eh": "e",
    "iong": "iung",
}


def chinese_keys(words: Sequence[str]) -> list[str] | None:
    """Return a key for each word of a Chinese name, or None where the words are no such name.

    It is one where all words are made of Chinese syllables, the last or the first of them is a
    common family name, and there are four syllables at most. The family name has one key and all
    that is given another: "Kai Zhi" is Kaizhi written apart, while Kaizhi and Kai are two names.

    Args:
        words: The words of a name, lower-case ASCII.
    """
    if len(words) < len(("family", "given")):
        return None
    family = next((place for place in (-1, 0) if words[place] in _FAMILY), None)
    syllables = [_keys(word) for word in words]
    most = len(("two", "family", "two", "given"))
    if family is None or not all(syllables) or sum(map(len, syllables)) > most:
        return None
    own = "".join(syllables.pop(family))
    given = "".join(key for found in syllables for key in found)
    return [given, own] if family else [own, given]


@lru_cache(maxsize=1 << 14)
def _keys(word: str) -> tuple[str, ...]:
    """Return the keys of a word's syllables; none where it is not made of syllables."""
    if word in _SOUTHERN:
        word = _SOUTHERN[word]
    for split in _splits(word):
        return tuple(_key(initial, final) for initial, final in split)
    return ()


def _splits(word: str) -> list[list[tuple[str, str]]]:
    """Return the ways to cut a word into at most two syllables, the fewest first."""
    whole = _SYLLABLE.fullmatch(word)
    if whole:
        return [[(whole[1] or "", whole[2])]]
    for cut in range(len(word) - 1, 0, -1):
        one, two = _SYLLABLE.fullmatch(word[:cut]), _SYLLABLE.fullmatch(word[cut:])
        # a second syllable without an initial is written with an apostrophe
        if one and two and two[1]:
            return [[(one[1] or "", one[2]), (two[1], two[2])]]
    return []


def _key(initial: str, final: str) -> str:
    if initial == "y" and final.startswith("u"):
        final = final.replace("ueh", "ue")
    return _INITIALS.get(initial, initial) + _FINALS.get(final, final)
