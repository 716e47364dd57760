"""Blocking tuned: candidate rules measured, the best set within a budget chosen, misses told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from linker.blocking.hashing import Int64s
from linker.blocking.pairs import SMALLEST_BUDGET
from linker.config import BlockingRule, Config
from linker.model import ModelInUse
from linker.night.records import Records
from linker.progress import Progress
from linker.tuning.choose import CHEAP, LEAST_SHARE, UNITS, Problem, choose
from linker.tuning.matches import Matches, told_by_linking, told_by_truth
from linker.tuning.missed import DRAWS, Estimate, covered, recall
from linker.tuning.pool import Pool, pool_of

FEWEST_MATCHES: Final = 30
"""Of fewer sampled matches nothing is estimated."""


@dataclass(frozen=True)
class Asked:
    """What a person asks for.

    Attributes:
        most_pairs: The budget: candidate pairs of all rules together, each counted once.
        probes: How many records are sampled.
        seed: Of the sample.
        generate: Whether rules are made of the columns as well.
        keep_order: Whether the rules that stay keep the order of the configuration.
    """

    most_pairs: int
    probes: int
    seed: int
    generate: bool = True
    keep_order: bool = False


@dataclass(frozen=True)
class RuleMeasure:
    """What one rule does.

    Attributes:
        rule: The rule.
        given: Whether it is of the configuration.
        chosen: Whether it is chosen.
        pairs: The candidate pairs it makes by itself, counted exactly.
        matches: How many matches it finds, about.
        links: How many links it finds, about.
        only: Matches that no other chosen rule finds, about.
        seconds: What scoring its pairs takes, about.
    """

    rule: BlockingRule
    given: bool
    chosen: bool
    pairs: int
    matches: float
    links: float
    only: float
    seconds: float


@dataclass(frozen=True)
class RuleSet:
    """What some rules do together.

    Attributes:
        rules: How many they are.
        own_pairs: The sum of the pairs that each makes by itself: what a run's budget is held to.
        pairs: Candidate pairs, each counted once, about; and the 95% interval.
        matches: How many matches they find, about.
        links: How many links, about.
        seconds: What scoring takes, about.
        recall: The share of all matches that they find, by each estimator.
    """

    rules: int
    own_pairs: int
    pairs: tuple[float, float, float]
    matches: float
    links: float
    seconds: float
    recall: list[Estimate]


@dataclass(frozen=True)
class Tuned:
    """What tuning found out.

    Attributes:
        measures: Of every rule that was measured, the chosen ones first, in their order.
        before: What the configured rules do; those that break the budget by themselves left out.
        after: What the chosen rules do.
        every: What all measured rules would do.
        sampled: How many records were sampled.
        listed: How many of their pairs were listed.
        matches: How many matches there are among these.
        doubtful: The share of expected matches among pairs that the model thinks rather none.
        by_truth: Whether matches are those of a truth.
        link_budget: The most pairs that a run allows all rules, as `RuleSet.own_pairs` counts.
        left_out: Names of configured rules that make more pairs than the budget by themselves.
        seconds_per_pair: What scoring a pair took of the clock.
    """

    measures: list[RuleMeasure]
    before: RuleSet
    after: RuleSet
    every: RuleSet
    sampled: int
    listed: int
    matches: int
    doubtful: float
    by_truth: bool
    link_budget: int
    left_out: list[str]
    seconds_per_pair: float

    @property
    def chosen(self) -> list[BlockingRule]:
        """The chosen rules in order."""
        return [measure.rule for measure in self.measures if measure.chosen]


def tune(
    records: Records,
    in_use: ModelInUse,
    config: Config,
    asked: Asked,
    known: tuple[pl.DataFrame | None, Int64s | None],
    progress: Progress,
) -> Tuned:
    """Measure candidate rules and choose the set that finds most within the budget.

    Args:
        records: All records, with `pool.needed_columns`.
        in_use: The model.
        config: Rules, caps and thresholds.
        asked: What is asked for.
        known: The truth, ``source``, ``record_id`` and ``true_id``; and, for want of it, the number
            of each record's entity in the last run. Either may be None.
        progress: Receives a line about each step.
    """
    truth, entities = known
    entity = in_use.model.entity_type
    settings = config.settings_of(entity)
    pool = pool_of(
        records,
        in_use,
        config,
        progress,
        asked.most_pairs,
        (asked.probes, asked.seed),
        generate=asked.generate,
    )
    with progress.stage(f"{entity}: matches"):
        matches = (
            told_by_linking(pool.listed, pool.scores, records, entities)
            if truth is None
            else told_by_truth(pool.listed.rules, records, settings.max_records_per_key, truth)
        )
    link_budget = max(SMALLEST_BUDGET, int(settings.max_pairs_per_record * records.height))
    with progress.stage(f"{entity}: choose rules"):
        chosen = choose(_problem(pool, matches, asked.most_pairs, link_budget))
    with progress.stage(f"{entity}: estimate misses"):
        measures = [
            _measured(pool, matches, place, chosen) for place in range(len(pool.listed.rules))
        ]
        given = [place for place, one in enumerate(measures) if one.given]
        sets = [
            _set(pool, matches, places, asked.seed)
            for places in (given, chosen, list(range(len(measures))))
        ]
    return Tuned(
        measures=_ordered(measures, keep=asked.keep_order),
        before=sets[0],
        after=sets[1],
        every=sets[2],
        sampled=len(pool.listed.ranks),
        listed=len(pool.listed.pairs),
        matches=len(matches.weight),
        doubtful=matches.doubtful,
        by_truth=matches.surely,
        link_budget=link_budget,
        left_out=pool.left_out,
        seconds_per_pair=pool.scores.seconds_per_pair,
    )


def _problem(pool: Pool, matches: Matches, most_pairs: int, link_budget: int) -> Problem:
    listed = pool.listed
    own = np.array([count.pairs for count in listed.counts], dtype=np.int64)
    keep = (
        place
        for place, rule in enumerate(listed.rules)
        if rule.name in pool.given and own[place] <= CHEAP * most_pairs
    )
    weights = np.rint(matches.weight * UNITS).astype(np.int64)
    return Problem(
        matches=matches.found,
        weights=weights,
        pairs=listed.found,
        own=own,
        most_pairs=most_pairs / listed.scale if listed.scale else 0.0,
        most_own=float(link_budget),
        keep=frozenset(keep),
        least=max(1, int(LEAST_SHARE * weights.sum())),
    )


def _measured(pool: Pool, matches: Matches, place: int, chosen: list[int]) -> RuleMeasure:
    listed, scores = pool.listed, pool.scores
    rule, pairs = listed.rules[place], listed.counts[place].pairs
    others = covered(matches, [other for other in chosen if other != place])
    own = matches.found[place]
    return RuleMeasure(
        rule=rule,
        given=rule.name in pool.given,
        chosen=place in chosen,
        pairs=pairs,
        matches=float(matches.weight[own].sum()) * matches.scale,
        links=float(scores.linked[listed.found[place]].sum()) * listed.scale,
        only=float(matches.weight[own][~others[own]].sum()) * matches.scale,
        seconds=pairs * scores.seconds_per_pair,
    )


def _set(pool: Pool, matches: Matches, places: list[int], seed: int) -> RuleSet:
    listed, scores = pool.listed, pool.scores
    made = np.zeros(len(listed.pairs), dtype=np.bool_)
    for place in places:
        made[listed.found[place]] = True
    pairs = _interval(np.bincount(listed.probes[made], minlength=len(listed.ranks)), seed)
    scaled = tuple(value * listed.scale for value in pairs)
    found = covered(matches, places)
    return RuleSet(
        rules=len(places),
        own_pairs=sum(listed.counts[place].pairs for place in places),
        pairs=(scaled[0], scaled[1], scaled[2]),
        matches=float(matches.weight[found].sum()) * matches.scale,
        links=float((scores.linked & made).sum()) * listed.scale,
        seconds=scaled[0] * scores.seconds_per_pair,
        recall=(
            recall(matches, listed.rules, places, pool.entity_type, seed)
            if len(matches.weight) >= (1 if matches.surely else FEWEST_MATCHES)
            else []
        ),
    )


def _interval(of_probes: Int64s, seed: int) -> tuple[float, float, float]:
    """Return a sum over probes and its 95% interval by the bootstrap."""
    total, probes = int(of_probes.sum()), len(of_probes)
    if not probes:
        return 0.0, 0.0, 0.0
    sizes, times = np.unique(of_probes, return_counts=True)
    drawn = np.random.default_rng(seed).multinomial(probes, times / probes, size=DRAWS) @ sizes
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(total), float(low), float(high)


def _ordered(measures: list[RuleMeasure], *, keep: bool) -> list[RuleMeasure]:
    """Return the chosen rules, most selective first, and then the others, best first.

    A pair belongs to the first rule that finds it, so the order decides nothing but that.
    """
    chosen = [one for one in measures if one.chosen]
    rest = [one for one in measures if not one.chosen]

    def selective(one: RuleMeasure) -> tuple[float, int, str]:
        return one.pairs / max(one.matches, 1.0), one.pairs, one.rule.name

    made = sorted((one for one in chosen if not (keep and one.given)), key=selective)
    first = [one for one in chosen if keep and one.given]
    rest.sort(key=lambda one: (-one.only / max(one.pairs, 1), one.rule.name))
    return [*first, *made, *rest]
