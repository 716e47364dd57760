"""What every test may use: how Hypothesis runs, and where the real data lies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from linker.scoring.kernel.build import CACHE_VARIABLE
from tests.jobs.running import copy_of, everything, linked
from tests.jobs.world import write_world

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

# CI gives the same examples every time, and fewer: those it gave yesterday were no failure. A
# developer's machine keeps looking for new ones, and `make test-long` for hours.
settings.register_profile("dev", deadline=None, max_examples=60)
settings.register_profile(
    "ci",
    settings.get_profile("dev"),
    derandomize=True,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow],  # a busy machine is no failure
)
settings.register_profile("long", settings.get_profile("dev"), max_examples=1000)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev")
)


def pytest_configure(config: pytest.Config) -> None:
    """Keep compiled kernels where pytest keeps what it keeps, not where a user's are."""
    if hasattr(config, "cache") and CACHE_VARIABLE not in os.environ:
        os.environ[CACHE_VARIABLE] = str(config.cache.mkdir("kernels"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data sets (a folder shared/data beside the project) are not here")
    return SHARED_DATA


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
