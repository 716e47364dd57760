"""One roomy service and one with narrow bounds that tests share, each ended for sure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.running import linked
from tests.jobs.world import write_world
from tests.service.marked import marked_rows
from tests.service.serving import Served, add_service, served


@pytest.fixture(scope="session")
def service_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration of a linked store with planted words; tests read it."""
    return linked(write_world(tmp_path_factory.mktemp("service") / "world", marked_rows()))


@pytest.fixture(scope="session")
def service(service_world: Path) -> Iterator[Served]:
    """A service that refuses nobody for asking often."""
    with served(add_service(service_world)) as made:
        yield made
