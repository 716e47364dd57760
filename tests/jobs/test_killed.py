"""A link run killed at every step and at random instants: nothing is lost, nothing is left behind.

A few kills are part of ``make test``; ``make test-long`` kills at every moment that a run shows.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from hypothesis import settings

from tests.increments.killing import files_below, kill_after, kill_at, moments, started
from tests.increments.models import write_models
from tests.increments.sources import COMMON, NAMES, SOURCES
from tests.increments.world import Published, World, link_quietly
from tests.jobs.running import copy_of, published, run, table

pytestmark = pytest.mark.slow
LONG = settings.get_current_profile_name() == "long"
AT_MOMENTS, AT_RANDOM = (10_000, 40) if LONG else (5, 3)
"""How many kills at most."""
TABLES = ("entities", "pairs", "investigations", "ledger")
QUERY = ("--name", NAMES[0], "--birth-date", "1950-03-04", "--json")


@dataclass(frozen=True)
class Nights:
    """The configurations of two nights of one store, and what the second run shows.

    Attributes:
        new: Sources of the first night, and no store yet.
        due: The store after the first night, with the sources of the second.
        done: The store after the second night, undisturbed.
        moments: What the second run was seen to do, in order.
        seconds: How long it took from its first line on.
    """

    new: Path
    due: Path
    done: Path
    moments: list[str]
    seconds: float


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    directory = tmp_path_factory.mktemp("nights")
    draw = random.Random(5)
    world = World(write_models(directory / "models", COMMON), "one file each night")

    def come(numbers: Iterable[int]) -> None:
        for source, shape in SOURCES.items():
            for number in numbers:
                row = {name: draw.choice(values) for name, values in shape.values.items()}
                world.put(source, str(number), row)

    come(range(1, 12))
    (directory / "new").mkdir()
    new = world.write_news(directory / "new")
    due = copy_of(new, directory / "due")
    link_quietly(due)
    world.taken()
    come((3, 12))
    for source in SOURCES:
        world.take(source, "4")
    world.write_news(due.parent)
    done = copy_of(due, directory / "done")
    with started(done) as process:
        seen, began = [], 0.0
        for moment in moments(process, done.parent / "store"):
            began = began or time.monotonic()
            seen.append(moment)
        assert process.wait() == 0, seen
    assert len(published(done.parent / "store")) > 1
    return Nights(new, due, done, seen, time.monotonic() - began)


def content(config: Path) -> list[pl.DataFrame]:
    """What a store has published, but for when."""
    return [table(config, name).drop("run_at", strict=False) for name in TABLES]


def equal(found: list[pl.DataFrame], expected: list[pl.DataFrame]) -> bool:
    return all(one.equals(other) for one, other in zip(found, expected, strict=True))


def answer(config: Path) -> object:
    """What a lookup says."""
    done = run("lookup", "--config", config, *QUERY)
    assert done.code == 0, done.err
    return done.out


def holds(config: Path, nights: Nights) -> None:
    """Readers have a whole generation after a kill, and the next run makes good what it broke."""
    store, before = config.parent / "store", published(nights.due.parent / "store")
    pointer = (store / "CURRENT").read_text()
    if pointer == (nights.due.parent / "store" / "CURRENT").read_text():
        now = published(store)
        assert {name: now.get(name) for name in before} == before
        assert equal(content(config), content(nights.due))
        assert answer(config) == answer(nights.due)
    else:
        assert equal(content(config), content(nights.done))
    assert run("status", "--config", config).code == 0
    done = run("link", "--config", config)
    assert done.code == 0, done.err
    assert equal(content(config), content(nights.done))
    answer(config)
    left = files_below(store) - files_below(nights.done.parent / "store")
    assert {name for name in left if not name.startswith("generations/000003")} == set()


def chosen(seen: list[str], most: int) -> list[str]:
    """Some of the moments of a run, each kind of it once, from its beginning to its end."""
    distinct = list(dict.fromkeys(seen))
    step = max(1, len(distinct) // most)
    return distinct[step // 2 :: step][:most]


def test_a_run_killed_at_each_of_its_steps(nights: Nights, tmp_path: Path) -> None:
    """After a kill at any step yesterday is whole, and the next run ends as if nothing had been."""
    told = chosen(nights.moments, AT_MOMENTS)
    killed = 0
    for number, moment in enumerate(told):
        config = copy_of(nights.due, tmp_path / f"own_{number}")
        killed += kill_at(config, moment)
        holds(config, nights)
    assert killed >= len(told) // 2
    assert not LONG or killed + AT_RANDOM >= 50


def test_a_run_killed_at_any_instant(nights: Nights, tmp_path: Path) -> None:
    """The same after kills at random instants, each on what the ones before have left."""
    draw = random.Random(13)
    config = copy_of(nights.due, tmp_path / "own")
    for number in range(AT_RANDOM):
        if not kill_after(config, draw.uniform(0, nights.seconds)):
            config = copy_of(nights.due, tmp_path / f"own_{number}")
    holds(config, nights)


def test_a_first_run_killed(nights: Nights, tmp_path: Path) -> None:
    """A store whose first run was killed has published nothing, and the next run fills it."""
    config = copy_of(nights.new, tmp_path / "own")
    assert kill_at(config, "makes generations/.building")
    assert run("export", "--config", config, "--table", "pairs", "--out", "x.csv").refused("link")
    assert run("link", "--config", config).code == 0
    twin = copy_of(nights.new, tmp_path / "twin")
    assert run("link", "--config", twin).code == 0
    found, expected = Published(config), Published(twin)
    assert found.pairs() == expected.pairs()
    assert found.investigations() == expected.investigations()
    assert files_below(config.parent / "store") == files_below(twin.parent / "store")
