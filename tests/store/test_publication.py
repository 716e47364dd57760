"""Moving the pointer by hand, and what became of each generation."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from linker.errors import StoreError, UsageError
from linker.store.generation import clear_remains, next_number, publish, start_building
from linker.store.layout import Store, open_or_create_store
from linker.store.publication import find_generation, move_pointer, reserved_serials, states

MANIFEST: dict[str, Any] = {"at": "2026-01-01T00:00:00+00:00", "digest": "d", "entity_types": []}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_or_create_store(tmp_path / "store")


def make(store: Store, held_back: tuple[str, ...] = (), **about: Any) -> int:
    start_building(store)
    number = next_number(store)
    publish(store, number, {**MANIFEST, **about}, held_back)
    return number


def test_states_follow_what_each_generation_was_built_on(store: Store) -> None:
    """After a rollback what was built later is rolled back from, until it is published again."""
    make(store)
    make(store)
    make(store)
    make(store, ("too few",))
    assert states(store) == {1: "earlier", 2: "earlier", 3: "published", 4: "held back"}
    move_pointer(store, 1)
    assert states(store) == {1: "published", 2: "rolled back", 3: "rolled back", 4: "held back"}
    assert make(store) == 5
    assert states(store)[2] == "rolled back"
    move_pointer(store, 3)
    assert states(store) == {
        1: "earlier",
        2: "earlier",
        3: "published",
        4: "held back",
        5: "rolled back",
    }


def test_generations_of_an_earlier_version(store: Store) -> None:
    """Where a manifest does not say what it was built on, what is older is earlier."""
    for _ in range(3):
        make(store)
    for number in (1, 2, 3):
        path = store.generation(number) / "manifest.json"
        path.write_text('{"at": "2026-01-01T00:00:00+00:00"}')
    move_pointer(store, 2)
    assert states(store) == {1: "earlier", 2: "published", 3: "rolled back"}
    make(store)
    assert find_generation(store, 4).lineage == [1, 2]


def test_a_number_that_is_not_on_disk(store: Store) -> None:
    """A generation that is not there is told with those that are."""
    with pytest.raises(UsageError, match="no generation 3 on disk; there are: none"):
        find_generation(store, 3)


class _Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


@pytest.mark.parametrize("to", [1, 3])
def test_moving_the_pointer_may_die_at_any_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: int
) -> None:
    """Wherever it dies the pointer names one whole generation, and the next run removes none."""
    for last in range(20):
        store = open_or_create_store(tmp_path / str(last))
        make(store)
        make(store)
        make(store, ("too few",))
        with monkeypatch.context() as patched:
            _die_at(patched, last)
            try:
                move_pointer(store, to)
            except _Killed:
                pass
            else:
                break
        assert store.current() in (2, to)
        clear_remains(store)
        assert store.numbers() == [1, 2, 3]
        assert sorted(path.name for path in store.directory.glob("CURRENT*")) == ["CURRENT"]
    assert last > 2
    assert store.current() == to


def _die_at(patched: pytest.MonkeyPatch, last: int) -> None:
    done = 0

    def counted(step: Callable[..., Any]) -> Callable[..., Any]:
        def doing(*values: Any, **named: Any) -> Any:
            nonlocal done
            if done == last:
                raise _Killed
            done += 1
            return step(*values, **named)

        return doing

    for owner, names in ((os, ["fsync"]), (Path, ["replace", "open"])):
        for name in names:
            patched.setattr(owner, name, counted(getattr(owner, name)))


def test_a_pointer_that_cannot_be_written(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that refuses is one line, and readers see what they saw."""
    make(store)
    make(store)

    def full(_: Path, __: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StoreError, match="the published generation is as it was"):
        move_pointer(store, 1)
    assert store.current() == 2


def test_serials_are_reserved_whatever_became_of_a_generation(store: Store) -> None:
    """The first free serial number is after those of every generation on disk."""
    make(store, next_serial={"person": 10})
    make(store, next_serial={"person": 20, "organization": 5})
    make(store, ("too few",), next_serial={"person": 25})
    move_pointer(store, 1)
    (store.generation(2) / "manifest.json").write_text("{")
    assert reserved_serials(store) == {"person": 25}
