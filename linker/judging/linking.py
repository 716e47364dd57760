"""Records linked by one model in memory, as a nightly link would link them: nothing is written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from linker.blocking.keys import key_columns
from linker.blocking.pairs import RuleCount
from linker.compiled import thread_count
from linker.config import Config
from linker.entities.cluster import mark_links
from linker.entities.hold import reading
from linker.entities.ledger import RunStamp
from linker.model import ModelInUse, Thresholds, weight_of
from linker.night.clusters import Labels, World, cluster_world, rules_of
from linker.night.matching import score_candidates
from linker.night.records import Records
from linker.progress import Progress
from linker.schemas import CUTS, MEMBERSHIP, MENTIONS, RECORD, empty
from linker.scoring.scorer import PackedMentions
from linker.scoring.settings import model_columns

_STAMP = RunStamp(0, "", "")
"""Of entities that nobody will see."""


@dataclass(frozen=True)
class Linking:
    """Records linked by one model, at its own thresholds, without what people decided.

    Attributes:
        in_use: The model.
        thresholds: Those in use.
        records: ``mention``, ``source`` and ``record_id`` of each record, numbered from 0.
        packed: The records, packed for the model.
        pairs: `SCORED_PAIRS` of the candidate pairs that reach the least weight kept, and ``link``.
        labels: The cluster of each record, named by its smallest mention.
        counts: What each blocking rule yields.
        scored: How many candidate pairs were scored.
    """

    in_use: ModelInUse
    thresholds: Thresholds
    records: pl.DataFrame
    packed: PackedMentions
    pairs: pl.DataFrame
    labels: Labels
    counts: list[RuleCount]
    scored: int

    @property
    def entities(self) -> pl.DataFrame:
        """``source``, ``record_id`` and ``entity_id``, as `training.metrics.measure` takes them."""
        return self.records.select(*RECORD, entity_id=pl.Series(self.labels).cast(pl.String()))


def needed_columns(in_use: ModelInUse, config: Config) -> set[str]:
    """Return the columns of mentions that linking by a model reads."""
    entity = in_use.model.entity_type
    rules = config.settings_of(entity).blocking
    clustering = reading(MENTIONS[entity])
    return {*model_columns(in_use.model), *key_columns(rules, entity), *clustering, *RECORD}


def link_records(
    records: Records,
    in_use: ModelInUse,
    config: Config,
    progress: Progress,
    least: float | None = None,
) -> Linking:
    """Link records by a model, with the rules and limits of a configuration.

    Args:
        records: With the columns `needed_columns`.
        in_use: The model.
        config: Blocking rules, thresholds, which sources hold no duplicates.
        progress: Receives a line about each step.
        least: Keep pairs of this weight and above, in bits; of the review threshold unless given.
    """
    entity = in_use.model.entity_type
    settings = config.settings_of(entity)
    thresholds = in_use.model.thresholds(settings)
    review = weight_of(thresholds.review)
    name = f"{in_use.model.entity_type}/{in_use.model.version}"
    with progress.stage(f"{name}: score"):
        found = score_candidates(
            records.mentions,
            in_use,
            settings,
            thread_count(config.link.threads),
            review if least is None else min(least, review),
            lambda done: progress.update(f"{name}: {done:,} pairs scored"),
        )
    named = records.mentions.read(list(RECORD))
    pairs = mark_links(found.pairs, thresholds)
    with progress.stage(f"{name}: cluster"):
        world = World(
            records.mentions.read({*RECORD, *reading(MENTIONS[entity])} - {"mention"}),
            pairs.filter((pl.col("match_weight") >= review) | pl.col("link")),
            empty(MEMBERSHIP),
            empty(CUTS),
        )
        rules = rules_of(config, entity, in_use.model, thresholds)
        labels = cluster_world(entity, world, rules, 0, 0, _STAMP).labels
    numbered = named.with_columns(mention=pl.int_range(pl.len(), dtype=pl.Int64))
    return Linking(
        in_use,
        thresholds,
        numbered.select("mention", *RECORD),
        found.packed,
        pairs,
        np.asarray(labels),
        found.counts,
        found.scored,
    )
