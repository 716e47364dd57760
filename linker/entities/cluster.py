"""Clusters: connected components of the links among mentions."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linker.entities.left_over import links_left_over
from linker.model import Thresholds


def mark_links(
    pairs: pl.DataFrame, thresholds: Thresholds, once: pl.Series | None = None
) -> pl.DataFrame:
    """Return scored pairs with the column ``link``: whether the pair asserts one identity.

    A link reaches the link threshold, and the comparisons that say who someone is give it at
    least `identity_floor` bits by themselves: a phone, a plate or an address that strangers share
    never merges them, however rare it is, nor do a family's name and address merge relatives. An
    equal biometric identifier is a link whatever name and birth date were given with it. Of two
    sources without duplicates, a pair that is left over may be one for less (see `left_over`).

    Args:
        pairs: Schema `SCORED_PAIRS`.
        thresholds: Those in use.
        once: The source of each mention, null where it may hold duplicates; nothing is left over
            without it.
    """
    marked = pairs.with_columns(
        (
            pl.col("confirmed")
            | (pl.col("match_probability") >= thresholds.link)
            & (pl.col("identity_weight") >= thresholds.identity_floor)
        ).alias("link")
    )
    if once is None or not thresholds.left_over:
        return marked
    return marked.with_columns(link=marked["link"] | links_left_over(pairs, thresholds, once))


def is_link(match_probability: float, identity_weight: float, thresholds: Thresholds) -> bool:
    """Return whether a pair is a link by its weight; see `mark_links` for what else makes one."""
    return match_probability >= thresholds.link and identity_weight >= thresholds.identity_floor


def cluster(mentions: int, links: pl.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the cluster of each mention: the smallest mention connected to it by links.

    Args:
        mentions: How many mentions there are, numbered from 0.
        links: Columns mention_l and mention_r; the order of rows does not matter.
    """
    left = links["mention_l"].to_numpy()
    right = links["mention_r"].to_numpy()
    ones = np.ones(len(left), dtype=np.int8)
    graph = coo_array((ones, (left, right)), shape=(mentions, mentions))
    _, labels = connected_components(graph, directed=False)
    _, smallest = np.unique(labels, return_index=True)  # labels count from 0
    return smallest.astype(np.int64)[labels]
