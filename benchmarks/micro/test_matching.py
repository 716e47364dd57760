"""From mentions to keys, candidate pairs and scored pairs."""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.micro.conftest import Population
from linker.blocking.keys import write_keys
from linker.blocking.pairs import count_pairs, write_candidate_pairs
from linker.config import EntitySettings
from linker.database import Connection, count
from linker.model import ModelInUse, weight_of
from linker.scoring.predict import write_scored_pairs


@pytest.fixture
def settings(population: Population) -> EntitySettings:
    """The shipped blocking rules and thresholds of people."""
    return population.config.settings_of("person")


@pytest.fixture
def keyed(loaded: Connection, settings: EntitySettings) -> Connection:
    """The database with the table of keys."""
    write_keys(loaded, settings.blocking, "person", "mentions")
    return loaded


@pytest.fixture
def counted(keyed: Connection, settings: EntitySettings) -> Connection:
    """The database with the table of usable keys."""
    count_pairs(keyed, settings.blocking, settings.max_records_per_key)
    return keyed


def test_write_keys(
    benchmark: BenchmarkFixture, loaded: Connection, settings: EntitySettings
) -> None:
    """Every blocking rule's keys of every person."""
    benchmark(write_keys, loaded, settings.blocking, "person", "mentions")
    assert count(loaded, "SELECT count(*) FROM keys") > 0


def test_count_pairs(
    benchmark: BenchmarkFixture, keyed: Connection, settings: EntitySettings
) -> None:
    """How many pairs each rule would make."""
    counts = benchmark(count_pairs, keyed, settings.blocking, settings.max_records_per_key)
    assert sum(found.pairs for found in counts) > 0


def test_write_candidate_pairs(benchmark: BenchmarkFixture, counted: Connection) -> None:
    """The distinct pairs of all rules."""
    assert benchmark(write_candidate_pairs, counted) > 0


def test_score_pairs(
    benchmark: BenchmarkFixture, counted: Connection, settings: EntitySettings, in_use: ModelInUse
) -> None:
    """Splink's predict over the registered pairs; those below the review threshold are dropped."""
    write_candidate_pairs(counted)
    least = weight_of(settings.review_threshold)
    assert benchmark(write_scored_pairs, counted, in_use, least) > 0
