"""Tombstones: by them a forgotten record is known again, and by nothing else.

A tombstone is an HMAC-SHA256 under a key that lies in a file of the store, for its owner alone.
Whoever has the journal and not the key learns nothing from it but how many records were forgotten.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import polars as pl

from linker.errors import StoreError
from linker.schemas import TOMBSTONES
from linker.store.journal import tombstones
from linker.store.layout import Store, storage_errors, sync_directory

Kind = Literal["record", "term"]

KEY_BYTES: Final = 32


@dataclass(frozen=True)
class Tombstones:
    """What was forgotten.

    Attributes:
        pending: Whether anything was that no generation without it has been published for yet.
    """

    pending: bool
    _key: bytes = field(repr=False)
    _digests: Mapping[tuple[str, str], frozenset[bytes]] = field(repr=False)

    def __bool__(self) -> bool:
        """Whether anything was forgotten."""
        return bool(self._digests)

    def places(self, kind: Kind) -> list[str]:
        """Return the sources of forgotten records, or the columns of forgotten terms."""
        return sorted(place for found, place in self._digests if found == kind)

    def known(self, kind: Kind, place: str, values: pl.Series) -> pl.Series:
        """Tell of each record id of a source, or each term of a column, whether it was forgotten.

        Returns:
            Booleans; false where a value is null.
        """
        wanted = self._digests.get((kind, place))
        if not wanted:
            return pl.repeat(False, len(values), dtype=pl.Boolean(), eager=True)
        key, start = self._key, _message(kind, place, "")
        found = [
            value is not None and hmac.digest(key, start + value.encode(), "sha256") in wanted
            for value in values
        ]
        return pl.Series(found, dtype=pl.Boolean())

    def forgotten(self, source: str, record_ids: pl.Series) -> pl.Series:
        """Tell of each record of a source whether it was forgotten."""
        return self.known("record", source, record_ids)


def read_tombstones(store: Store) -> Tombstones:
    """Return what was forgotten.

    Raises:
        StoreError: The journal is damaged, or the key of its tombstones is gone.
    """
    rows = tombstones(store)
    if rows.is_empty():
        return Tombstones(pending=False, _key=b"", _digests={})
    key = _read_key(store)
    if key is None:
        raise StoreError(
            f"{store.forget_key}: is missing or damaged, and without it forgotten records would "
            "come back; restore it from a backup"
        )
    digests: dict[tuple[str, str], set[bytes]] = {}
    for kind, place, digest in rows.select("kind", "place", "digest").iter_rows():
        digests.setdefault((kind, place), set()).add(digest)
    return Tombstones(
        pending=rows["generation"].null_count() > 0,
        _key=key,
        _digests={place: frozenset(found) for place, found in digests.items()},
    )


def make_tombstones(
    store: Store, kind: Kind, places: Iterable[tuple[str, str]], at: str
) -> pl.DataFrame:
    """Return tombstones, schema `TOMBSTONES`, of (source, record id) or (column, term) pairs.

    The key is made with the first of them.

    Raises:
        StoreError: The key cannot be written.
    """
    key = _read_key(store) or _make_key(store)
    rows = [
        (at, kind, place, hmac.digest(key, _message(kind, place, value), "sha256"), None)
        for place, value in places
    ]
    return pl.DataFrame(rows, schema=dict(TOMBSTONES), orient="row")


def _message(kind: str, place: str, value: str) -> bytes:
    return f"{kind}\0{place}\0{value}".encode()


def _read_key(store: Store) -> bytes | None:
    try:
        key = store.forget_key.read_bytes()
    except OSError:
        return None
    return key if len(key) == KEY_BYTES else None


def _make_key(store: Store) -> bytes:
    key = secrets.token_bytes(KEY_BYTES)
    with storage_errors(store.directory, "nothing was forgotten"):
        fresh = store.forget_key.with_name("forget.key.new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, key)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        fresh.replace(store.forget_key)
        sync_directory(store.directory)
    return key
