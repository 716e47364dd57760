"""The store's directory: its format, its lock, its pointer to the published generation.

store.json                what the store is: format, seed of its entity ids
lock                      held by the run that writes
CURRENT                   the number of the published generation
CURRENT.new               the number of the generation that is being published
CURRENT.to                only while the pointer is moved to a generation of an earlier run
journal.duckdb            what people did: acts, and the tombstones of what was forgotten
forget.key                the key of the tombstones' hashes, for its owner alone
review.sqlite             which pairs people are asked about, and what they said
audit.sqlite audit.key    questions, answers, tokens and alerts, and the key of what is hashed there
generations/000001/       one snapshot, never changed; published or held back
generations/.building/    the run that is being written
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from linker.errors import StoreError

STORE_FORMAT: Final = 2
"""Version of the layout; a store of a later one is refused."""

AUDIT_FILES: Final = ("audit.key", "audit.sqlite", "audit.sqlite-wal", "audit.sqlite-shm")
"""The log of questions and answers and its key; `linker.audit` makes them."""

NO_CONTENT: Final = frozenset({"lock", "store.json.new", "lost+found", *AUDIT_FILES})
"""What a directory may hold and be taken for a store all the same: remains of a run that died
while it made the store, what a fresh file system holds, and the log of what was asked."""

LEAST_FREE: Final = 1 << 20
"""Bytes; with fewer left on the disk, a write that failed did so for want of space."""


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
    def announced(self) -> Path:
        """The file that names the generation a run is publishing."""
        return aside(self.pointer)

    @property
    def moving(self) -> Path:
        """The file that takes the pointer's place when it is moved to another generation."""
        return self.pointer.with_name("CURRENT.to")

    @property
    def journal(self) -> Path:
        """The DuckDB file that remembers what people did."""
        return self.directory / "journal.duckdb"

    @property
    def forget_key(self) -> Path:
        """The file with the key of the tombstones' hashes."""
        return self.directory / "forget.key"

    @property
    def generations(self) -> Path:
        """The directory that holds the generations."""
        return self.directory / "generations"

    @property
    def building(self) -> Path:
        """Where a run writes before it is published."""
        return self.generations / ".building"

    def generation(self, number: int) -> Path:
        """Return the directory of a generation."""
        return self.generations / f"{number:06d}"

    def numbers(self) -> list[int]:
        """Return the numbers of the generations on disk, ascending."""
        found = self.generations.glob("[0-9]*")
        return sorted(int(path.name) for path in found if path.name.isdecimal())

    def unfinished(self) -> int | None:
        """Return the number of a generation that a run has announced and not published, or None."""
        try:
            text = self.announced.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return int(text) if text.isdecimal() and int(text) > (self.current() or 0) else None

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
    except PermissionError:
        raise StoreError(f"{path}: cannot be read: permission denied") from None
    except (OSError, ValueError):
        raise StoreError(f"{path}: is damaged; restore it from a backup") from None
    found = facts.get("format") if isinstance(facts, dict) else None
    if isinstance(found, int) and found > STORE_FORMAT:
        raise StoreError(
            f"{directory}: the store has format {found}, written by a newer version of linker; "
            f"this version reads format {STORE_FORMAT}; upgrade linker"
        )
    if isinstance(found, int) and found < STORE_FORMAT:
        raise StoreError(
            f"{directory}: the store has format {found}, written by an older version of linker; "
            f"this version keeps format {STORE_FORMAT}; name another directory and link into it"
        )
    if found != STORE_FORMAT or not isinstance(facts.get("seed"), int):
        raise StoreError(f"{path}: is damaged; restore it from a backup")
    return Store(directory, facts["seed"])


def find_store(directory: Path) -> Store | None:
    """Open the store in a directory for writing, None where one can be made.

    Raises:
        StoreError: A newer version wrote the store, or the directory holds something else.
    """
    with storage_errors(directory):
        if (directory / "store.json").exists():
            return open_store(directory)
        if directory.exists() and not directory.is_dir():
            raise StoreError(f"{directory}: is a file; choose another directory for the store")
        if directory.is_dir() and any(path.name not in NO_CONTENT for path in directory.iterdir()):
            raise StoreError(f"{directory}: is not empty and not a store; choose another directory")
    return None


def open_or_create_store(directory: Path) -> Store:
    """Open a store for writing, making an empty one where there is none.

    Raises:
        StoreError: The directory cannot be written, or holds something else.
    """
    found = find_store(directory)
    if found is not None:
        return found
    with storage_errors(directory):
        directory.mkdir(parents=True, exist_ok=True)
    with _locked(directory), storage_errors(directory):
        path = directory / "store.json"
        if not path.exists():  # another run may just have made it
            facts = {"format": STORE_FORMAT, "seed": secrets.randbits(62)}
            write_synced(path, json.dumps(facts) + "\n")
    return open_store(directory)


@contextmanager
def store_on_trial(directory: Path) -> Iterator[Store]:
    """Make a store and hold its lock; remove it if an error comes before anything is published.

    Raises:
        StoreError: The directory cannot be written, or holds something else.
    """
    made = [path for path in (directory, *directory.parents) if not path.exists()]
    store = open_or_create_store(directory)
    with write_lock(store):
        try:
            yield store
        except BaseException:
            if not store.pointer.exists():
                _remove(store, made)
            raise


def _remove(store: Store, made: list[Path]) -> None:
    """Remove what a store holds, and the directories that were made for it, innermost first."""
    shutil.rmtree(store.generations, ignore_errors=True)
    for name in ("journal.duckdb", "store.json", "lock"):
        with suppress(OSError):
            (store.directory / name).unlink()
    for path in made:
        with suppress(OSError):  # something else has been put there
            path.rmdir()


@contextmanager
def write_lock(store: Store) -> Iterator[None]:
    """Hold the store's lock; readers are not concerned by it.

    Raises:
        StoreError: Another run holds it.
    """
    with _locked(store.directory):
        yield


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    with storage_errors(directory):
        handle = (directory / "lock").open("w")
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(
                f"{directory}: another run is writing this store; wait for it to end"
            ) from None
        yield


@contextmanager
def storage_errors(directory: Path, outcome: str = "nothing was published") -> Iterator[None]:
    """Turn what goes wrong while writing below `directory` into one clear line.

    Args:
        directory: What the line names.
        outcome: What the line says of the consequence.

    Raises:
        StoreError: No space, no permission, or another failure of the file system.
    """
    try:
        yield
    except OSError as error:
        raise StoreError(f"{directory}: {_reason(error, directory)}; {outcome}") from None
    except (duckdb.Error, pl.exceptions.PolarsError) as error:
        if not any(word in str(error).lower() for word in _STORAGE_WORDS):
            raise
        raise StoreError(f"{directory}: {_reason(error, directory)}; {outcome}") from None


_STORAGE_WORDS: Final = (
    *("no space", "could not write", "could not read", "could not sync", "cannot open file"),
    *("failed to offload", "os error", "i/o error", "transport error"),
)
"""By these words DuckDB and Polars tell a failure of the file system from their other errors."""


def _reason(error: Exception, directory: Path) -> str:
    message = str(error).lower()
    told = re.search(r"\(os error (\d+)\)", message)
    number = getattr(error, "errno", None) or (int(told[1]) if told else None)
    full = number in (errno.ENOSPC, errno.EDQUOT) or "no space" in message
    if full or (number is None and _free(directory) < LEAST_FREE) or "max_temp" in message:
        return "no space left on the disk; free some and run again"
    if number is None and "read-only" in message:
        number = errno.EROFS
    what = os.strerror(number).lower() if number else "the file system refuses"
    return f"cannot be written: {what}; mend that or choose another directory"


def _free(directory: Path) -> int:
    try:
        return shutil.disk_usage(directory).free
    except OSError:
        return LEAST_FREE


def aside(path: Path) -> Path:
    """Return where a small file is written before it takes its place."""
    return path.with_name(path.name + ".new")


def write_synced(path: Path, text: str) -> None:
    """Write a small file whole: aside, synced, then renamed into place."""
    write_aside(path, text)
    take_place(path)


def write_aside(path: Path, text: str) -> None:
    """Write a small file's new text beside it, synced; `take_place` makes it count."""
    with aside(path).open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())


def take_place(path: Path) -> None:
    """Replace a small file by what `write_aside` wrote, durably."""
    aside(path).replace(path)
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Make renames inside a directory durable."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
