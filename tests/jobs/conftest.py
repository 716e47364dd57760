"""A linked store that tests of commands share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.running import copy_of, everything, linked
from tests.jobs.world import write_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration of a linked store; tests read it and leave it as it is."""
    return linked(write_world(tmp_path_factory.mktemp("world") / "linked"))


@pytest.fixture
def own(world: Path, tmp_path: Path) -> Path:
    """The configuration of a copy of the linked store that a test may change."""
    return copy_of(world, tmp_path / "own")


@pytest.fixture
def untouched(world: Path) -> Iterator[Path]:
    """The configuration of the linked store, of which not one byte may have changed afterwards."""
    before = everything(world.parent)
    yield world
    assert everything(world.parent) == before
