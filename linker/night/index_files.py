"""The keys of a segment beside those of blocking rules: by record, by value, by investigation."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from linker.blocking.index import write_keys
from linker.blocking.values import record_keys
from linker.deconfliction.index_keys import index_names, keys_of
from linker.schemas import EntityType
from linker.store.mention_table import Mentions
from linker.store.record_keys import RECORD


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
