"""Names in Hebrew letters, in the Latin letters that their bearers use; see `arabic`.

Tables name letters by signs of ASCII: A is alef, H het, T tet, E ayn, c tsadi, q qof, $ shin. A
letter has one sign wherever in a word it stands.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from linker.standardise.scripts.abjad import Sound, voiced
from linker.standardise.tables import groups

HEBREW: Final = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u05d0-\u05ea\u05f0-\u05f2\ufb1d-\ufb4f]+"
)
"""A word in Hebrew letters, and its vowel signs."""

_SIGNS: Final = {
    **dict(zip(range(0x5D0, 0x5EB), "AbgdhwzHTykklmmnnsEppccqr$t", strict=True)),
    **dict(zip(range(0x5F0, 0x5F3), ("ww", "wy", "yy"), strict=True)),
}

_NAMES: Final = groups(
    """
    moshe: m$h; david: dwd dwyd; shlomo: $lmh; yosef: ywsf ywsp; benjamin: bnymyn; shimon:
    $mEwn; reuven: rAwbn; levi: lwy; yehuda: yhwdh; daniel: dnyAl; michael: mykAl; gabriel:
    gbryAl; rafael: rpAl; uri: Awry; eli: Aly; eliyahu: Alyhw; samuel: $mwAl; nathan: ntn;
    yonatan: ywntn yhwntn; amnon: Amnwn; ariel: AryAl; arie: Aryh; avi: Aby; haim: Hyym;
    yitzhak: ycHq; yaakov: yEqb; avraham: Abrhm; yisrael: y$rAl; menachem: mnHm; meir: mAyr;
    shaul: $Awl; yoav: ywAb; omer: Ewmr; oren: Awrn; itai: Ayty; ido: Eydw; noam: nwEm; tomer:
    twmr; eyal: Ayyl; boaz: bwEz; ehud: Ahwd; ofer: Ewpr; ron: rwn; yair: yAyr; sarah: $rh;
    rivka: rbqh; rachel: rHl; leah: lAh; miriam: mrym; esther: Astr; ruth: rwt; hannah: Hnh;
    deborah: dbwrh; noa: nwEh; tamar: tmr; michal: mykl; yael: yEl; shira: $yrh; tzipora:
    cypwrh; golda: gwldh; orly: Awrly; dina: dynh; cohen: khn kwhn; mizrahi: mzrHy; peretz: prc;
    biton: bytwn; dahan: dhn; avrahami: Abrhmy; friedman: prydmn; malka: mlkh; azulay: Azwlay
    Azwlay; katz: kc; goldberg: gwldbrg; rosenberg: rwznbrg; weiss: wyys; klein: qlyyn; shapira:
    $pyrA $pyrh; ben: bn; bar: br; bat: bt; rabin: rbyn; peres: prs; sharon: $rwn; barak: brq;
    begin: bgyn; dayan: dyyn
    """
)
"""Names whose vowels their letters do not tell, the last one of two, and how they are written.

General usage; not complete.
"""

_CONSONANTS: Final = {
    **{letter: letter for letter in "bgdhzklmnpqrst"},
    **dict(zip("HTEc$", ("h", "t", "", "tz", "sh"), strict=True)),
}
_LATER: Final = {"b": "v", "p": "f"}
"""Letters that sound otherwise after a vowel."""
_ALEF: Final = Sound("a", vowel=True)
_VOWELS: Final = {"A": "a", "w": "o", "y": "i"}
_INITIAL: Final = {"w": "v", "y": "y"}


def hebrew_in_latin(text: str) -> str:
    """Return a text with Hebrew words in Latin letters, and all else as it was.

    Args:
        text: Any text.
    """
    return HEBREW.sub(lambda word: _latin(word[0]), text)


@lru_cache(maxsize=1 << 14)
def _latin(word: str) -> str:
    signs = "".join(_SIGNS.get(ord(letter), "") for letter in unicodedata.normalize("NFKD", word))
    return _NAMES.get(signs) or (voiced(_sounds(signs)) if signs else "")


def _sounds(signs: str) -> list[Sound]:
    found: list[Sound] = []
    for at, sign in enumerate(signs.replace("ww", "w").replace("yy", "y")):
        vowel_before = bool(found) and found[-1].vowel
        if sign == "h" and at == len(signs) - 1:
            found.append(Sound("a", vowel=True))
        elif sign in _INITIAL and found == [_ALEF]:
            found = [Sound(_VOWELS[sign], vowel=True)]  # Or, Itai
        elif sign in _INITIAL and (at == 0 or vowel_before):
            found.append(Sound(_INITIAL[sign]))
        elif sign in _VOWELS:
            found.append(Sound(_VOWELS[sign], vowel=True))
        else:
            found.append(Sound(_LATER.get(sign, sign) if vowel_before else _CONSONANTS[sign]))
    return found
