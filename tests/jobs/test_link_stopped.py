"""A link run that is killed or interrupted: yesterday serves on, and the next run makes it good."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.jobs.running import ROOT, command, copy_of, exports, linked, published, run, table
from tests.jobs.world import changed, write_world

MOMENTS = 5
LONGEST = 120
"""Seconds after which a run that should have ended is given up."""


@contextmanager
def running(config: Path) -> Iterator[subprocess.Popen[str]]:
    """A link run in a process of its own, that has said its first line."""
    words = command("link", "--config", config)
    with subprocess.Popen(
        words, cwd=ROOT, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        try:
            wait_for(process, "rows")
            yield process
        finally:
            process.kill()


def wait_for(process: subprocess.Popen[str], word: str) -> None:
    """Wait until a run has said a word."""
    assert process.stderr is not None
    for line in process.stderr:
        if word in line:
            return
    pytest.fail(f"the run ended without saying {word!r}")


@pytest.fixture(scope="module")
def tomorrow(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration of the linked store with changed sources, not linked again yet."""
    config = copy_of(world, tmp_path_factory.mktemp("tomorrow") / "own")
    write_world(config.parent, changed("a01", name="Torbjorn Lindqvist", dob="1957-09-21"))
    return config


@pytest.fixture
def changing(tomorrow: Path, tmp_path: Path) -> Path:
    """The configuration of a copy of it that a test may change."""
    return copy_of(tomorrow, tmp_path / "changing")


@pytest.fixture(scope="module")
def undisturbed(tomorrow: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the store is after an undisturbed run."""
    return linked(copy_of(tomorrow, tmp_path_factory.mktemp("undisturbed") / "own"))


def same_but_for_the_time(config: Path, other: Path) -> bool:
    tables = ("entities", "pairs", "investigations")
    ledgers = [table(it, "ledger").drop("run_at") for it in (config, other)]
    return exports(config, tables) == exports(other, tables) and ledgers[0].equals(ledgers[1])


def test_a_run_killed_at_any_moment(tomorrow: Path, undisturbed: Path, tmp_path: Path) -> None:
    """After every kill readers have a whole generation; the next run publishes what it would have.

    The remains of one killed run are what the next one starts from.
    """
    config = copy_of(tomorrow, tmp_path / "own")
    store = config.parent / "store"
    before = published(store)
    draw = random.Random(8)
    for _ in range(MOMENTS):
        with running(config) as process:
            time.sleep(draw.uniform(0, 1.5))
            process.kill()
            process.wait(LONGEST)
        if (store / "CURRENT").read_text() == "2\n":  # it was done before
            assert same_but_for_the_time(config, undisturbed)
            shutil.rmtree(config.parent)
            copy_of(tomorrow, tmp_path / "own")
        else:
            now = published(store)
            assert {name: now[name] for name in before} == before
            assert table(config, "entities").equals(table(tomorrow, "entities"))
    assert same_but_for_the_time(linked(config), undisturbed)
    left = sorted(path.name for path in (store / "generations").iterdir())
    assert left == ["000001", "000002"]


def test_a_run_that_holds_the_store_and_is_killed(changing: Path, undisturbed: Path) -> None:
    """While a run stands still in mid-work another is refused and readers are served."""
    store = changing.parent / "store"
    before = exports(changing)
    with running(changing) as process:
        wait_for(process, "candidate pairs")
        process.send_signal(signal.SIGSTOP)
        assert run("link", "--config", changing).refused("another run is writing this store")
        assert exports(changing) == before
        assert (store / "generations" / ".building").is_dir()
        process.kill()
        process.wait(LONGEST)
    assert same_but_for_the_time(linked(changing), undisturbed)
    assert not (store / "generations" / ".building").exists()


@pytest.mark.parametrize("word", ["cases: ", "candidate pairs"], ids=["reading", "scoring"])
def test_an_interrupted_run(changing: Path, word: str) -> None:
    """Ctrl-C ends a run in one line that says so; nothing is published, nothing is left behind."""
    store = changing.parent / "store"
    before = published(store)
    with running(changing) as process:
        wait_for(process, word)
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=LONGEST)
        lines = [line for line in told.splitlines() if line and not line.startswith("[")]
        assert lines == ["linker: interrupted; an unfinished run publishes nothing"]
        assert process.returncode == 130
    assert published(store) == before


def test_an_announced_generation_that_was_not_published(changing: Path, undisturbed: Path) -> None:
    """A run that died between its last two steps leaves a generation that the next one removes."""
    store = changing.parent / "store"
    dead = store / "generations" / "000002"
    shutil.copytree(undisturbed.parent / "store" / "generations" / "000002", dead)
    (store / "CURRENT.new").write_text("2\n")
    (dead / "report.html").write_text("of the run that died")
    assert run("status", "--config", changing, "--json").json["current"] == 1
    assert same_but_for_the_time(linked(changing), undisturbed)
    assert (store / "CURRENT").read_text() == "2\n"
    assert not (store / "CURRENT.new").exists()
    assert "of the run that died" not in (dead / "report.html").read_text()
