"""Export: a table of the published generation as one file that anyone can measure."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from linker.config import Config
from linker.errors import UsageError
from linker.schemas import ENTITIES, INVESTIGATIONS, LEDGER, PAIRS_EXPORT, Schema, check, empty
from linker.store.generation import Generation, current_generation
from linker.store.layout import open_store, storage_errors

EXPORTS: Final[dict[str, Schema]] = {
    "entities": ENTITIES,
    "pairs": PAIRS_EXPORT,
    "ledger": LEDGER,
    "investigations": INVESTIGATIONS,
}
"""What can be exported, with the columns it has."""


def export(config: Config, table: str, out: Path) -> int:
    """Write a table of the published generation to a Parquet or CSV file.

    Rows are in a fixed order, so that equal generations give equal bytes. List columns of a CSV
    hold their values joined by ``;``.

    Args:
        config: Names the store.
        table: A key of `EXPORTS`.
        out: Ends in ``.parquet`` or ``.csv``.

    Returns:
        The number of rows.

    Raises:
        UsageError: The file's ending is neither, or there is no such place.
        StoreError: Nothing is published, or the file cannot be written.
    """
    if out.suffix not in (".parquet", ".csv"):
        raise UsageError(f"{out}: name a file that ends in .parquet or .csv")
    generation = current_generation(open_store(config.resolve(config.store.directory)))
    frame = check(_table(generation, table), EXPORTS[table], table)
    aside = out.with_name(f".{out.name}.writing")
    with storage_errors(out.parent, "nothing was written"):
        if out.is_dir():
            raise UsageError(f"{out}: is a directory; name a file")
        if not out.parent.is_dir():
            raise UsageError(f"{out.parent}: no such directory; make it, or name another file")
        try:
            if out.suffix == ".parquet":
                frame.write_parquet(aside)
            else:
                lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
                frame.with_columns(pl.col(lists).list.join(";")).write_csv(aside)
            aside.replace(out)
        finally:
            aside.unlink(missing_ok=True)
    return frame.height


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
