"""How many people one would expect to bear a whole name: whether the name alone says who it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.population.cultures import CULTURES, FEMALE, MALE
from benchmarks.population.draws import Bools, Floats
from benchmarks.population.names import Choices, Vocabulary
from benchmarks.population.people import Columns
from benchmarks.population.rates import Rates

TELLING: Final = 0.05
"""A name is telling if fewer others than this are expected to bear it."""


@dataclass(frozen=True)
class NameRarity:
    """Shares of names, by culture and name code, and how many people of each culture there are."""

    given: tuple[Floats, ...]
    family: tuple[Floats, ...]
    people: Floats

    def telling(self, table: Columns, second: Bools) -> Bools:
        """Return the rows whose name is telling.

        Args:
            table: Columns culture, given, family_1, family_2.
            second: Rows whose second family name is shown.
        """
        culture = table["culture"]
        expected = self.people[culture]
        for code in range(len(CULTURES)):
            rows = np.flatnonzero(culture == code)
            share = self.given[code][table["given"][rows]]
            share *= self.family[code][table["family_1"][rows]]
            other = self.family[code][table["family_2"][rows]]
            expected[rows] *= share * np.where(second[rows], other, 1.0)
        found: Bools = expected < TELLING
        return found


def name_rarity(vocabulary: Vocabulary, rates: Rates, people: int) -> NameRarity:
    """Return the rarity of names in a population of so many people."""
    size = len(vocabulary.words)
    shares = np.array(rates.cultures) / sum(rates.cultures)
    women = (1 - rates.female, rates.female)
    given = tuple(
        sum(_shares(choices[sex], size) * women[sex] for sex in (MALE, FEMALE))
        for choices in vocabulary.given
    )
    families = [_shares(choices, size) for choices in vocabulary.family]
    for family in families:
        # As women bear it, a name is as frequent as the form it comes from.
        family[vocabulary.feminine] = np.maximum(family[vocabulary.feminine], family)
    return NameRarity(
        given=tuple(np.asarray(values) for values in given),
        family=tuple(families),
        people=shares * people,
    )


def _shares(choices: Choices, size: int) -> Floats:
    shares = np.zeros(size)
    shares[choices.codes] = choices.weights / choices.weights.sum()
    return shares
