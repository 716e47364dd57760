"""Identifiers that mentions of different entities share, where an investigation is concerned."""

from __future__ import annotations

from typing import Final

import polars as pl

from linker.deconfliction.meetings import entity_of, number_entities
from linker.deconfliction.timeline import place_investigations
from linker.schemas import DOCUMENTS, TEXT, TEXTS, EntityType, Schema

IN_COMMON: Final = ("phones", "emails", "plates", "address")
OF_ADDRESS: Final = ("postal_code", "city")
"""An address is one with its postal code, or with its city."""
MAX_ENTITIES: Final = 20
"""A value that more entities hold than this is told of none."""

SHARED: Final[Schema] = {"mention_l": pl.Int64(), "mention_r": pl.Int64(), "matched_on": TEXTS}
"""Pairs of mentions of different entities, mention_l < mention_r, and what they share."""

LEFT_OUT: Final[Schema] = {
    "identifier": TEXT,
    "values_left_out": pl.Int64(),
    "mentions": pl.Int64(),  # that hold one of those values
}
"""Values held by too many entities, counted and never named."""


def identifiers(entity_type: EntityType) -> tuple[str, ...]:
    """Return the columns of mentions whose equal values are told to be shared."""
    return (*IN_COMMON, *DOCUMENTS[entity_type])


def shared_columns(entity_type: EntityType) -> tuple[str, ...]:
    """Return the columns of mentions that `shared_identifiers` reads."""
    return (*_PLACE, *identifiers(entity_type), *OF_ADDRESS)


def shared_identifiers(
    entity_type: EntityType,
    mentions: pl.DataFrame,
    membership: pl.DataFrame,
    max_entities: int = MAX_ENTITIES,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Find the pairs of mentions of different entities that share an identifier.

    An address is shared if it is equal and so is the postal code or the city. At least one of the
    two mentions belongs to an investigation, and they do not belong to the same one. Of each
    value, one mention (the smallest) stands for an entity's mentions in one investigation, and one
    for those outside any: what else they could be paired with says nothing new.

    Args:
        entity_type: What the mentions are of.
        mentions: `schemas.PERSON` or `schemas.ORGANIZATION`; only `shared_columns` are used.
        membership: ``mention`` Int64, ``entity_id`` String; every mention once.
        max_entities: A value held by more entities than this is left out, and counted.

    Returns:
        `SHARED`, sorted by mention, ``matched_on`` sorted; and `LEFT_OUT`, sorted by identifier,
        without identifiers of which nothing was left out.
    """
    holders = _holders(mentions, membership)
    found: list[pl.DataFrame] = [pl.DataFrame(schema=_PAIR)]
    left_out: list[pl.DataFrame] = [pl.DataFrame(schema=dict(LEFT_OUT))]
    columns = [name for name in identifiers(entity_type) if name in mentions.columns]
    for name in columns:
        held = _held(mentions, name, holders)
        values = held.group_by("value").agg(
            entities=pl.col("entity").n_unique(), mentions=pl.col("mention").n_unique()
        )
        crowded = values.filter(pl.col("entities") > max_entities)
        usable = values.filter(pl.col("entities").is_between(2, max_entities))
        found.append(_pairs(held.join(usable, on="value", how="semi"), name))
        left_out.append(_count(crowded, held, name))
    pairs = (
        pl.concat(found)
        .group_by("mention_l", "mention_r")
        .agg(pl.col("matched_on").unique().sort())
        .sort("mention_l", "mention_r")
    )
    return pairs, pl.concat(left_out).sort("identifier")


_PLACE: Final = ("mention", "source", "kind", "case_id", "agency")
_PAIR: Final = {"mention_l": pl.Int64, "mention_r": pl.Int64, "matched_on": pl.String}


def without_associations(
    pairs: pl.DataFrame, membership: pl.DataFrame, shared: pl.DataFrame
) -> pl.DataFrame:
    """Return the pairs that say of two mentions that they are, or may be, of one target.

    Left out are possible links that only contacts make, between entities that share an
    identifier: strangers in one house are told as that, and not as possibly one person.

    Args:
        pairs: Schema `SCORED_PAIRS`, and ``link``.
        membership: ``entity_id`` of every mention, in their order.
        shared: Pairs of mentions that share an identifier: ``mention_l``, ``mention_r``.
    """
    sharing = _with_entities(shared, membership).select("one", "other").unique()
    only_contacts = ~pl.col("link") & ~pl.col("confirmed") & (pl.col("identity_weight") <= 0)
    return (
        _with_entities(pairs, membership)
        .join(
            sharing.with_columns(shares=pl.lit(value=True)),
            on=["one", "other"],
            how="left",
            maintain_order="left",
        )
        .filter(~(only_contacts & pl.col("shares").fill_null(value=False)))
        .select(pairs.columns)
    )


def _holders(mentions: pl.DataFrame, membership: pl.DataFrame) -> pl.DataFrame:
    """Return ``mention``, ``entity``, ``investigation`` (null outside any), a row a mention."""
    placed = place_investigations(mentions.select(*_PLACE)).select("mention", "investigation")
    every = mentions.select("mention")
    return every.with_columns(entity_of(every["mention"], number_entities(membership))).join(
        placed, on="mention", how="left", maintain_order="left"
    )


def _held(mentions: pl.DataFrame, name: str, holders: pl.DataFrame) -> pl.DataFrame:
    """Return who holds the values of an identifier that several mentions do.

    Args:
        mentions: The identifier's columns.
        name: Of the identifier.
        holders: A row a mention, in their order.

    Returns:
        ``value`` (a number that stands for it), ``mention``, ``entity``, ``investigation``: of
        values that a mention of an investigation holds, each mention once a value.
    """
    held = _numbered(mentions, name)
    held = held.filter(pl.col("value").is_duplicated()).unique()
    held = held.select("value", *(column.gather(held["at"]) for column in holders))
    placed = held.filter(pl.col("investigation").is_not_null()).select("value").unique()
    return held.join(placed, on="value", how="semi")


def _numbered(mentions: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return ``at``, the row, and ``value``: as `_values`, but a number for each distinct text."""
    rows = mentions.select(at=pl.int_range(pl.len()), value=name).drop_nulls("value")
    if mentions.schema[name] == pl.List(pl.String):
        rows = rows.explode("value").drop_nulls("value")
    rows = rows.with_columns(_numbers(rows["value"]))
    if name != "address":
        return rows
    whole = pl.concat(
        rows.with_columns(mentions[place].gather(rows["at"]).alias("place")) for place in OF_ADDRESS
    ).drop_nulls("place")
    street = pl.col("value") * pl.lit(1 << 32, dtype=pl.UInt64)
    return whole.select("at", street + _numbers(whole["place"]))


def _numbers(texts: pl.Series) -> pl.Series:
    """Return a number below 2**32 for each text, the same for equal ones of this column alone."""
    return texts.cast(pl.Categorical(pl.Categories.random())).to_physical().cast(pl.UInt64)


def _values(mentions: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return ``mention``, ``value``: every value of an identifier that a mention holds."""
    if name == "address":
        held = pl.concat(
            mentions.select("mention", value=pl.concat_str("address", place, separator="\n"))
            for place in OF_ADDRESS
        )
    elif mentions.schema[name] == pl.List(pl.String):
        held = mentions.select("mention", value=name).explode("value")
    else:
        held = mentions.select("mention", value=name)
    return held.drop_nulls("value")


def _pairs(held: pl.DataFrame, name: str) -> pl.DataFrame:
    """Pair the mentions that hold the same value (see `shared_identifiers`)."""
    standing = held.group_by("value", "entity", "investigation").agg(pl.col("mention").min())
    return (
        standing.drop_nulls("investigation")
        .join(standing, on="value", suffix="_other")
        .filter(
            pl.col("entity") != pl.col("entity_other"),
            pl.col("investigation").ne_missing(pl.col("investigation_other")),
        )
        .select(
            mention_l=pl.min_horizontal("mention", "mention_other"),
            mention_r=pl.max_horizontal("mention", "mention_other"),
            matched_on=pl.lit(name),
        )
        .unique()
    )


def _count(crowded: pl.DataFrame, held: pl.DataFrame, name: str) -> pl.DataFrame:
    """Count the values left out; an address stands under its postal code and its city."""
    holding = held.join(crowded, on="value", how="semi")["mention"].n_unique()
    row = {"identifier": [name], "values_left_out": [crowded.height], "mentions": [holding]}
    return pl.DataFrame(row, schema=dict(LEFT_OUT)).filter(pl.col("values_left_out") > 0)


def _with_entities(pairs: pl.DataFrame, membership: pl.DataFrame) -> pl.DataFrame:
    entity_of = membership["entity_id"]
    sides = [entity_of.gather(pairs[name]) for name in ("mention_l", "mention_r")]
    return pairs.with_columns(
        pl.min_horizontal(*sides).alias("one"), pl.max_horizontal(*sides).alias("other")
    )
