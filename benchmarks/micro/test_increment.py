"""An increment: one mention in two hundred comes anew, as many go; and one query."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.micro.conftest import Population
from linker.blocking.increment import increment_pairs
from linker.blocking.index import KeyIndex
from linker.blocking.keys import hash_part, key_parts
from linker.blocking.mention_keys import key_files, mention_keys, write_segment_keys
from linker.blocking.pairs import RuleCount, find_runs
from linker.config import EntitySettings

SHARE = 200
"""Of so many mentions one comes anew."""


@pytest.fixture(scope="module")
def settings(population: Population) -> EntitySettings:
    """The shipped blocking rules and thresholds of people."""
    return population.config.settings_of("person")


@pytest.fixture(scope="module")
def delta(people: pl.DataFrame) -> pl.DataFrame:
    """The mentions that come and those that go: the same people, evenly chosen."""
    return people.gather_every(SHARE)


@pytest.fixture(scope="module")
def base(
    people: pl.DataFrame, settings: EntitySettings, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[RuleCount]]:
    """The key files of all people, and what each rule yields."""
    directory = tmp_path_factory.mktemp("keys")
    rules = settings.blocking
    hashed = {part.name: hash_part(part, people) for part in key_parts(rules, "person")}
    take = key_files(directory, rules, "person", hashed)
    most = settings.max_records_per_key
    _, counts = find_runs(rules, "person", hashed, people.height, most, take=take)
    return directory, counts


def test_mention_keys(
    benchmark: BenchmarkFixture, delta: pl.DataFrame, settings: EntitySettings
) -> None:
    """The keys of what came, under every rule."""
    numbers = np.arange(delta.height, dtype=np.int32)
    benchmark(mention_keys, settings.blocking, "person", delta.select, numbers)


def test_increment_pairs(
    benchmark: BenchmarkFixture,
    people: pl.DataFrame,
    delta: pl.DataFrame,
    base: tuple[Path, list[RuleCount]],
    settings: EntitySettings,
    tmp_path: Path,
) -> None:
    """The candidate pairs that the increment adds."""
    directory, counts = base
    rules, select = settings.blocking, delta.select
    dead = np.zeros(people.height + delta.height, dtype=np.bool_)
    before = KeyIndex([directory], dead[: people.height])
    went = np.arange(0, people.height, SHARE, dtype=np.int32)
    dead[went] = True
    numbers = np.arange(people.height, len(dead), dtype=np.int32)
    gone = mention_keys(rules, "person", select, went)
    came = write_segment_keys(tmp_path, rules, "person", select, numbers)
    indexes = before, KeyIndex([directory, tmp_path], dead)
    most = settings.max_records_per_key
    found = benchmark(increment_pairs, rules, most, indexes, gone, came, counts)
    assert found.counts == counts  # those who went came again
    assert len(found.left) > delta.height
