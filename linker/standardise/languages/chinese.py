"""Chinese names in Latin letters: one key for a syllable of pinyin, Wade-Giles and Cantonese."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from linker.standardise.nicknames import is_western
from linker.standardise.tables import groups

_INITIAL: Final = "zh|ch|sh|hs|ts|tz|[bpmfdtnlgkhjqxzcsrwy]"
_FINAL: Final = (
    "iang|iong|uang|ueng|ang|eng|ing|ong|ung|ian|ien|iao|uai|uan|uei|ueh|ieh|iu|ui|un|ua|uo|ue"
    "|ia|ie|in|io|ai|ei|ao|ou|an|en|ih|eh|er|a|o|e|i|u"
)
_SYLLABLE: Final = re.compile(f"({_INITIAL})?({_FINAL})")

_SOUTHERN: Final = groups(
    """
    wang: wong ong; li: lee lei; chang: cheung teo teoh; chen: chan tan; lin: lam lim; huang:
    hwang; liu: lau low lew; yang: yeung yeo; wu: ng goh; chou: chow chew; liang: leung; cheng:
    tay; cai: choi tsoi chua chye; xu: hui hsui koh tsui; xie: tse sie cheah; ye: yip yap; guo:
    kwok kwek; zeng: tsang; he: ho; feng: fung; mai: mak; luo: lo law loh; sun: suen; xiao: siu
    siew seow; jiang: keung; zhu: chu choo; pan: poon phua; lu: luk; deng: tang; su: so soh;
    ouyang: auyeung; fang: fong; zhao: chiu; hong: ang; situ: szeto seeto szutu
    """
)
"""Common Cantonese and Hokkien spellings of family names, each under its commonest reading."""

_GIVEN_SOUTHERN: Final = groups(
    """
    ai: oi; an: on; bo: por; cai: choi; chao: chiu; cheng: shing; chu: chor; da: tat; de: tak;
    fang: fong; fu: fuk; guang: kwong; guo: kwok; hai: hoi; hua: wah; hui: fai; jia: ka; jian:
    kin; jie: kit; jin: kam; juan: kuen; jun: kwan; le: lok; lei: lui; liang: leung; lin: lam;
    mei: mui; pei: pui; qi: kei; qian: him; qiang: keung; qiao: kiu; quan: chuen; ruo: yeuk;
    sheng: sing; shu: suk shuk; shuang: sheung; si: sze; tian: tin; wei: wai; xi: hei; xiao: siu;
    xin: sum; xiu: sau; xuan: hin; xue: suet hok; ya: nga ngar; yan: yim; yao: yiu; yi: yee ngai;
    yong: wing; yu: yuk; yuan: yuen; yue: yuet; ze: chak; zhuo: cheuk; zi: tsz
    """
)
"""Cantonese syllables of given names as Hong Kong writes them, each under its commonest reading.

Only such as no pinyin or Wade-Giles name has: Man, Chi and Lai are read as these have them.
"""

_FAMILY: Final = frozenset(
    """
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang
    xie song tang han feng yu dong xiao cheng cao yuan deng fu shen zeng peng lu su jiang cai jia
    ding wei xue ye yan pan du dai xia zhong tian ren fan fang shi yao tan liao zou xiong jin hao
    kong bai cui kang mao qiu qin gu hou shao meng long wan duan qian yin chang chou chao hsu hsieh
    hsiao hsiung tsai tseng teng kuo tsao chiang chien chin chung chu kao ho tung xi hsi ni
    hua wen niu qi ge pang hong situ ouyang yeh yen hung jen tien tuan ku kuan kung pai tsui chia
    lai ceng
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
_AFTER_R: Final = frozenset({"en", "ih", "ui", "ung"})
"""Finals that make j the r of Wade-Giles; with others j is more often a Korean's, or pinyin's."""


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
    syllables = [_given_keys(word) for word in words]
    if family is not None:
        both = len(words) == len(("family", "given")) and all(map(is_chinese_family, words))
        for place in (-1, 0) if both else (family,):
            syllables[place] = _keys(_SOUTHERN.get(words[place], words[place]))
    most = len(("two", "family", "two", "given"))
    if family is None or not all(syllables) or sum(map(len, syllables)) > most:
        return None
    own = "".join(syllables.pop(family))
    given = "".join(key for found in syllables for key in found)
    return [given, own] if family else [own, given]


def is_chinese_family(word: str) -> bool:
    """Return whether a word is a common Chinese family name in one of its spellings.

    Args:
        word: A lower-case ASCII word.
    """
    return word in _FAMILY


def is_chinese_order(tokens: Sequence[str]) -> bool:
    """Return whether a name is written as "Mao Tse-tung" is: the given name has the hyphen.

    Args:
        tokens: The words of a name, lower-case ASCII, hyphens kept.
    """
    first, *others = tokens
    given = others[0].split("-") if len(others) == 1 else []
    one_each = all(len(_given_keys(part)) == 1 for part in given)
    return is_chinese_family(first) and len(given) > 1 and one_each


@lru_cache(maxsize=1 << 14)
def _given_keys(word: str) -> tuple[str, ...]:
    """Return the keys of the syllables of a given name; none where it is not made of syllables."""
    syllables = _syllables(_GIVEN_SOUTHERN.get(word, word)) or _syllables(_SOUTHERN.get(word, word))
    if len(syllables) > 1 and is_western(word):
        return ()  # Sara Lee is Sarah Lee
    return tuple(_key(_GIVEN_SOUTHERN.get(syllable, syllable)) for syllable in syllables)


@lru_cache(maxsize=1 << 14)
def _keys(word: str) -> tuple[str, ...]:
    """Return the keys of a word's syllables; none where it is not made of syllables."""
    return tuple(map(_key, _syllables(word)))


def _syllables(word: str) -> list[str]:
    """Return the syllables of a word of one or two; none where it is not made of syllables."""
    if _SYLLABLE.fullmatch(word):
        return [word]
    for cut in range(len(word) - 1, 0, -1):
        one, two = _SYLLABLE.fullmatch(word[:cut]), _SYLLABLE.fullmatch(word[cut:])
        # a second syllable without an initial is written with an apostrophe
        if one and two and two[1]:
            return [one[0], two[0]]
    return []


def _key(syllable: str) -> str:
    """Return the one spelling of a syllable."""
    parts = _SYLLABLE.fullmatch(syllable)
    if parts is None:
        return syllable
    initial, final = parts[1] or "", parts[2]
    if not initial and final == "i":  # Wade-Giles for yi
        initial = "y"
    if initial == "y" and final == "en":  # Wade-Giles for yan
        final = "an"
    if initial == "j" and final in _AFTER_R:
        return initial + _FINALS.get(final, final)
    if initial == "y" and final.startswith("u"):
        final = final.replace("ueh", "ue")
    return _INITIALS.get(initial, initial) + _FINALS.get(final, final)
