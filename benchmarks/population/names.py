"""The vocabulary of names: every name once, with how often it is drawn and how else it is written.

Frequent names come from the frequency lists of Faker (MIT; its providers name their census
sources) and from `name_tables`. A stated share of people bears a rare family name composed of
syllables, so that millions of people do not collapse on a thousand names.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from anyascii import anyascii

from benchmarks.population import name_tables as tables
from benchmarks.population.draws import Floats, Ints, pick
from benchmarks.population.spellings import arabic_spellings, chinese_spellings

CULTURES: Final = ("hispanic", "anglo", "chinese", "arabic", "south_asian", "brazilian")
MALE, FEMALE = 0, 1

Weights = dict[str, float]


@dataclass(frozen=True)
class Choices:
    """Names that can be drawn: their codes and weights."""

    codes: Ints
    weights: Floats

    def draw(self, rng: np.random.Generator, rows: int) -> Ints:
        """Return `rows` codes, drawn in proportion to the weights."""
        return self.codes[pick(rng, rows, self.weights)]


@dataclass(frozen=True)
class Variants:
    """Other ways to write each name: `count[name]` codes from `start[name]` on."""

    start: Ints
    count: Ints
    codes: Ints

    def pick(self, rng: np.random.Generator, names: Ints) -> Ints:
        """Return for each name one of its variants, or the name itself where it has none."""
        if not len(self.codes):
            return names
        count = self.count[names]
        place = self.start[names] + (rng.random(len(names)) * count).astype(np.int64)
        return np.where(count > 0, self.codes[np.minimum(place, len(self.codes) - 1)], names)


@dataclass(frozen=True)
class Vocabulary:
    """Every name by its code; code 0 is no name."""

    words: pl.Series
    plain: pl.Series  # the same without accents
    has_particle: np.ndarray[tuple[int], np.dtype[np.bool_]]
    given: tuple[tuple[Choices, Choices], ...]  # by culture, then sex
    family: tuple[Choices, ...]  # by culture
    nickname: Variants
    spelling: Variants


def build_vocabulary(rare_share: float) -> Vocabulary:
    """Return the vocabulary.

    Args:
        rare_share: Share of people whose family name is composed of syllables.
    """
    codes: dict[str, int] = {"": 0}
    given = tuple(
        (_choices(given_names(culture, MALE), codes), _choices(given_names(culture, FEMALE), codes))
        for culture in CULTURES
    )
    family = tuple(_choices(family_names(culture, rare_share), codes) for culture in CULTURES)
    nicknames = {name: nicks.split() for name, nicks in tables.NICKNAMES.items() if name in codes}
    spellings = _spellings(codes, given, family)
    # Variants are names themselves; they must have codes before the arrays are sized.
    for group in (nicknames, spellings):
        for variants in group.values():
            for variant in variants:
                codes.setdefault(variant, len(codes))
    words = pl.Series("word", [None, *list(codes)[1:]], dtype=pl.String)
    plain = words.str.normalize("NFD").str.replace_all(r"\p{M}", "")
    particle = words.str.contains(r"^(de|del|da|dos|Al|El|Abu|Bin)[ -]").fill_null(value=False)
    return Vocabulary(
        words=words,
        plain=plain,
        has_particle=particle.to_numpy(),
        given=given,
        family=family,
        nickname=_variants(nicknames, codes),
        spelling=_variants(spellings, codes),
    )


def given_names(culture: str, sex: int) -> Weights:
    """Return the given names of a culture and sex with their weights."""
    kind = "male" if sex == MALE else "female"
    if culture == "hispanic":
        known = tables.MEXICAN_GIVEN_MALE if sex == MALE else tables.MEXICAN_GIVEN_FEMALE
        return _ranked([*known, *_listed("es_MX", f"first_names_{kind}")])
    if culture == "anglo":
        return dict(_listed("en_US", f"first_names_{kind}"))
    if culture == "chinese":
        male, female = tables.CHINESE_SYLLABLES_MALE, tables.CHINESE_SYLLABLES_FEMALE
        return _chinese_given(male if sex == MALE else female)
    if culture == "arabic":
        return _ranked(tables.ARABIC_GIVEN_MALE if sex == MALE else tables.ARABIC_GIVEN_FEMALE)
    locale = "en_IN" if culture == "south_asian" else "pt_BR"
    return dict(_listed(locale, f"first_names_{kind}"))


def family_names(culture: str, rare_share: float) -> Weights:
    """Return the family names of a culture with weights that sum to 1."""
    if culture == "chinese":
        return _chinese_family()
    if culture == "hispanic":
        listed = _hispanic_family()
    elif culture == "anglo":
        listed = dict(_listed("en_US", "last_names"))
    elif culture == "arabic":
        listed = _ranked(tables.ARABIC_FAMILY)
    else:
        locale = "en_IN" if culture == "south_asian" else "pt_BR"
        listed = dict(_listed(locale, "last_names"))
    names = _scaled(listed, 1 - rare_share)
    for name, weight in _scaled(_composed(culture), rare_share).items():
        names[name] = names.get(name, 0.0) + weight
    return names


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


def _composed(culture: str) -> Weights:
    """Return every composition of the culture's syllables, most of them very rare."""
    starts, middles, ends = (text.split() for text in tables.SYLLABLES[culture])
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


def _scaled(names: Weights, total: float) -> Weights:
    factor = total / sum(names.values())
    return {name: weight * factor for name, weight in names.items()}


def _choices(names: Weights, codes: dict[str, int]) -> Choices:
    for name in names:
        codes.setdefault(name, len(codes))
    return Choices(
        codes=np.array([codes[name] for name in names], dtype=np.int64),
        weights=np.array(list(names.values()), dtype=np.float64),
    )


def _spellings(
    codes: dict[str, int], given: tuple[tuple[Choices, Choices], ...], family: tuple[Choices, ...]
) -> dict[str, list[str]]:
    names = list(codes)
    found: dict[str, list[str]] = {}
    for culture, spell in (("chinese", chinese_spellings), ("arabic", arabic_spellings)):
        place = CULTURES.index(culture)
        for choices in (*given[place], family[place]):
            for code in choices.codes.tolist():
                found.setdefault(names[code], spell(names[code]))
    return found


def _variants(groups: dict[str, list[str]], codes: dict[str, int]) -> Variants:
    count = np.zeros(len(codes), dtype=np.int64)
    flat: list[int] = []
    start = np.zeros(len(codes), dtype=np.int64)
    for name, variants in groups.items():
        start[codes[name]] = len(flat)
        count[codes[name]] = len(variants)
        flat.extend(codes[variant] for variant in variants)
    return Variants(start=start, count=count, codes=np.array(flat, dtype=np.int64))
