"""What another model changes: the same records linked by two, pair by pair and entity by entity."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linker.judging.linking import Linking
from linker.model import weight_of
from linker.night.clusters import Labels
from linker.schemas import Schema
from linker.scoring.scorer import score_pairs

LINK: Final = "link"
POSSIBLE: Final = "possible link"
NEITHER: Final = "non-link"
CLASSES: Final = (LINK, POSSIBLE, NEITHER)
"""What a pair is by a model, from the one that presses most."""

CHANGED_PAIRS: Final[Schema] = {
    "mention_l": pl.Int64(),
    "mention_r": pl.Int64(),
    "weight_before": pl.Float64(),  # log2, exact also of pairs that the model does not keep
    "weight_after": pl.Float64(),
    "class_before": pl.String(),  # one of CLASSES
    "class_after": pl.String(),
}
"""The pairs that one model or the other keeps, each once, sorted by mentions."""

STEPS: Final = (-10.0, -5.0, -2.0, -1.0, -0.1, 0.1, 1.0, 2.0, 5.0, 10.0)
"""Bounds of changes of weight that are counted together, in bits."""

SIZES: Final = ((1, "1"), (2, "2"), (5, "3 to 5"), (10, "6 to 10"), (100, "11 to 100"))
"""The most records of an entity of each size, and what the size is called."""
LARGEST: Final = "over 100"
KINDS: Final = ("unchanged", "merged", "split", "rearranged")
"""What becomes of an entity: it has the same records; it is put together with others whole; it
comes apart; or it does both, so that neither word would be true."""


@dataclass(frozen=True)
class Changes:
    """What the second of two linkings of the same records changes.

    Attributes:
        pairs: `CHANGED_PAIRS`.
        entities: By size (`SIZES`): ``size``, how many entities were of it ``before`` and
            ``after``, and how many of those before became what (`KINDS`).
        groups: How many groups of entities became one (``merged``), how many entities became
            several (``split``), and how many groups were ``rearranged``.
    """

    pairs: pl.DataFrame
    entities: pl.DataFrame
    groups: dict[str, int]

    @property
    def moved(self) -> pl.DataFrame:
        """The pairs whose class changes."""
        return self.pairs.filter(pl.col("class_before") != pl.col("class_after"))


def changes(before: Linking, after: Linking) -> Changes:
    """Return what changes from one linking to another of the same records."""
    entities, groups = entity_changes(before.labels, after.labels)
    return Changes(pair_changes(before, after), entities, groups)


def pair_changes(before: Linking, after: Linking) -> pl.DataFrame:
    """Return `CHANGED_PAIRS`: every pair that either linking keeps, with both exact weights."""
    sides = ["mention_l", "mention_r"]
    kept = pl.concat([before.pairs.select(sides), after.pairs.select(sides)]).unique().sort(sides)
    one, other = _told(kept, before), _told(kept, after)
    told = kept.with_columns(
        weight_before=one["match_weight"],
        weight_after=other["match_weight"],
        class_before=one["class"],
        class_after=other["class"],
    )
    return told.select(list(CHANGED_PAIRS))


def _told(kept: pl.DataFrame, linking: Linking) -> pl.DataFrame:
    """Return the weight and the class of each pair by one linking, in the order of the pairs."""
    review = weight_of(linking.thresholds.review)
    known = linking.pairs.select("mention_l", "mention_r", "match_weight", "link")
    told = kept.join(known, on=["mention_l", "mention_r"], how="left", maintain_order="left")
    absent = told["match_weight"].is_null()
    missing = told.filter(absent)
    left, right = (missing[side].to_numpy().astype(np.int32) for side in ("mention_l", "mention_r"))
    scored = score_pairs(linking.packed, left, right)
    weights = told["match_weight"].to_numpy(writable=True)
    weights[absent.to_numpy()] = scored.weight
    reaches = (pl.col("match_weight") >= review) & ~absent
    return told.with_columns(match_weight=pl.Series(weights)).with_columns(
        pl.when(pl.col("link"))
        .then(pl.lit(LINK))
        .when(reaches)
        .then(pl.lit(POSSIBLE))
        .otherwise(pl.lit(NEITHER))
        .alias("class")
    )


def class_counts(pairs: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Return how many pairs are of each class after, by their class before.

    Args:
        pairs: `CHANGED_PAIRS`.
    """
    counted = pairs.group_by("class_before", "class_after").len()
    counts = {(row[0], row[1]): int(row[2]) for row in counted.iter_rows()}
    return {
        before: {after: counts.get((before, after), 0) for after in CLASSES} for before in CLASSES
    }


def weight_counts(pairs: pl.DataFrame) -> list[dict[str, float | int | None]]:
    """Return how many pairs changed by how much: ``low`` and ``high`` in bits, ``pairs``.

    The bounds are `STEPS`; the lower one belongs to the step. None is no bound.

    Args:
        pairs: `CHANGED_PAIRS`.
    """
    change = (pairs["weight_after"] - pairs["weight_before"]).to_numpy()
    counts = np.bincount(np.searchsorted(STEPS, change, side="right"), minlength=len(STEPS) + 1)
    bounds = (None, *STEPS, None)
    return [
        {"low": low, "high": high, "pairs": int(count)}
        for (low, high), count in zip(pairwise(bounds), counts, strict=True)
    ]


def entity_changes(before: Labels, after: Labels) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return what becomes of entities, by size, and how many groups of them change.

    Entities before and after that share records hang together; a group is a component of that.

    Args:
        before: The cluster of each record; any numbers.
        after: The same by the other model.

    Returns:
        The tables of `Changes.entities` and `Changes.groups`.
    """
    ones, one = np.unique(before, return_inverse=True)
    others, other = np.unique(after, return_inverse=True)
    nodes = len(ones) + len(others)
    links = (np.ones(len(one), dtype=np.int8), (one, len(ones) + other))
    _, group = connected_components(coo_array(links, shape=(nodes, nodes)), directed=False)
    told = pl.concat(
        [
            pl.DataFrame({"group": group[: len(ones)], "records": np.bincount(one)}).with_columns(
                after=pl.lit(False)
            ),
            pl.DataFrame({"group": group[len(ones) :], "records": np.bincount(other)}).with_columns(
                after=pl.lit(True)
            ),
        ]
    ).with_columns(
        later=pl.col("after").sum().over("group"), earlier=(~pl.col("after")).sum().over("group")
    )
    kinds = told.with_columns(kind=_kind(), size=_size())
    counts = (
        kinds.group_by("size")
        .agg(
            before=(~pl.col("after")).sum(),
            after=pl.col("after").sum(),
            **{
                kind: (~pl.col("after") & (pl.col("kind") == kind)).sum().alias(kind)
                for kind in KINDS
            },
        )
        .cast({name: pl.Int64() for name in ("before", "after", *KINDS)})
    )
    sizes = pl.DataFrame({"size": [*(name for _, name in SIZES), LARGEST]})
    table = sizes.join(counts, on="size", how="left", maintain_order="left").fill_null(0)
    once = kinds.unique("group")
    return table, {kind: once.filter(pl.col("kind") == kind).height for kind in KINDS[1:]}


def _kind() -> pl.Expr:
    one_before, one_after = pl.col("earlier") == 1, pl.col("later") == 1
    return (
        pl.when(one_before & one_after)
        .then(pl.lit("unchanged"))
        .when(one_after)
        .then(pl.lit("merged"))
        .when(one_before)
        .then(pl.lit("split"))
        .otherwise(pl.lit("rearranged"))
    )


def _size() -> pl.Expr:
    named = pl.lit(LARGEST)
    for most, name in reversed(SIZES):
        named = pl.when(pl.col("records") <= most).then(pl.lit(name)).otherwise(named)
    return named
