"""Which records are to be forgotten: named one by one, listed in a file, or due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from linker.config import Config
from linker.errors import UsageError, nearest
from linker.schemas import RECORD
from linker.store.generation import Generation, current_generation
from linker.store.layout import open_store


def wanted_records(
    config: Config,
    source: str | None,
    record_ids: Sequence[str],
    listed: Path | None,
    due_at: dt.date | None,
) -> pl.DataFrame:
    """Return the records that a command names, schema `RECORD`, each once.

    Args:
        config: Names the store and its sources.
        source: Of `record_ids`, and of the file where it does not say.
        record_ids: Records named one by one.
        listed: A CSV file.
        due_at: Also the records whose ``purge_due`` is no later.

    Raises:
        UsageError: No record is named, or the words do not fit together.
        StoreError: Nothing is published, or a table is damaged.
    """
    if record_ids and source is None:
        raise UsageError("name the source of the records: --source S")
    parts = [pl.DataFrame(schema=dict(RECORD))]
    if record_ids:
        rows = [(source, record_id) for record_id in record_ids]
        parts.append(pl.DataFrame(rows, schema=dict(RECORD), orient="row"))
    if listed is not None:
        parts.append(listed_records(listed, source))
    if due_at is not None:
        parts.append(due_records(config, due_at))
    elif len(parts) == 1:
        raise UsageError("name records: --source and --record, --file, or --due")
    found = pl.concat(parts).unique().sort(list(RECORD))
    _refuse_unknown_sources(config, found)
    return found


def due_records(config: Config, at: dt.date) -> pl.DataFrame:
    """Return the records, schema `RECORD`, whose ``purge_due`` is no later than a date.

    Raises:
        StoreError: Nothing is published, or a table is damaged.
    """
    generation = current_generation(open_store(config.resolve(config.store.directory)))
    parts = [pl.DataFrame(schema=dict(RECORD))]
    for entity in generation.entity_types:
        rows = generation.read(f"mentions_{entity}", [*RECORD, "purge_due"])
        parts.append(rows.filter(pl.col("purge_due") <= at).select(list(RECORD)))
    return pl.concat(parts)


def listed_records(path: Path, source: str | None) -> pl.DataFrame:
    """Return the records of a CSV file with the columns ``source`` and ``record_id``.

    Args:
        path: The file.
        source: The source of all of them, where the file does not say.

    Raises:
        UsageError: The file cannot be read, lacks a column, or a row says nothing.
    """
    try:
        rows = pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError):
        raise UsageError(f"{path}: is missing or is no CSV file") from None
    if source is not None and "source" not in rows.columns:
        rows = rows.with_columns(source=pl.lit(source))
    for column in RECORD:
        if column not in rows.columns:
            raise UsageError(f"{path}: has no column {column!r}")
        lacking = rows[column].is_null().arg_true()
        if len(lacking):
            raise UsageError(f"{path}: record {int(lacking[0]) + 1} has no {column}")
    return rows.select(list(RECORD))


def _refuse_unknown_sources(config: Config, records: pl.DataFrame) -> None:
    """Refuse records of sources that neither the configuration nor a generation has."""
    store = open_store(config.resolve(config.store.directory))
    known = {source.name for source in config.sources}
    for number in store.numbers():
        manifest = Generation(number, store.generation(number)).manifest
        known |= {source["name"] for source in manifest["sources"]}
    for name in records["source"].unique().sort():
        if name not in known:
            hint = nearest(name, known) or f"; there are: {', '.join(sorted(known))}"
            raise UsageError(f"no source of that name{hint}")
