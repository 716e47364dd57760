"""Mentions of one entity type to scored pairs: keys, budget, one pass over the candidate pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from linker.blocking.hashing import Int32s, UInt64s
from linker.blocking.keys import (
    hash_part,
    key_parts,
    parse_key,
    parse_refinement,
)
from linker.blocking.pairs import RuleCount, TakeKeys, enforce_budget, find_runs
from linker.blocking.runs import Runs
from linker.config import EntitySettings
from linker.entities.cluster import mark_links
from linker.jobs.progress import Progress
from linker.model import LinkageModel, ModelInUse, Thresholds, weight_of
from linker.schemas import KEYS, SCORED_PAIRS, EntityType
from linker.scoring.features.pack import arrow, pack
from linker.scoring.pairs import PairStream, score_runs
from linker.scoring.scorer import scorer_of


class Mentions(Protocol):
    """Mentions of one entity type, of which some columns at a time are read."""

    @property
    def height(self) -> int:
        """How many there are."""

    def read(self, columns: Iterable[str]) -> pl.DataFrame:
        """Return some columns, in the order of mentions."""


@dataclass(frozen=True)
class Matched:
    """What matching the mentions of one entity type gave.

    `pairs` has schema `SCORED_PAIRS` and the column ``link``; `first_found` counts for each rule
    the candidate pairs that no earlier rule had found. `thresholds` and `model` are those in use.
    """

    counts: list[RuleCount]
    first_found: dict[str, int]
    candidate_pairs: int
    pairs: pl.DataFrame
    thresholds: Thresholds
    model: LinkageModel


def refuse_bad_rules(settings: EntitySettings, entity_type: EntityType) -> None:
    """Check every blocking rule before any file is read.

    Raises:
        ConfigError: A rule names an unknown column or transform.
    """
    for rule in settings.blocking:
        parse_key(rule, entity_type)
        parse_refinement(rule, entity_type)


def count_candidates(
    mentions: Mentions, settings: EntitySettings, entity_type: EntityType, threads: int
) -> list[RuleCount]:
    """Count what each blocking rule yields, and hold it to the budget.

    Raises:
        BudgetError: A rule, or all together, would make too many pairs.
    """
    _, counts = _keyed(mentions, settings, entity_type, threads)
    enforce_budget(counts, settings, mentions.height, entity_type)
    return counts


def match(
    mentions: Mentions,
    in_use: ModelInUse,
    settings: EntitySettings,
    building: Path,
    threads: int,
    progress: Progress,
) -> Matched:
    """Find and score the candidate pairs of one entity type, and write its keys.

    Args:
        mentions: Those of the model's entity type, numbered from 0.
        in_use: The model.
        settings: Blocking rules, budget, thresholds.
        building: The directory of the generation being built: ``keys_<entity type>.parquet`` is
            written there, and for a while pairs on their way.
        threads: How many threads work side by side.
        progress: Receives a line about each step.

    Raises:
        BudgetError: A rule, or all together, would make too many pairs.
    """
    entity_type = in_use.model.entity_type
    with progress.stage(f"{entity_type}: compile"):
        scorer = scorer_of(in_use)
    keys_path = building / f"keys_{entity_type}.parquet"
    with progress.stage(f"{entity_type}: keys"), _key_file(keys_path) as take:
        runs, counts = _keyed(mentions, settings, entity_type, threads, take)
    enforce_budget(counts, settings, mentions.height, entity_type)
    with progress.stage(f"{entity_type}: encode"):
        features = pack(lambda name: arrow(mentions.read([name])[name]), scorer.layout, threads)
        packed = scorer.packed(features)
    stream = PairStream(building / "spill" / f"pairs_{entity_type}")
    total = int(runs.pairs.sum())
    with progress.stage(f"{entity_type}: scores"):
        scored = score_runs(
            packed,
            runs,
            weight_of(settings.review_threshold),
            threads,
            stream.take,
            lambda done: progress.update(f"{entity_type}: {done:,} of {total:,} pairs scored"),
        )
        pairs = stream.sorted()
    candidates = int(scored.candidates.sum())
    progress.say(f"{entity_type}: {candidates:,} candidate pairs of {mentions.height:,} mentions")
    first_found = {
        rule.name: int(scored.candidates[number]) if number < len(scored.candidates) else 0
        for number, rule in enumerate(settings.blocking)
    }
    thresholds = in_use.model.thresholds(settings)
    marked = mark_links(pairs, thresholds)
    return Matched(counts, first_found, candidates, marked, thresholds, in_use.model)


def candidate_weights(
    mentions: Mentions, in_use: ModelInUse, settings: EntitySettings, threads: int
) -> pl.DataFrame:
    """Return the candidate pairs that are likelier a match than not, in no order.

    Over-full keys are passed over as in `match`, and no budget is held.

    Returns:
        mention_l, mention_r, ``match_weight`` and ``identity_weight``, in bits, ``confirmed``.
    """
    runs, _ = _keyed(mentions, settings, in_use.model.entity_type, threads)
    scorer = scorer_of(in_use)
    features = pack(lambda name: arrow(mentions.read([name])[name]), scorer.layout, threads)
    columns = ["mention_l", "mention_r", "match_weight", "identity_weight", "confirmed"]
    parts = [pl.DataFrame(schema={name: SCORED_PAIRS[name] for name in columns})]
    score_runs(
        scorer.packed(features),
        runs,
        0.0,
        threads,
        lambda frame: parts.append(frame.select(columns)),
    )
    return pl.concat(parts)


def _keyed(
    mentions: Mentions,
    settings: EntitySettings,
    entity_type: EntityType,
    threads: int,
    take: TakeKeys | None = None,
) -> tuple[Runs, list[RuleCount]]:
    parts = key_parts(settings.blocking, entity_type)
    with ThreadPoolExecutor(threads) as pool:
        found = pool.map(lambda part: hash_part(part, mentions.read(part.columns)), parts)
        hashed = {part.name: one for part, one in zip(parts, found, strict=True)}
    return find_runs(
        settings.blocking,
        entity_type,
        hashed,
        mentions.height,
        settings.max_records_per_key,
        threads,
        take,
    )


@contextmanager
def _key_file(path: Path) -> Iterator[TakeKeys]:
    """Give what writes the keys of one rule after the other into a file of schema `KEYS`."""
    schema = pl.DataFrame(schema=dict(KEYS)).to_arrow().schema
    # keys are hashes: neither a dictionary nor compression makes them smaller
    packing = {"rule": "zstd", "key": "none", "mention": "lz4"}
    with pq.ParquetWriter(path, schema, compression=packing, use_dictionary=["rule"]) as writer:

        def take(rule: int, keys: UInt64s, records: Int32s) -> None:
            columns = [
                pa.repeat(pa.scalar(rule, pa.uint8()), len(keys)),
                pa.array(keys),
                pa.array(records).cast(pa.int64()),
            ]
            writer.write_table(pa.table(columns, schema=schema))

        yield take


def links_within(matched: Matched, labels: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Matched:
    """Return what was matched with the links between clusters turned into possible links.

    Args:
        matched: What matching gave.
        labels: The cluster of each mention.
    """
    pairs = matched.pairs
    same = labels[pairs["mention_l"].to_numpy()] == labels[pairs["mention_r"].to_numpy()]
    kept = pl.col("link") & pl.Series(same, dtype=pl.Boolean)
    return replace(matched, pairs=pairs.with_columns(kept.alias("link")))


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
