"""Words of organizations' names that are written in several ways, and the one they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from linker.standardise.name_keys import word_key

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
        "agricultural": "agricola agropecuaria agriculture agro",
        "airline": "aerolinea aerolineas airlines airways",
        "army": "ejercito armee jaysh jaish",
        "authority": "autoridad authorities",
        "bank": "banco banque banka banking",
        "brigade": "brigada brigades brigadas liwa katibat",
        "brother": "hermano hermanos brothers",
        "building": "edificio edificios",
        "cement": "cementos ciment",
        "center": "centro markaz zentrum",
        "charity": (
            "charitable charities welfare humanitarian relief benevolent benevolence caritativa"
            " beneficencia khayriyya khayriya khairiya khairia aid"
        ),
        "commercial": "comercial commerciale comercializadora commerce comercio",
        "company": "compania companhia compagnie sherkat sharikat sharka sharkat companies",
        "construction": "construccion construcciones constructions constructora building",
        "corporation": "corporacion corp",
        "development": "desarrollo developpement toseh",
        "distributor": "distribuidora distribuidor distributors distribution",
        "electronic": "electronics electronica electronicas",
        "energy": "energia energie",
        "engineering": "ingenieria",
        "enterprise": "empresa empresas enterprises entreprise",
        "export": "exports exportacion exportaciones exporting exportadora",
        "factory": "fabrica fabrik factories",
        "federation": "federacion",
        "food": "alimentos foods",
        "front": "frente jabhat jabha",
        "general": "generale",
        "group": "grupo groupe gruppe groups",
        "heritage": "turath",
        "holding": "holdings",
        "import": "imports importacion importaciones importing importadora",
        "industry": "industria industrias industries industrial industriales",
        "insurance": "seguros assurance",
        "international": "internacional internationale",
        "investment": "inversion inversiones investments investing",
        "jihad": "jehad",
        "laboratory": "laboratorio laboratorios laboratories labs",
        "liberation": "liberacion tahrir",
        "maritime": "maritima maritimo marine naviera",
        "market": "mercado markets",
        "metal": "metals metales",
        "mine": "mining minera mines mineria",
        "ministry": "ministerio ministere",
        "movement": "movimiento mouvement harakat haraka movements",
        "national": "nacional nationale",
        "office": "oficina bureau offices",
        "oil": "petroleum petroleo petroleos naft",
        "party": "partido parti hizb",
        "people": "pueblo popular peoples",
        "petrochemical": "petroquimica petrochemicals",
        "pharmacy": "farmacia pharmaceutical pharmaceuticals farmaceutica drogueria",
        "product": "producto productos products production",
        "property": "properties inmobiliaria realty",
        "republic": "republica republique",
        "resistance": "resistencia muqawama moqavemat",
        "revival": "restoration ihya",
        "revolution": "revolucion revolutionary revolucionario revolucionaria",
        "school": "escuela ecole madrasa schools",
        "service": "servicio servicios services",
        "ship": "ships shipping",
        "society": (
            "sociedad societe foundation fundacion fondation stichting association asociacion"
            " organization organizacion organizations associations foundations institution"
            " institute instituto committee comite council consejo jamiat jamiyat jamiyya jamaat"
            " jamaah jemaah"
        ),
        "solution": "solucion soluciones solutions",
        "state": "estado etat states dawla",
        "store": "tienda tiendas stores almacenes",
        "system": "sistema sistemas systems",
        "technology": "tecnologia tecnologias technologies technical",
        "textile": "textiles",
        "trade": "trading traders trader comercializacion",
        "transport": "transporte transportes transports transportation",
        "travel": "viaje viajes travels",
        "union": "sindicato ittihad",
        "university": "universidad universite universitat",
    }.items()
}
"""Words of every trade, and words that stand for them in plurals and other languages.

Only to compare words: what an organization calls itself, a foundation, a society or an association,
and what a charity calls its work, changes from one translation to the next.
"""

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
_COMPARED: Final = {
    other: full for full, written in _COGNATES.items() for other in (full, *written)
}
_ROMAN: Final = "ii iii iv v vi vii viii ix".split()
_NUMBERS: Final = (
    {word: number for number, word in enumerate([*_UNITS, *_TEENS], start=1)}
    | {word: 10 * number for number, word in enumerate(_TENS, start=2)}
    | {"fourty": 40}
)
_ROMANS: Final = {word: str(number) for number, word in enumerate(_ROMAN, start=2) if len(word) > 1}
"""Roman numbers but for single letters, which are as often initials."""
_COUNTRIES: Final = {
    ("united", "states", "of", "america"): "usa",
    ("united", "states"): "usa",
    ("united", "kingdom"): "uk",
    ("united", "arab", "emirates"): "uae",
    ("us",): "usa",
}
"""Countries that are as often written by their initials."""
_ARTICLES: Final = frozenset({"al", "ul", "ud", "ur", "ut"})
"""The Arabic article, as it is written before several letters."""


def spelled_out(words: Sequence[str]) -> list[str]:
    """Return the words of a name with abbreviations, ordinals and numbers in one spelling.

    "natl" is "national", "1st" is "first", "forty four" is "44" and "ii" is "2"; countries that
    are often written by their initials are.

    Args:
        words: Lower-case ASCII words in their order.
    """
    found: list[str] = []
    tens = 0
    for word in _by_initials(words):
        number = _NUMBERS.get(word, 0)
        unit = number or (int(word) if len(word) == 1 and word.isdigit() else 0)
        if tens and 0 < unit <= len(_UNITS):
            found[-1] = str(tens + unit)
            tens = 0
            continue
        tens = number if number > len([*_UNITS, *_TEENS]) else 0
        found.append(str(number) if number else _ROMANS.get(word) or _FULL.get(word, word))
    return found


def _by_initials(words: Sequence[str]) -> list[str]:
    if "united" not in words and "us" not in words:
        return list(words)
    found: list[str] = []
    at = 0
    while at < len(words):
        for country, initials in _COUNTRIES.items():
            if tuple(words[at : at + len(country)]) == country:
                found.append(initials)
                at += len(country)
                break
        else:
            found.append(words[at])
            at += 1
    return found


def is_trade_word(word: str) -> bool:
    """Return whether a word is one of every trade, in one of its spellings, or a number.

    Args:
        word: A lower-case ASCII word.
    """
    return word in _FULL or word in _ABBREVIATED or word in _COMPARED or word in _NUMBERS


def compared_words(words: Sequence[str]) -> list[str]:
    """Return the words of a name as they are compared, one by one and in no order.

    Words of every trade are in the singular and in English, and the Arabic article is written
    together with its noun, as it often is: "tawhid wal jihad ud dawah" has "aldawah". Other words
    are in the one spelling of those in which they reach Latin letters; see `name_keys.word_key`.

    Args:
        words: Words as `spelled_out` gives them.
    """
    found: list[str] = []
    article = False
    for word in words:
        if word in _ARTICLES:
            article = True
            continue
        found.append(word_key(f"al{word}") if article else compared_word(word))
        article = False
    return found or list(words)


@lru_cache(maxsize=1 << 16)
def compared_word(word: str) -> str:
    """Return a word as it is compared.

    Args:
        word: A lower-case ASCII word.
    """
    return _COMPARED.get(word) or (word_key(word) if word.isalpha() else word)
