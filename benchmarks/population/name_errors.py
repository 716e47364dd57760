"""How a person's name is written down, and what goes wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from benchmarks.population.cultures import CULTURES, FAMILY_FIRST
from benchmarks.population.draws import Bools, Ints, below, chance
from benchmarks.population.marks import Marks
from benchmarks.population.mistyping import mistyped
from benchmarks.population.names import Vocabulary
from benchmarks.population.people import Columns
from benchmarks.population.profiles import ARREST, CASE, INTEL, WATCHLIST
from benchmarks.population.spellings import SPELLINGS

PARTICLE: Final = r"^(de las|de los|de la|del|de|da|dos|Al|El|Abu|Bin)[ -]"

TWO_SURNAMES: Final = (
    "surname_dropped",
    "surname_joined",
    "surname_hyphenated",
    "surnames_swapped",
    "surname_as_middle",
)

KNOWN_AS: Final = np.array([0.5, 0.35, 0.15, 0.6])
"""Shares of case, arrest, intelligence and watchlist records of people with a false name that list
the name not used here; assumptions."""

LISTED_AS: Final = 0.42
"""Share of the other watchlist entries that list another way to write the name; with the false
names, 47 % of the people of the United States Treasury's list have an alias."""


@dataclass(frozen=True)
class Assumed:
    """Under which name each record is, and which one it lists besides: 0 is the true one.

    Attributes:
        used: Number of the name used, from 1 for the first false name.
        listed: Number of the name listed besides, -1 where none.
    """

    used: Ints
    listed: Ints


def assumed(
    marks: Marks, who: Ints, table: Columns, false: Columns, source: Ints
) -> tuple[Columns, Assumed]:
    """Let holders of a false name give it, and list the other name at times.

    Args:
        marks: Draws and remembers.
        who: Row of the person behind each record.
        table: Columns of the person behind each record; not changed.
        false: The false names of people, from `people.people`.
        source: CASE, ARREST, INTEL or WATCHLIST; a watchlist lists people under their true name.

    Returns:
        The columns with given, middle, family_1, family_2, suffix and born as told, aka_given and
        aka_family for the listed name (0 for none); and which names these are.
    """
    rows = len(who)
    holder = table["aliases"] > 0
    under = marks.draw("alias", holder & (source == ARREST))
    filed = marks.draw("alias_on_file", holder & ((source == CASE) | (source == INTEL)))
    marks.mark("alias", filed)
    under |= filed
    which = below(marks.rng, np.maximum(table["aliases"], 1))
    listed = holder & (marks.rng.random(rows) < KNOWN_AS[source])
    told = dict(table)
    for column in ("given", "family_1", "family_2", "born"):
        told[column] = np.where(under, false[column][who, which], table[column])
    for column in ("middle", "suffix"):
        told[column] = np.where(under, 0, table[column])
    for column, true in (("given", table["given"]), ("family_1", table["family_1"])):
        other = np.where(under, true, false[column][who, which])
        told["aka_" + column.removesuffix("_1")] = other * listed
    names = Assumed(
        used=np.where(under, which + 1, 0),
        listed=np.where(listed, np.where(under, 0, which + 1), -1),
    )
    return told, names


def also_listed(
    rng: np.random.Generator, table: Columns, vocabulary: Vocabulary, source: Ints
) -> Columns:
    """Let watchlist entries without another name list how else theirs is written."""
    listed = (source == WATCHLIST) & (table["aka_given"] == 0)
    listed &= chance(rng, len(source), LISTED_AS)
    foreign = np.isin(table["culture"], [CULTURES.index(name) for name in SPELLINGS])
    given = np.where(foreign, vocabulary.spelling.pick(rng, table["given"]), table["given"])
    given = np.where(given == table["given"], vocabulary.nickname.pick(rng, given), given)
    family = vocabulary.spelling.pick(rng, table["family_1"])
    family = np.where(foreign, family, table["family_1"])
    return table | {
        "aka_given": np.where(listed, given, table["aka_given"]),
        "aka_family": np.where(listed, family, table["aka_family"]),
    }


def spelled(marks: Marks, table: Columns, vocabulary: Vocabulary) -> Columns:
    """Apply nicknames and other romanisations to the name codes."""
    rng, rows = marks.rng, marks.rows
    given, family = table["given"], table["family_1"]
    nick = marks.draw("nickname", vocabulary.nickname.count[given] > 0)
    given = np.where(nick, vocabulary.nickname.pick(rng, given), given)
    # Juan is a Chinese syllable too.
    foreign = np.isin(table["culture"], [CULTURES.index(name) for name in SPELLINGS])
    of_given = foreign & (vocabulary.spelling.count[given] > 0)
    of_family = foreign & (vocabulary.spelling.count[family] > 0)
    spelt = marks.draw("romanisation", of_given | of_family)
    side = rng.random(rows)
    change_given = spelt & of_given & ((side > 0.4) | ~of_family)
    change_family = spelt & of_family & ((side < 0.6) | ~of_given)
    return table | {
        "given": np.where(change_given, vocabulary.spelling.pick(rng, given), given),
        "family_1": np.where(change_family, vocabulary.spelling.pick(rng, family), family),
    }


def written(marks: Marks, table: Columns, vocabulary: Vocabulary, accented: Bools) -> pl.DataFrame:
    """Return the names as texts with their errors.

    Args:
        marks: Draws and remembers.
        table: Columns with name codes.
        vocabulary: The names.
        accented: Rows that keep accents.

    Returns:
        Columns given, middle, family_1, family_2, suffix, aka (String, null where none).
    """
    rng = marks.rng
    columns = ("given", "middle", "family_1", "family_2", "aka_given", "aka_family")
    text = pl.DataFrame({name: _texts(vocabulary, table[name], accented) for name in columns})
    particle = vocabulary.has_particle[table["family_1"]]
    joined = marks.draw("particle_joined", particle)
    dropped = marks.draw("particle_dropped", particle & ~joined)
    family = pl.col("family_1")
    text = text.with_columns(
        pl.when(pl.Series(joined))
        .then(family.str.replace_all("[ -]", "").str.to_titlecase())
        .when(pl.Series(dropped))
        .then(family.str.replace(PARTICLE, ""))
        .otherwise(family)
        .alias("family_1")
    )
    slip = marks.draw("typo", np.ones(marks.rows, dtype=np.bool_))
    part = rng.integers(0, 3, marks.rows)
    second = table["family_2"] > 0
    text = text.with_columns(
        mistyped(rng, text["given"], slip & (part == 0)).alias("given"),
        mistyped(rng, text["family_1"], slip & ((part == 1) | (part == 2) & ~second)).alias(
            "family_1"
        ),
        mistyped(rng, text["family_2"], slip & (part == 2) & second).alias("family_2"),
    )
    text = _given_initial(marks, text)
    text = _middle(marks, text, table["middle"] > 0)
    text = _two_surnames(marks, text, second)
    text = _swapped(marks, text, np.isin(table["culture"], FAMILY_FIRST))
    suffixes = pl.Series([None, "Jr", "Sr"], dtype=pl.String)
    unwritten = marks.draw("suffix_dropped", table["suffix"] > 0)
    return text.select(
        "given",
        "middle",
        "family_1",
        "family_2",
        suffixes.gather(table["suffix"] * ~unwritten).alias("suffix"),
        pl.concat_str("aka_given", "aka_family", separator=" ").alias("aka"),
    )


def _texts(vocabulary: Vocabulary, codes: Ints, accented: Bools) -> pl.Series:
    with_accents = vocabulary.words.gather(codes)
    without = vocabulary.plain.gather(codes)
    return pl.select(pl.when(pl.Series(accented)).then(with_accents).otherwise(without)).to_series()


def _given_initial(marks: Marks, text: pl.DataFrame) -> pl.DataFrame:
    cut = pl.Series(marks.draw("given_initial", text["given"].is_not_null().to_numpy()))
    given = pl.col("given")
    return text.with_columns(
        pl.when(cut).then(given.str.slice(0, 1)).otherwise(given).alias("given")
    )


def _middle(marks: Marks, text: pl.DataFrame, present: Bools) -> pl.DataFrame:
    kind = pl.Series(marks.one_of(("middle_dropped", "middle_initial"), present))
    middle = pl.col("middle")
    shown = pl.when(kind == 0).then(middle).when(kind == 2).then(middle.str.slice(0, 1))
    return text.with_columns(shown.alias("middle"))


def _two_surnames(marks: Marks, text: pl.DataFrame, two: Bools) -> pl.DataFrame:
    """Drop, join, hyphenate, swap or misplace one of two family names."""
    kind = pl.Series(marks.one_of(TWO_SURNAMES, two))
    paternal = marks.draw("paternal_dropped", (kind == 1).to_numpy())
    first, second, middle = pl.col("family_1"), pl.col("family_2"), pl.col("middle")
    one_word = first.str.replace_all(" ", "") + second.str.replace_all(" ", "").str.to_lowercase()
    only_second = pl.Series(paternal) | (kind == 4) | (kind == 5)
    return text.with_columns(
        pl.when(only_second)
        .then(second)
        .when(kind == 2)
        .then(one_word)
        .when(kind == 3)
        .then(first + "-" + second)
        .otherwise(first)
        .alias("family_1"),
        pl.when(kind == 0).then(second).when(kind == 4).then(first).alias("family_2"),
        pl.when(kind == 5)
        .then(pl.concat_str(middle, first, separator=" ", ignore_nulls=True))
        .otherwise(middle)
        .alias("middle"),
    )


def _swapped(marks: Marks, text: pl.DataFrame, family_first: Bools) -> pl.DataFrame:
    """Let given and family name change places, by a slip or as they stand in their own country."""
    slip = marks.draw("given_family_swapped", ~family_first)
    swap = pl.Series(slip | marks.draw("family_first", family_first))
    family = pl.concat_str("family_1", "family_2", separator=" ", ignore_nulls=True)
    given = pl.concat_str("given", "middle", separator=" ", ignore_nulls=True)
    return text.with_columns(
        pl.when(swap).then(family).otherwise("given").alias("given"),
        pl.when(swap).then(given).otherwise("family_1").alias("family_1"),
        pl.when(~swap).then("middle").alias("middle"),
        pl.when(~swap).then("family_2").alias("family_2"),
    )
