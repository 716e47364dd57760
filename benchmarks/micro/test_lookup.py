"""One question, from the words of the query to the answer."""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.micro.conftest import Population
from linker.jobs.lookup import lookup


def test_lookup(benchmark: BenchmarkFixture, published: Population) -> None:
    """A target that is known, by all that the query gives."""
    answer = benchmark(lookup, published.config, "person", published.query)
    assert answer.outcome == "HIT"
