"""Which values a night demotes, or lets count again, from their holders alone.

Whether a value is demoted depends on who holds it and on nothing else, so only values of mentions
that came or went can change. Their holders, in the order of source and record id, are judged as all
mentions would be.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import polars as pl

from linker.blocking.hashing import Int64s
from linker.deconfliction.demotion import demoted_values, demotion_columns
from linker.deconfliction.index_keys import VALUE, keys_of
from linker.deconfliction.night import Warehouse, union
from linker.schemas import DEMOTED, DOCUMENTS, RECORD, check
from linker.store.mention_table import MentionFrame, Mentions


class DemotionChanges(NamedTuple):
    """What a night did to demoted values.

    Attributes:
        demoted: `DEMOTED` after the night.
        holders: The mentions of before the night that stay, and that hold a value which is demoted
            now and was not, or the reverse: they are compared otherwise than before. Ascending.
    """

    demoted: pl.DataFrame
    holders: Int64s


def demotion_changes(
    warehouse: Warehouse, demoted: pl.DataFrame, came: Mentions, gone: Int64s, limit: int
) -> DemotionChanges:
    """Return which values are demoted after a night, and whose comparisons that changes.

    Args:
        warehouse: Before the night.
        demoted: `DEMOTED` before the night.
        came: The mentions that are new or changed, with the columns `demotion_columns`, ``source``
            and ``record_id``.
        gone: The numbers of the mentions that are gone or changed.
        limit: How many unlike records may share a value.
    """
    entity_type = warehouse.entity_type
    documents = DOCUMENTS[entity_type]
    columns = [*RECORD, *demotion_columns(entity_type)]
    new = came.read(columns).select(columns)
    touched = _values(pl.concat([new, warehouse.rows(gone, columns).select(columns)]), documents)
    often = [
        np.setdiff1d(_of_many(warehouse, column, values, new[column], limit), gone)
        for (column,), values in touched.partition_by("column", as_dict=True).items()
    ]
    held = pl.concat([new, warehouse.rows(union(*often), columns).select(columns)])
    judged = demoted_values(entity_type, MentionFrame(held.sort(list(RECORD))), limit)
    keys = ["column", "value"]
    now = pl.concat(
        [demoted.join(touched, on=keys, how="anti"), judged.join(touched, on=keys, how="semi")]
    ).sort(keys)
    changed = pl.concat(
        [now.join(demoted, on=keys, how="anti"), demoted.join(now, on=keys, how="anti")]
    )
    holders = [
        _holders(warehouse, column, values["value"])
        for (column,), values in changed.partition_by("column", as_dict=True).items()
    ]
    return DemotionChanges(check(now, DEMOTED, "demoted"), np.setdiff1d(union(*holders), gone))


def _values(mentions: pl.DataFrame, documents: Iterable[str]) -> pl.DataFrame:
    """Return the distinct values that mentions hold: ``column``, ``value``."""
    return pl.concat(
        mentions.select(pl.lit(column).alias("column"), pl.col(column).alias("value"))
        .drop_nulls("value")
        .unique()
        for column in documents
    )


def _of_many(
    warehouse: Warehouse, column: str, values: pl.DataFrame, new: pl.Series, limit: int
) -> Int64s:
    """Return the holders of values that more than `limit` mentions may hold after the night."""
    counts = new.drop_nulls().rename("value").value_counts(name="new")
    asked = values.select("value").join(counts, on="value", how="left")
    keys, rows = keys_of(f"{VALUE}{column}", asked.select(pl.col("value").alias(column)))
    found, starts = warehouse.index.members(f"{VALUE}{column}", keys)
    added = asked["new"].fill_null(0).to_numpy()[rows]
    many = np.diff(starts) + added > limit
    return np.asarray(found[np.repeat(many, np.diff(starts))], dtype=np.int64)


def _holders(warehouse: Warehouse, column: str, values: pl.Series) -> Int64s:
    """Return the mentions that hold one of some values."""
    keys, _ = keys_of(f"{VALUE}{column}", values.alias(column).to_frame())
    found, _ = warehouse.index.members(f"{VALUE}{column}", keys)
    held = np.unique(found).astype(np.int64)
    kept = warehouse.rows(held, [column])[column].is_in(values.implode())
    return np.asarray(held[kept.to_numpy()])
