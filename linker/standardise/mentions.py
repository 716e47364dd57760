"""The one door of this room: raw rows of a source become canonical mentions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from linker.config.settings import Source
from linker.schemas import DOCUMENTS, MENTIONS, EntityType
from linker.standardise.birth_columns import birth_columns
from linker.standardise.curp import curp_columns
from linker.standardise.habits import Habits, habits, telling
from linker.standardise.organization_columns import organization_columns
from linker.standardise.person_columns import attribute_columns, name_columns
from linker.standardise.reading import Reading
from linker.standardise.shared_columns import contact_columns, context_columns, place_columns

READING_VERSION: Final = 2
"""Version of how values are read: raised where a value becomes another one than before."""

NAMING: Final[Mapping[EntityType, tuple[str, ...]]] = {
    "person": (
        "full_name",
        "aliases",
        *DOCUMENTS["person"],
        "phones",
        "emails",
        "plates",
    ),
    "organization": ("name", "aliases", *DOCUMENTS["organization"], "phones", "emails"),
}
"""Columns of which a mention needs at least one."""


@dataclass(frozen=True)
class Standardised:
    """What a source's rows became."""

    mentions: pl.DataFrame
    """`schemas.PERSON` or `schemas.ORGANIZATION`, sorted by record_id.

    ``mention`` counts them from 0."""
    set_aside: pl.DataFrame
    """`schemas.QUARANTINE`, in the order of the source."""


def standardise(
    rows: pl.DataFrame,
    source: Source,
    *,
    as_of: dt.date | None = None,
    written: Habits | None = None,
) -> Standardised:
    """Turn the raw rows of one source, or of a chunk of it, into canonical mentions.

    Args:
        rows: ``record_id`` (String, never null), ``row`` (Int64), ``retained`` (String), and a
            column for each mapped canonical field: String, or List[String] for list fields.
        source: The source's configuration: its name, kind, entity, formats and column names.
        as_of: When the source was drawn; ages without a date count back from it, and two-digit
            years never lie past it. The source's own ``as_of`` unless given.
        written: How the whole source writes, where `rows` are a chunk of it; told from `rows`
            unless given.

    Returns:
        Mentions, and what was set aside with the reason; values that merely say nothing, such as
        "unknown", become null without a word.
    """
    if written is None:
        written = habits(telling(rows, source), source)
    reading = Reading(rows, source, as_of or source.as_of, written)
    if source.entity == "person":
        columns = name_columns(reading) | birth_columns(reading) | attribute_columns(reading)
        columns |= curp_columns(columns) if "national_id" in columns else {}
    else:
        columns = organization_columns(reading)
    columns |= contact_columns(reading) | place_columns(reading) | context_columns(reading)
    schema = MENTIONS[source.entity]
    whole = pl.DataFrame([rows["row"], *(column.rename(name) for name, column in columns.items())])
    told = {"record_id": rows["record_id"], "retained": rows["retained"]}
    stated = {"source": pl.lit(source.name), "kind": pl.lit(source.kind), "mention": pl.lit(0)}
    unmapped = {name: pl.lit(None, schema[name]) for name in schema if name not in columns}
    whole = whole.with_columns(**(unmapped | told | stated))
    nameless = whole.select(pl.all_horizontal(pl.col(NAMING[source.entity]).is_null())).to_series()
    reading.set_aside_rows(nameless, "names nobody: no name, identifier or contact")
    mentions = (
        whole.filter(~nameless)
        .sort("record_id", "row")
        .with_columns(mention=pl.int_range(pl.len(), dtype=pl.Int64))
        .select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    )
    return Standardised(mentions, reading.set_aside())
