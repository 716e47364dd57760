"""Errors by group: what the two records lack, the culture of a name, the kind of error."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from benchmarks.accuracy.losses import SIDES, Judged, shares
from linker.judging.groups import MAIN_FIELDS
from linker.schemas import EntityType
from linker.store.generation import Generation

UNHARMED: Final = "none"
"""The kind of pairs of which neither record carries an error."""


def by_missing(
    judged: Judged, generation: Generation, entity: EntityType
) -> dict[str, dict[str, Any]]:
    """Return the shares of pairs by what at least one of their records lacks.

    ``complete`` pairs lack nothing, ``name_only`` pairs have nothing but names in common, and a
    pair may be in several of the others. A field that no record of the set has counts for nothing.

    Args:
        judged: The pairs.
        generation: Holds the mentions.
        entity: Their type.
    """
    held = _held(generation, entity)
    fields = held.columns
    if not fields:
        return {"name_only": shares(judged.pairs, judged.links)}
    conditions = {"complete": pl.all_horizontal(fields)}
    conditions |= {f"no_{field}": ~pl.col(field) for field in fields}
    conditions["name_only"] = ~pl.any_horizontal(fields)
    pairs, links = (_with_both(frame, held) for frame in (judged.pairs, judged.links))
    found = {
        name: shares(pairs.filter(condition), links.filter(condition))
        for name, condition in conditions.items()
    }
    return {name: values for name, values in found.items() if values["true_pairs"]}


def _held(generation: Generation, entity: EntityType) -> pl.DataFrame:
    """Return for each main field that some mention has, which mentions have it."""
    main = {name.replace(" ", "_"): of for name, of in MAIN_FIELDS[entity].items()}
    columns = sorted({column for of in main.values() for column in of})
    mentions = generation.read(f"mentions_{entity}", columns)
    has = {
        name: pl.col(name).list.len().fill_null(0) > 0
        if isinstance(kind, pl.List)
        else pl.col(name).is_not_null()
        for name, kind in mentions.schema.items()
    }
    held = mentions.select(
        pl.any_horizontal([has[column] for column in of]).alias(field) for field, of in main.items()
    )
    return held.select(name for name in held.columns if held[name].any())


def _with_both(pairs: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Return pairs with, for each field, whether both of their records have it."""
    return pairs.with_columns(
        (column.gather(pairs["mention_l"]) & column.gather(pairs["mention_r"])).alias(column.name)
        for column in held.get_columns()
    )


def by_value(judged: Judged, column: str) -> dict[str, dict[str, Any]]:
    """Return the shares of pairs by what the truth says of either of their records.

    Args:
        judged: The pairs.
        column: A column of the truth: a text, such as ``culture``, or a list of texts, such as
            ``kinds``. A record without a value is in no group; pairs of two records whose lists are
            empty are the group `UNHARMED`.
    """
    if column not in judged.records.columns:
        return {}
    values = judged.records.select("mention", group=column)
    if isinstance(values.schema["group"], pl.List):
        empty = pl.col("group").list.len() == 0
        harmed = values.filter(~empty).explode("group")
        clean = values.filter(empty).select("mention")
    else:
        harmed, clean = values.drop_nulls(), None
    pairs, links = (_parts(frame, harmed, clean) for frame in (judged.pairs, judged.links))
    return {
        name: shares(part, links.get(name, judged.links.clear()))
        for name, part in sorted(pairs.items())
    }


def _parts(
    pairs: pl.DataFrame, values: pl.DataFrame, clean: pl.DataFrame | None
) -> dict[str, pl.DataFrame]:
    """Return the pairs by each value that one of their records has."""
    sides = [
        pairs.join(values.rename({"mention": side}), on=side, maintain_order="left")
        for side in SIDES
    ]
    grouped = pl.concat(sides).unique([*SIDES, "group"])
    parts = {
        str(name): part.drop("group")
        for (name,), part in grouped.partition_by("group", as_dict=True).items()
    }
    if clean is not None:
        both = pairs
        for side in SIDES:
            both = both.join(clean.rename({"mention": side}), on=side, how="semi")
        parts[UNHARMED] = both
    return parts


def findable(judged: Judged) -> dict[str, Any] | None:
    """Return the shares of true pairs that the truth calls findable, or None where it is silent.

    Two records of one person may have nothing in common that could tell; where the truth says so of
    a record, no engine is to blame for missing its pairs.
    """
    if "findable" not in judged.records.columns:
        return None
    hidden = judged.records.filter(~pl.col("findable").fill_null(value=True)).select("mention")
    pairs, links = judged.pairs, judged.links
    for side in SIDES:
        gone = hidden.rename({"mention": side})
        pairs = pairs.join(gone, on=side, how="anti", maintain_order="left")
        links = links.join(gone, on=side, how="anti", maintain_order="left")
    return shares(pairs, links)
