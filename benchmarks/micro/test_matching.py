"""From mentions to features, keys, runs of candidate pairs, scored and explained pairs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.commands import PROJECT
from benchmarks.micro.conftest import Population
from linker.blocking.hashing import Int32s, Int64s
from linker.blocking.keys import HashedPart, hash_part, key_parts, rule_keys
from linker.blocking.pairs import find_runs
from linker.blocking.runs import Runs
from linker.config import EntitySettings
from linker.jobs.models import shipped_model
from linker.model import ModelInUse, weight_of
from linker.scoring.explain import explain
from linker.scoring.kernel.build import CACHE_VARIABLE
from linker.scoring.pairs import score_runs
from linker.scoring.scorer import PackedMentions, Scorer, scorer_of
from linker.training.registry import write_model

MOST_PAIRS = 1_000_000
"""Candidate pairs that are scored."""
EXPLAINED = 1_000
START = """
import sys
from pathlib import Path
from linker.model import read_model
from linker.scoring.scorer import scorer_of
scorer_of(read_model(Path(sys.argv[1]), "person"))
"""
"""What a process does until it can score, as a program."""


@pytest.fixture(scope="module")
def settings(population: Population) -> EntitySettings:
    """The shipped blocking rules and thresholds of people."""
    return population.config.settings_of("person")


@pytest.fixture(scope="module")
def scorer(in_use: ModelInUse) -> Scorer:
    """The shipped model, compiled."""
    return scorer_of(in_use)


@pytest.fixture(scope="module")
def packed(scorer: Scorer, people: pl.DataFrame) -> PackedMentions:
    """Every person, packed."""
    return scorer.pack(people)


@pytest.fixture(scope="module")
def hashed(people: pl.DataFrame, settings: EntitySettings) -> dict[str, HashedPart]:
    """The hashes of every part of every key."""
    return {part.name: hash_part(part, people) for part in key_parts(settings.blocking, "person")}


@pytest.fixture(scope="module")
def runs(people: pl.DataFrame, settings: EntitySettings, hashed: dict[str, HashedPart]) -> Runs:
    """The people that share a key."""
    most = settings.max_records_per_key
    return find_runs(settings.blocking, "person", hashed, people.height, most)[0]


def test_encode(benchmark: BenchmarkFixture, scorer: Scorer, people: pl.DataFrame) -> None:
    """Every person to a row of codes and numbers, and term frequencies to logarithms."""
    assert benchmark(scorer.pack, people).features.records == people.height


def test_hash_parts(
    benchmark: BenchmarkFixture, people: pl.DataFrame, settings: EntitySettings
) -> None:
    """The hashes of every part of every blocking key."""
    parts = key_parts(settings.blocking, "person")
    benchmark(lambda: [hash_part(part, people) for part in parts])


def test_keys(
    benchmark: BenchmarkFixture,
    people: pl.DataFrame,
    settings: EntitySettings,
    hashed: dict[str, HashedPart],
) -> None:
    """Every blocking rule's keys of every person, from the hashes."""

    def every() -> int:
        rules = settings.blocking
        return sum(len(rule_keys(rule, "person", hashed, people.height)[0]) for rule in rules)

    assert benchmark(every) > people.height


def test_find_runs(
    benchmark: BenchmarkFixture,
    people: pl.DataFrame,
    settings: EntitySettings,
    hashed: dict[str, HashedPart],
) -> None:
    """Keys made, sorted and counted."""
    most = settings.max_records_per_key
    found, _ = benchmark(find_runs, settings.blocking, "person", hashed, people.height, most)
    assert found.pairs.sum() > 0


def test_score_runs(
    benchmark: BenchmarkFixture, packed: PackedMentions, runs: Runs, settings: EntitySettings
) -> None:
    """The kernel over a million candidate pairs, in one thread."""
    few, least = _few(runs, MOST_PAIRS), weight_of(settings.review_threshold)
    scored = benchmark(score_runs, packed, few, least, 1, lambda _: None)
    assert 0 < scored.kept < scored.candidates.sum() <= MOST_PAIRS


def test_explain(benchmark: BenchmarkFixture, packed: PackedMentions, runs: Runs) -> None:
    """The evidence of a thousand pairs."""
    left, right = _first_pairs(_few(runs, MOST_PAIRS), EXPLAINED)
    assert len(benchmark(explain, packed, left, right)) == len(left)


def test_cold_start(benchmark: BenchmarkFixture, in_use: ModelInUse, tmp_path: Path) -> None:
    """A process that compiles the shipped model and keeps it (a tiny one, where untimed)."""
    model = _tiny(in_use, tmp_path) if benchmark.disabled else shipped_model("person")

    def start() -> bool:
        with tempfile.TemporaryDirectory(dir=tmp_path) as empty:
            _start(model, Path(empty))
            return any(Path(empty).iterdir())

    assert benchmark(start)


def test_warm_start(benchmark: BenchmarkFixture, in_use: ModelInUse, tmp_path: Path) -> None:
    """A process that loads the model another one compiled."""
    model = _tiny(in_use, tmp_path) if benchmark.disabled else shipped_model("person")
    kernels = tmp_path / "kernels"
    _start(model, kernels)
    benchmark(_start, model, kernels)


def _start(model: Path, kernels: Path) -> None:
    """Start a process that gets ready to score."""
    path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
    subprocess.run(
        [sys.executable, "-c", START, str(model)],
        check=True,
        env={**os.environ, "PYTHONPATH": path, CACHE_VARIABLE: str(kernels)},
    )


def _tiny(in_use: ModelInUse, directory: Path) -> Path:
    """Write a model of one comparison, and return where."""
    plain = in_use.model.comparison("sex")
    nothing: dict[str, Any] = {
        "term_frequency_floors": {},
        "term_frequency_words": {},
        "term_frequency_groups": {},
    }
    model = in_use.model.model_copy(update={"comparisons": (plain,), "version": "tiny", **nothing})
    return write_model(directory, model, {}, {})


def _few(runs: Runs, most: int) -> Runs:
    """Return runs of all rules, evenly chosen, that make no more pairs than `most`."""
    step = int(-(-runs.pairs.sum() // most))
    chosen = np.arange(0, len(runs.rules), step)
    while len(chosen) and runs.pairs[chosen].sum() > most:
        chosen = chosen[::2]
    sizes = np.diff(runs.starts)
    inside = np.zeros(len(runs.rules), dtype=np.bool_)
    inside[chosen] = True
    starts: Int64s = np.concatenate([[0], np.cumsum(sizes[chosen])]).astype(np.int64)
    return Runs(runs.members[np.repeat(inside, sizes)], starts, runs.rules[chosen])


def _first_pairs(runs: Runs, many: int) -> tuple[Int32s, Int32s]:
    """Return the first pair of each of some runs."""
    step = max(1, len(runs.rules) // many)
    starts = runs.starts[:-1:step][:many]
    return runs.members[starts], runs.members[starts + 1]
