"""Export: a table of the published generation as one file that anyone can measure."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from linker.config import Config
from linker.errors import StoreError, UsageError
from linker.jobs.table_out import refuse_other_endings, write_out
from linker.schemas import (
    DIFFERENCES,
    ENTITIES,
    ENTITY_TYPES,
    INVESTIGATIONS,
    LEDGER,
    PAIRS_EXPORT,
    Schema,
    check,
    empty,
)
from linker.store.generation import Generation, current_generation
from linker.store.history import History, as_of, end_of
from linker.store.layout import Store, open_store
from linker.store.publication import find_generation
from linker.store.remains import forgotten_in
from linker.store.tombstones import read_tombstones

EXPORTS: Final[dict[str, Schema]] = {
    "entities": ENTITIES,
    "pairs": PAIRS_EXPORT,
    "ledger": LEDGER,
    "investigations": INVESTIGATIONS,
    "differences": DIFFERENCES,
}
"""What can be exported, with the columns it has."""


def export(
    config: Config, table: str, out: Path, until: str | None = None, number: int | None = None
) -> int:
    """Write a table of the published generation to a Parquet or CSV file.

    Rows are in a fixed order, so that equal generations give equal bytes. List columns of a CSV
    hold their values joined by ``;``.

    Args:
        config: Names the store.
        table: A key of `EXPORTS`.
        out: Ends in ``.parquet`` or ``.csv``.
        until: A date: the table as it was in the last generation published on it or before.
        number: That of another generation on disk, such as one that was held back.

    Returns:
        The number of rows.

    Raises:
        UsageError: The file's ending is neither, or there is no such place; or nothing had been
            published by then; or the generation is not on disk, or has no such table.
        StoreError: Nothing is published, or the file cannot be written; or the generation of then
            is no longer on disk, and its entities and ledger alone are known.
    """
    refuse_other_endings(out)
    store = open_store(config.resolve(config.store.directory))
    if number is not None and until is not None:
        raise UsageError("--as-of and --generation both name a generation: leave one out")
    generation = current_generation(store) if number is None else _numbered(store, number)
    if until is None:
        frame = _table(generation, table)
    else:
        frame = _table_of_then(store, generation, table, until)
    return write_out(check(frame, EXPORTS[table], table), out)


def _numbered(store: Store, number: int) -> Generation:
    generation = find_generation(store, number)
    buried = read_tombstones(store)
    if buried and forgotten_in(generation.directory, buried):
        raise UsageError(
            f"generation {number} still holds records that were forgotten; export another one"
        )
    return generation


def _table_of_then(store: Store, generation: Generation, table: str, until: str) -> pl.DataFrame:
    history = History(generation)
    then = as_of(store, history, end_of(until))
    if table == "entities":
        return pl.concat(
            history.membership(entity, then.number).select(
                pl.lit(entity).alias("entity_type"), "entity_id", "source", "record_id"
            )
            for entity in ENTITY_TYPES
        ).sort("entity_type", "entity_id", "source", "record_id")
    if table == "ledger":
        return history.ledger(then.number)
    if then.generation is None:
        raise StoreError(
            f"{store.directory}: the generation published then has been deleted; of then only the "
            "tables entities and ledger can be exported"
        )
    return _table(then.generation, table)


def _table(generation: Generation, table: str) -> pl.DataFrame:
    if table == "entities":
        return pl.concat(
            generation.read(f"membership_{entity}").select(
                pl.lit(entity).alias("entity_type"), "entity_id", "source", "record_id"
            )
            for entity in generation.entity_types
        ).sort("entity_type", "entity_id", "source", "record_id")
    if table == "pairs":
        return pl.concat(_pairs(generation, entity) for entity in generation.entity_types)
    if table == "ledger":  # that of an older version has no columns for cuts
        return pl.concat([empty(LEDGER), generation.read(table)], how="diagonal")
    if table == "differences" and not generation.path(table).exists():
        raise UsageError(
            f"generation {generation.number} has no table differences: it is written where another "
            "model or other settings link all records anew, and by linker link --aside"
        )
    return generation.read(table)


def _pairs(generation: Generation, entity: str) -> pl.DataFrame:
    pairs = generation.read(f"pairs_{entity}")
    records = (
        generation.read(f"membership_{entity}")
        .with_row_index("mention")
        .with_columns(pl.col("mention").cast(pl.Int64))
    )
    left = records.select("mention", source_l="source", record_id_l="record_id")
    right = records.select("mention", source_r="source", record_id_r="record_id")
    return (
        pairs.join(left, left_on="mention_l", right_on="mention", maintain_order="left")
        .join(right, left_on="mention_r", right_on="mention", maintain_order="left")
        .select(list(PAIRS_EXPORT))
    )
