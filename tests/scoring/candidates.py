"""Mentions to candidate pairs to weights, by this project's own blocking and kernel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from linker.blocking.pairs import RuleCount, find_runs
from linker.blocking.runs import Runs
from linker.config import BlockingRule
from linker.model import ModelInUse
from linker.schemas import SCORED_PAIRS, EntityType
from linker.scoring.pairs import Scored, score_runs
from linker.scoring.scorer import PackedMentions, scorer_of
from tests.blocking.twins import hashed

NO_CAP = 1_000_000


def runs_of(
    mentions: pl.DataFrame,
    rules: Sequence[BlockingRule],
    entity_type: EntityType,
    cap: int = NO_CAP,
) -> tuple[Runs, list[RuleCount]]:
    parts = hashed(mentions, rules, entity_type)
    return find_runs(rules, entity_type, parts, mentions.height, cap)


def scored_pairs(
    packed: PackedMentions, runs: Runs, least: float = -np.inf, threads: int = 1
) -> tuple[pl.DataFrame, Scored]:
    """Every kept pair, sorted by mentions."""
    frames = [pl.DataFrame(schema=dict(SCORED_PAIRS))]
    scored = score_runs(packed, runs, least, threads, frames.append)
    return pl.concat(frames).sort("mention_l", "mention_r"), scored


def linked(
    mentions: pl.DataFrame,
    in_use: ModelInUse,
    rules: Sequence[BlockingRule],
    least: float = -np.inf,
    cap: int = NO_CAP,
) -> pl.DataFrame:
    """The scored pairs of mentions numbered from 0."""
    runs, _ = runs_of(mentions, rules, in_use.model.entity_type, cap)
    return scored_pairs(scorer_of(in_use).pack(mentions), runs, least)[0]
