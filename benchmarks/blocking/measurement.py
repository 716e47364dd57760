"""A set linked, its rules tuned, and every set of rules judged by all true pairs."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from benchmarks.accuracy.population import population_set
from benchmarks.blocking.by_hand import by_hand
from benchmarks.real.dataset import RealSet
from benchmarks.real.measurement import link_set
from benchmarks.real.sets import SETS
from linker.blocking.mention_keys import hash_parts
from linker.blocking.pairs import find_runs
from linker.blocking.still_found import in_doubt
from linker.compiled import thread_count
from linker.config import BlockingRule, Config, load_config
from linker.entities.cluster import mark_links
from linker.jobs.models import model_in_use
from linker.jobs.tune_blocking import TunedBlocking, tune_blocking
from linker.model import ModelInUse
from linker.night.matching import score_candidates, score_list
from linker.night.records import Records, records_of
from linker.progress import Progress
from linker.tuning.matches import true_pairs
from linker.tuning.missed import Estimate
from linker.tuning.pool import needed_columns
from linker.tuning.tune import Asked

POPULATION: Final = "population"
ENTITY: Final = "person"
EVERY_WEIGHT: Final = -1000.0
NO_WEIGHT: Final = 1000.0


@dataclass(frozen=True)
class Row:
    """What one set of rules does on one data set.

    ``rules`` names the set of rules: ``shipped``, ``by_hand``, and ``tuned_to_`` one of these,
    whose pairs were the budget. ``pairs`` are candidate pairs, each counted once; ``recall`` is the
    share of true pairs among them, ``recall_of_links`` of those true pairs that the model would
    link. ``estimates`` is what tuning thought the recall to be, without the truth: estimator, share
    and its interval; ``error`` is by how many points the first of them is too high.
    """

    set: str
    rules: str
    count: int
    records: int
    true_pairs: int
    pairs: int
    recall: float
    recall_of_links: float
    seconds: float
    error: float | None = None
    estimates: dict[str, list[float]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class _Judge:
    """A data set, linked, and its true pairs."""

    config: Config
    in_use: ModelInUse
    records: Records
    left: np.ndarray[Any, np.dtype[np.int32]]
    right: np.ndarray[Any, np.dtype[np.int32]]
    links: np.ndarray[Any, np.dtype[np.bool_]]

    def judged(self, name: str, called: str, rules: list[BlockingRule]) -> Row:
        """Judge a set of rules."""
        settings = self.config.settings_of(ENTITY).model_copy(update={"blocking": rules})
        threads = thread_count(self.config.link.threads)
        began = time.perf_counter()
        scored = score_candidates(self.records.mentions, self.in_use, settings, threads, NO_WEIGHT)
        seconds = time.perf_counter() - began
        hashed = hash_parts(rules, ENTITY, self.records.mentions.read, threads)
        runs, _ = find_runs(
            rules, ENTITY, hashed, self.records.height, settings.max_records_per_key, threads
        )
        found = in_doubt(runs, self.left, self.right, self.records.height)
        return Row(
            set=name,
            rules=called,
            count=len(rules),
            records=self.records.height,
            true_pairs=len(found),
            pairs=scored.scored,
            recall=_share(found),
            recall_of_links=_share(found[self.links]),
            seconds=round(seconds, 2),
        )


def measure_set(name: str, data: Path, work: Path, records: int, probes: int) -> list[Row]:
    """Link a set, tune its rules to what others cost, and judge all of them by the truth.

    Args:
        name: Of the set, or ``population``.
        data: The folder of public sets.
        work: Where configuration, models and store go.
        records: Of the population.
        probes: How many records are sampled.

    Raises:
        CommandError: A command failed for another reason than that a model cannot be trained.
    """
    real = (
        population_set(records, work, trained=False)
        if name == POPULATION
        else SETS[name](data, work)
    )
    linked = link_set(real, work, train=name != POPULATION)
    judge = _judge(load_config(linked.config), real)
    shipped = judge.config.settings_of(ENTITY).blocking
    rows = []
    for called, rules in (("shipped", list(shipped)), ("by_hand", by_hand(name))):
        row = judge.judged(real.name, called, rules)
        done = _tuned(judge, row.pairs, probes)
        if called == "shipped":
            row = _with_estimates(row, done.tuned.before.recall)
        after = judge.judged(real.name, f"tuned_to_{called}", done.tuned.chosen)
        rows += [row, _with_estimates(after, done.tuned.after.recall)]
    return rows


def _tuned(judge: _Judge, pairs: int, probes: int) -> TunedBlocking:
    asked = Asked(most_pairs=pairs, probes=probes, seed=0)
    return tune_blocking(judge.config, ENTITY, asked, None, None, Progress())


def _judge(config: Config, real: RealSet) -> _Judge:
    in_use, _ = model_in_use(config, ENTITY)
    settings = config.settings_of(ENTITY)
    columns = needed_columns(settings, in_use) | {"surname", "middle_name"}
    records = records_of(config, ENTITY, columns, Progress())
    left, right, _ = true_pairs(records, real.truth.filter(pl.col("entity_type") == ENTITY))
    threads = thread_count(config.link.threads)
    packed = score_candidates(
        records.mentions, in_use, settings.model_copy(update={"blocking": []}), threads
    ).packed
    sides = left, right, np.zeros(len(left), dtype=np.uint8)
    scored, _ = score_list(packed, sides, EVERY_WEIGHT, threads, lambda _: None)
    marked = mark_links(scored, in_use.model.thresholds(settings))
    return _Judge(config, in_use, records, left, right, marked["link"].to_numpy())


def _with_estimates(row: Row, told: list[Estimate]) -> Row:
    values = {one.method: [round(x, 5) for x in (one.value, one.low, one.high)] for one in told}
    error = round(100 * (told[0].value - row.recall), 3) if told else None
    return Row(**{**asdict(row), "estimates": values, "error": error})


def _share(found: np.ndarray[Any, np.dtype[np.bool_]]) -> float:
    return round(float(found.mean()), 5) if len(found) else 1.0
