"""Words of organizations' names that are written in several ways, and the one they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_ABBREVIATED: Final = {
    full: tuple(written.split())
    for full, written in {
        "agency": "agcy",
        "american": "amer",
        "associates": "assocs",
        "association": "assn assoc",
        "bank": "bk bnk",
        "brothers": "bros",
        "building": "bldg",
        "center": "centre ctr cntr",
        "chemical": "chem",
        "communications": "comms",
        "commission": "commn",
        "committee": "cttee",
        "construction": "constr",
        "consulting": "conslt",
        "cooperative": "coop",
        "department": "dept",
        "development": "dvlpmt devt",
        "distribution": "distrib",
        "distributors": "distribs",
        "division": "div",
        "engineering": "engg engrg",
        "enterprise": "ent entp",
        "enterprises": "ents",
        "equipment": "equip eqpt",
        "foundation": "fdn fndn",
        "general": "genl",
        "government": "govt",
        "group": "grp",
        "hermanos": "hnos",
        "grupo": "gpo",
        "holding": "hldg",
        "holdings": "hldgs",
        "hospital": "hosp",
        "industrial": "indl",
        "industries": "inds indus",
        "institute": "inst",
        "insurance": "insur",
        "international": "intl intnl internatl",
        "investment": "invmt",
        "labor": "labour",
        "logistics": "logis",
        "management": "mgmt mgt mngmt",
        "manufacturing": "mfg manuf",
        "maritime": "marit",
        "market": "mkt",
        "marketing": "mktg",
        "nacional": "nal",
        "national": "natl",
        "organization": "organisation orgn",
        "petroleum": "petrol",
        "production": "prodn",
        "products": "prods",
        "program": "programme",
        "railway": "rly rwy",
        "research": "resrch",
        "restaurant": "restaurante",
        "services": "svcs servs",
        "service": "svc serv",
        "shipping": "shpg shipg",
        "systems": "sys",
        "technologies": "techs",
        "theater": "theatre",
        "trading": "trdg tdg",
        "transport": "transp",
        "trucking": "trkg trk",
        "university": "univ",
        "wholesale": "whsle",
    }.items()
}
"""Words and how they are shortened, or spelt on the other side of an ocean."""

_COGNATES: Final = {
    full: tuple(written.split())
    for full, written in {
        "agricultural": "agricola agropecuaria",
        "airline": "aerolinea aerolineas airlines",
        "association": "asociacion",
        "bank": "banco banque banka",
        "brother": "hermano hermanos brothers",
        "center": "centro",
        "commercial": "comercial",
        "company": "compania companhia compagnie",
        "construction": "construccion construcciones constructions",
        "corporation": "corporacion corp",
        "distributor": "distribuidora distribuidor distributors distribution",
        "enterprise": "empresa empresas enterprises",
        "export": "exports exportacion exportaciones",
        "foundation": "fundacion fondation stichting",
        "group": "grupo groupe gruppe groups",
        "holding": "holdings",
        "import": "imports importacion importaciones",
        "industry": "industria industrias industries",
        "international": "internacional internationale",
        "investment": "inversion inversiones investments",
        "market": "mercado markets",
        "national": "nacional nationale",
        "organization": "organizacion organizations",
        "product": "producto productos products",
        "service": "servicio servicios services",
        "society": "sociedad societe",
        "solution": "solucion soluciones solutions",
        "system": "sistema sistemas systems",
        "technology": "tecnologia tecnologias technologies",
        "transport": "transporte transportes transports transportation",
        "travel": "viaje viajes travels",
        "university": "universidad universite universitat",
    }.items()
}
"""Words of every trade, and the same word in the plural or in Spanish; only to compare words."""

_UNITS: Final = "one two three four five six seven eight nine".split()
_TEENS: Final = (
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
)
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS: Final = {
    **dict(zip("1st 2nd 3rd".split(), "first second third".split(), strict=True)),
    **dict(
        zip(
            "4th 5th 6th 7th 8th 9th 10th".split(),
            "fourth fifth sixth seventh eighth ninth tenth".split(),
            strict=True,
        )
    ),
}

_FULL: Final = {
    short: full for full, written in _ABBREVIATED.items() for short in written
} | _ORDINALS
_COMPARED: Final = {other: full for full, written in _COGNATES.items() for other in written}
_NUMBERS: Final = {word: number for number, word in enumerate([*_UNITS, *_TEENS], start=1)} | {
    word: 10 * number for number, word in enumerate(_TENS, start=2)
}
_ARTICLES: Final = frozenset({"al", "ul", "ud", "ur", "ut"})
"""The Arabic article, as it is written before several letters."""


def spelled_out(words: Sequence[str]) -> list[str]:
    """Return the words of a name with abbreviations, ordinals and numbers in one spelling.

    "natl" is "national", "1st" is "first", and "forty four" is "44".

    Args:
        words: Lower-case ASCII words in their order.
    """
    found: list[str] = []
    tens = 0
    for word in words:
        number = _NUMBERS.get(word, 0)
        unit = number or (int(word) if len(word) == 1 and word.isdigit() else 0)
        if tens and 0 < unit <= len(_UNITS):
            found[-1] = str(tens + unit)
            tens = 0
            continue
        tens = number if number > len([*_UNITS, *_TEENS]) else 0
        found.append(str(number) if number else _FULL.get(word, word))
    return found


def compared_words(words: Sequence[str]) -> list[str]:
    """Return the words of a name as they are compared, one by one and in no order.

    Words of every trade are in the singular and in English, and the Arabic article is written
    together with its noun, as it often is: "jamaat ud dawah" has "jamaat" and "aldawah".

    Args:
        words: Words as `spelled_out` gives them.
    """
    found: list[str] = []
    article = False
    for word in words:
        if word in _ARTICLES:
            article = True
            continue
        found.append(f"al{word}" if article else _COMPARED.get(word, word))
        article = False
    return found or list(words)
