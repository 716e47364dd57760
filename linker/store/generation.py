"""Generations: immutable snapshots, built aside and published by swapping one pointer."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from linker.errors import StoreError
from linker.schemas import EntityType
from linker.store import warehouse
from linker.store.layout import (
    Store,
    read_json,
    storage_errors,
    sync_directory,
    take_place,
    write_aside,
)

_REMOVED: Final = ".removed-"
"""What the names of generations that are being deleted begin with."""


@dataclass(frozen=True)
class Generation:
    """A published generation, opened for reading.

    Its tables are Parquet files: ``mentions_<type>``, ``membership_<type>``, ``keys_<type>``,
    ``pairs_<type>``, ``cuts_<type>``, and ``investigations``, ``ledger``, ``quarantine``.
    """

    number: int
    directory: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What the run said about itself: models, sources, counts, as-of date."""
        return read_json(self.directory / "manifest.json")

    @property
    def entity_types(self) -> list[EntityType]:
        """The entity types that it holds."""
        return list(self.manifest["entity_types"])

    def path(self, table: str) -> Path:
        """Return the file of a table."""
        return self.directory / f"{table}.parquet"

    def read(self, table: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Return a table, whole unless `columns` names those wanted.

        Raises:
            StoreError: The file is missing or damaged.
        """
        with self.reading(table) as path:
            return pl.read_parquet(path, columns=list(columns) if columns else None)

    @contextlib.contextmanager
    def reading(self, table: str) -> Iterator[Path]:
        """Give the file of a table to what reads it.

        Raises:
            StoreError: The file is missing or damaged.
        """
        path = self.path(table)
        try:
            yield path
        except (OSError, pl.exceptions.PolarsError, duckdb.Error):
            raise StoreError(f"{path}: is missing or damaged; publish a new generation") from None

    def model_directory(self, entity_type: EntityType) -> Path:
        """Return where the model that the generation was scored with lies."""
        return self.directory / "models" / entity_type


def current_generation(store: Store) -> Generation:
    """Return the published generation.

    Raises:
        StoreError: Nothing has been published yet, or the pointer is damaged.
    """
    number = store.current()
    if number is None:
        raise StoreError(f"{store.directory}: nothing has been published yet; run linker link")
    return Generation(number, store.generation(number))


def next_number(store: Store) -> int:
    """Return the number that the next generation will have."""
    return max([0, *store.numbers()]) + 1


def start_building(store: Store) -> Path:
    """Return an empty directory to build a generation in.

    Raises:
        StoreError: It cannot be made.
    """
    clear_remains(store)
    with storage_errors(store.directory):
        store.building.mkdir(parents=True)
    return store.building


def clear_remains(store: Store) -> None:
    """Remove what a run left that failed or was killed; what cannot be removed yet is left.

    That is the directory it built in, the generation that it announced and did not publish, and
    old generations it had begun to delete.
    """
    shutil.rmtree(store.building, ignore_errors=True)
    for path in store.generations.glob(f"{_REMOVED}*"):
        shutil.rmtree(path, ignore_errors=True)
    try:
        text = store.announced.read_text(encoding="ascii").strip()
        if text.isdecimal() and int(text) > (store.current() or 0):
            shutil.rmtree(store.generation(int(text)), ignore_errors=True)
        store.announced.unlink()
    except (OSError, UnicodeDecodeError):
        return


def publish(
    store: Store,
    number: int,
    tables: Mapping[str, pl.DataFrame],
    ledger: pl.DataFrame,
    manifest: Mapping[str, Any],
) -> Generation:
    """Write the last tables of the generation being built, and publish it.

    The order makes every interruption harmless: the ledger's rows are committed first, under a
    number that no published generation has (a later run removes them if this one dies), then the
    files are synced, the number is announced (so that a later run knows what this one left if it
    dies), the directory is renamed, and the pointer is swapped last.

    Args:
        store: Where to.
        number: The generation's number.
        tables: By name; Parquet files.
        ledger: This run's events, schema `LEDGER`.
        manifest: JSON values.

    Raises:
        StoreError: The disk is full, or cannot be written; nothing is published.
    """
    building = store.building
    with storage_errors(store.directory):
        for name, frame in tables.items():
            frame.write_parquet(building / f"{name}.parquet")
        warehouse.record_run(store, number, ledger, manifest, building / "ledger.parquet")
        text = json.dumps(dict(manifest), indent=1, sort_keys=True)
        (building / "manifest.json").write_text(text + "\n", encoding="utf-8")
        _sync_files(building)
        target = store.generation(number)
        write_aside(store.pointer, f"{number}\n")
        building.rename(target)
        sync_directory(target.parent)
        take_place(store.pointer)
    return Generation(number, target)


def prune(store: Store, keep: int) -> list[int]:
    """Delete the oldest generations beyond `keep`, never the published one.

    Returns:
        The numbers of the deleted generations.
    """
    current = store.current()
    old = [number for number in store.numbers()[:-keep] if number != current]
    for number in old:  # renamed first: half a generation must not look like one
        gone = store.generations / f"{_REMOVED}{number:06d}"
        with contextlib.suppress(OSError):
            store.generation(number).rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
    return old


def _sync_files(directory: Path) -> None:
    for path in directory.rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
    sync_directory(directory)
