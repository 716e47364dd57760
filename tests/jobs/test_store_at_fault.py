"""A store that cannot be used: one line, and whatever lies there is as it was."""

from __future__ import annotations

import fcntl
import json
import shutil
from pathlib import Path

import pytest

from tests.jobs.running import everything, run
from tests.jobs.world import SEED, write_world

VERBS = (
    ("link",),
    ("status",),
    ("lookup", "--name", "Wanda Kowalczyk"),
    ("export", "--table", "ledger", "--out", "ledger.csv"),
    ("publish", "--why", "x"),
    ("rollback", "--why", "x"),
    ("forget", "--source", "cases", "--record", "k01", "--why", "x"),
)


@pytest.mark.parametrize("words", VERBS, ids=lambda words: words[0])
def test_a_store_of_a_newer_version(own: Path, words: tuple[str, ...]) -> None:
    """No command touches a store that a newer version of linker wrote."""
    store = own.parent / "store"
    (store / "store.json").write_text(json.dumps({"format": 3, "seed": SEED}))
    before = everything(store)
    done = run(words[0], "--config", own, *words[1:])
    assert done.refused(str(store), "format 3", "newer version", "upgrade linker")
    assert everything(store) == before


@pytest.mark.parametrize("words", VERBS, ids=lambda words: words[0])
@pytest.mark.parametrize("text", ["", "{", '{"format": 2}'])
def test_a_damaged_store(own: Path, words: tuple[str, ...], text: str) -> None:
    """A store whose facts cannot be read is refused, not made anew."""
    path = own.parent / "store" / "store.json"
    path.write_text(text)
    done = run(words[0], "--config", own, *words[1:])
    assert done.refused(str(path), "is damaged", "restore it from a backup")
    assert path.read_text() == text


@pytest.mark.parametrize("words", VERBS[1:], ids=lambda words: words[0])
def test_before_the_first_link(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Reading before anything was linked says what to run, and makes no store."""
    config = write_world(tmp_path)
    shutil.rmtree(tmp_path / "store")
    done = run(words[0], "--config", config, *words[1:])
    assert done.refused(str(tmp_path / "store"), "no store there yet", "run linker link")
    assert not (tmp_path / "store").exists()


def test_a_store_in_which_nothing_is_published(tmp_path: Path) -> None:
    """A store that no run has published to says so."""
    config = write_world(tmp_path)
    lookup = run("lookup", "--config", config, "--name", "Wanda Kowalczyk")
    assert lookup.refused("nothing has been published yet", "run linker link")
    assert run("status", "--config", config).out.endswith("nothing has been published yet\n")


def test_a_directory_that_holds_something_else(tmp_path: Path) -> None:
    """A directory of other things is never taken for a store, and keeps them."""
    config = write_world(tmp_path)
    store = tmp_path / "store"
    (store / "store.json").rename(store / "thesis.tex")
    before = everything(store)
    assert run("link", "--config", config).refused(str(store), "not a store", "another directory")
    assert everything(store) == before


def test_a_file_in_place_of_the_store(tmp_path: Path) -> None:
    """A file is no store; it is named and left alone."""
    config = write_world(tmp_path)
    shutil.rmtree(tmp_path / "store")
    (tmp_path / "store").write_text("x")
    assert run("link", "--config", config).refused("is a file", "choose another directory")
    assert (tmp_path / "store").read_text() == "x"


def test_what_a_run_left_that_died_while_it_made_the_store(tmp_path: Path) -> None:
    """The remains of a store half made, and what a fresh file system holds, are no obstacle."""
    config = write_world(tmp_path)
    store = tmp_path / "store"
    (store / "store.json").rename(store / "store.json.new")
    (store / "lock").touch()
    (store / "lost+found").mkdir()
    assert run("link", "--config", config).code == 0
    assert json.loads((store / "store.json").read_text())["format"] == 2


def test_a_source_at_fault_makes_no_store(tmp_path: Path) -> None:
    """A first run that fails on its sources leaves no directory behind."""
    config = write_world(tmp_path)
    shutil.rmtree(tmp_path / "store")
    (tmp_path / "arrests.csv").unlink()
    assert run("link", "--config", config).code == 2
    assert not (tmp_path / "store").exists()


def test_a_store_held_by_another_run(own: Path) -> None:
    """While a run writes, another is refused before it reads, and lookups are served."""
    store = own.parent / "store"
    before = everything(store)
    with (store / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = run("link", "--config", own)
        assert done.refused(str(store), "another run is writing", "wait for it")
        assert "rows" not in done.err
        assert run("lookup", "--config", own, "--name", "Wanda Kowalczyk").code == 0
        assert run("link", "--config", own, "--dry-run").code == 0
    assert everything(store) == before


@pytest.mark.parametrize("text", ["", "seven", "7"])
def test_a_pointer_to_no_generation(own: Path, text: str) -> None:
    """A damaged pointer is told by every command; nothing is built on it or over it."""
    store = own.parent / "store"
    (store / "CURRENT").write_text(text)
    before = everything(store / "generations")
    for words in VERBS:
        done = run(words[0], "--config", own, *words[1:])
        assert done.refused(str(store / "CURRENT"), "does not name a generation")
    assert everything(store / "generations") == before


@pytest.mark.parametrize(
    "name",
    [
        "dead.npy",
        "segments/000001/facts/rows.npy",
        "segments/000001/keys/rule.full_name_or_alias.keys.npy",
    ],
)
def test_a_damaged_file_of_a_generation(own: Path, name: str) -> None:
    """A lookup in a generation with a damaged file names the place and what to do."""
    path = own.parent / "store" / "generations" / "000001" / "person" / name
    path.write_bytes(path.read_bytes()[:100])
    lookup = run("lookup", "--config", own, "--name", "Wanda Kowalczyk")
    assert lookup.refused(str(path.parent), "missing or damaged")


MANIFEST = "store/generations/000001/manifest.json"


@pytest.mark.parametrize("key_hash", [None, "md5/1", ""])
def test_a_generation_whose_keys_another_version_made(own: Path, key_hash: str | None) -> None:
    """A lookup would find nothing by them, and says so; the next run makes new ones."""
    path = own.parent / MANIFEST
    manifest = json.loads(path.read_text())
    assert manifest.pop("key_hash")
    if key_hash is not None:
        manifest["key_hash"] = key_hash
    path.write_text(json.dumps(manifest))
    lookup = run("lookup", "--config", own, "--name", "Wanda Kowalczyk")
    assert lookup.refused("generation 1", "another version of linker", "run linker link")
    assert run("link", "--config", own).code == 0
    assert run("lookup", "--config", own, "--name", "Wanda Kowalczyk").code == 0


def test_a_generation_whose_model_reads_what_mentions_lack(own: Path) -> None:
    """A model of another version is told in one line when it is to score a lookup."""
    path = own.parent / "store/generations/000001/models/person/model.json"
    path.write_text(path.read_text().replace('"given_name_root"', '"given_name_stem"'))
    lookup = run("lookup", "--config", own, "--name", "Wanda Kowalczyk")
    assert lookup.refused("'given_name_stem'", "retrain")
