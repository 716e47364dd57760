"""Generations and their publication."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from linker.errors import StoreError
from linker.store.generation import (
    Generation,
    current_generation,
    next_number,
    prune,
    publish,
    start_building,
)
from linker.store.layout import Store, open_or_create_store

MANIFEST: dict[str, Any] = {"at": "2026-01-01T00:00:00+00:00", "digest": "d", "entity_types": []}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_or_create_store(tmp_path / "store")


def build(store: Store, name: str = "alive") -> int:
    """Write a table of a generation that is not published yet, and return its number."""
    building = start_building(store)
    pl.DataFrame({"name": [name]}).write_parquet(building / "quarantine.parquet")
    return next_number(store)


def make(store: Store) -> int:
    number = build(store)
    publish(store, number, MANIFEST)
    return number


def name_in(store: Store) -> str:
    """What the table of the published generation says."""
    return str(current_generation(store).read("quarantine")["name"].item())


def test_nothing_is_published_in_a_new_store(store: Store) -> None:
    """Reading before the first run is one clear line."""
    with pytest.raises(StoreError, match="nothing has been published yet"):
        current_generation(store)


def test_publishing_swaps_the_pointer_and_keeps_the_old_generation(store: Store) -> None:
    """After a second run the pointer names it; the first is still there to read."""
    assert [make(store), make(store)] == [1, 2]
    assert current_generation(store).number == 2
    assert store.numbers() == [1, 2]
    assert not store.building.exists()


class _Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


def test_a_publication_may_die_before_any_of_its_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it dies, readers have the old generation whole, and the next run has its number."""
    steps = 0
    for last in range(100):
        store = open_or_create_store(tmp_path / str(last))
        make(store)
        build(store, "dead")
        steps = last
        with monkeypatch.context() as patched:
            _die_at(patched, last)
            try:
                publish(store, 2, MANIFEST)
            except _Killed:
                pass
            else:
                break
        number = current_generation(store).number
        assert number in (1, 2)
        assert name_in(store) == ("alive" if number == 1 else "dead")
        assert make(store) == number + 1
        assert store.numbers() == list(range(1, number + 2))
    assert steps > 5
    assert current_generation(store).number == 2


def test_holding_back_may_die_before_any_of_its_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it dies, the published generation stays so, and what was held back is whole."""
    steps = 0
    for last in range(100):
        store = open_or_create_store(tmp_path / str(last))
        make(store)
        build(store, "dead")
        steps = last
        with monkeypatch.context() as patched:
            _die_at(patched, last)
            try:
                publish(store, 2, MANIFEST, ["too few"])
            except _Killed:
                pass
            else:
                break
        assert current_generation(store).number == 1
        held = [Generation(number, store.generation(number)) for number in store.numbers()[1:]]
        assert all(it.held_back == ["too few"] for it in held)
        assert make(store) == 2 + len(held)
        assert name_in(store) == "alive"
    assert steps > 3
    assert store.numbers() == [1, 2]


def _die_at(patched: pytest.MonkeyPatch, last: int) -> None:
    """Let `last` steps of the file system be done, and die instead of the next."""
    done = 0

    def counted(step: Callable[..., Any]) -> Callable[..., Any]:
        def doing(*values: Any, **named: Any) -> Any:
            nonlocal done
            if done == last:
                raise _Killed
            done += 1
            return step(*values, **named)

        return doing

    for owner, names in ((os, ["fsync"]), (Path, ["rename", "replace", "open", "write_text"])):
        for name in names:
            patched.setattr(owner, name, counted(getattr(owner, name)))


def test_old_generations_are_pruned_but_never_the_published_one(store: Store) -> None:
    """Only the newest generations stay, and the one in use."""
    for _ in range(4):
        make(store)
    store.pointer.write_text("1\n")
    assert prune(store, 2) == [2]
    assert store.numbers() == [1, 3, 4]


def aged(store: Store, days: int, *, held_back: bool = False) -> int:
    """Publish, or hold back, a generation of some days ago."""
    at = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
    number = build(store)
    publish(store, number, {**MANIFEST, "at": at.isoformat()}, ["too few"] if held_back else [])
    return number


def test_what_is_held_back_has_a_number_and_is_not_published(store: Store) -> None:
    """The pointer stays, the next generation has the next number and is built on the last."""
    make(store)
    assert aged(store, 0, held_back=True) == 2
    assert current_generation(store).number == 1
    assert Generation(2, store.generation(2)).held_back == ["too few"]
    assert make(store) == 3
    manifest = current_generation(store).manifest
    assert (manifest["parent"], manifest["lineage"], manifest["held_back"]) == (1, [1], [])
    assert make(store) == 4
    assert current_generation(store).lineage == [1, 3]


def test_with_days_only_old_generations_beyond_the_count_go(store: Store) -> None:
    """A generation goes when it is beyond the count and older than the days, not by one alone."""
    for days in (40, 20, 9, 1):
        aged(store, days)
    assert prune(store, 1, days=30) == [1]
    assert prune(store, 3, days=1) == []
    assert prune(store, 2, days=5) == [2]
    assert prune(store, 1) == [3]
    assert store.numbers() == [4]


def test_what_was_held_back_pushes_out_nothing_that_was_published(store: Store) -> None:
    """Published generations are counted by themselves; held back ones by their age."""
    for held_back in (False, False, True, True, True):
        aged(store, 3, held_back=held_back)
    assert prune(store, 2) == [3]
    assert store.numbers() == [1, 2, 4, 5]
    make(store)
    assert prune(store, 2) == [1, 4]
    assert store.numbers() == [2, 5, 6]


def test_a_damaged_manifest_does_not_stop_pruning(store: Store) -> None:
    """A generation that cannot say how old it is goes when it is beyond the count."""
    for _ in range(3):
        aged(store, 1)
    (store.generation(1) / "manifest.json").write_text("{")
    assert prune(store, 2, days=30) == [1]


def test_a_generation_half_deleted_is_none(store: Store) -> None:
    """What a killed run left of an old generation does not show, and goes with the next run."""
    make(store)
    remains = store.generations / ".removed-000000"
    remains.mkdir()
    assert store.numbers() == [1]
    make(store)
    assert not remains.exists()


@pytest.mark.parametrize("text", ["", "x", "1", "0", "7"])
def test_an_announcement_never_removes_what_is_published(store: Store, text: str) -> None:
    """Whatever an announcement that was left behind says, published generations stay."""
    make(store)
    store.announced.write_text(text)
    make(store)
    assert store.numbers() == [1, 2]
    assert not store.announced.exists()


def test_a_damaged_table_is_one_line(store: Store) -> None:
    """A table that cannot be read names its file and the fix."""
    make(store)
    generation = current_generation(store)
    generation.path("quarantine").write_bytes(b"PAR1 broken")
    with pytest.raises(StoreError, match="missing or damaged"):
        generation.read("quarantine")
    with pytest.raises(StoreError, match="missing or damaged"):
        generation.read("nothing")


def test_tables_are_scrubbed_before_they_are_published(store: Store) -> None:
    """What is to be taken out of the finished tables is, before anyone can read them."""
    number = build(store)
    publish(
        store, number, MANIFEST, scrub=lambda building: (building / "quarantine.parquet").unlink()
    )
    assert not current_generation(store).path("quarantine").exists()
