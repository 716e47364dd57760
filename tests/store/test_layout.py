"""The store's directory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from linker.errors import StoreError
from linker.store.layout import open_or_create_store, open_store, storage_errors, write_lock


def test_a_store_keeps_its_seed(tmp_path: Path) -> None:
    """Opening a store again finds the same seed, so ids go on from where they were."""
    made = open_or_create_store(tmp_path / "store")
    assert open_or_create_store(tmp_path / "store") == made == open_store(tmp_path / "store")
    assert made.current() is None


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    """The error says that a newer version wrote the store, and nothing is touched."""
    store = open_or_create_store(tmp_path / "store")
    path = store.directory / "store.json"
    newer = json.dumps({"format": 99, "seed": 1})
    path.write_text(newer)
    for opener in (open_store, open_or_create_store):
        with pytest.raises(StoreError, match="written by a newer version"):
            opener(store.directory)
    assert path.read_text() == newer


def test_a_store_of_an_older_format_is_told_apart(tmp_path: Path) -> None:
    """A store that another layout wrote is refused, with what to do."""
    older = json.dumps({"format": 1, "seed": 1})
    (tmp_path / "store.json").write_text(older, encoding="utf-8")
    with pytest.raises(StoreError, match="format 1, written by an older version"):
        open_store(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 2}', '{"format": "x", "seed": 1}'])
def test_a_damaged_store_is_one_line(tmp_path: Path, text: str) -> None:
    """A store whose facts cannot be read is refused."""
    store = open_or_create_store(tmp_path / "store")
    (store.directory / "store.json").write_text(text)
    with pytest.raises(StoreError, match="is damaged"):
        open_store(store.directory)


def test_a_directory_with_other_things_is_never_taken_over(tmp_path: Path) -> None:
    """A store is not made in a directory that holds something else."""
    (tmp_path / "precious.txt").write_text("x")
    with pytest.raises(StoreError, match="not empty and not a store"):
        open_or_create_store(tmp_path)


@pytest.mark.parametrize("text", ["", "x", "12"])
def test_a_pointer_to_nowhere_is_one_line(tmp_path: Path, text: str) -> None:
    """A pointer that names no generation is an error, not an empty store."""
    store = open_or_create_store(tmp_path / "store")
    store.pointer.write_text(text)
    with pytest.raises(StoreError, match="does not name a generation"):
        store.current()


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    """While one process holds the lock another is told so; afterwards it may write."""
    store = open_or_create_store(tmp_path / "store")
    script = (
        "import sys, pathlib; from linker.store.layout import *; "
        "s = open_store(pathlib.Path(sys.argv[1]))\n"
        "with write_lock(s): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(store.directory)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match="another run is writing"), write_lock(store):
            pass
        holder.kill()
    with write_lock(store):
        pass


def test_no_space_is_one_clear_line(tmp_path: Path) -> None:
    """A full disk says so and that nothing was published."""
    with pytest.raises(StoreError, match="no space left on the disk"), storage_errors(tmp_path):
        raise OSError(28, "No space left on device")
