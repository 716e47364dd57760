"""Mentions of one entity type to scored pairs: keys, budget, candidate pairs, scores."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from linker.blocking.keys import key_columns, parse_key, write_keys
from linker.blocking.pairs import (
    RuleCount,
    count_pairs,
    enforce_budget,
    pairs_by_rule,
    write_candidate_pairs,
)
from linker.config import EntitySettings
from linker.database import Connection, connect, frame
from linker.entities.cluster import mark_links
from linker.jobs.progress import Progress
from linker.model import ModelInUse, weight_of
from linker.schemas import KEYS, SCORED_PAIRS, EntityType, Schema, conform
from linker.scoring.predict import load_mentions, write_scored_pairs
from linker.scoring.settings import model_columns


@dataclass(frozen=True)
class Matched:
    """What matching the mentions of one entity type gave.

    `keys` has schema `KEYS`; `pairs` has schema `SCORED_PAIRS` and the column ``link``;
    `first_found` counts for each rule the candidate pairs that no earlier rule had found.
    """

    keys: pl.DataFrame
    counts: list[RuleCount]
    first_found: dict[str, int]
    candidate_pairs: int
    pairs: pl.DataFrame


def refuse_bad_rules(settings: EntitySettings, entity_type: EntityType) -> None:
    """Check every blocking rule before any file is read.

    Raises:
        ConfigError: A rule names an unknown column or transform.
    """
    for rule in settings.blocking:
        parse_key(rule, entity_type)


def count_candidates(
    mentions: pl.DataFrame, settings: EntitySettings, entity_type: EntityType
) -> list[RuleCount]:
    """Count what each blocking rule yields, and hold it to the budget.

    Raises:
        BudgetError: A rule, or all together, would make too many pairs.
    """
    connection = connect()
    try:
        columns = key_columns(settings.blocking, entity_type)
        load_mentions(connection, mentions, sorted(columns))
        write_keys(connection, settings.blocking, entity_type, "mentions")
        counts = count_pairs(connection, settings.blocking, settings.max_records_per_key)
    finally:
        connection.close()
    enforce_budget(counts, settings, mentions.height, entity_type)
    return counts


def match(
    mentions: pl.DataFrame,
    in_use: ModelInUse,
    settings: EntitySettings,
    spill: Path,
    progress: Progress,
) -> Matched:
    """Find and score the candidate pairs of one entity type.

    Args:
        mentions: Schema of the model's entity type, numbered from 0.
        in_use: The model.
        settings: Blocking rules, budget, thresholds.
        spill: A directory for what does not fit into memory.
        progress: Receives a line about each step.

    Raises:
        BudgetError: A rule, or all together, would make too many pairs.
    """
    entity_type = in_use.model.entity_type
    connection = connect(spill)
    try:
        with progress.stage(f"{entity_type}: keys"):
            columns = key_columns(settings.blocking, entity_type)
            columns.update(model_columns(in_use.model))
            load_mentions(connection, mentions, sorted(columns))
            write_keys(connection, settings.blocking, entity_type, "mentions")
            counts = count_pairs(connection, settings.blocking, settings.max_records_per_key)
        enforce_budget(counts, settings, mentions.height, entity_type)
        with progress.stage(f"{entity_type}: pairs"):
            total = write_candidate_pairs(connection)
            first_found = dict(pairs_by_rule(connection, settings.blocking))
        progress.say(f"{entity_type}: {total:,} candidate pairs of {mentions.height:,} mentions")
        with progress.stage(f"{entity_type}: scores"):
            write_scored_pairs(
                connection,
                in_use,
                weight_of(settings.review_threshold),
                lambda done: progress.update(f"{entity_type}: {done:,} of {total:,} pairs scored"),
            )
            pairs = _table(connection, "scored_pairs", SCORED_PAIRS, "mention_l, mention_r")
        keys = _table(connection, "keys", KEYS, "rule, key, mention")
    finally:
        connection.close()
    return Matched(keys, counts, first_found, total, mark_links(pairs, settings))


def without_links(matched: Matched, cut: pl.DataFrame) -> Matched:
    """Return what was matched with some links turned into possible links.

    Args:
        matched: What matching gave.
        cut: Columns mention_l and mention_r.
    """
    gone = cut.select("mention_l", "mention_r", pl.lit(value=True).alias("cut"))
    pairs = matched.pairs.join(
        gone, on=["mention_l", "mention_r"], how="left", maintain_order="left"
    )
    kept = pl.col("link") & pl.col("cut").is_null()
    return replace(matched, pairs=pairs.with_columns(kept.alias("link")).drop("cut"))


def without_associations(
    pairs: pl.DataFrame, membership: pl.DataFrame, shared: pl.DataFrame
) -> pl.DataFrame:
    """Return the pairs that say of two mentions that they are, or may be, of one target.

    Left out are possible links that only contacts make, between entities that share an
    identifier: strangers in one house are told as that, and not as possibly one person.

    Args:
        pairs: Schema `SCORED_PAIRS`, and ``link``.
        membership: ``entity_id`` of every mention, in their order.
        shared: Pairs of mentions that share an identifier: ``mention_l``, ``mention_r``.
    """
    sharing = _with_entities(shared, membership).select("one", "other").unique()
    only_contacts = ~pl.col("link") & ~pl.col("confirmed") & (pl.col("identity_weight") <= 0)
    return (
        _with_entities(pairs, membership)
        .join(
            sharing.with_columns(shares=pl.lit(value=True)),
            on=["one", "other"],
            how="left",
            maintain_order="left",
        )
        .filter(~(only_contacts & pl.col("shares").fill_null(value=False)))
        .select(pairs.columns)
    )


def _with_entities(pairs: pl.DataFrame, membership: pl.DataFrame) -> pl.DataFrame:
    entity_of = membership["entity_id"]
    sides = [entity_of.gather(pairs[name]) for name in ("mention_l", "mention_r")]
    return pairs.with_columns(
        pl.min_horizontal(*sides).alias("one"), pl.max_horizontal(*sides).alias("other")
    )


def _table(connection: Connection, name: str, schema: Schema, order: str) -> pl.DataFrame:
    return conform(frame(connection, f"SELECT * FROM {name} ORDER BY {order}"), schema)
