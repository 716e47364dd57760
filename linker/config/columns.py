"""Columns that a configuration names outside of blocking keys and level parameters."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from linker.config.settings import EntitySettings
from linker.errors import nearest
from linker.schemas import MENTIONS, TEXT, TEXTS, EntityType


def column_mistake(settings: EntitySettings, entity_type: EntityType) -> str | None:
    """Return the first column that mentions lack, or hold as another type; None where all fit.

    Checked are the columns of term frequencies, EM sessions and prior rules: what a run would
    otherwise stumble over only once it has read every source.
    """
    schema = MENTIONS[entity_type]
    for place, column, wanted in _columns(settings):
        if column not in schema:
            return f"{entity_type}: {place}: unknown column {column!r}{nearest(column, schema)}"
        if wanted is not None and schema[column] != wanted:
            what = "texts" if wanted == TEXT else "lists of texts"
            return f"{entity_type}: {place}: column {column!r} does not hold {what}"
    return None


def _columns(settings: EntitySettings) -> Iterator[tuple[str, str, pl.DataType | None]]:
    """Give each place, the column it names, and the type it must have, None for any."""
    for comparison in settings.comparisons:
        for number, level in enumerate(comparison.levels, start=1):
            if level.term_frequency is not None:
                place = f"comparison {comparison.name!r}: levels {number}: term_frequency"
                yield place, level.term_frequency, TEXT
    training = settings.training
    for section in ("sessions", "fallback_sessions", "prior_rules", "fallback_prior_rules"):
        for number, columns in enumerate(getattr(training, section), start=1):
            for column in columns:
                yield f"training: {section} {number}", column, None
    for column in training.term_frequency_witnesses:
        yield "training: term_frequency_witnesses", column, None
    for column, words in training.term_frequency_words.items():
        yield "training: term_frequency_words", column, TEXT
        yield f"training: term_frequency_words: {column}", words, TEXTS
