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
"""A witness with fewer different values, each counted once a name, hardly tells two names apart."""
LEAST_ALONE: Final = 2.0**-5
"""No fewer words are thought to be a name by themselves: one in 26 on the sanctions list of the US
Treasury, hardly any among names that were made up of several."""
HALF: Final = 0.5
"""Most records: those that share their name, and those of a name of which a witness knows."""


@dataclass(frozen=True)
class TermFrequencies:
    """The term frequencies of a model.

    `tables` holds by column a frame of that column (text) and ``tf`` (a share between 0 and 1);
    `floors` the term frequency of a value that is not in the table; `words` the list column of
    each column that is made of words; `groups` by such a list column the shares of the groups of
    words that keep company, whose table then has the column ``groups`` (see `company`); `alone` by
    such a list column how many of all words of names are a name by themselves, a share.
    """

    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    floors: dict[str, float] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    groups: dict[str, tuple[float, ...]] = field(default_factory=dict)
    alone: dict[str, float] = field(default_factory=dict)


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
    targets do (`HOLDERS`). Where records hold nothing that could be a witness, the first sign has
    to do; but not of personal names, which people share however odd they are ("Sir Baronet").

    Elsewhere a name in few records counts by its words, which says too little of names that are
    given again and again, such as "First Baptist Church". Where the holders of one differ in all
    that the witnesses know, it is as common as it is often there, if its words do not say so
    themselves. Personal names, whose words are sorted into groups, are told well by their words.

    Elsewhere than with personal names, of which a word is often missing, a name of one word is as
    common as that word is by itself: of the words of all names the share `alone` are a name.

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
    for words, (column, *_) in told.items():
        names = mentions.select(column, words).drop_nulls().unique(column).sort(column)
        together = company(names[words], training.word_groups, training.seed)
        if together:
            found.groups[words] = together.shares
            found.tables[words] = found.tables[words].join(
                together.words.rename({"word": words}), on=words, how="left", maintain_order="left"
            )
        if not training.word_groups:
            found.alone[words] = _alone(names[words])
        found.tables[column] = _witnessed_names(found, column, names, mentions, training)
    return found


def _witnessed_names(
    found: TermFrequencies,
    column: str,
    names: pl.DataFrame,
    mentions: pl.DataFrame,
    training: TrainingSettings,
) -> pl.DataFrame:
    """Return the stored values of a column, without those of one target, with those of strangers.

    Args:
        found: Holds the frequencies of the column, as yet, and of its words.
        column: The column.
        names: Its values, each once, and their words.
        mentions: The training records.
        training: Names the witnesses.
    """
    witnesses, stored = training.term_frequency_witnesses, found.tables[column]
    counts = mentions[column].drop_nulls().value_counts()["count"].cast(pl.Int64)
    if _often(counts, HALF) > LEAST_REPEATS:
        of_one = _unlikely(found, stored, names)
        nothing_else = all(mentions[witness].null_count() == len(mentions) for witness in witnesses)
        if witnesses and (training.word_groups or not nothing_else):
            of_one = _of_few(mentions, of_one, witnesses)
        stored = stored.join(of_one, on=column, how="anti", maintain_order="left")
    if witnesses and not training.word_groups:
        apart = _of_many(mentions, column, witnesses)
        apart = apart.join(_unlikely(found, apart, names), on=column, how="semi")
        stored = pl.concat([stored.join(apart, on=column, how="anti"), apart])
    return stored.sort("tf", column, descending=[True, False])


def _alone(names: pl.Series) -> float:
    """Return how many of all words of names are a name by themselves, a share."""
    lengths = names.list.unique().list.len().cast(pl.Int64)
    share = (int((lengths == 1).sum()) + 1) / (int(lengths.sum()) + 1)
    return max(share, LEAST_ALONE)


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


def _unlikely(found: TermFrequencies, values: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Return those of some values of a column that are far commoner than their words make them.

    Of one word nothing is known but itself: it is as common as the word is.
    """
    column = values.columns[0]
    words = found.words[column]
    held = values.join(names, on=column, maintain_order="left").explode(words)
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

    Of a witness that hardly tells two names apart, or that half of the holders lack, nothing
    follows; one that tells holders apart speaks against.
    """
    column = values.columns[0]
    few = pl.col("different") <= HOLDERS
    agreed = (
        _witnessed(mentions, values, witnesses).group_by(column).agg(few.all()).filter("different")
    )
    return values.join(agreed, on=column, how="semi", maintain_order="left")


def _of_many(mentions: pl.DataFrame, column: str, witnesses: Sequence[str]) -> pl.DataFrame:
    """Return the values whose holders no witness takes for one, and their share (``tf``).

    Holders are told apart where more than half of them differ.
    """
    counts = mentions[column].drop_nulls().value_counts()
    often = counts.filter(pl.col("count") > LEAST_REPEATS)
    many = pl.col("different") > HALF * pl.col("known")
    apart = (
        _witnessed(mentions, often.select(column), witnesses)
        .group_by(column)
        .agg(many.all().alias("many"))
        .filter("many")
    )
    share = pl.col("count").cast(pl.Float64) / max(int(counts["count"].sum()), 1)
    return often.join(apart, on=column, how="semi").select(column, share.alias("tf"))


def _witnessed(
    mentions: pl.DataFrame, values: pl.DataFrame, witnesses: Sequence[str]
) -> pl.DataFrame:
    """Return of each value and witness how many holders it knows, and how ``different`` they are.

    Left out are witnesses that hardly tell two names apart, and those that half of the holders
    lack.
    """
    column = values.columns[0]
    held = mentions.join(values, on=column)
    schema = {column: pl.String(), "known": pl.UInt32(), "different": pl.Float64()}
    votes = [pl.DataFrame(schema=schema)]
    for witness in witnesses:
        once = mentions.select(column, witness).drop_nulls().unique()
        everywhere = once.select(_different(witness)).item() or 0.0
        if everywhere >= TELLING:
            votes.append(
                held.group_by(column)
                .agg(pl.len(), known=pl.col(witness).count(), different=_different(witness))
                .filter(pl.col("known") >= HALF * pl.col("len"))
                .select(schema.keys())
            )
    return pl.concat(votes)


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
