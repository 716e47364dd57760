"""The Senzing truth set file by file: in whatever order they arrive, the entities are the same."""

from __future__ import annotations

import shutil
from itertools import permutations
from pathlib import Path

import pytest

from benchmarks.real.senzing import FILES, senzing_truthset
from linker.schemas import ENTITY_TYPES
from tests.increments.world import Published, link_quietly

pytestmark = pytest.mark.slow
ORDERS = list(permutations(FILES))
SECTION = "[[source]]\n"


class Arrivals:
    """Stores of the truth set by the order in which its files came; each is made once."""

    def __init__(self, data: Path, directory: Path) -> None:
        files = directory / "files"
        files.mkdir()
        head, *self._sections = senzing_truthset(data, files).config.split(SECTION)
        self._head = head
        self._directory = directory
        self._linked: dict[tuple[str, ...], Path] = {}

    def linked(self, order: tuple[str, ...], *, at_once: bool = False) -> Path:
        """Return the configuration of a store that the files came to one by one, or at once."""
        if at_once:
            config = self._directory / "at_once" / "linker.toml"
            config.parent.mkdir()
        elif order in self._linked:
            return self._linked[order]
        else:
            config = self._directory / "-".join(order) / "linker.toml"
            if before := order[:-1]:
                shutil.copytree(self.linked(before).parent, config.parent)
            else:
                config.parent.mkdir()
            self._linked[order] = config
        sections = [text for text in self._sections if text.startswith(names_of(order))]
        config.write_text(SECTION.join([self._head, *sections]), encoding="utf-8")
        link_quietly(config)
        return config


def names_of(files: tuple[str, ...]) -> tuple[str, ...]:
    """What the sections of some files begin with; each file has a source an entity type."""
    return tuple(f'name = "{file}_' for file in files)


@pytest.fixture(scope="module")
def arrivals(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Arrivals:
    return Arrivals(shared_data, tmp_path_factory.mktemp("truthset"))


@pytest.fixture(scope="module")
def at_once(arrivals: Arrivals) -> Published:
    return Published(arrivals.linked(tuple(FILES), at_once=True))


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_a_file_that_arrives_later(
    arrivals: Arrivals, at_once: Published, order: tuple[str, ...]
) -> None:
    """Files that arrive one after another give the pairs and entities of all at once."""
    found = Published(arrivals.linked(order))
    for entity_type in ENTITY_TYPES:
        assert found.partition(entity_type) == at_once.partition(entity_type)
        assert len(found.partition(entity_type)) > 1
    ours, theirs = found.pairs(), at_once.pairs()
    assert ours.keys() == theirs.keys()
    assert all(ours[pair] == pytest.approx(theirs[pair], rel=0, abs=1e-12) for pair in theirs)
    assert found.investigations() == at_once.investigations()
    found.has_a_whole_ledger()
