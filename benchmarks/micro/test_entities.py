"""From scored pairs to entities, and what investigations of them are to each other."""

from __future__ import annotations

import numpy as np
import polars as pl
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.micro.conftest import Population
from linker.deconfliction.classify import classify
from linker.deconfliction.shared import shared_identifiers
from linker.entities.cluster import cluster
from linker.entities.identity import identify
from linker.entities.ledger import RunStamp
from linker.night.matching import Matched
from linker.schemas import MEMBERSHIP, empty

SEED = 1
STAMP = RunStamp(generation=1, at="2026-01-01T00:00:00+00:00", model="person/1")


def test_cluster(benchmark: BenchmarkFixture, people: pl.DataFrame, matched: Matched) -> None:
    """The connected components of the links, on whole numbers."""
    labels = benchmark(cluster, people.height, matched.pairs.filter("link"))
    assert 1 < len(np.unique(labels)) < people.height


def test_identify_anew(benchmark: BenchmarkFixture, clusters: pl.DataFrame) -> None:
    """An id for every cluster, on the first run."""
    identities = benchmark(identify, "person", clusters, empty(MEMBERSHIP), 0, SEED, STAMP)
    assert identities.next_serial == clusters["cluster"].n_unique()


def test_identify_again(benchmark: BenchmarkFixture, clusters: pl.DataFrame) -> None:
    """Yesterday's ids for today's clusters, of which every tenth is split."""
    before = identify("person", clusters, empty(MEMBERSHIP), 0, SEED, STAMP)
    place = pl.int_range(pl.len())
    split = pl.when(pl.col("cluster") % 10 == 0).then(place).otherwise("cluster")
    today = clusters.with_columns(split.alias("cluster"))
    again = benchmark(identify, "person", today, before.membership, before.next_serial, SEED, STAMP)
    assert again.ledger.height > 0


def test_shared_identifiers(
    benchmark: BenchmarkFixture, people: pl.DataFrame, membership: pl.DataFrame
) -> None:
    """What investigations of different people have in common."""
    shared, _ = benchmark(shared_identifiers, "person", people, membership)
    assert shared.height > 0


def test_classify(
    benchmark: BenchmarkFixture,
    population: Population,
    people: pl.DataFrame,
    membership: pl.DataFrame,
    matched: Matched,
) -> None:
    """What each investigation meets."""
    shared, _ = shared_identifiers("person", people, membership)
    as_of = population.config.link.as_of
    rows = benchmark(classify, "person", people, membership, matched.pairs, shared, as_of)
    assert rows["class"].n_unique() > 1
