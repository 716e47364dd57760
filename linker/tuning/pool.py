"""All candidate rules, measured: what each makes of the sample, and what the model says of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from linker.blocking.hashing import Int64s
from linker.blocking.keys import key_columns
from linker.compiled import thread_count
from linker.config import BlockingRule, Config, EntitySettings
from linker.entities.cluster import mark_links
from linker.model import ModelInUse
from linker.night.records import Records
from linker.progress import Progress
from linker.schemas import RECORD, EntityType
from linker.scoring.features.pack import arrow, pack
from linker.scoring.scorer import PackedMentions, scorer_of
from linker.scoring.settings import model_columns
from linker.tuning.generate import Known, generated, part_columns
from linker.tuning.sample import KeyMaker, Listed, Marks, Scores, listed, ranked, scored

PROBES: Final = 20_000
"""Records whose pairs are listed unless told otherwise."""
FIRST_PROBES: Final = 3_000
"""Of these, those whose matches tell which keys are worth measuring."""
LOWER_CAPS: Final = (50, 15)
"""What a rule with many pairs is offered with as well."""


@dataclass(frozen=True)
class Pool:
    """Candidate rules and what they find.

    Attributes:
        entity_type: What they block.
        listed: Their pairs with the probes.
        scores: What the model says of these.
        given: Names of the rules that are the configuration's.
        left_out: Names of given rules that make more pairs by themselves than the budget.
    """

    entity_type: EntityType
    listed: Listed
    scores: Scores
    given: frozenset[str]
    left_out: list[str]


def needed_columns(settings: EntitySettings, in_use: ModelInUse) -> set[str]:
    """Return the columns of mentions that measuring reads."""
    entity = in_use.model.entity_type
    return {
        *model_columns(in_use.model),
        *key_columns(settings.blocking, entity),
        *part_columns(entity),
        *RECORD,
    }


def pool_of(
    records: Records,
    in_use: ModelInUse,
    config: Config,
    progress: Progress,
    most_pairs: int,
    probes: tuple[int, int],
    *,
    generate: bool,
) -> Pool:
    """Measure the configured rules and, unless told not to, new ones.

    Args:
        records: All records, with `needed_columns`.
        in_use: The model.
        config: Rules, caps and thresholds.
        progress: Receives a line about each step.
        most_pairs: The budget.
        probes: How many records' pairs are listed, and the seed that draws them.
        generate: Whether new rules are made.
    """
    entity = in_use.model.entity_type
    settings = config.settings_of(entity)
    threads = thread_count(config.link.threads)
    marks = _marks(in_use, settings)
    with progress.stage(f"{entity}: encode"):
        packed = _packed(records, in_use, threads)
    drawn = ranked(records, probes[1])[: probes[0]]
    keys = KeyMaker(records, settings.max_records_per_key)

    def measure(
        rules: list[BlockingRule], of: Int64s, what: str, lower: tuple[int, ...] = ()
    ) -> Listed:
        with progress.stage(f"{entity}: {what}"):
            return listed(rules, records, keys, of, most_pairs, lower, progress.update)

    given = list(settings.blocking)
    rules = [*given]
    if generate:
        first = measure(given, drawn[:FIRST_PROBES], "given rules")
        known = known_matches(first, scored(first, packed, marks, threads, time.monotonic))
        with progress.stage(f"{entity}: generate rules"):
            rules += generated(given, records, known, most_pairs, keys.cap)
    found = measure(rules, drawn, "measure rules", LOWER_CAPS if generate else ())
    with progress.stage(f"{entity}: score"):
        scores = scored(found, packed, marks, threads, time.monotonic)
    there = {rule.name for rule in found.rules}
    out = [rule.name for rule in given if rule.name not in there]
    return Pool(entity, found, scores, frozenset(there & {rule.name for rule in given}), out)


def known_matches(of: Listed, scores: Scores) -> Known:
    """Return the listed pairs that are probably matches, and how many rules find each."""
    places = np.flatnonzero(scores.expected > 0)
    times = np.zeros(len(of.pairs), dtype=np.int64)
    for found in of.found:
        times[found] += 1
    left, right = of.ends
    return Known(left[places], right[places], scores.expected[places], times[places])


def _packed(records: Records, in_use: ModelInUse, threads: int) -> PackedMentions:
    scorer = scorer_of(in_use)
    features = pack(lambda name: arrow(records.mentions.read([name])[name]), scorer.layout, threads)
    return scorer.packed(features)


def _marks(in_use: ModelInUse, settings: EntitySettings) -> Marks:
    """Return what tells links, and how probable a pair is to be a match that may become one."""
    thresholds = in_use.model.thresholds(settings)
    may = pl.col("confirmed") | (pl.col("identity_weight") >= thresholds.identity_floor)

    def marks(pairs: pl.DataFrame) -> pl.DataFrame:
        expected = pl.when(may).then(pl.col("match_probability")).otherwise(0.0)
        return mark_links(pairs, thresholds).with_columns(expected=expected)

    return marks
