"""One question, from the words of the query to the answer; and opening what is asked."""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.micro.conftest import Population
from linker.deconfliction.disclose import REQUESTER
from linker.lookup.desk import Desk, Desks, open_desk
from linker.lookup.question import Question


@pytest.fixture(scope="module")
def desk(published: Population) -> Desk:
    """The published population, open to be asked."""
    return Desks(published.config).current


def test_lookup(benchmark: BenchmarkFixture, desk: Desk, published: Population) -> None:
    """A target that is known, by all that the query gives, at a desk that is open."""
    question = Question("person", published.query)
    told = benchmark(desk.answer, question, REQUESTER)
    assert told.answer.outcome == "HIT"


def test_lookup_of_nobody(benchmark: BenchmarkFixture, desk: Desk) -> None:
    """Somebody who is not there: how probable a miss is, and what would help, are told as well."""
    question = Question("person", {"full_name": "Quirino Xaxamenez", "birth_date": "1971-02-03"})
    told = benchmark(desk.answer, question, REQUESTER)
    assert told.answer.outcome == "NO_HIT"


def test_open_desk(benchmark: BenchmarkFixture, published: Population) -> None:
    """A published generation opened, as a process does that is about to be asked."""
    desk = benchmark(open_desk, published.config)
    assert desk.generation.number == 1


def test_open_desk_to_many(benchmark: BenchmarkFixture, published: Population) -> None:
    """The same, and made ready to answer the first question as fast as any other."""
    desks = benchmark(Desks, published.config)
    assert desks.current.generation.number == 1
