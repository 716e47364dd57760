"""How frequent each given and family name is, by culture.

Frequent names come from the frequency lists of Faker (MIT; its providers name their census
sources), from `name_tables` and `culture_tables`. Lists of Faker without weights get weights that
fall with the rank. A stated share of people bears a rare family name composed of syllables.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from anyascii import anyascii

from benchmarks.population import culture_tables as more
from benchmarks.population import name_tables as tables
from benchmarks.population.cultures import MALE

Weights = dict[str, float]


def given_names(culture: str, sex: int) -> Weights:
    """Return the given names of a culture and sex with their weights."""
    kind = "male" if sex == MALE else "female"
    key = f"first_names_{kind}"
    if culture == "anglo":
        return dict(_listed("en_US", key))
    if culture == "chinese":
        male, female = tables.CHINESE_SYLLABLES_MALE, tables.CHINESE_SYLLABLES_FEMALE
        return _chinese_given(male if sex == MALE else female)
    if culture in ("south_asian", "brazilian"):
        return dict(_listed("en_IN" if culture == "south_asian" else "pt_BR", key))
    known: dict[str, tuple[list[str], list[str]]] = {
        "hispanic": (tables.MEXICAN_GIVEN_MALE, tables.MEXICAN_GIVEN_FEMALE),
        "central_american": (more.CENTRAL_AMERICAN_GIVEN_MALE, more.CENTRAL_AMERICAN_GIVEN_FEMALE),
        "arabic": (tables.ARABIC_GIVEN_MALE, tables.ARABIC_GIVEN_FEMALE),
        "vietnamese": (more.VIETNAMESE_GIVEN_MALE, more.VIETNAMESE_GIVEN_FEMALE),
        "west_african": (more.WEST_AFRICAN_GIVEN_MALE, more.WEST_AFRICAN_GIVEN_FEMALE),
        "eastern_european": (more.EASTERN_EUROPEAN_GIVEN_MALE, more.EASTERN_EUROPEAN_GIVEN_FEMALE),
    }
    listed = [name for locale in _LOCALES[culture] for name in _latin(locale, key)]
    flatten = 20 if culture in ("vietnamese", "west_african", "eastern_european") else 4
    return _ranked([*known[culture][sex], *listed], flatten)


_LOCALES: Final[dict[str, tuple[str, ...]]] = {
    "hispanic": ("es_MX",),
    "central_american": ("es_MX",),
    "arabic": ("fr_DZ",),
    "vietnamese": ("vi_VN",),
    "west_african": ("tw_GH", "yo_NG", "ig_NG"),
    "eastern_european": ("ru_RU", "uk_UA", "ro_RO"),
}
"""Lists of Faker that complete the frequent names of a culture."""


def middle_names(culture: str, sex: int) -> Weights:
    """Return the second names of a culture and sex with their weights."""
    if culture == "vietnamese":
        return _ranked(more.VIETNAMESE_MIDDLE[sex], flatten=1)
    return given_names(culture, sex)


def family_names(culture: str, rare_share: float) -> Weights:
    """Return the family names of a culture with weights that sum to 1."""
    if culture == "chinese":
        return _chinese_family()
    if culture == "vietnamese":
        # Hardly anybody in Vietnam has a rare family name.
        rare_share /= 10
    names = _scaled(_frequent_family(culture), 1 - rare_share)
    for name, weight in _scaled(_composed(culture), rare_share).items():
        names[name] = names.get(name, 0.0) + weight
    return names


def feminine(name: str) -> str:
    """Return an Eastern European family name as a woman bears it: Ivanova, Kovalska."""
    if name.endswith(("ov", "ev", "in", "yn")):
        return name + "a"
    for ending in ("skiy", "sky", "skyi"):
        if name.endswith(ending):
            return name.removesuffix(ending) + "ska"
    return name


_FREQUENT: Final[dict[str, tuple[list[str], int, float]]] = {
    "central_american": (more.CENTRAL_AMERICAN_FAMILY, 6, 0.75),
    "arabic": (tables.ARABIC_FAMILY, 4, 0.8),
    "south_asian": (more.SOUTH_ASIAN_FREQUENT, 2, 0.5),
    "west_african": (more.WEST_AFRICAN_FAMILY, 4, 0.65),
    "eastern_european": (more.EASTERN_EUROPEAN_FAMILY, 8, 0.35),
}
"""Frequent family names, how flat their frequencies are, and which share bears one of them."""

_FAMILY_LISTS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "anglo": (("en_US", "last_names"),),
    "central_american": (("es_CO", "last_names"),),
    "arabic": (("fr_DZ", "last_names"),),
    "south_asian": (("en_IN", "last_names"),),
    "brazilian": (("pt_BR", "last_names"),),
    "west_african": (("tw_GH", "last_names"), ("yo_NG", "last_names")),
    "eastern_european": (("ru_RU", "last_names_male"), ("uk_UA", "last_names_male")),
}
"""Lists of Faker with the family names of a culture; where there are several, without weights."""


def _frequent_family(culture: str) -> Weights:
    if culture == "hispanic":
        return _hispanic_family()
    if culture == "vietnamese":
        return more.VIETNAMESE_FAMILY
    lists = _FAMILY_LISTS[culture]
    if culture in ("anglo", "central_american", "brazilian", "south_asian"):
        listed = dict(_listed(*lists[0]))
    else:
        listed = _ranked([name for each in lists for name in _latin(*each)], flatten=60)
    if culture not in _FREQUENT:
        return listed
    frequent, flatten, share = _FREQUENT[culture]
    words = [name.replace("_", " ") for name in frequent]
    return _mixed(_ranked(words, flatten), listed, share)


def _mixed(frequent: Weights, others: Weights, share: float) -> Weights:
    """Return both lists as one, of which the frequent names are the stated share."""
    names = _scaled(frequent, share)
    for name, weight in _scaled(others, 1 - share).items():
        names[name] = names.get(name, 0.0) + weight
    return names


def _latin(locale: str, attribute: str) -> list[str]:
    """Return a list of Faker's; what is not in Latin letters is transliterated."""
    names = [*_listed(locale, attribute)]
    if locale not in ("ru_RU", "uk_UA"):
        return names
    return [anyascii(name).replace("'", "") for name in names]


def _hispanic_family() -> Weights:
    total = tables.MEXICAN_FAMILY_NAME_TOTAL
    names = {name: count / total for name, count in tables.MEXICAN_FAMILY_NAMES.items()}
    weighted = {name: w for name, w in _listed("es_CO", "last_names").items() if name not in names}
    rest = [name for name in _listed("es_MX", "last_names") if name not in {*names, *weighted}]
    remaining = 1 - sum(names.values())
    # Names with a particle are many in Mexico and unweighted in the lists: kept in view on purpose.
    particles = [name for name in rest if " " in name]
    names |= _scaled(weighted, remaining * 0.62)
    names |= _scaled(_ranked(rest, flatten=60), remaining * 0.33)
    for name, weight in _scaled(_ranked(["de la Cruz", *particles]), remaining * 0.05).items():
        names[name] = names.get(name, 0.0) + weight
    return names


def _chinese_family() -> Weights:
    names: Weights = {}
    for characters, weight in _listed("zh_CN", "last_names").items():
        name = anyascii(characters).capitalize()
        names[name] = names.get(name, 0.0) + weight
    return _scaled(names, 1.0)


def _chinese_given(syllables: list[str]) -> Weights:
    weight = {syllable: 1 / (rank + 8) for rank, syllable in enumerate(syllables)}
    names = {(a + b).capitalize(): weight[a] * weight[b] for a in weight for b in weight}
    singles = _scaled({name.capitalize(): w for name, w in weight.items()}, 0.25)
    return _scaled(names, 0.75) | singles


_SYLLABLES_OF: Final = {"central_american": "hispanic"}


@functools.cache
def _composed(culture: str) -> Weights:
    """Return every composition of the culture's syllables, most of them very rare."""
    starts, middles, ends = (
        text.split() for text in tables.SYLLABLES[_SYLLABLES_OF.get(culture, culture)]
    )
    names = sorted({start + middle + end for start in starts for middle in middles for end in ends})
    order = np.random.default_rng(len(names)).permutation(len(names))
    return {names[place]: 1 / (rank + 400) ** 0.8 for rank, place in enumerate(order.tolist())}


def _listed(locale: str, attribute: str) -> Mapping[str, float]:
    """Return a list of Faker's, name to weight; 1 for each where it has no weights."""
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    names = getattr(provider, attribute)
    weights = names if isinstance(names, Mapping) else dict.fromkeys(names, 1.0)
    return {str(name): float(weight) for name, weight in weights.items()}


def _ranked(names: Iterable[str], flatten: int = 4) -> Weights:
    """Return weights that fall with the rank, as names do (Zipf)."""
    distinct = dict.fromkeys(names)
    return {name: 1 / (rank + flatten) for rank, name in enumerate(distinct)}


def _scaled(names: Mapping[str, float], total: float) -> Weights:
    factor = total / sum(names.values())
    return {name: weight * factor for name, weight in names.items()}
