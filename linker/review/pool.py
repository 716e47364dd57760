"""The candidate pairs that the queue is chosen from: a seeded sample, and what it stands for.

Pairs from the review threshold on are the generation's. What is below it is not kept anywhere, so
the candidate pairs of a sample of records are scored anew, down to `LEAST` bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from linker.blocking.hashing import UInt64s, hash_numbers
from linker.blocking.keys import key_columns
from linker.blocking.values import record_keys
from linker.compiled import thread_count
from linker.config import Config
from linker.lookup.shelf import Shelf
from linker.model import weight_of
from linker.night.labels import is_for_evaluation
from linker.night.matching import score_candidates
from linker.night.records import records_of
from linker.progress import Progress
from linker.review.cultures import culture_of, of_pairs, words_column
from linker.schemas import DECISION_RECORDS, RECORD, Schema
from linker.scoring.kernel.drive import LevelTable
from linker.scoring.scorer import score_pairs
from linker.scoring.settings import model_columns
from linker.store.record_keys import numbers_of
from linker.store.warehouse import Warehouse

LEAST: Final = -10.0
"""Bits; a lighter pair is not looked at."""
NEAR: Final = 5.0
"""Bits on either side of the two thresholds that make strata of their own."""
SAMPLED_RECORDS: Final = 200_000
"""The candidate pairs below the review threshold are those of at most so many records."""
MOST_A_STRATUM: Final = 20_000
"""So many pairs of a stratum of weights are looked at for their levels and cultures."""
STRATA: Final = ("far below", "below", "possible", "confirmed", "link", "far above")
"""Of weights. Of pairs that are no links: from `LEAST` on; `NEAR` the review threshold from below;
from it on. Of links: lighter than that, by an equal biometric identifier; at most `NEAR` above the
link threshold; all above."""

_NUMBERED: Final[Schema] = {
    "mention_l": pl.Int64(),
    "mention_r": pl.Int64(),
    "match_weight": pl.Float64(),
    "link": pl.Boolean(),
    "standing": pl.Float64(),
    "stratum": pl.String(),
}
"""Pairs by the numbers of their mentions in the warehouse."""

POOL: Final[Schema] = {
    **DECISION_RECORDS,
    "match_weight": pl.Float64(),
    "link": pl.Boolean(),
    "stratum": pl.String(),
    "standing": pl.Float64(),  # how many candidate pairs of its stratum it stands for
    "evaluation": pl.Boolean(),
    "group": pl.String(),  # its two sources and its name culture
    "rank": pl.UInt64(),  # a seeded hash of the two records' names
}
"""Pairs that may be queued, sorted by records."""


@dataclass(frozen=True)
class Pool:
    """Pairs that may be queued.

    Attributes:
        pairs: `POOL`.
        found: By pair and comparison the place of the level that the pair meets, 0 the missing one.
    """

    pairs: pl.DataFrame
    found: LevelTable

    def where(self, kept: pl.Series) -> Pool:
        """Return some of the pairs."""
        return Pool(self.pairs.filter(kept), self.found[kept.to_numpy()])


def pool_of(shelf: Shelf, config: Config, seed: int, progress: Progress) -> Pool:
    """Return the pairs of one entity type that may be queued, decided ones among them.

    Args:
        shelf: The published generation's records of the entity type, and its model.
        config: The store, and the blocking rules for pairs below the review threshold.
        seed: Draws the samples.
        progress: Receives a line about each step.

    Raises:
        StoreError: A file of the generation is missing or damaged.
    """
    held = shelf.index.held
    with progress.stage(f"{shelf.entity_type}: draw pairs"):
        keys = np.zeros(held.total, dtype=np.uint64)
        keys[held.live] = record_keys(held.read(list(RECORD)))
        above = _drawn(_in_strata(_kept(held), shelf), keys, seed)
    below = _drawn(_in_strata(_below(shelf, config, seed, progress), shelf), keys, seed)
    drawn = pl.concat([above, below])
    with progress.stage(f"{shelf.entity_type}: compare pairs"):
        named = _named(held, drawn, keys, seed)
        pool = named.with_columns(
            evaluation=is_for_evaluation(named), group=groups_of(shelf, named)
        )
        return Pool(pool.select(list(POOL)), levels_of(shelf, pool))


def levels_of(shelf: Shelf, numbered: pl.DataFrame) -> LevelTable:
    """Return the place of the level of each comparison that pairs of mentions meet.

    Args:
        shelf: Holds the mentions and the model.
        numbered: ``mention_l`` and ``mention_r``, numbers in the warehouse.
    """
    left, right = (numbered[name].to_numpy() for name in ("mention_l", "mention_r"))
    needed, places = np.unique(np.concatenate([left, right]), return_inverse=True)
    scorer = shelf.scoring.scorer
    if not len(needed):
        return np.empty((0, len(shelf.scoring.comparisons)), dtype=np.int8)
    packed = scorer.packed(shelf.index.held.features(needed, scorer.layout))
    one, other = np.split(places.astype(np.int32), [len(left)])
    return score_pairs(packed, one, other, details=True).found


def groups_of(shelf: Shelf, named: pl.DataFrame) -> pl.Series:
    """Return the two sources and the name culture of pairs, as one text.

    Args:
        shelf: Holds the mentions and the model.
        named: ``source_l``, ``source_r``, and the numbers ``mention_l`` and ``mention_r``.
    """
    sources = pl.concat_str("source_l", "source_r", separator=" and ")
    column = words_column(shelf.scoring.in_use)
    if column is None or named.is_empty():
        return named.select(group=sources)["group"]
    cultures = [
        culture_of(
            shelf.scoring.in_use, shelf.index.held.rows(named[side].to_numpy(), [column])[column]
        )
        for side in ("mention_l", "mention_r")
    ]
    told = named.with_columns(culture=of_pairs(*cultures))
    return told.select(group=pl.concat_str(sources, "culture", separator=", "))["group"]


def _kept(held: Warehouse) -> pl.DataFrame:
    """Return the pairs that the generation keeps, `_NUMBERED` but strata."""
    pairs = held.pairs(["mention_l", "mention_r", "match_weight", "link"])
    return pairs.with_columns(standing=pl.lit(1.0))


def _in_strata(pairs: pl.DataFrame, shelf: Shelf) -> pl.DataFrame:
    """Return pairs with their stratum: within one all are links, or none."""
    review, link = weight_of(shelf.thresholds.review), weight_of(shelf.thresholds.link)
    weight = pl.col("match_weight")
    linked = (
        pl.when(weight < review)
        .then(pl.lit("confirmed"))
        .when(weight < link + NEAR)
        .then(pl.lit("link"))
        .otherwise(pl.lit("far above"))
    )
    other = (
        pl.when(weight < review - NEAR)
        .then(pl.lit("far below"))
        .when(weight < review)
        .then(pl.lit("below"))
        .otherwise(pl.lit("possible"))
    )
    return pairs.with_columns(stratum=pl.when("link").then(linked).otherwise(other))


def _below(shelf: Shelf, config: Config, seed: int, progress: Progress) -> pl.DataFrame:
    """Return pairs below the review threshold of a sample of records, `_NUMBERED` but strata."""
    entity = shelf.entity_type
    settings = config.settings_of(entity)
    model = shelf.scoring.in_use.model
    columns = {*model_columns(model), *key_columns(settings.blocking, entity)}
    sample = records_of(config, entity, columns, progress, most=SAMPLED_RECORDS, seed=seed)
    with progress.stage(f"{entity}: score pairs below the review threshold"):
        threads = thread_count(config.link.threads)
        scored = score_candidates(
            sample.mentions, shelf.scoring.in_use, settings, threads, LEAST
        ).pairs
    numbers = numbers_of(shelf.index.held, sample.mentions.read(list(RECORD)))
    size = max(sample.height, 2)
    share = sample.total * (sample.total - 1) / (size * (size - 1))
    review = weight_of(shelf.thresholds.review)
    lighter = scored.filter((pl.col("match_weight") < review) & ~pl.col("confirmed"))
    found = lighter.select(
        *(
            pl.Series(name, numbers[lighter[name].to_numpy()])
            for name in ("mention_l", "mention_r")
        ),
        "match_weight",
        link=pl.lit(value=False),
        standing=pl.lit(max(share, 1.0)),
    )
    return found.filter((pl.col("mention_l") >= 0) & (pl.col("mention_r") >= 0))


def _drawn(pairs: pl.DataFrame, keys: UInt64s, seed: int) -> pl.DataFrame:
    """Return at most `MOST_A_STRATUM` pairs of each stratum, which stand for all of it."""
    ranks = _ranks(pairs, keys, seed)
    parts = [pl.DataFrame(schema=dict(_NUMBERED))]
    for stratum in STRATA:
        here = np.flatnonzero((pairs["stratum"] == stratum).to_numpy())
        kept = np.sort(here[np.argsort(ranks[here], kind="stable")[:MOST_A_STRATUM]])
        each = len(here) / max(len(kept), 1)
        parts.append(
            pairs[kept].with_columns(standing=pl.col("standing") * each).select(list(_NUMBERED))
        )
    return pl.concat(parts)


def _ranks(pairs: pl.DataFrame, keys: UInt64s, seed: int) -> UInt64s:
    """Return of each pair a number that depends on the two records' names and the seed alone."""
    left, right = (keys[pairs[name].to_numpy()] for name in ("mention_l", "mention_r"))
    joint = np.minimum(left, right) * np.uint64(3) + np.maximum(left, right)
    return hashed(joint ^ np.uint64(seed))


def hashed(numbers: UInt64s) -> UInt64s:
    """Return numbers mixed, so that their order is as good as drawn."""
    found: UInt64s = hash_numbers(numbers.view(np.int64), np.ones(len(numbers), dtype=np.uint8))
    return found


def _named(held: Warehouse, drawn: pl.DataFrame, keys: UInt64s, seed: int) -> pl.DataFrame:
    """Return pairs with the names of their records, the first by source and record id first."""
    ranked = drawn.with_columns(rank=pl.Series(_ranks(drawn, keys, seed), dtype=pl.UInt64()))
    for side in ("l", "r"):
        names = held.rows(ranked[f"mention_{side}"].to_numpy(), list(RECORD))
        ranked = ranked.with_columns(
            names["source"].alias(f"source_{side}"), names["record_id"].alias(f"record_id_{side}")
        )
    ordered = (pl.col("source_l") < pl.col("source_r")) | (
        (pl.col("source_l") == pl.col("source_r")) & (pl.col("record_id_l") < pl.col("record_id_r"))
    )
    swapped = [
        pl.when(ordered)
        .then(pl.col(f"{name}_{side}"))
        .otherwise(pl.col(f"{name}_{opposite}"))
        .alias(f"{name}_{side}")
        for name in ("source", "record_id", "mention")
        for side, opposite in (("l", "r"), ("r", "l"))
    ]
    return ranked.with_columns(swapped).sort(list(DECISION_RECORDS))
