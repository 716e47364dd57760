"""Keys of several texts together, and of records: which mention a record has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from linker.blocking.hashing import EVERY_CHARACTER, Int32s, UInt64s, joined_keys
from linker.blocking.keys import HashedPart, KeyPart, hash_part


def joint_keys(mentions: pl.DataFrame, columns: Sequence[str]) -> tuple[UInt64s, Int32s]:
    """Return a key of the texts of some columns together, for each row that lacks none of them.

    Args:
        mentions: A frame with the columns.
        columns: Texts.

    Returns:
        The keys, and the row of each, ascending.
    """
    keys = np.zeros(mentions.height, dtype=np.uint64)
    rows = np.arange(mentions.height, dtype=np.int32)
    for column in columns:
        part = _texts(mentions, column)
        keys, rows = joined_keys(keys, rows, part.hashes, part.offsets)
    return keys, rows


def record_keys(mentions: pl.DataFrame) -> UInt64s:
    """Return a key for each row, that of its source and record id; no row lacks either.

    Args:
        mentions: A frame with ``source`` and ``record_id``.
    """
    return joint_keys(mentions, ("source", "record_id"))[0]


def _texts(mentions: pl.DataFrame, column: str) -> HashedPart:
    return hash_part(KeyPart(column, pl.col(column), (column,), EVERY_CHARACTER), mentions)
