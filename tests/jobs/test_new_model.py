"""Another model: what it changes is told before anyone publishes it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from linker.schemas import DIFFERENCES
from tests.jobs.running import ROOT, copy_of, entity_of, exports, linked, run, table
from tests.jobs.test_publish import current, state, store_of
from tests.jobs.world import CONFIG, changed, write_world

STRICT = {"link_threshold": 0.9999999999}
"""Only fingerprints make links."""
LOOSE = {"link_threshold": 1e-6, "identity_floor": -50.0}
"""Strangers at one address with one telephone and plate are one person."""
TARGET = ("a01", "k01", "k02", "k03")
HILARIO = ("a03", "k11", "k12")
COMPANION = ("k05", "k13")


def with_model(config: Path, values: dict[str, Any], more: str = "") -> Path:
    """Configure the shipped model of people with other values."""
    model = config.parent / "mine"
    shutil.rmtree(model, ignore_errors=True)
    shutil.copytree(ROOT / "models/person/1", model)
    path = model / "model.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))
    return write_world(config.parent, config=f'{CONFIG}\n[person]\nmodel = "mine"\n{more}')


def report(config: Path, number: int) -> dict[str, Any]:
    path = store_of(config) / f"generations/{number:06d}/report.json"
    values: dict[str, Any] = json.loads(path.read_text())
    return values


def differences(config: Path, number: int) -> pl.DataFrame:
    out = config.parent / "differences.parquet"
    words = ("--table", "differences", "--generation", str(number), "--out", out)
    done = run("export", "--config", config, *words)
    assert done.code == 0, done.err
    return pl.read_parquet(out)


@pytest.fixture(scope="module")
def strict(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The linked world, and beside its generation that of a stricter model."""
    config = with_model(copy_of(world, tmp_path_factory.mktemp("strict") / "own"), STRICT)
    assert run("link", "--config", config).refused(
        "generation 2 is held back and not published: the model is person/1@",
        "person entities: 32 unchanged, 0 merged, 3 split, 0 changed otherwise, 6 created, 0",
        "pairs of investigations: 0 newly met, 3 parted (gate.new_model)",
        "linker publish --force --generation 2 --why TEXT",
    )
    return config


@pytest.fixture
def held(strict: Path, tmp_path: Path) -> Path:
    return copy_of(strict, tmp_path / "own")


def test_what_another_model_changes_is_told_before_it_is_published(
    strict: Path, world: Path
) -> None:
    """Readers see yesterday; the report says which entities split and which units part."""
    assert current(strict) == 1
    assert exports(strict) == exports(world)
    entities = {"before": 35, "now": 41, "unchanged": 32, "merged": 0, "split": 3, "changed": 0}
    told = report(strict, 2)["changes"]
    assert told["entities"]["person"] == entities | {"created": 6, "retired": 0, "moved": 6}
    assert told["entities"]["organization"]["unchanged"] == 2
    assert told["investigations"] == {
        "meet": 0,
        "part": 3,
        "units": [
            {"unit": "DEA / ?", "other_unit": "HSI / Laredo", "meet": 0, "part": 2},
            {"unit": "HSI / Laredo", "other_unit": "HSI / Laredo", "meet": 0, "part": 1},
        ],
    }
    page = (store_of(strict) / "generations/000002/report.html").read_text()
    assert "What this run changes" in page


def test_the_investigations_that_part_are_named(held: Path) -> None:
    """The table of differences names both investigations of a pair once, with their records."""
    found = differences(held, 2)
    assert dict(found.schema) == dict(DIFFERENCES)
    named = found.select("change", "case_id", "record_id", "other_case_id", "other_record_id")
    assert named.rows() == [
        ("parts", "D-12", "k12", "H-11", "k11"),
        ("parts", "D-2", "k02", "H-1", "k01"),
        ("parts", "H-13", "k13", "S-4", "k05"),
    ]
    assert found["agency"].to_list() == ["DEA", "DEA", "HSI"]


def test_ids_are_carried_over_by_what_records_entities_share(held: Path) -> None:
    """Published by force it is current; the larger or first part of an entity keeps its id."""
    before = entity_of(held)
    done = run("publish", "--config", held, "--force", "--why", "stricter", "--json")
    assert done.json["generation"] == current(held) == 2
    after = entity_of(held)
    for members in (TARGET, HILARIO, COMPANION):
        assert {before[record] for record in members} == {after[members[0]]}
        others = {after[record] for record in members[1:]}
        assert len(others) == len(members) - 1
        assert not others & set(before.values())
    parted = {*TARGET, *HILARIO, *COMPANION}
    assert {it for it in before if before[it] != after[it]} < parted
    assert report(held, 2)["changes"]["investigations"]["part"] == 3
    assert table(held, "differences").height == 3


def test_strangers_that_another_model_joins(own: Path) -> None:
    """Investigations without a case id are told apart by their records."""
    before = entity_of(own)
    done = run("link", "--config", with_model(own, LOOSE))
    assert done.refused("33 unchanged, 1 merged, 0 split", "1 newly met, 0 parted")
    (row,) = differences(own, 2).rows(named=True)
    assert (row["change"], row["case_id"], row["other_case_id"]) == ("meets", None, None)
    assert {row["record_id"], row["other_record_id"]} == {"k07", "k08"}
    told = report(own, 2)["changes"]["entities"]["person"]
    assert (told["before"], told["now"], told["moved"]) == (35, 34, 1)
    assert entity_of(own) == before


def test_another_model_may_be_published_at_once(own: Path) -> None:
    """With `new_model = false` it is, and what it changes is printed all the same."""
    done = run("link", "--config", with_model(own, STRICT, "[gate]\nnew_model = false\n"))
    assert done.code == 0, done.err
    assert current(own) == 2
    assert "generation 2 published" in done.out
    assert "what this run changes:\n  person entities: 32 unchanged, 0 merged, 3 split" in done.out
    assert "    DEA / ?, HSI / Laredo: 0 newly met, 2 parted" in done.out


def test_other_settings_are_no_other_model(own: Path) -> None:
    """Other settings link all records anew: what that changes is told, and it is published."""
    write_world(own.parent, config=f"{CONFIG}\n[person]\nlink_threshold = 0.9999999999\n")
    told = report(linked(own), 2)["changes"]
    assert told["entities"]["person"]["split"] == 3
    assert told["investigations"]["part"] == 3
    assert current(own) == 2


def test_a_usual_night_counts_entities_alone(own: Path) -> None:
    """A night that links what changed says what becomes of entities, and compares no meetings."""
    write_world(own.parent, changed("a01", name="Torbjorn Lindqvist", dob="1957-09-21"))
    told = report(linked(own), 2)["changes"]
    assert told["investigations"] is None
    entities = {"before": 35, "now": 36, "unchanged": 34, "merged": 0, "split": 1, "changed": 0}
    assert told["entities"]["person"] == entities | {"created": 1, "retired": 0, "moved": 1}
    out = own.parent / "differences.csv"
    done = run("export", "--config", own, "--table", "differences", "--out", out)
    assert done.refused("generation 2 has no table differences", "linker link --aside")


def test_a_first_run_changes_nothing(world: Path) -> None:
    """Where nothing was published before, nothing is said of changes."""
    assert report(world, 1)["changes"] is None


@pytest.mark.parametrize("full", [False, True])
def test_a_run_aside(own: Path, *, full: bool) -> None:
    """It is built and held back with exit code 0, and tells what it would change."""
    write_world(own.parent, changed("k13", name="Torbjorn Lindqvist", dob="1957-09-21"))
    before = exports(own)
    done = run("link", "--config", own, "--aside", "--json", *(["--full"] if full else []))
    told = done.json
    assert told["held_back"] == ["it was asked for (--aside)"]
    assert told["anew"] == (["it was asked for"] if full else [])
    assert told["changes"]["investigations"]["part"] == 1
    assert "generation 2 is held back and not published: it was asked for" in done.err
    assert exports(own) == before
    assert state(own) == {1: "published", 2: "held back"}
    assert differences(own, 2)["other_case_id"].to_list() == ["S-4"]
    assert run("publish", "--config", own, "--force", "--why", "seen").code == 0
    assert current(own) == 2
    assert entity_of(own)["k13"] != entity_of(own)["k05"]


def test_a_run_aside_without_news_builds_nothing(own: Path) -> None:
    """Where nothing changed there is nothing to show; with `--full` there is, and no difference."""
    assert "nothing changed" in run("link", "--config", own, "--aside").err
    assert state(own) == {1: "published"}
    done = run("link", "--config", own, "--aside", "--full")
    assert done.code == 0
    assert done.out.startswith("generation 2 built and not published")
    assert "person entities: 35 unchanged, 0 merged" in done.out
    assert "pairs of investigations: 0 newly met, 0 parted" in done.out
    assert differences(own, 2).is_empty()


def test_a_first_run_aside(tmp_path: Path) -> None:
    """A first run can be looked at too before readers see it."""
    config = write_world(tmp_path / "new")
    assert run("link", "--config", config, "--aside").code == 0
    assert not (store_of(config) / "CURRENT").exists()
    assert run("publish", "--config", config, "--force", "--why", "seen").code == 0
    assert table(config, "entities").height == 45


def test_full_links_every_record_anew(own: Path) -> None:
    """A run that was asked to start over publishes what a usual one would."""
    before = exports(own)
    done = run("link", "--config", own, "--full", "--json").json
    assert done["anew"] == ["it was asked for"]
    assert exports(own) == before
    assert current(own) == 2


@pytest.mark.parametrize("word", ["--full", "--aside"])
def test_a_dry_run_links_nothing(world: Path, word: str) -> None:
    """What says how to link does not go with a run that links nothing."""
    assert run("link", "--config", world, "--dry-run", word).refused("--dry-run links nothing")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--generation", "7"), "no generation 7 on disk; there are: 1, 2"),
        (("--generation", "2", "--as-of", "2026-06-30"), "both name a generation"),
    ],
)
def test_which_generation_to_export(held: Path, words: tuple[str, ...], said: str) -> None:
    """One generation is named, and one that there is."""
    out = held.parent / "x.csv"
    assert run("export", "--config", held, "--table", "ledger", "--out", out, *words).refused(said)


def test_what_was_held_back_and_has_forgotten_records(held: Path) -> None:
    """A generation that still has a forgotten record is exported no more."""
    write_world(held.parent)
    forget = ("--source", "cases", "--record", "k13", "--why", "court order")
    assert run("forget", "--config", held, *forget).code == 0
    out = held.parent / "x.csv"
    export = ("--table", "differences", "--generation", "2", "--out", out)
    assert run("export", "--config", held, *export).refused("still holds records that were forgot")
    assert not out.exists()
