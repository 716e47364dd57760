"""What a raw row says, as one number: a record whose number stays has not changed.

The hash of a row is over its mapped fields and what is retained of it, over what the configuration
makes of them, and over the day its source was drawn only where a value counts back from it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Final

import numpy as np
import polars as pl

from linker import __version__
from linker.blocking.hashing import (
    EVERY_CHARACTER,
    HASH_VERSION,
    Int64s,
    UInt64s,
    folded,
    hash_numbers,
)
from linker.blocking.keys import KeyPart, hash_part
from linker.config import Source
from linker.standardise.counted_back import counted_back

_VERSIONS: Final = (__version__, HASH_VERSION)
"""Another version may read a row otherwise, so its contents are never equal to these."""
SET_ASIDE: Final = np.uint64(1)
"""The bit of a content that says that something of its row was set aside; no part of the hash."""

_NO_LISTS: Final[Int64s] = np.empty(0, dtype=np.int64)
_OUTSIDE_THE_HASH: Final = frozenset({"record_id", "row"})
_DECIDES_NOTHING: Final = frozenset({"path", "duplicates", "as_of", "bad_row_limit"})
"""Settings of a source that change its mentions only as far as they change its rows."""


def settings_digest(source: Source) -> str:
    """Return a digest of what the configuration makes of a source's rows, but for their values."""
    told = [*_VERSIONS, source.model_dump(mode="json", exclude=set(_DECIDES_NOTHING))]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def contents(rows: pl.DataFrame, source: Source, as_of: dt.date) -> tuple[UInt64s, bool]:
    """Return the content of each row, its bit `SET_ASIDE` not set, and never zero.

    Args:
        rows: Raw rows of the source, as `linker.sources.read` passes them on.
        source: Its configuration.
        as_of: When it was drawn.

    Returns:
        The contents, and whether one of them depends on that day.
    """
    made = {"kind": source.kind, "formats": source.formats, "constants": source.constants}
    start = _number(json.dumps([*_VERSIONS, made], sort_keys=True))
    hashes: UInt64s = np.full(rows.height, start, dtype=np.uint64)
    given = {*rows.columns} - _OUTSIDE_THE_HASH - ({*source.constants} - {*source.fields})
    for name in sorted(given):
        part = hash_part(KeyPart(name, pl.col(name), (name,), EVERY_CHARACTER), rows)
        hashes = folded(hashes, part.hashes, part.offsets, _number(name))
    back = counted_back(rows, source, as_of)
    for name, numbers in sorted(back.items()):
        known = numbers.is_not_null().to_numpy().astype(np.uint8)
        part_hashes = hash_numbers(np.array(numbers.fill_null(0).to_numpy()), known)
        hashes = folded(hashes, part_hashes, _NO_LISTS, _number(f"{name} counted back"))
    found = hashes & ~SET_ASIDE
    found[found == 0] = np.uint64(2)
    return found, bool(back)


def record_hashes(record_ids: pl.Series) -> pl.Series:
    """Return a hash of each record id, as `schemas.KEPT_QUARANTINE` holds it."""
    named = record_ids.to_frame("record_id")
    part = hash_part(
        KeyPart("record_id", pl.col("record_id"), ("record_id",), EVERY_CHARACTER), named
    )
    return pl.Series("record", part.hashes, dtype=pl.UInt64())


def same_content(left: UInt64s, right: UInt64s) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return where two contents are equal, whatever was set aside."""
    return np.asarray((left ^ right) <= SET_ASIDE)


def _number(text: str) -> np.uint64:
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))
