"""Runs that are held back, publishing them all the same, and rolling back: by the commands."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from linker.store.journal import acts
from linker.store.layout import open_store
from tests.jobs.running import copy_of, entity_of, everything, exports, linked, run, table
from tests.jobs.world import CONFIG, changed, usual_rows, write_world

STRICT = CONFIG + "\n[gate]\nleast_change = 2\nrows_lost = 0.1\n"


def without_arrests() -> dict[str, Any]:
    rows = usual_rows()
    rows["arrests"] = rows["arrests"][:1]
    return rows


def store_of(config: Path) -> Path:
    return config.parent / "store"


def current(config: Path) -> int:
    return int((store_of(config) / "CURRENT").read_text())


def state(config: Path) -> dict[int, str]:
    status = run("status", "--config", config, "--json").json
    return {row["number"]: row["state"] for row in status["generations"]}


def told(config: Path) -> list[tuple[Any, ...]]:
    """What the journal says of acts: what, generation, instead of, who, why."""
    rows = acts(open_store(store_of(config)))
    return rows.select("what", "generation", "instead_of", "who", "why").rows()


@pytest.fixture(scope="module")
def strict(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The linked world, and beside its generation one that was held back."""
    config = copy_of(world, tmp_path_factory.mktemp("strict") / "own")
    write_world(config.parent, without_arrests(), STRICT)
    done = run("link", "--config", config)
    assert done.refused(
        "generation 2 is held back and not published",
        "arrests: 75.0% of its 4 mentions are gone (gate.rows_lost allows 10%)",
        "report.html",
        "linker publish --force --generation 2 --why TEXT",
    )
    return config


@pytest.fixture
def held(strict: Path, tmp_path: Path) -> Path:
    return copy_of(strict, tmp_path / "own")


def test_what_is_held_back_is_not_read(held: Path, world: Path) -> None:
    """Readers go on seeing the published generation; status tells what is held back, and why."""
    assert current(held) == 1
    assert exports(held) == exports(world)
    assert state(held) == {1: "published", 2: "held back"}
    text = run("status", "--config", held).out
    assert "* 1: published" in text
    assert "  2: held back" in text
    assert "held back: arrests: 75.0% of its 4 mentions are gone" in text
    page = (store_of(held) / "generations" / "000002" / "report.html").read_text()
    assert "Held back: this generation is not published" in page


def test_the_next_run_builds_on_what_is_published(held: Path) -> None:
    """After a run that was held back the next has the next number, and yesterday's identities."""
    before = entity_of(held)
    write_world(held.parent, changed("a01", name="Torbjorn Lindqvist", dob="1957-09-21"), STRICT)
    after = entity_of(linked(held))
    assert current(held) == 3
    assert state(held) == {1: "earlier", 2: "held back", 3: "published"}
    assert {it for it in before if after[it] != before[it]} == {"a01"}
    manifest = json.loads((store_of(held) / "generations/000003/manifest.json").read_text())
    assert (manifest["parent"], manifest["lineage"]) == (1, [1])


def test_publishing_what_is_held_back_takes_force_and_a_reason(held: Path) -> None:
    """Without `--force` and a reason nothing is published, and the line says what is missing."""
    before = everything(store_of(held))
    assert run("publish", "--config", held, "--why", "x").refused(
        "generation 2 is held back", "arrests: 75.0%", "--force"
    )
    assert run("publish", "--config", held, "--force").refused("--why TEXT")
    assert run("publish", "--config", held, "--force", "--why", " ").refused("--why TEXT")
    assert everything(store_of(held)) == before


def test_a_dry_run_of_publishing_changes_nothing(held: Path) -> None:
    """A dry run tells what would be published, with the reasons against it."""
    before = everything(store_of(held))
    done = run("publish", "--config", held, "--dry-run")
    assert done.code == 0
    assert "generation 2 would be published, instead of generation 1" in done.out
    assert "held back: arrests: 75.0%" in done.out
    assert everything(store_of(held)) == before


def test_publishing_by_force_is_an_act(held: Path) -> None:
    """It is in the journal, in the generation and on its page, with who, when and why."""
    why = "the arrests <moved> out"
    words = ("--force", "--why", why, "--author", "r.vega", "--json")
    done = run("publish", "--config", held, *words).json
    assert (done["generation"], done["instead_of"], done["who"]) == (2, 1, "r.vega")
    assert current(held) == 2
    assert state(held) == {1: "earlier", 2: "published"}
    assert told(held) == [("publish", 2, 1, "r.vega", why)]
    directory = store_of(held) / "generations" / "000002"
    released = {"at": done["at"], "who": "r.vega", "why": why}
    assert json.loads((directory / "manifest.json").read_text())["released"] == released
    assert json.loads((directory / "report.json").read_text())["released"] == released
    page = (directory / "report.html").read_text()
    assert "Published although it was held back" in page
    assert "the arrests &lt;moved&gt; out" in page
    assert table(held, "entities").filter(source="arrests").height == 1
    write_world(held.parent, changed("k11", phone="512-555-0123"), CONFIG)
    linked(held)
    assert state(held) == {1: "earlier", 2: "earlier", 3: "published"}


def test_rolling_back_is_an_act_and_can_be_undone(own: Path) -> None:
    """Readers see the generation before again, the next run builds on it, and numbers go on."""
    first, before = exports(own), entity_of(own)
    write_world(own.parent, changed("k10", name="Hilario Cantoral Meza", dob="1968-07-19"))
    second = exports(linked(own))
    done = run("rollback", "--config", own, "--why", "a wrong file")
    assert done.code == 0
    assert "generation 1 is published now, instead of generation 2" in done.out
    assert exports(own) == first
    assert state(own) == {1: "published", 2: "rolled back"}
    assert "2: rolled back" in run("status", "--config", own).out

    assert run("publish", "--config", own, "--generation", "2", "--why", "it was right").code == 0
    assert exports(own) == second
    assert run("rollback", "--config", own, "--to", "1", "--why", "it was not").code == 0
    assert [row[:3] for row in told(own)] == [
        ("rollback", 1, 2),
        ("publish", 2, 1),
        ("rollback", 1, 2),
    ]

    write_world(own.parent, changed("k11", phone="512-555-0123"))
    assert entity_of(linked(own)) == before
    assert state(own) == {1: "earlier", 2: "rolled back", 3: "published"}
    assert run("rollback", "--config", own, "--dry-run", "--json").json["generation"] == 1


def test_ids_of_what_was_rolled_back_are_not_given_again(own: Path) -> None:
    """An entity id that a generation rolled back from had given is given to nobody else."""
    write_world(own.parent, changed("a01", name="Torbjorn Lindqvist", dob="1957-09-21"))
    lost = entity_of(linked(own))["a01"]
    assert run("rollback", "--config", own, "--why", "a wrong file").code == 0
    write_world(own.parent, changed("a02", name="Sigrid Halvorsen", dob="1961-02-03", prints=""))
    assert lost not in set(entity_of(linked(own)).values())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rollback", "--why", "x"], ["no generation before the published one is on disk"]),
        (["rollback", "--why", "x", "--to", "1"], ["generation 1 is published already"]),
        (["rollback", "--why", "x", "--to", "2"], ["generation 2 is held back", "publish"]),
        (["rollback", "--why", "x", "--to", "9"], ["no generation 9 on disk", "there are: 1, 2"]),
        (["rollback", "--to", "0"], ["--to", "linker rollback --help"]),
        (["publish", "--why", "x", "--generation", "1"], ["generation 1 is published already"]),
        (["publish", "--why", "x", "--generation", "9"], ["no generation 9 on disk"]),
    ],
    ids=lambda it: " ".join(it) if isinstance(it, list) else "",
)
def test_generations_that_cannot_be_pointed_at(
    strict: Path, words: list[str], said: list[str]
) -> None:
    """What cannot be published or rolled back to is one line, and nothing changes."""
    before = everything(store_of(strict))
    assert run(words[0], "--config", strict, *words[1:]).refused(*said)
    assert everything(store_of(strict)) == before


def test_nothing_to_publish(world: Path) -> None:
    """Where nothing is held back, publishing asks for a generation by its number."""
    done = run("publish", "--config", world, "--why", "x")
    assert done.refused("no generation after the published one is held back", "--generation")


@pytest.mark.parametrize("verb", ["publish", "rollback"])
def test_a_run_that_is_writing_is_not_disturbed(held: Path, verb: str) -> None:
    """While a run holds the store, the pointer is not moved by hand."""
    before = everything(store_of(held))
    with (store_of(held) / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert run(verb, "--config", held, "--why", "x").refused("another run is writing")
    assert everything(store_of(held)) == before


def test_a_damaged_journal(held: Path) -> None:
    """Without a journal to write an act to, nothing is published by hand."""
    (store_of(held) / "journal.duckdb").write_bytes(b"no database at all" * 1000)
    before = everything(store_of(held))
    done = run("publish", "--config", held, "--force", "--why", "x")
    assert done.refused("journal.duckdb", "is damaged", "backup")
    assert everything(store_of(held)) == before


def test_what_a_crash_while_publishing_left_is_no_generation(held: Path) -> None:
    """A generation announced and not published does not show; what was held back is kept."""
    (store_of(held) / "generations" / "000003").mkdir()
    (store_of(held) / "CURRENT.new").write_text("3\n")
    assert state(held) == {1: "published", 2: "held back"}
    (store_of(held) / "CURRENT.to").write_text("2\n")  # died as it moved the pointer
    assert run("publish", "--config", held, "--force", "--why", "x").code == 0
    assert state(held) == {1: "earlier", 2: "published"}
    assert not (store_of(held) / "CURRENT.to").exists()


def test_a_first_run_is_never_held_back(tmp_path: Path) -> None:
    """The tightest limits let a first run be published."""
    config = write_world(tmp_path, config=CONFIG + "\n[gate]\nleast_change = 1\nfill_lost = 0\n")
    assert state(linked(config)) == {1: "published"}
    assert table(config, "ledger").select(pl.col("event").unique()).item() == "created"
