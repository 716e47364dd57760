"""What of the published generation a lookup may show: sensitivity belongs to the whole case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from linker.deconfliction.classify import SENSITIVITIES
from linker.deconfliction.index_keys import keys_of
from linker.entity_ids import mint, serial_of
from linker.schemas import MENTIONS
from linker.scoring.features.pack import Int64s
from linker.store.generation import Generation
from linker.store.segment import ONLY_WHOLE, UInt64s
from linker.store.warehouse import Warehouse

_CASE: Final = ("agency", "case_id")
_POINTER: Final = ("class", "agency", "unit", "contact_name", "contact_phone", "contact_email")
"""What is shown of a case that is pointer-only."""


@dataclass(frozen=True)
class OpenMentions:
    """The mentions of one entity type that a lookup may show: those of no silent case.

    Attributes:
        generation: Where they come from.
        held: What it holds of the entity type.
        serials: By number the serial number of the mention's entity, -1 where it has none: of the
            generation, or of an earlier time.
    """

    generation: Generation
    held: Warehouse
    serials: Int64s

    def read(self, numbers: Int64s) -> pl.DataFrame:
        """Return some mentions, with ``entity_id``, in the order of source and record id.

        Their ``sensitivity`` is as strict as any mention of their case says.

        Args:
            numbers: Their numbers in the warehouse.

        Raises:
            StoreError: A table of the generation is missing or damaged.
        """
        names = [name for name in MENTIONS[self.held.entity_type] if name not in ONLY_WHOLE]
        numbers = numbers[self.serials[numbers] >= 0]
        serials = self.serials[numbers]
        seed = self.generation.manifest["seed"]
        mentions = self.held.rows(numbers, names).with_columns(
            mint(seed, serials, self.held.entity_type)
        )
        return (
            guarded(mentions, self.generation)
            .filter(pl.col("sensitivity").ne_missing("silent"))
            .sort("source", "record_id")
        )

    def of_entities(self, entity_ids: Iterable[str]) -> pl.DataFrame:
        """Return the mentions of some entities, as `read` does."""
        seed = self.generation.manifest["seed"]
        told = [serial_of(seed, entity_id) for entity_id in entity_ids]
        serials = np.array([found[1] for found in told if found], dtype=np.int64)
        return self.read(np.flatnonzero(np.isin(self.serials, serials)))


def guarded(mentions: pl.DataFrame, generation: Generation) -> pl.DataFrame:
    """Return mentions with ``sensitivity`` as strict as any mention of their case says.

    The case is (agency, case id), a missing agency counting as the source's name; mentions of
    every entity type speak for it. A mention without a case id speaks for itself alone.

    Args:
        mentions: Some of the generation.
        generation: Where they come from.

    Raises:
        StoreError: A table of the generation is missing or damaged.
    """
    cases = np.unique(keys_of("case", mentions).keys)
    marks = pl.concat(
        _of_cases(generation.warehouse(entity), cases) for entity in generation.entity_types
    )
    of_case = (
        marks.filter(pl.col("case_id").is_not_null() & pl.col("sensitivity").is_not_null())
        .group_by(pl.coalesce("agency", "source").alias("agency"), "case_id")
        .agg(_rank().min().alias("rank_of_case"))
    )
    placed = mentions.with_columns(
        pl.coalesce("agency", "source").alias("agency_of_case"), _rank().alias("own_rank")
    )
    names = dict(enumerate(SENSITIVITIES))
    return placed.join(
        of_case,
        left_on=["agency_of_case", "case_id"],
        right_on=list(_CASE),
        how="left",
        maintain_order="left",
    ).select(
        pl.min_horizontal("own_rank", "rank_of_case")
        .replace_strict(names, default=None, return_dtype=pl.String)
        .alias(name)
        if name == "sensitivity"
        else name
        for name in mentions.columns
    )


def _of_cases(held: Warehouse, cases: UInt64s) -> pl.DataFrame:
    """Return what tells of some cases how sensitive they are."""
    numbers, _ = held.index.members("case", cases)
    return held.rows(np.unique(numbers).astype(np.int64), [*_CASE, "source", "sensitivity"])


def _rank() -> pl.Expr:
    """Return how strict a sensitivity is, 0 the strictest; an unknown word counts as that."""
    ranks = {name: rank for rank, name in enumerate(SENSITIVITIES)}
    value = pl.col("sensitivity")
    return pl.when(value.is_not_null()).then(
        value.replace_strict(ranks, default=0, return_dtype=pl.Int8)
    )


def shown(investigation: dict[str, Any]) -> dict[str, Any]:
    """Return an investigation as JSON values; of a pointer-only case, whom to call and no more.

    Args:
        investigation: A row of `classify_against`.
    """
    values = {
        key: value.isoformat() if hasattr(value, "isoformat") else value
        for key, value in investigation.items()
    }
    if is_pointer(values):
        return {key: values[key] if key in (*_POINTER, "sensitivity") else None for key in values}
    return values


def is_pointer(row: dict[str, Any]) -> bool:
    """Return whether a mention or an investigation is of a case that is pointer-only."""
    return bool(row["sensitivity"] == "pointer_only")
