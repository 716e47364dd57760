"""Term frequencies: how common a value is, so that agreeing on a rare one says more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
LEAST_OF_A_WORD: Final = 4
"""A word that so many records hold may be one target's in any data: names are written variously."""
RARE_WORD: Final = 2.0**-11
"""No word that few records hold is thought commoner, however few records there are to tell."""
OFTEN: Final = 0.75
"""The share of records whose name that many records hold, or fewer."""
COMMONER: Final = 10.0
"""A name that many records hold is common where it is no more often there than so many times as
often as its words, each counted with the names it stands in, would have it by themselves."""
HOLDERS: Final = 5.0
"""So many different values of a witness one target's records may have, slips and moves included."""
TELLING: Final = 50.0
"""A witness with fewer different values hardly tells two records apart."""
HALF: Final = 0.5
"""Most records: those that share their name, and those of a name of which a witness knows."""


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
    number count), and its words' own frequencies: the share of values that hold the word, without
    those that one target accounts for. For agreeing on a word tells by how few *others* have it: a
    word in three records, all of one target, is as rare as one there once, and a target in a
    thousand records does not make its words common. How many one target may is what 99 of 100
    values have at most, within `LEAST_REPEATS` and the configured number: where nearly every name
    is there once or twice, one that nine records hold is no one organization's.

    Where most records share their name with several others, targets are mentioned often, some of
    them very often. There a name that so many records hold is not stored, and so as rare as its
    words, if it is one target's by two signs: its words hardly ever stand in other names, so that
    chance would not have brought them together so often (`COMMONER`); and its holders agree on one
    of `term_frequency_witnesses`, where the configuration names any, as the records of a few
    targets do (`HOLDERS`).

    Args:
        mentions: The training records.
        columns: The columns whose frequencies adjust a level.
        training: Says which columns are made of words.
        word_columns: List columns, of whose words levels read how common they are.
    """
    found = TermFrequencies()
    told: dict[str, tuple[str, int, pl.Series]] = {}
    for column in sorted(columns):
        values = mentions[column].drop_nulls()
        words = training.term_frequency_words.get(column)
        if words is None:
            found.tables[column] = _shares(values.to_frame(), column, len(values), above=1)
            found.floors[column] = 1 / max(len(values), 1)
            continue
        counts = values.value_counts()["count"].cast(pl.Int64)
        most = _repeats(counts, training.term_frequency_repeats)
        found.tables[column] = _shares(
            values.to_frame(), column, len(values), above=most, less=most
        )
        found.floors[column] = LEAST_FREQUENCY
        found.words[column] = words
        told[words] = column, most, counts
    for words in sorted({*word_columns, *found.words.values()}):
        lists = mentions.select(pl.col(words).list.unique(maintain_order=True)).drop_nulls()
        own = LEAST_OF_A_WORD
        if words in told:
            column, most, counts = told[words]
            lists = _limited(mentions, words, column, most)
            own = max(own, min(most, _often(counts, OFTEN)))
        found.tables[words] = _shares(
            lists.explode(words), words, lists.height, above=own, less=own - 1
        )
        found.floors[words] = min(1 / max(lists.height, 1), RARE_WORD)
    for words, (column, _, counts) in told.items():
        names = mentions.select(column, words).drop_nulls().unique(column).sort(column)
        together = company(names[words], training.word_groups, training.seed)
        if together:
            found.groups[words] = together.shares
            found.tables[words] = found.tables[words].join(
                together.words.rename({"word": words}), on=words, how="left", maintain_order="left"
            )
        if _often(counts, HALF) > LEAST_REPEATS:
            of_one = _unlikely(found, column, names)
            if training.term_frequency_witnesses:
                of_one = _of_few(mentions, of_one, training.term_frequency_witnesses)
            found.tables[column] = found.tables[column].join(
                of_one, on=column, how="anti", maintain_order="left"
            )
    return found


def _limited(mentions: pl.DataFrame, words: str, column: str, most: int) -> pl.DataFrame:
    """Return the words of each record, of no more records than `most` with one name."""
    return (
        mentions.select(column, pl.col(words).list.unique(maintain_order=True))
        .drop_nulls()
        .filter(pl.int_range(pl.len()).over(column) < most)
        .select(words)
    )


def _often(counts: pl.Series, share: float) -> int:
    """Return how many records hold the value of a record, or fewer, for such a share of records.

    Args:
        counts: Of each value how many records hold it.
        share: The share of records.
    """
    ascending = counts.sort()
    reached = ascending.filter(ascending.cum_sum() >= share * int(counts.sum()))
    return int(reached[0]) if len(reached) else 0


def _unlikely(found: TermFrequencies, column: str, names: pl.DataFrame) -> pl.DataFrame:
    """Return the stored values of a column that are far more common than their words make them.

    Of one word nothing is known but itself: it is as common as the word is.
    """
    words = found.words[column]
    held = found.tables[column].join(names, on=column, maintain_order="left").explode(words)
    known = held.join(
        found.tables[words].rename({"tf": "share"}), on=words, how="left", maintain_order="left"
    )
    logs = pl.col("share").fill_null(found.floors[words]).log().sum()
    if words in found.groups:
        groups = [
            pl.col("groups").list.get(group).cast(pl.Float64).fill_null(1.0).log().sum().exp()
            * share
            for group, share in enumerate(found.groups[words])
        ]
        logs += pl.sum_horizontal(groups).log()
    return (
        known.group_by(column, "tf", maintain_order=True)
        .agg(by_words=logs.exp(), words=pl.len())
        .filter((pl.col("tf") > COMMONER * pl.col("by_words")) | (pl.col("words") == 1))
        .select(column)
    )


def _of_few(mentions: pl.DataFrame, values: pl.DataFrame, witnesses: Sequence[str]) -> pl.DataFrame:
    """Return the values whose holders agree on a witness as the records of few targets do.

    Of a witness that hardly tells any two records apart, or that half of the holders lack, nothing
    follows; one that tells them apart speaks against.
    """
    column = values.columns[0]
    held = mentions.join(values, on=column)
    votes = [pl.DataFrame(schema={column: pl.String(), "few": pl.Boolean()})]
    for witness in witnesses:
        everywhere = mentions.select(_different(witness)).item() or 0.0
        if everywhere < TELLING:
            continue
        votes.append(
            held.group_by(column)
            .agg(known=pl.col(witness).is_not_null().mean(), different=_different(witness))
            .filter(pl.col("known") >= HALF)
            .select(column, few=pl.col("different") <= HOLDERS)
        )
    agreed = pl.concat(votes).group_by(column).agg(pl.col("few").all()).filter("few")
    return values.join(agreed, on=column, how="semi", maintain_order="left")


def _different(witness: str) -> pl.Expr:
    """How many values there would be if all were equally frequent (Simpson's index, inverted)."""
    counts = pl.col(witness).drop_nulls().value_counts().struct.field("count").cast(pl.Float64)
    return counts.sum().pow(2) / counts.pow(2).sum()


def _repeats(counts: pl.Series, most: int) -> int:
    """Return up to how many records a value made of words may be one target's."""
    usual = counts.quantile(USUAL, "higher")
    return min(most, max(LEAST_REPEATS, int(usual or 0)))


def _shares(
    values: pl.DataFrame, column: str, whole: int, *, above: int, less: int = 0
) -> pl.DataFrame:
    counts = values.drop_nulls().group_by(column).len("count").filter(pl.col("count") > above)
    share = (pl.col("count").cast(pl.Float64) - less) / max(whole, 1)
    return counts.select(column, share.alias("tf")).sort("tf", column, descending=[True, False])
