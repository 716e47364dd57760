"""Which records can be found at all: whether what they hold joins them to their entity's others.

Two records of one entity share evidence where both show the same number of its own, or the same
name with something else that says who: a birth date or year, a telephone, a plate, an address; or a
name so rare that hardly anybody else bears it (`name_rarity`). Who gives a false name shares the
name with nobody who knows the true one. Groups of records joined by shared evidence, directly or
through others, can be found; between two groups of one entity there is nothing to go by, for a
program or for a person, and those pairs are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.population.draws import Bools, Ints

KINDS_OF_VALUE = 32
"""More values of one kind of evidence than any entity has."""


@dataclass
class Evidence:
    """What each record shows of its entity; kinds are matched apart from one another.

    A value is a small number from 1 that means the same in all records of an entity, such as which
    of a person's two telephones; 0 where the record shows none.
    """

    entity: Ints  # of each record
    kinds: dict[str, list[Ints]] = field(default_factory=dict)

    def add(self, kind: str, values: Ints | Bools) -> None:
        """Add values of a kind; a record may show several, in as many arrays."""
        self.kinds.setdefault(kind, []).append(values.astype(np.int64))

    def beyond(self, kind: str) -> Bools:
        """Return the records that show anything of another kind."""
        found = np.zeros(len(self.entity), dtype=np.bool_)
        for other, arrays in self.kinds.items():
            for values in arrays if other != kind else []:
                found |= values > 0
        return found


@dataclass(frozen=True)
class Findable:
    """What came of it.

    Attributes:
        found: Records in their entity's largest group; the first of several as large.
        pairs: Pairs of records of one entity.
        apart: Those of them between two groups.
    """

    found: Bools
    pairs: int
    apart: int


def findable(evidence: Evidence) -> Findable:
    """Return which records are joined to the most of their entity's, and how many pairs are not."""
    entity = evidence.entity
    rows = len(entity)
    group = _groups(evidence)
    size = np.bincount(group, minlength=rows)
    # The largest group of an entity, of several the one that begins first.
    worth = size[group] * rows - group
    best = np.zeros(int(entity.max(initial=-1)) + 1, dtype=np.int64)
    np.maximum.at(best, entity, worth)
    pairs, together = _pairs(np.bincount(entity)), _pairs(size)
    return Findable(found=worth == best[entity], pairs=pairs, apart=pairs - together)


def _groups(evidence: Evidence) -> Ints:
    """Return for each record the least row number of its group."""
    rows = len(evidence.entity)
    kinds = [
        [_places(evidence.entity, values) for values in arrays]
        for arrays in evidence.kinds.values()
    ]
    group = np.arange(rows)
    while True:
        before = group.copy()
        for arrays in kinds:
            _join(group, arrays)
        if np.array_equal(before, group):
            return group


Places = tuple[Ints, Ints]
"""Rows that show a value, and the value's number among all values of all entities."""


def _places(entity: Ints, values: Ints) -> Places:
    shown = np.flatnonzero(values > 0)
    return shown, entity[shown] * KINDS_OF_VALUE + values[shown]


def _join(group: Ints, arrays: Sequence[Places]) -> None:
    """Give all records that show the same value the least group of any of them, in place."""
    top = max((int(places.max(initial=-1)) for _, places in arrays), default=-1)
    least = np.full(top + 1, len(group), dtype=np.int64)
    for shown, places in arrays:
        np.minimum.at(least, places, group[shown])
    for shown, places in arrays:
        group[shown] = np.minimum(group[shown], least[places])


def _pairs(sizes: Ints) -> int:
    return int((sizes * (sizes - 1) // 2).sum())
