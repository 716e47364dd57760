"""The vocabulary of names: every name once, with how often it is drawn and how else it is written.

How often a name is drawn is the matter of `name_frequencies`; a stated share of people bears a rare
family name composed of syllables, so that millions of people do not collapse on a thousand names.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from anyascii import anyascii

from benchmarks.population import name_tables as tables
from benchmarks.population.cultures import CULTURES, FEMALE, MALE
from benchmarks.population.draws import Floats, Ints, pick
from benchmarks.population.name_frequencies import (
    Weights,
    family_names,
    feminine,
    given_names,
    middle_names,
)
from benchmarks.population.spellings import SPELLINGS


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
    middle: tuple[tuple[Choices, Choices], ...]  # by culture, then sex
    family: tuple[Choices, ...]  # by culture
    feminine: Ints  # of each family name: how a woman bears it
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
    middle = tuple(
        (
            _choices(middle_names(culture, MALE), codes),
            _choices(middle_names(culture, FEMALE), codes),
        )
        for culture in CULTURES
    )
    family = tuple(_choices(family_names(culture, rare_share), codes) for culture in CULTURES)
    inflected = CULTURES.index("eastern_european")
    words_of = {code: word for word, code in codes.items()}
    bearing = {
        code: codes.setdefault(feminine(words_of[code]), len(codes))
        for code in family[inflected].codes.tolist()
    }
    nicknames = {name: nicks.split() for name, nicks in tables.NICKNAMES.items() if name in codes}
    spellings = _spellings(codes, given, family)
    # Variants are names themselves; they must have codes before the arrays are sized.
    for group in (nicknames, spellings):
        for variants in group.values():
            for variant in variants:
                codes.setdefault(variant, len(codes))
    words = pl.Series("word", [None, *list(codes)[1:]], dtype=pl.String)
    plain = words.str.normalize("NFD").str.replace_all(r"\p{M}", "")
    plain = pl.Series(
        [word if word is None or word.isascii() else anyascii(word) for word in plain]
    )
    women = np.arange(len(codes))
    women[list(bearing)] = list(bearing.values())
    particle = words.str.contains(r"^(de|del|da|dos|Al|El|Abu|Bin)[ -]").fill_null(value=False)
    return Vocabulary(
        words=words,
        plain=plain,
        has_particle=particle.to_numpy(),
        given=given,
        middle=middle,
        family=family,
        feminine=women,
        nickname=_variants(nicknames, codes),
        spelling=_variants(spellings, codes),
    )


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
    for culture, spell in SPELLINGS.items():
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
