"""Which errors were applied to which records, and how often they could have been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
import pyarrow as pa

from benchmarks.population.draws import Bools, Ints, chance, pick
from benchmarks.population.rates import Rates


@dataclass
class Marks:
    """Draws errors at their rates over the rows of one chunk and remembers them."""

    rng: np.random.Generator
    rates: Rates
    rows: int
    applied: dict[str, list[Bools]] = field(default_factory=dict)
    drawn: dict[str, int] = field(default_factory=dict)
    eligible: dict[str, int] = field(default_factory=dict)

    def draw(self, kind: str, eligible: Bools, rate: float | None = None) -> Bools:
        """Return the eligible rows that get an error of this kind, and mark them.

        Args:
            kind: Name of the error kind; its rate bears the same name unless given.
            eligible: Rows that can show it.
            rate: The rate, where it has another name.
        """
        share = float(getattr(self.rates, kind)) if rate is None else rate
        drawn: Bools = eligible & chance(self.rng, self.rows, share)
        self._count(kind, drawn, eligible)
        return drawn

    def one_of(self, kinds: Sequence[str], eligible: Bools) -> Ints:
        """Return for each row the number of the one kind it gets, from 1; 0 for none."""
        shares = [float(getattr(self.rates, kind)) for kind in kinds]
        none = max(0.0, 1 - sum(shares))
        drawn = pick(self.rng, self.rows, [none, *shares]) * eligible
        for number, kind in enumerate(kinds, 1):
            self._count(kind, drawn == number, eligible)
        return drawn

    def mark(self, kind: str, rows: Bools) -> None:
        """Mark rows that show this kind for another reason than a draw."""
        self.applied.setdefault(kind, []).append(rows)

    def shows(self, kind: str) -> Bools:
        """Return the rows that were marked with a kind so far."""
        marked: Bools = np.logical_or.reduce(
            [np.zeros(self.rows, dtype=np.bool_), *self.applied.get(kind, [])]
        )
        return marked

    def kinds(self) -> pl.Series:
        """Return the list of kinds of each row, in the order they were applied."""
        names = list(self.applied)
        places = [np.flatnonzero(np.logical_or.reduce(self.applied[name])) for name in names]
        codes = np.repeat(np.arange(len(names)), [len(place) for place in places])
        rows = np.concatenate(places) if places else np.zeros(0, dtype=np.int64)
        order = np.argsort(rows, kind="stable")
        values = pl.Series(names, dtype=pl.String).gather(codes[order])
        offsets = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=self.rows))])
        lists = pa.LargeListArray.from_arrays(pa.array(offsets), pa.array(values.to_list()))
        return pl.Series("kinds", lists.cast(pa.large_list(pa.large_string())))

    def tally(self) -> dict[str, tuple[int, int]]:
        """Return for each kind how many rows were drawn for it, of how many eligible ones."""
        return {kind: (self.drawn[kind], eligible) for kind, eligible in self.eligible.items()}

    def _count(self, kind: str, drawn: Bools, eligible: Bools) -> None:
        self.drawn[kind] = self.drawn.get(kind, 0) + int(drawn.sum())
        self.eligible[kind] = self.eligible.get(kind, 0) + int(eligible.sum())
        self.mark(kind, drawn)
