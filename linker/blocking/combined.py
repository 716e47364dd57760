"""Parts of keys that are made of several columns, or of the values of a list.

Each is an expression over a table of mentions; `linker.blocking.one_keys` makes the same of one
mention, value by value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from linker.schemas import EntityType

Combined = tuple[pl.Expr, tuple[str, ...]]
"""An expression that gives a list of texts, and the columns it reads."""


def _with(columns: tuple[str, ...], texts: str) -> Combined:
    """Return the texts of some columns and those of a list."""
    listed = pl.col(texts).fill_null([])
    return pl.concat_list(*columns, listed).list.drop_nulls(), (*columns, texts)


def _either(one: str, other: str) -> Combined:
    """Return the values of two list columns, each once."""
    both = pl.concat_list(pl.col(one).fill_null([]), pl.col(other).fill_null([]))
    return both.list.drop_nulls().list.unique(maintain_order=True), (one, other)


def _pairs(texts: str) -> Combined:
    """Return every two of the first values of a list column, joined in order of the alphabet.

    Two family names may be written as one: where there are `JOINED` values, the first two
    made one stand beside the last, and the last two beside the first.
    """
    first = pl.col(texts).list.head(PAIRED)
    in_order, values = (
        [of.list.get(place, null_on_oob=True) for place in range(PAIRED)]
        for of in (first, first.list.sort())
    )
    last, before = (pl.col(texts).list.get(-place, null_on_oob=True) for place in (1, 2))
    pairs = [
        pl.concat_str(values[one], values[other], separator=" ")
        for one in range(PAIRED)
        for other in range(one + 1, PAIRED)
    ]
    written_as_one = [
        pl.when(pl.col(texts).list.len() >= JOINED).then(
            _in_order(pl.concat_str(one, other), third)
        )
        for one, other, third in ((in_order[0], in_order[1], last), (before, last, in_order[0]))
    ]
    return pl.concat_list([*pairs, *written_as_one]).list.drop_nulls(), (texts,)


def _in_order(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Return two texts joined in order of the alphabet."""
    straight, turned = (
        pl.concat_str(*both, separator=" ") for both in ((one, other), (other, one))
    )
    return pl.when(one <= other).then(straight).otherwise(turned)


PAIRED: Final = 5
"""Words of a name of which every two are a part of a key."""
JOINED: Final = 3
"""Words from which on two may be one family name, written as one."""

BUCKETS: Final = "buckets"
"""A part that gives each record two buckets, drawn by its source and record id.

A key that very many records of one target share is refined by them: each record then meets those
of its two buckets, and through these, one by one, every other.
"""
UNDATED: Final = "undated"
"""A part that records without a birth year have, and the others not."""
_UNDATED: Final[Combined] = (
    pl.when(pl.col("birth_year").is_null()).then(pl.concat_list(pl.lit(UNDATED))),
    ("birth_year",),
)
BIRTH_YEARS: Final = "birth_years"
"""The year of birth; where it follows from an age or an estimate, the years beside it, too."""
_BIRTH_YEARS: Final[Combined] = (
    pl.when(pl.col("birth_year").is_not_null()).then(
        pl.concat_list(
            pl.when((pl.lit(shift) == 0) | (pl.col("birth_year_margin") > 0)).then(
                (pl.col("birth_year") + shift).cast(pl.String)
            )
            for shift in (0, -1, 1)
        ).list.drop_nulls()
    ),
    ("birth_year", "birth_year_margin"),
)
WORD_ENDS: Final = "word_ends"
"""A part that names of one word have: how they begin, and how they end."""
END: Final = 4
"""So many letters of a word are its beginning, or its end."""


def _word_ends(column: str) -> pl.Expr:
    text = pl.col(column)
    several = text.str.contains(" ", literal=True) | (text.str.len_chars() <= END)
    begins, ends = text.str.head(END) + "-", "-" + text.str.tail(END)
    return pl.when(~several).then(pl.concat_list(begins, ends))


_RECORD: Final[Combined] = (
    pl.concat_str("source", "record_id", separator="\n"),
    ("source", "record_id"),
)

COMBINED: Final[Mapping[EntityType, Mapping[str, Combined]]] = {
    "person": {
        "names": _with(("name_key", "full_name"), "aliases"),
        "name_pairs": _pairs("name_keys"),
        "name_words": _either("name_tokens", "name_keys"),
        UNDATED: _UNDATED,
        BIRTH_YEARS: _BIRTH_YEARS,
        BUCKETS: _RECORD,
    },
    "organization": {
        "name_and_aliases": _with(("name",), "aliases"),
        "name_joined": (
            pl.concat_list(pl.col("name").str.replace_all(" ", "", literal=True)),
            ("name",),
        ),
        WORD_ENDS: (_word_ends("name"), ("name",)),
        "name_or_acronym": (pl.concat_list("name", "acronym"), ("name", "acronym")),
        BUCKETS: _RECORD,
    },
}
"""Multi-valued key parts made of several columns, by name."""
