"""Mentions of one entity type to scored pairs: keys, budget, one pass over the candidate pairs."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from linker.blocking.hashing import Bytes, Int32s, Int64s
from linker.blocking.keys import parse_key, parse_refinement
from linker.blocking.mention_keys import hash_parts, key_files
from linker.blocking.pairs import RuleCount, enforce_budget, find_runs
from linker.blocking.runs import Runs
from linker.config import EntitySettings
from linker.entities.cluster import mark_links
from linker.entities.left_over import once_of
from linker.model import ModelInUse, Thresholds, weight_of
from linker.progress import Progress
from linker.schemas import SCORED_PAIRS, EntityType
from linker.scoring.features.pack import arrow, pack
from linker.scoring.features.storage import write_features
from linker.scoring.features.term_logs import write_logs
from linker.scoring.pairs import PairStream, score_runs
from linker.scoring.scorer import PackedMentions, scorer_of
from linker.store.mention_table import Mentions


@dataclass(frozen=True)
class Matched:
    """What matching the mentions of one entity type gave.

    `pairs` has schema `SCORED_PAIRS` and the column ``link``; `first_found` counts for each rule
    the candidate pairs that no earlier rule had found. `thresholds` are those in use.
    """

    counts: list[RuleCount]
    first_found: dict[str, int]
    pairs: pl.DataFrame
    thresholds: Thresholds


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
    segment: Path,
    spill: Path,
    threads: int,
    progress: Progress,
    once: Collection[str] = (),
) -> Matched:
    """Find and score the candidate pairs of one entity type, and write its keys and features.

    Args:
        mentions: Those of the model's entity type, numbered from 0.
        in_use: The model.
        settings: Blocking rules, budget, thresholds.
        segment: The directory of the segment that holds the mentions.
        spill: A directory for pairs on their way.
        threads: How many threads work side by side.
        progress: Receives a line about each step.
        once: The names of the sources that hold no duplicates.

    Raises:
        BudgetError: A rule, or all together, would make too many pairs.
    """
    entity_type = in_use.model.entity_type
    with progress.stage(f"{entity_type}: compile"):
        scorer = scorer_of(in_use)
    with progress.stage(f"{entity_type}: keys"):
        runs, counts = _keyed(mentions, settings, entity_type, threads, segment / "keys")
    enforce_budget(counts, settings, mentions.height, entity_type)
    with progress.stage(f"{entity_type}: encode"):
        features = pack(lambda name: arrow(mentions.read([name])[name]), scorer.layout, threads)
        write_features(features, segment / "features")
        packed = scorer.packed(features)
        write_logs(packed.logs, segment / "features")
    stream = PairStream(spill / f"pairs_{entity_type}")
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
    sources = once_of(mentions.read(["source"])["source"], once) if thresholds.left_over else None
    return Matched(counts, first_found, mark_links(pairs, thresholds, sources), thresholds)


def score_list(
    packed: PackedMentions,
    pairs: tuple[Int32s, Int32s, Bytes],
    least: float,
    threads: int,
    tell: Callable[[int], None],
) -> tuple[pl.DataFrame, Int64s]:
    """Score a list of candidate pairs, each of them there once.

    Args:
        packed: Packed mentions.
        pairs: The two mentions of each pair, as they are packed, and its blocking rule, ascending.
        least: The least weight to keep, in bits.
        threads: How many threads work side by side.
        tell: Receives how many pairs are done.

    Returns:
        `SCORED_PAIRS` of those kept, sorted by mentions, and how many candidates each rule had.
    """
    left, right, rules = pairs
    members = np.stack([left, right], axis=1).astype(np.int32).ravel()
    runs = Runs(members, np.arange(0, len(members) + 1, 2, dtype=np.int64), rules)
    parts = [pl.DataFrame(schema=dict(SCORED_PAIRS))]
    scored = score_runs(packed, runs, least, threads, parts.append, tell, distinct=True)
    return pl.concat(parts).sort("mention_l", "mention_r"), scored.candidates


@dataclass(frozen=True)
class Candidates:
    """The candidate pairs of some mentions that reach a weight.

    Attributes:
        packed: The mentions, packed; with `scoring.scorer.score_pairs` and ``details`` they tell
            which level of each comparison a pair meets.
        pairs: `SCORED_PAIRS`, sorted by mentions.
        counts: What each blocking rule yields.
        scored: How many candidate pairs there are.
    """

    packed: PackedMentions
    pairs: pl.DataFrame
    counts: list[RuleCount]
    scored: int


def score_candidates(
    mentions: Mentions,
    in_use: ModelInUse,
    settings: EntitySettings,
    threads: int,
    least: float = 0.0,
    tell: Callable[[int], None] = lambda _: None,
) -> Candidates:
    """Score the candidate pairs of some mentions, and keep those that reach a weight in memory.

    Over-full keys are passed over as in `match`, and no budget is held.

    Args:
        mentions: Those of the model's entity type, numbered from 0.
        in_use: The model.
        settings: Blocking rules.
        threads: How many threads work side by side.
        least: The least weight to keep, in bits.
        tell: Receives how many pairs are done.
    """
    runs, counts = _keyed(mentions, settings, in_use.model.entity_type, threads)
    scorer = scorer_of(in_use)
    features = pack(lambda name: arrow(mentions.read([name])[name]), scorer.layout, threads)
    packed = scorer.packed(features)
    parts = [pl.DataFrame(schema=dict(SCORED_PAIRS))]
    scored = score_runs(packed, runs, least, threads, parts.append, tell)
    pairs = pl.concat(parts).sort("mention_l", "mention_r")
    return Candidates(packed, pairs, counts, int(scored.candidates.sum()))


def _keyed(
    mentions: Mentions,
    settings: EntitySettings,
    entity_type: EntityType,
    threads: int,
    files: Path | None = None,
) -> tuple[Runs, list[RuleCount]]:
    """Return the runs of mentions and what each rule yields, and write the keys if told where."""
    rules = settings.blocking
    hashed = hash_parts(rules, entity_type, mentions.read, threads)
    return find_runs(
        rules,
        entity_type,
        hashed,
        mentions.height,
        settings.max_records_per_key,
        threads,
        key_files(files, rules, entity_type, hashed) if files else None,
    )
