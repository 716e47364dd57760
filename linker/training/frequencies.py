"""Term frequencies: how common a value is, so that agreeing on a rare one says more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from linker.config import TrainingSettings
from linker.training.company import company

LEAST_FREQUENCY: Final = 1e-8
"""No value is thought rarer than this, however rare its words are together."""

USUAL: Final = 0.99
"""The share of values that as many records hold as one target may have, or fewer."""
LEAST_REPEATS: Final = 3
"""A value that so many records hold may be one target's in any data."""


@dataclass(frozen=True)
class TermFrequencies:
    """The term frequencies of a model.

    `tables` holds by column a frame of that column (text) and ``tf`` (a share between 0 and 1);
    `floors` the term frequency of a value that is not in the table; `words` the list column of
    each column that is made of words; `groups` by such a list column the shares of the groups of
    words that keep company, whose table then has the column ``groups`` (see `company`).
    """

    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    floors: dict[str, float] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    groups: dict[str, tuple[float, ...]] = field(default_factory=dict)


def term_frequencies(
    mentions: pl.DataFrame,
    columns: Collection[str],
    training: TrainingSettings,
    word_columns: Collection[str] = (),
) -> TermFrequencies:
    """Count how common the values of some columns are.

    A value seen once is at the column's floor, one in all values, and is not stored. A column made
    of words stores only values that more records hold than one target may (the records above that
    number count), and its words' own frequencies: the share of values that hold the word. How many
    one target may is what 99 of 100 values have at most, within `LEAST_REPEATS` and the configured
    number: where nearly every name is there once or twice, one that nine records hold is no one
    organization's.

    Args:
        mentions: The training records.
        columns: The columns whose frequencies adjust a level.
        training: Says which columns are made of words.
        word_columns: List columns, of whose words levels read how common they are.
    """
    found = TermFrequencies()
    for column in sorted(columns):
        values = mentions[column].drop_nulls()
        words = training.term_frequency_words.get(column)
        if words is None:
            found.tables[column] = _shares(values.to_frame(), column, len(values), above=1)
            found.floors[column] = 1 / max(len(values), 1)
            continue
        repeats = _repeats(values.drop_nulls(), training.term_frequency_repeats)
        found.tables[column] = _shares(
            values.to_frame(), column, len(values), above=repeats, less=repeats
        )
        found.floors[column] = LEAST_FREQUENCY
        found.words[column] = words
    for words in sorted({*word_columns, *found.words.values()}):
        lists = mentions.select(pl.col(words).list.unique(maintain_order=True)).drop_nulls()
        found.tables[words] = _shares(lists.explode(words), words, lists.height, above=1)
        found.floors[words] = 1 / max(lists.height, 1)
    for column, words in found.words.items():
        names = mentions.select(column, words).drop_nulls().unique(column).sort(column)[words]
        together = company(names, training.word_groups, training.seed)
        if together:
            found.groups[words] = together.shares
            found.tables[words] = found.tables[words].join(
                together.words.rename({"word": words}), on=words, how="left", maintain_order="left"
            )
    return found


def _repeats(values: pl.Series, most: int) -> int:
    """Return up to how many records a value made of words may be one target's."""
    usual = values.value_counts()["count"].quantile(USUAL, "higher")
    return min(most, max(LEAST_REPEATS, int(usual or 0)))


def _shares(
    values: pl.DataFrame, column: str, whole: int, *, above: int, less: int = 0
) -> pl.DataFrame:
    counts = values.drop_nulls().group_by(column).len("count").filter(pl.col("count") > above)
    share = (pl.col("count").cast(pl.Float64) - less) / max(whole, 1)
    return counts.select(column, share.alias("tf")).sort("tf", column, descending=[True, False])
