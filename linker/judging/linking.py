"""Records linked by one model in memory, as a nightly link would link them: nothing is written."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from linker.blocking.keys import key_columns
from linker.blocking.pairs import RuleCount
from linker.compiled import thread_count
from linker.config import Config
from linker.entities.cluster import cluster, mark_links
from linker.entities.component import Rules
from linker.entities.hold import hold, reading
from linker.entities.left_over import once_of
from linker.model import ModelInUse, Thresholds, weight_of
from linker.night.clusters import Labels, rules_of
from linker.night.matching import score_candidates
from linker.night.records import Records
from linker.progress import Progress
from linker.schemas import MENTIONS, RECORD
from linker.scoring.scorer import PackedMentions
from linker.scoring.settings import model_columns


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
        facts: What `linker.entities.hold.hold` reads of the records.
        rules: What holds clusters apart.
    """

    in_use: ModelInUse
    thresholds: Thresholds
    records: pl.DataFrame
    packed: PackedMentions
    pairs: pl.DataFrame
    labels: Labels
    counts: list[RuleCount]
    scored: int
    facts: pl.DataFrame
    rules: Rules

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
    with progress.stage(f"{name}: cluster"):
        told = records.mentions.read(set(reading(MENTIONS[entity])) - {"mention"})
        number = pl.int_range(pl.len(), dtype=pl.Int64)
        linking = Linking(
            in_use,
            thresholds,
            named.with_columns(mention=number).select("mention", *RECORD),
            found.packed,
            found.pairs,
            np.empty(0, dtype=np.int64),
            found.counts,
            found.scored,
            told.with_columns(mention=number),
            rules_of(config, entity, in_use.model, thresholds),
        )
        return at_threshold(linking, thresholds.link)


def at_threshold(linking: Linking, link: float) -> Linking:
    """Return the same records linked at another link threshold; nothing is scored anew.

    Args:
        linking: The records linked.
        link: The least match probability of a link, no less than the review threshold.
    """
    thresholds = linking.thresholds.model_copy(update={"link": link})
    rules = replace(linking.rules, link_weight=weight_of(link))
    once = once_of(linking.records["source"], rules.once)
    pairs = mark_links(linking.pairs.drop("link", strict=False), thresholds, once)
    components = cluster(linking.records.height, pairs.filter("link"))
    seen = pairs.filter((pl.col("match_weight") >= weight_of(thresholds.review)) | pl.col("link"))
    labels, _ = hold(components, seen, linking.facts, rules)
    return replace(linking, thresholds=thresholds, pairs=pairs, labels=labels, rules=rules)
