"""What a training would be made of: which comparisons have data, which sessions have pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from linker.config import EntitySettings
from linker.schemas import EntityType
from linker.training.usable import fill_shares, without_data


def pairs_that_agree(mentions: pl.DataFrame, columns: Sequence[str]) -> int:
    """Count the pairs of mentions that agree on every one of some columns.

    Args:
        mentions: With these columns.
        columns: A mention that lacks one of them agrees with none.
    """
    groups = mentions.lazy().select(columns).drop_nulls().group_by(columns).len("n").collect()
    n = groups["n"].cast(pl.Int64)
    return int((n * (n - 1) // 2).sum())


def session_pairs(mentions: pl.DataFrame, settings: EntitySettings) -> list[dict[str, Any]]:
    """Return of each configured session how many pairs it would have.

    Args:
        mentions: The training records, with the columns of the sessions.
        settings: Whose sessions.

    Returns:
        JSON values: ``kind`` (configured, fallback or household), ``columns``, ``pairs``, and
        whether these are ``enough``.
    """
    training = settings.training
    kinds = {
        "configured": training.sessions,
        "fallback": training.fallback_sessions,
        "household": training.household_sessions,
    }
    found: list[dict[str, Any]] = []
    for kind, sessions in kinds.items():
        for columns in sessions:
            pairs = pairs_that_agree(mentions, columns)
            enough = pairs >= training.min_session_pairs
            found.append({"kind": kind, "columns": columns, "pairs": pairs, "enough": enough})
    return found


def comparisons_with_data(
    mentions: pl.DataFrame, settings: EntitySettings, entity_type: EntityType
) -> tuple[list[str], list[str]]:
    """Return the comparisons that have data, and a note of each that has none.

    Args:
        mentions: The training records.
        settings: Whose comparisons.
        entity_type: Whose mentions.
    """
    fills = fill_shares(mentions, settings.comparisons, entity_type)
    left_out = without_data(fills, mentions.height)
    return [name for name in fills if name not in left_out], list(left_out.values())
