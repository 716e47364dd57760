"""What people decided, by the numbers of mentions, and which decisions came or went since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from linker.entities.decisions import DECIDED, UNDECIDED, Decided, decide
from linker.schemas import RECORD, EntityType
from linker.scoring.features.pack import Int64s
from linker.store.record_keys import numbers_of
from linker.store.warehouse import Warehouse

ENDS = ("mention_l", "mention_r")


@dataclass(frozen=True)
class Decisions:
    """The clerical decisions of a store as a run sees them.

    Attributes:
        every: All that were ever recorded, schema `DECISIONS`.
        standing: Those in force, one a pair of records.
        before: The numbers of those that were in force in the published generation.
    """

    every: pl.DataFrame
    standing: pl.DataFrame
    before: frozenset[int]

    @property
    def numbers(self) -> list[int]:
        """The numbers of those in force."""
        return sorted(self.standing["decision_id"].to_list())

    @property
    def changed(self) -> pl.DataFrame:
        """Those that came into force or went out of it since."""
        changed = self.before.symmetric_difference(self.numbers)
        return self.every.filter(pl.col("decision_id").is_in(list(changed)))

    def by_number(self, held: Warehouse) -> Decided:
        """Return what the decisions in force say of the living mentions of an entity type."""
        records, numbers = _records(self.standing, held)
        found = decide(self.standing, held.entity_type, records)
        if found is UNDECIDED:
            return UNDECIDED
        return Decided(
            placed(found.together, numbers),
            placed(found.apart, numbers),
            tuple(
                replace(
                    conflict,
                    mention_l=int(numbers[conflict.mention_l]),
                    mention_r=int(numbers[conflict.mention_r]),
                )
                for conflict in found.conflicts
            ),
            found.waiting,
        )

    def altered(self, before: Warehouse, after: Warehouse) -> pl.DataFrame:
        """Return the pairs of living mentions of which decisions say something else than before.

        Which match is not followed depends on all those that join its records one by one. So one
        may be altered though neither it nor its own records changed.

        Args:
            before: What the published generation holds of an entity type.
            after: What the one being built holds of it.

        Returns:
            ``mention_l`` and ``mention_r``.
        """
        stood = self.every.filter(pl.col("decision_id").is_in(list(self.before)))
        then = _said(replace(self, standing=stood).by_number(before))
        ends = {(min(said[1:3]), max(said[1:3])) for said in then ^ _said(self.by_number(after))}
        living = sorted(pair for pair in ends if not after.dead[list(pair)].any())
        return pl.DataFrame(living, schema=dict.fromkeys(ENDS, pl.Int64()), orient="row")


def _said(decided: Decided) -> set[tuple[str, int, int, int | str]]:
    """Return what decisions say, a row each: how, of which two mentions, by which or why."""
    columns = [*ENDS, "decision"]
    return {
        *(("match", *row) for row in decided.together.select(columns).rows()),
        *(("non_match", *row) for row in decided.apart.select(columns).rows()),
        *(("conflict", one.mention_l, one.mention_r, one.text) for one in decided.conflicts),
    }


def within(decided: Decided, place: Int64s) -> Decided:
    """Return what decisions say of the mentions of a world.

    Args:
        decided: By number.
        place: By number the place in the world, -1 outside.
    """
    if decided is UNDECIDED:
        return UNDECIDED
    conflicts = (
        replace(
            conflict,
            mention_l=int(place[conflict.mention_l]),
            mention_r=int(place[conflict.mention_r]),
        )
        for conflict in decided.conflicts
        if place[conflict.mention_l] >= 0 and place[conflict.mention_r] >= 0
    )
    return Decided(placed(decided.together, place), placed(decided.apart, place), tuple(conflicts))


def placed(pairs: pl.DataFrame, place: Int64s) -> pl.DataFrame:
    """Return `DECIDED` with other numbers for its mentions; pairs without both are left out."""
    left, right = (place[pairs[name].to_numpy()] for name in ENDS)
    moved = pairs.with_columns(
        mention_l=pl.Series(np.minimum(left, right), dtype=pl.Int64),
        mention_r=pl.Series(np.maximum(left, right), dtype=pl.Int64),
    )
    return moved.filter(pl.col("mention_l") >= 0).select(list(DECIDED)).sort(list(ENDS))


def ends_of(pairs: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return the two mentions of each of some pairs."""
    return pl.concat(frame.select(ENDS) for frame in pairs)


def _records(decisions: pl.DataFrame, held: Warehouse) -> tuple[pl.DataFrame, Int64s]:
    """Return the records of some decisions that have a living mention, sorted, and its number."""
    entity: EntityType = held.entity_type
    mine = decisions.filter(pl.col("entity_type") == entity)
    named = pl.concat(
        mine.select(source=f"source_{side}", record_id=f"record_id_{side}") for side in ("l", "r")
    )
    records = named.unique().sort(list(RECORD))
    numbers = numbers_of(held, records)
    known = numbers >= 0
    return records.filter(pl.Series(known, dtype=pl.Boolean)), numbers[known]
