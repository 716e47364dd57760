"""The store's directory: its format, its lock, its pointer to the published generation.

store.json                what the store is: format, seed of its entity ids
lock                      held by the run that writes
CURRENT                   the number of the published generation
warehouse.duckdb          ledger and runs
generations/000001/       one published snapshot, never changed
generations/.building/    the run that is being written
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from linker.errors import StoreError

STORE_FORMAT: Final = 1
"""Version of the layout; a store of a later one is refused."""


@dataclass(frozen=True)
class Store:
    """A store on disk."""

    directory: Path
    seed: int

    @property
    def pointer(self) -> Path:
        """The file that names the published generation."""
        return self.directory / "CURRENT"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that remembers ledger and runs."""
        return self.directory / "warehouse.duckdb"

    @property
    def building(self) -> Path:
        """Where a run writes before it is published."""
        return self.directory / "generations" / ".building"

    def generation(self, number: int) -> Path:
        """Return the directory of a generation."""
        return self.directory / "generations" / f"{number:06d}"

    def numbers(self) -> list[int]:
        """Return the numbers of the generations on disk, ascending."""
        found = (self.directory / "generations").glob("[0-9]*")
        return sorted(int(path.name) for path in found if path.name.isdecimal())

    def current(self) -> int | None:
        """Return the number of the published generation, None before the first.

        Raises:
            StoreError: The pointer is damaged or points nowhere.
        """
        try:
            text = self.pointer.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError):
            text = ""
        if not text.isdecimal() or not self.generation(int(text)).is_dir():
            raise StoreError(
                f"{self.pointer}: does not name a generation; restore it from a backup"
            )
        return int(text)


def open_store(directory: Path) -> Store:
    """Open an existing store for reading.

    Raises:
        StoreError: There is none, or a newer version wrote it.
    """
    path = directory / "store.json"
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise StoreError(f"{directory}: no store there yet; run linker link") from None
    except (OSError, ValueError):
        raise StoreError(f"{path}: is damaged; restore it from a backup") from None
    found = facts.get("format") if isinstance(facts, dict) else None
    if isinstance(found, int) and found > STORE_FORMAT:
        raise StoreError(
            f"{directory}: the store has format {found}, written by a newer version of linker; "
            f"this version reads format {STORE_FORMAT}; upgrade linker"
        )
    if found != STORE_FORMAT or not isinstance(facts.get("seed"), int):
        raise StoreError(f"{path}: is damaged; restore it from a backup")
    return Store(directory, facts["seed"])


def open_or_create_store(directory: Path) -> Store:
    """Open a store for writing, making an empty one where there is none.

    Raises:
        StoreError: The directory cannot be written, or holds something else.
    """
    if (directory / "store.json").exists():
        return open_store(directory)
    if directory.is_dir() and any(directory.iterdir()):
        raise StoreError(f"{directory}: is not empty and not a store; choose another directory")
    with storage_errors(directory):
        (directory / "generations").mkdir(parents=True, exist_ok=True)
        facts = {"format": STORE_FORMAT, "seed": secrets.randbits(62)}
        write_synced(directory / "store.json", json.dumps(facts) + "\n")
    return open_store(directory)


@contextmanager
def write_lock(store: Store) -> Iterator[None]:
    """Hold the store's lock; readers are not concerned by it.

    Raises:
        StoreError: Another run holds it.
    """
    with storage_errors(store.directory), (store.directory / "lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(
                f"{store.directory}: another run is writing this store; wait for it to end"
            ) from None
        yield


@contextmanager
def storage_errors(directory: Path) -> Iterator[None]:
    """Turn what goes wrong while writing below `directory` into one clear line.

    Raises:
        StoreError: No space, no permission, or another failure of the file system.
    """
    try:
        yield
    except OSError as error:
        raise StoreError(f"{directory}: {_reason(error.errno, str(error))}") from None
    except (duckdb.IOException, duckdb.OutOfMemoryException, pl.exceptions.ComputeError) as error:
        if not _is_storage(str(error)):
            raise
        raise StoreError(f"{directory}: {_reason(None, str(error))}") from None


def _is_storage(message: str) -> bool:
    lowered = message.lower()
    return any(word in lowered for word in ("no space", "could not write", "disk", "os error"))


def _reason(number: int | None, message: str) -> str:
    if number == errno.ENOSPC or "no space" in message.lower() or "max_temp" in message:
        return "no space left on the disk; free some and run again; nothing was published"
    if number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "cannot be written: permission denied; nothing was published"
    if number is not None:
        return f"cannot be written: {os.strerror(number)}; nothing was published"
    return "cannot be written; nothing was published"


def write_synced(path: Path, text: str) -> None:
    """Write a small file whole: aside, synced, then renamed into place."""
    aside = path.with_name(path.name + ".new")
    with aside.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    aside.replace(path)
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Make renames inside a directory durable."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def clear_building(store: Store) -> None:
    """Remove what a killed run left behind."""
    shutil.rmtree(store.building, ignore_errors=True)


def read_json(path: Path) -> dict[str, Any]:
    """Return the object of a JSON file of the store.

    Raises:
        StoreError: The file is missing or damaged.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise StoreError(f"{path}: is missing or damaged; publish a new generation") from None
    if not isinstance(value, dict):
        raise StoreError(f"{path}: is damaged; publish a new generation")
    return value
