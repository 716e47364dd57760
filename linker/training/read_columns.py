"""What of mentions a model is estimated from: strong identifiers, and the columns read."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from linker.config import ComparisonSettings, TrainingSettings
from linker.errors import ConfigError, nearest
from linker.model import TrainedComparison
from linker.schemas import MENTIONS, TEXT, EntityType
from linker.scoring.settings import comparison_columns


def identifiers_of(
    mentions: pl.DataFrame, training: TrainingSettings, entity_type: EntityType
) -> list[str]:
    """Return the strong identifiers that the mentions have.

    Raises:
        ConfigError: The configuration names one that is no column of such mentions.
    """
    known = [column for column, dtype in MENTIONS[entity_type].items() if dtype == TEXT]
    for column in training.strong_identifiers:
        if column not in known and "strong_identifiers" in training.model_fields_set:
            raise ConfigError(
                f"{entity_type}.training: strong_identifiers: {column!r} is no column of text "
                f"that {entity_type} mentions have{nearest(column, known)}"
            )
    return [
        column
        for column in dict.fromkeys(training.strong_identifiers)
        if column in known and column in mentions.columns
    ]


def columns_of(
    kept: Sequence[ComparisonSettings],
    comparisons: Sequence[TrainedComparison],
    training: TrainingSettings,
    entity_type: EntityType,
) -> set[str]:
    """Return the columns of mentions that Splink reads."""
    columns = {column for one in kept for column in comparison_columns(one, entity_type)}
    columns.update(lv.term_frequency for c in comparisons for lv in c.levels if lv.term_frequency)
    rules = [*training.sessions, *training.fallback_sessions]
    rules += [*training.prior_rules, *training.fallback_prior_rules, *training.household_sessions]
    columns.update(column for rule in rules for column in rule)
    return columns
