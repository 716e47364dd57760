"""The keys of a segment beside those of blocking rules: by record, by value, by investigation."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from linker.blocking.index import write_keys
from linker.blocking.values import record_keys
from linker.deconfliction.index_keys import index_names, keys_of
from linker.schemas import EntityType
from linker.scoring.features.pack import Int64s
from linker.store.mention_table import Mentions
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


def write_index(directory: Path, entity: EntityType, mentions: Mentions, first: int) -> None:
    """Write the keys of a segment's mentions that are no blocking keys.

    Args:
        directory: Of the segment's keys.
        entity: What the mentions are of.
        mentions: The mentions.
        first: The number of the first.

    Raises:
        OSError: The disk is full, or cannot be written.
    """
    for name, columns in index_names(entity).items():
        keys, rows = keys_of(name, mentions.read(columns))
        write_keys(directory, name, keys, (rows + first).astype(np.int32))
    keys = record_keys(mentions.read(["source", "record_id"]))
    write_keys(directory, RECORD, keys, np.arange(first, first + len(keys), dtype=np.int32))
