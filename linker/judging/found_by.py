"""Which blocking rules find the pairs that belong together, and which pairs none finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from linker.blocking.mention_keys import hash_parts
from linker.blocking.pairs import find_runs
from linker.blocking.runs import Runs
from linker.config import BlockingRule, EntitySettings
from linker.judging.judgement import BlockingRecall, RuleRecall
from linker.judging.known import SIDES, Known
from linker.schemas import EntityType
from linker.store.mention_table import Mentions

Counts = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class FoundBy:
    """What blocking does for some pairs.

    Attributes:
        rules: Of each pair, how many rules find it.
        found: Of each rule, how many of the pairs it finds.
        only: Of each rule, how many no other rule finds.
    """

    rules: Counts
    found: Counts
    only: Counts


def found_by(
    true: pl.DataFrame,
    mentions: Mentions,
    settings: EntitySettings,
    entity_type: EntityType,
    threads: int,
) -> FoundBy:
    """Return which rules make candidates of some pairs.

    Over-full keys are passed over or refined as by a link.

    Args:
        true: `SIDES` and ``unit``, each pair once, sorted; the two are of one unit.
        mentions: All that are linked.
        settings: The blocking rules.
        entity_type: Whose mentions they are.
        threads: How many rules are worked on side by side.
    """
    rules = settings.blocking
    hashed = hash_parts(rules, entity_type, mentions.read, threads)
    runs, _ = find_runs(
        rules, entity_type, hashed, mentions.height, settings.max_records_per_key, threads
    )
    left, right = (true[side].to_numpy() for side in SIDES)
    wanted = _codes(left, right, mentions.height)
    units = np.full(mentions.height, -1, dtype=np.int64)
    for side in SIDES:
        units[true[side].to_numpy()] = true["unit"].to_numpy()
    times, last = np.zeros(true.height, np.int64), np.zeros(true.height, np.int64)
    found = np.zeros(len(rules), np.int64)
    for number in range(len(rules)):  # rule by rule: one has few more pairs than are true
        places = _places(runs, number, units, wanted, mentions.height)
        times[places] += 1
        last[places] = number
        found[number] = len(places)
    only = np.bincount(last[times == 1], minlength=len(rules))
    return FoundBy(times, found, only)


def blocking_recall(known: Known, by: FoundBy, rules: Sequence[BlockingRule]) -> BlockingRecall:
    """Return how many true pairs blocking finds, and how many of those are put together.

    Args:
        known: What is known.
        by: Of its true pairs.
        rules: The blocking rules.
    """
    total = max(known.true_pairs, 1)
    candidates = by.rules > 0
    together = known.true["together"].to_numpy()
    return BlockingRecall(
        recall=float(candidates.sum() / total),
        by_rule=tuple(
            RuleRecall(rule=rule.name, found=int(found) / total, only=int(only) / total)
            for rule, found, only in zip(rules, by.found, by.only, strict=True)
        ),
        scoring_recall=float(together[candidates].mean()) if candidates.any() else 1.0,
    )


def _codes(left: Counts, right: Counts, height: int) -> Counts:
    return left.astype(np.int64) * height + right


def _places(runs: Runs, rule: int, units: Counts, wanted: Counts, height: int) -> Counts:
    """Return the places, among the wanted pairs, of those that a rule finds."""
    own = np.flatnonzero(runs.rules == rule)
    if not len(own) or not len(wanted):
        return np.empty(0, np.int64)
    first, last = int(runs.starts[own[0]]), int(runs.starts[own[-1] + 1])
    sizes = np.diff(runs.starts[own[0] : own[-1] + 2])
    members = pl.DataFrame(
        {"run": np.repeat(own, sizes), "mention": runs.members[first:last].astype(np.int64)}
    ).with_columns(unit=pl.Series(units[runs.members[first:last]]))
    several = members.filter(pl.col("unit") >= 0).filter(pl.len().over("run", "unit") > 1)
    pairs = (
        several.lazy()
        .join(several.lazy(), on=["run", "unit"], suffix="_r")
        .filter(pl.col("mention") < pl.col("mention_r"))
        .select("mention", "mention_r")
        .unique()
        .collect()
    )
    codes = _codes(pairs["mention"].to_numpy(), pairs["mention_r"].to_numpy(), height)
    places = np.minimum(np.searchsorted(wanted, codes), len(wanted) - 1)
    return np.unique(places[wanted[places] == codes])
