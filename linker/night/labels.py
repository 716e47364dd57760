"""Labelled pairs: what people decided, in a part to train on and a part to judge by.

Which part a pair is in depends on the names of its two records alone, so that a pair that a model
was judged by is never one that it, or a later one, was trained on.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import polars as pl

from linker.blocking.hashing import hash_numbers
from linker.blocking.values import joint_keys
from linker.config import Config
from linker.entities.decisions import in_force
from linker.schemas import DECISION_RECORDS, DECISIONS, EntityType, Schema, empty
from linker.store.decision_table import read_decisions
from linker.store.journal import now
from linker.store.layout import open_store

Part = Literal["training", "evaluation"]
PARTS: Final = 4
"""One pair of so many is kept apart for evaluation."""
LABELS: Final[Schema] = {**DECISION_RECORDS, "is_match": pl.Boolean()}
"""Pairs of records, the first by source and record id first, and whether they are one target."""


def is_for_evaluation(pairs: pl.DataFrame) -> pl.Series:
    """Return which pairs are kept apart for evaluation.

    Args:
        pairs: `DECISION_RECORDS`, the first record by source and record id first.
    """
    keys, _ = joint_keys(pairs, list(DECISION_RECORDS))
    drawn = hash_numbers(keys.view(np.int64), np.ones(len(keys), dtype=np.uint8))
    return pl.Series("evaluation", drawn % np.uint64(PARTS) == 0, dtype=pl.Boolean())


def labelled(config: Config, entity_type: EntityType, part: Part | None = None) -> pl.DataFrame:
    """Return the pairs that decisions in force say something of; `LABELS`, sorted by records.

    Args:
        config: Names the store; without one there are none.
        entity_type: Of which.
        part: Which part; both unless given.

    Raises:
        StoreError: The store or its journal cannot be used.
    """
    found = telling_decisions(config, entity_type, part)
    return found.with_columns(is_match=pl.col("decision") == "match").select(list(LABELS))


def telling_decisions(
    config: Config, entity_type: EntityType, part: Part | None = None
) -> pl.DataFrame:
    """Return the decisions in force that say whether a pair is one target, sorted by records.

    Args:
        config: Names the store; without one there are none.
        entity_type: Of which.
        part: Which part of the pairs; both unless given.

    Returns:
        Schema `DECISIONS`; one for each pair.

    Raises:
        StoreError: The store or its journal cannot be used.
    """
    directory = config.resolve(config.store.directory)
    if not (directory / "store.json").exists():
        return empty(DECISIONS)
    standing = in_force(read_decisions(open_store(directory)), now())
    found = standing.filter(
        (pl.col("entity_type") == entity_type) & (pl.col("decision") != "unsure")
    ).sort(list(DECISION_RECORDS))
    if part is None:
        return found
    apart = is_for_evaluation(found)
    return found.filter(apart if part == "evaluation" else ~apart)
