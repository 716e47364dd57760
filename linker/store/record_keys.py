"""The keys by which the mention of a record is found."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from linker.blocking.values import record_keys
from linker.scoring.features.pack import Int64s
from linker.store.warehouse import Warehouse

RECORD: Final = "record"
"""The name of the keys by which a record's mention is found."""


def numbers_of(held: Warehouse, records: pl.DataFrame) -> Int64s:
    """Return the number of the living mention of each of some records, -1 where there is none.

    Args:
        held: The warehouse.
        records: ``source`` and ``record_id``.
    """
    keys, places = np.unique(record_keys(records), return_inverse=True)
    found, starts = held.index.members(RECORD, keys)
    first = np.full(len(keys), -1, dtype=np.int64)
    having = np.diff(starts) > 0
    first[having] = found[starts[:-1][having]]
    numbers: Int64s = first[places]
    return numbers
