"""Quarantine: rows that did not become a mention, told without revealing what they held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from linker.errors import SourceError
from linker.schemas import QUARANTINE

if TYPE_CHECKING:
    from linker.config import Source


@dataclass(frozen=True)
class Rejection:
    """One row left out.

    Attributes:
        row: Record number, from 1.
        reason: Why, in words that fit any row with the same fault.
        column: The source column at fault, or None where the whole row is bad.
        value_class: What was found there, as `privacy.value_class` describes it.
    """

    row: int
    reason: str
    column: str | None = None
    value_class: str | None = None


def rejected_table(source: str, rejections: Iterable[Rejection]) -> pl.DataFrame:
    """Return rejections as a table with schema `QUARANTINE`, in row order.

    Args:
        source: The source's name.
        rejections: At most one a row.
    """
    return pl.DataFrame(
        [(source, it.row, it.column, it.value_class, it.reason, "row") for it in rejections],
        schema=dict(QUARANTINE),
        orient="row",
    ).sort("row")


def enforce_bad_row_limit(
    source: Source, rejected_rows: int, total: int, limit: float, worst_reason: str
) -> None:
    """Refuse a source of which too large a share is bad.

    Args:
        source: The source.
        rejected_rows: How many distinct rows were rejected.
        total: How many rows were read.
        limit: The largest share of rejected rows allowed, from 0 to 1.
        worst_reason: The commonest reason for rejection.

    Raises:
        SourceError: More than `limit` of the rows were rejected.
    """
    if rejected_rows > limit * total:
        raise SourceError(
            f"source {source.name!r}: {rejected_rows:,} of {total:,} rows are bad"
            f" ({rejected_rows / total:.1%}, allowed {limit:.1%}), most often: {worst_reason};"
            " mend the file or its mapping, or raise bad_row_limit"
        )
