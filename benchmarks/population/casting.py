"""Who appears how often, and in which source: drawn once for the whole population."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from benchmarks.population.draws import Ints, pick
from benchmarks.population.people import GROUP

RECORDS_EACH: Final = (48, 25, 11.5, 6.6, 3.8, 2.1, 1.3, 0.9, 0.7, 0.5, 0.3, 0.3)
"""Weights of one record, two records, ... twelve: 2.2 on average; an assumption."""


@dataclass(frozen=True)
class Casting:
    """How many records each entity has, and the source of each record, in entity order."""

    each: npt.NDArray[np.int8]
    source: npt.NDArray[np.int8]

    @property
    def entities(self) -> int:
        """How many entities there are."""
        return len(self.each)

    def part(self, number: int, parts: int) -> tuple[int, Ints, Ints]:
        """Return one of `parts` parts: its first entity, records of each entity, their sources."""
        step = -(-self.entities // (parts * GROUP)) * GROUP
        first = min(number * step, self.entities)
        each = self.each[first : first + step].astype(np.int64)
        start = int(self.each[:first].sum(dtype=np.int64))
        source = self.source[start : start + int(each.sum())].astype(np.int64)
        return first, each, source


def cast(rng: np.random.Generator, counts: dict[int, int]) -> Casting:
    """Return a casting of exactly so many records.

    Args:
        rng: Where chance comes from.
        counts: Records of each source, by its number.
    """
    total = sum(counts.values())
    each = 1 + pick(rng, total, RECORDS_EACH)
    running = np.cumsum(each)
    entities = int(np.searchsorted(running, total)) + 1 if total else 0
    each = each[:entities]
    if entities:
        each[-1] -= running[entities - 1] - total
    source = np.repeat(np.array(list(counts), dtype=np.int8), list(counts.values()))
    return Casting(each=each.astype(np.int8), source=rng.permutation(source))
