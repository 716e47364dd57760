"""What is left over: records of two sources without duplicates that found no partner there.

Where two registers hold each target once and nearly every record of either has its partner in the
other, the few that have none are left for each other: of five against five, one pair in five may
match, where one in ten thousand did before the others had found their own. Training counts that
once the links are known (`linker.training.left_over`), and the model says by how many bits such
pairs are likelier. A pair that reaches link threshold and identity floor with them is a link, taken
after all others: the rule that a source without duplicates has one record in an entity refuses it
where either record has its partner by then.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from linker.model import Thresholds, weight_of

ENDS = ("mention_l", "mention_r")
ROUNDING = 1e-9
"""Bits by which the weight of a threshold, which is a probability, may be off."""


def once_of(sources: pl.Series, once: Collection[str]) -> pl.Series:
    """Return the source of each mention, null where the source may hold duplicates.

    Args:
        sources: The source of each mention, in their order.
        once: The names of the sources that hold none.
    """
    return sources.set(~sources.is_in(list(once)), None)


def links_left_over(pairs: pl.DataFrame, thresholds: Thresholds, once: pl.Series) -> pl.Series:
    """Return which scored pairs are links if they are left over.

    Args:
        pairs: mention_l, mention_r, match_weight, match_probability and identity_weight.
        thresholds: Those in use; they say what being left over weighs.
        once: `once_of` every mention.
    """
    weights = {frozenset(one.sources): one.weight for one in thresholds.left_over}
    both = pairs.select(once.gather(pairs[end]).alias(end) for end in ENDS)
    pair = both.unique().drop_nulls()
    told = pair.with_columns(
        left_over=pl.Series(
            [weights.get(frozenset(names)) for names in pair.rows()], dtype=pl.Float64()
        )
    )
    more = both.join(told, on=list(ENDS), how="left", maintain_order="left")["left_over"]
    return (
        (pairs["match_probability"] >= thresholds.review)
        & (pairs["match_weight"] + more >= weight_of(thresholds.link))
        & (pairs["identity_weight"] + more >= thresholds.identity_floor)
    ).fill_null(value=False)


def is_left_over(link_weight: float, identity_floor: float) -> pl.Expr:
    """Return which links of scored pairs are none by their own weights.

    Args:
        link_weight: The link threshold, in bits.
        identity_floor: The least identity weight of a link, in bits.
    """
    reached = (pl.col("match_weight") >= link_weight - ROUNDING) & (
        pl.col("identity_weight") >= identity_floor
    )
    return pl.col("link") & ~pl.col("confirmed") & ~reached
