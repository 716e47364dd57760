"""What decisions make of scored pairs before investigations are told whom they meet."""

from __future__ import annotations

import polars as pl

from linker.entities.decisions import Decided


def reviewed(pairs: pl.DataFrame, decided: Decided, entities: pl.Series) -> pl.DataFrame:
    """Return pairs as people see them who looked: for the classes and tiers of investigations.

    A pair that a person said is one is a confirmed link, scored or not. Where a person said that
    two records are not one, their entities are two, and no possible link between these is told.

    Args:
        pairs: Schema `SCORED_PAIRS`, and ``link``.
        decided: What decisions say of the mentions.
        entities: The entity of each mention, by any name.

    Returns:
        The same columns; of a pair that nobody scored the weights are null.
    """
    ends = ["mention_l", "mention_r"]
    sure = decided.together.select(ends)
    if sure.is_empty() and decided.apart.is_empty():
        return pairs
    known = pairs.filter(pl.col("link"))
    unsure = pairs.filter(~pl.col("link"))
    if decided.apart.height:
        apart = _entities(decided.apart.select(ends), entities)
        unsure = _entities(unsure, entities).join(apart, on=["one", "other"], how="anti")
    rest = pl.concat([known, unsure.select(pairs.columns)])
    found = pairs.join(sure, on=ends, how="semi")
    unscored = pl.concat([pairs.clear(), sure.join(pairs, on=ends, how="anti")], how="diagonal")
    confirmed = pl.concat([found, unscored]).with_columns(
        link=pl.lit(value=True), confirmed=pl.lit(value=True)
    )
    return pl.concat([rest.join(sure, on=ends, how="anti"), confirmed]).sort(ends)


def _entities(pairs: pl.DataFrame, entities: pl.Series) -> pl.DataFrame:
    sides = [entities.gather(pairs[name]) for name in ("mention_l", "mention_r")]
    return pairs.with_columns(
        pl.min_horizontal(*sides).alias("one"), pl.max_horizontal(*sides).alias("other")
    )
