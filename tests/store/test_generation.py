"""Generations and their publication."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from linker.errors import StoreError
from linker.schemas import LEDGER, empty
from linker.store import warehouse
from linker.store.generation import (
    current_generation,
    next_number,
    prune,
    publish,
    start_building,
)
from linker.store.layout import Store, open_or_create_store

MANIFEST: dict[str, Any] = {"at": "2026-01-01T00:00:00+00:00", "digest": "d", "entity_types": []}
TABLES = {"pairs_person": pl.DataFrame({"x": [1]})}


def ledger(generation: int, entity: str = "p1") -> pl.DataFrame:
    row = {
        "generation": generation,
        "run_at": "t",
        "entity_type": "person",
        "entity_id": entity,
        "event": "created",
        "records": 1,
        "model": "m",
        "reason": "r",
    }
    return pl.DataFrame([row], schema=dict(LEDGER))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_or_create_store(tmp_path / "store")


def make(store: Store) -> int:
    start_building(store)
    number = next_number(store)
    publish(store, number, TABLES, ledger(number), MANIFEST)
    return number


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


def test_the_ledger_of_a_generation_holds_all_runs_before_it(store: Store) -> None:
    """Readers find the whole history in the generation, without opening the warehouse."""
    make(store)
    make(store)
    assert current_generation(store).read("ledger")["generation"].to_list() == [1, 2]


def test_a_run_that_dies_before_its_pointer_leaves_no_ledger_behind(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ledger rows of an unpublished run are gone once the next run is published."""
    make(store)
    start_building(store)
    with monkeypatch.context() as patched:
        patched.setattr("linker.store.generation.sync_directory", _die)
        with pytest.raises(RuntimeError):
            publish(store, 2, TABLES, ledger(2, "dead"), MANIFEST)
    assert current_generation(store).number == 1
    make(store)
    assert "dead" not in current_generation(store).read("ledger")["entity_id"].to_list()


def _die(_: Path) -> None:
    raise RuntimeError


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
        start_building(store)
        steps = last
        with monkeypatch.context() as patched:
            _die_at(patched, last)
            try:
                publish(store, 2, TABLES, ledger(2, "dead"), MANIFEST)
            except _Killed:
                pass
            else:
                break
        number = current_generation(store).number
        assert number in (1, 2)
        expected = ["p1"] if number == 1 else ["dead", "p1"]
        found = current_generation(store).read("ledger")
        assert sorted(found["entity_id"]) == expected
        assert current_generation(store).read("pairs_person").equals(TABLES["pairs_person"])
        assert make(store) == number + 1
        assert store.numbers() == list(range(1, number + 2))
        kept = current_generation(store).read("ledger")["entity_id"].to_list()
        assert ("dead" in kept) == (number == 2)
    assert steps > 10
    assert current_generation(store).number == 2


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
    patched.setattr(pl.DataFrame, "write_parquet", counted(pl.DataFrame.write_parquet))


def test_old_generations_are_pruned_but_never_the_published_one(store: Store) -> None:
    """Only the newest generations stay, and the one in use."""
    for _ in range(4):
        make(store)
    store.pointer.write_text("1\n")
    assert prune(store, 2) == [2]
    assert store.numbers() == [1, 3, 4]


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
    generation.path("pairs_person").write_bytes(b"PAR1 broken")
    with pytest.raises(StoreError, match="missing or damaged"):
        generation.read("pairs_person")
    with pytest.raises(StoreError, match="missing or damaged"):
        generation.read("nothing")


def test_the_warehouse_refuses_a_file_that_is_no_database(store: Store, tmp_path: Path) -> None:
    """A damaged warehouse is an error of the store, not a traceback."""
    store.warehouse.write_bytes(b"not a database at all" * 1000)
    with pytest.raises(StoreError, match="is damaged"):
        warehouse.record_run(store, 1, empty(LEDGER), MANIFEST, tmp_path / "l.parquet")


def test_a_warehouse_that_another_program_has_open_is_one_line(tmp_path: Path) -> None:
    """A person who looks into the warehouse while a run publishes is asked to close it."""
    store = open_or_create_store(tmp_path / "s")
    path = str(store.warehouse)
    code = f"import duckdb; held = duckdb.connect({path!r}); print('open', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        start_building(store)
        with pytest.raises(StoreError, match="another program has it open"):
            publish(store, 1, {}, empty(LEDGER), MANIFEST)
        other.communicate(b"\n")
