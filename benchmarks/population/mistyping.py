"""Slips of the hand on whole columns of text: only the rows named change.

One slip a value, of the kinds that make up four in five misspellings (Damerau, Communications of
the ACM, March 1964); the first letter, which fewer than one misspelling in ten has wrong (Pollock
and Zamora, Communications of the ACM, April 1984), is left alone.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from benchmarks.population.draws import Bools, Ints, below

LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
FIGURES: Final = "0123456789"


def mistyped(
    rng: np.random.Generator, values: pl.Series, rows: Bools, alphabet: str = LETTERS
) -> pl.Series:
    """Return the values with one slip in each of the named rows.

    A slip loses a character, swaps two neighbours, mistakes one or doubles one; the first
    character, which people get right, stays. Among figures only swaps and mistakes occur.

    Args:
        rng: Where chance comes from.
        values: Texts, null where there is none.
        rows: Rows that change; texts of fewer than two characters stay as they are.
        alphabet: What a mistaken character is replaced by.
    """
    chosen = np.flatnonzero(rows)
    text = values.gather(chosen)
    length = text.str.len_chars().fill_null(0).to_numpy().astype(np.int64)
    figures = alphabet == FIGURES
    place = 1 + below(rng, np.maximum(length - 1 - figures, 1))
    operation = rng.integers(1, 3, len(chosen)) if figures else rng.integers(0, 4, len(chosen))
    letter = pl.Series(list(alphabet)).gather(rng.integers(0, len(alphabet), len(chosen)))
    frame = pl.DataFrame({"text": text, "letter": letter, "place": place, "operation": operation})
    head = pl.col("text").str.slice(0, pl.col("place"))
    at = pl.col("text").str.slice(pl.col("place"), 1)
    after = pl.col("text").str.slice(pl.col("place") + 1, 1)
    tail = pl.col("text").str.slice(pl.col("place") + 2)
    changed = (
        pl.when(pl.col("operation") == 0)
        .then(head + after + tail)
        .when(pl.col("operation") == 1)
        .then(head + after + at + tail)
        .when(pl.col("operation") == 2)
        .then(head + pl.col("letter") + after + tail)
        .otherwise(head + at + at + after + tail)
    )
    # Swapping two equal characters changes nothing: double one, or mistake a figure, instead.
    other_figure = pl.when(at == "0").then(pl.lit("6")).otherwise(pl.lit("0"))
    fallback = head + (other_figure if figures else at + at) + after + tail
    changed = pl.when(changed == pl.col("text")).then(fallback).otherwise(changed)
    enough = pl.col("text").str.len_chars() >= 2
    edited = frame.select(pl.when(enough).then(changed).otherwise("text")).to_series()
    return replaced(values, chosen, edited)


def replaced(values: pl.Series, rows: Ints, new: pl.Series) -> pl.Series:
    """Return `values` with the given rows replaced by `new`, one value a row."""
    return values.clone().scatter(rows, new) if len(rows) else values
