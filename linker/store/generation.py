"""Generations: immutable snapshots, built aside and published by swapping one pointer."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import polars as pl

from linker.errors import StoreError
from linker.schemas import ENTITY_TYPES, LEDGER, EntityType
from linker.store.investigations import InvestigationTable
from linker.store.layout import (
    Store,
    storage_errors,
    sync_directory,
    take_place,
    write_aside,
)
from linker.store.reading import read_json, read_table
from linker.store.tables import TOLD, read_runs, told
from linker.store.warehouse import Warehouse, open_warehouse

LAYOUT: Final = 2
"""Version of how a generation's files are laid out; a run starts over from those of another."""
_REMOVED: Final = ".removed-"
"""What the names of generations that are being deleted begin with."""


@dataclass(frozen=True)
class Generation:
    """A generation, opened for reading: published, or held back by the gate.

    Its tables are ``mentions_<type>``, ``membership_<type>``, ``pairs_<type>``, ``cuts_<type>``,
    ``demoted_<type>``, ``investigations``, ``ledger`` and ``quarantine``, and of some runs
    ``differences``. In the first three of them mentions are counted from 0, in the order of their
    numbers in the warehouse.
    """

    number: int
    directory: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What the run said about itself: models, sources, counts, as-of date."""
        return read_json(self.directory / "manifest.json")

    @cached_property
    def report(self) -> dict[str, Any]:
        """What report.json holds."""
        return read_json(self.directory / "report.json")

    @property
    def held_back(self) -> list[str]:
        """Why it may not be published by itself; nothing once a person has released it."""
        return [] if self.manifest.get("released") else list(self.manifest.get("held_back", ()))

    @property
    def lineage(self) -> list[int] | None:
        """The numbers of the generations it was built on, the first one first.

        None of a version of linker that did not write them down.
        """
        return self.manifest.get("lineage")

    @property
    def as_of(self) -> dt.date:
        """The date that investigations were judged at."""
        return dt.date.fromisoformat(self.manifest["as_of"])

    @property
    def entity_types(self) -> list[EntityType]:
        """The entity types that it holds."""
        return list(self.manifest["entity_types"])

    def path(self, table: str) -> Path:
        """Return the file of a table."""
        return self.directory / f"{table}.parquet"

    def warehouse(self, entity_type: EntityType) -> Warehouse:
        """Return what it holds of one entity type.

        Raises:
            StoreError: A file is missing or damaged, or a version without a warehouse wrote it.
        """
        if self.manifest.get("layout") != LAYOUT:
            raise StoreError(
                f"generation {self.number} was published by another version of linker, which laid "
                "its files out otherwise; run linker link"
            )
        return open_warehouse(entity_type, self.directory / entity_type)

    def read(self, table: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Return a table, whole unless `columns` names those wanted.

        Raises:
            StoreError: A file is missing or damaged.
        """
        name, _, of = table.rpartition("_")
        for entity in ENTITY_TYPES:
            if of == entity and name in TOLD:
                return told(self.warehouse(entity), self.manifest["seed"], name, columns)
            if of == entity:
                return read_table(self.directory / entity / f"{name}.parquet", columns)
        if table == "investigations":
            return InvestigationTable(self.directory, self.as_of).read(self.entity_types)
        if table == "ledger":
            return read_runs(self.directory / table, LEDGER)
        return read_table(self.path(table), columns)

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
    unfinished = store.unfinished()
    if unfinished is not None:
        shutil.rmtree(store.generation(unfinished), ignore_errors=True)
    for path in (store.announced, store.moving):
        with contextlib.suppress(OSError):
            path.unlink()


def publish(
    store: Store,
    number: int,
    manifest: Mapping[str, Any],
    held_back: Sequence[str] = (),
    scrub: Callable[[Path], object] | None = None,
) -> Generation:
    """Publish the generation that was built.

    With reasons to hold it back it gets its number and its place, and the pointer stays.

    The order makes every interruption harmless: the files are synced, the number is announced (so
    that a later run knows what this one left if it dies), the directory is renamed, and the pointer
    is swapped last.

    Args:
        store: Where to.
        number: The generation's number.
        manifest: JSON values; what it was built on and `held_back` are added.
        held_back: Why it is not to be published.
        scrub: Takes what was forgotten out of the finished tables.

    Raises:
        StoreError: The disk is full, or cannot be written; nothing is published.
    """
    building = store.building
    with storage_errors(store.directory):
        if scrub:
            scrub(building)
        about = {**manifest, **_built_on(store), "held_back": list(held_back)}
        text = json.dumps(about, indent=1, sort_keys=True)
        (building / "manifest.json").write_text(text + "\n", encoding="utf-8")
        _sync_files(building)
        target = store.generation(number)
        if not held_back:
            write_aside(store.pointer, f"{number}\n")
        building.rename(target)
        sync_directory(target.parent)
        if not held_back:
            take_place(store.pointer)
    return Generation(number, target)


def _built_on(store: Store) -> dict[str, Any]:
    parent = store.current()
    if parent is None:
        return {"parent": None, "lineage": []}
    earlier = Generation(parent, store.generation(parent)).lineage
    known = list(range(1, parent)) if earlier is None else earlier
    return {"parent": parent, "lineage": [*known, parent]}


def prune(store: Store, keep: int, days: int | None = None) -> list[int]:
    """Delete old generations, never the published one.

    Of those that were published the newest `keep` stay, and whatever was held back and is among
    the newest `keep` of all. With `days`, the others stay too until they are so old.

    Returns:
        The numbers of the deleted generations.
    """
    numbers = store.numbers()
    once = [number for number in numbers if not _manifest(store, number).get("held_back")]
    kept = {store.current(), *once[-keep:], *numbers[-keep:]}
    old = [number for number in numbers if number not in kept and _is_old(store, number, days)]
    for number in old:
        delete(store, number)
    return old


def delete(store: Store, number: int) -> None:
    """Delete a generation; renamed first, since half a generation must not look like one."""
    gone = store.generations / f"{_REMOVED}{number:06d}"
    with contextlib.suppress(OSError):
        store.generation(number).rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def _manifest(store: Store, number: int) -> dict[str, Any]:
    try:
        return Generation(number, store.generation(number)).manifest
    except StoreError:
        return {}


def _is_old(store: Store, number: int, days: int | None) -> bool:
    """Tell whether a generation is more than so many days old; a damaged one is."""
    if days is None:
        return True
    try:
        at = dt.datetime.fromisoformat(str(_manifest(store, number).get("at")))
    except ValueError:
        return True
    return dt.datetime.now(dt.UTC) - at > dt.timedelta(days=days)


def _sync_files(directory: Path) -> None:
    """Make files and directories durable; a file that an earlier generation has is already."""
    for path in directory.rglob("*"):
        if path.is_dir():
            sync_directory(path)
        elif path.stat().st_nlink == 1:
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
    sync_directory(directory)
