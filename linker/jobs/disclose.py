"""What of the published generation a lookup may show: sensitivity belongs to the whole case."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from linker.deconfliction.classify import SENSITIVITIES
from linker.store.generation import Generation

_CASE: Final = ("agency", "case_id")
_POINTER: Final = ("class", "agency", "unit", "contact_name", "contact_phone", "contact_email")
"""What is shown of a case that is pointer-only."""


def guarded(mentions: pl.DataFrame, generation: Generation) -> pl.DataFrame:
    """Return mentions with ``sensitivity`` as strict as any mention of their case says.

    The case is (agency, case id), a missing agency counting as the source's name; mentions of
    every entity type speak for it. A mention without a case id speaks for itself alone.

    Args:
        mentions: Those of one entity type of the generation.
        generation: Where they come from.

    Raises:
        StoreError: A table of the generation is missing or damaged.
    """
    marks = pl.concat(
        generation.read(f"mentions_{entity}", ["source", "agency", "case_id", "sensitivity"])
        for entity in generation.entity_types
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
