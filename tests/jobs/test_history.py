"""What became of an entity, and what was published then, as commands tell it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.jobs.running import entity_of, linked, run, table
from tests.jobs.world import changed, write_world

MERGED = ("k10", "k11", "k12", "a03")


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str], dict[str, str]]:
    """A store of two generations: in the second k10 was merged with k11, and who was whom."""
    config = write_world(tmp_path_factory.mktemp("history") / "own")
    before = entity_of(linked(config))
    write_world(config.parent, changed("k10", name="Hilario Cantoral Meza", dob="1968-07-19"))
    backdate(config, 1, "2026-03-01T02:00:00+00:00")
    after = entity_of(linked(config))
    backdate(config, 1, "2026-03-01T02:00:00+00:00")
    return config, before, after


def backdate(config: Path, number: int, at: str) -> None:
    """Make a run of today one of another day."""
    store = config.parent / "store" / "generations"
    for path in store.rglob("ledger*"):
        files = [path] if path.is_file() else []
        for file in [*files, *path.glob("*.parquet")]:
            rows = pl.read_parquet(file)
            when = pl.when(pl.col("generation") == number).then(pl.lit(at)).otherwise("run_at")
            rows.with_columns(when.alias("run_at")).write_parquet(file)
    manifest = store / f"{number:06d}" / "manifest.json"
    text = manifest.read_text()
    start = text.index('"at": "') + len('"at": "')
    manifest.write_text(text[:start] + at + text[start + len(at) :])


def history(config: Path, entity: str) -> Any:
    return run("history", entity, "--config", config, "--json").json


def test_an_id_that_was_merged_leads_to_the_entity_that_lives(past: Any) -> None:
    """Its events, its records then, and whose they are now."""
    config, before, after = past
    survivor = after["k10"]
    gone = next(before[name] for name in ("k10", "k11") if before[name] != survivor)
    found = history(config, gone)
    assert (found["entity_id"], found["now"], found["entity_type"]) == (gone, survivor, "person")
    assert [row["event"] for row in found["events"]] == ["created", "merged"]
    assert found["events"][1]["other_entity_id"] == survivor
    assert found["events"][1]["source"] == "cases" or found["events"][1]["source"] == "arrests"
    records = {row["record_id"] for row in found["records"]}
    assert records == {name for name in MERGED if before[name] == gone}
    assert {(row["since"], row["until"], row["now"]) for row in found["records"]} == {
        (1, 2, survivor)
    }
    text = run("history", gone, "--config", config).out
    assert text.startswith(f"person {gone}: is now {survivor} (generation 2)\n")
    assert f"merged into {survivor}, 0 records: links join its records" in text
    assert f"from generation 1 to 2, now of {survivor}" in text
    assert " bits (person/" in text


def test_an_entity_that_lives_tells_what_it_gained(past: Any) -> None:
    """With the other entity's merging, which names it."""
    config, before, after = past
    found = history(config, after["k10"])
    assert found["now"] == after["k10"]
    assert [row["event"] for row in found["events"]] == ["created", "changed", "merged"]
    assert {row["record_id"] for row in found["records"]} == set(MERGED)
    assert {row["until"] for row in found["records"]} == {None}
    assert "lives (generation 2)" in run("history", after["k10"], "--config", config).out
    assert before["k11"] in {after["k10"], *[row["entity_id"] for row in found["events"]]}


def test_an_id_that_nobody_ever_had_is_refused(past: Any, tmp_path: Path) -> None:
    """In one line that does not repeat it, for it may be a name; and so is a missing store."""
    config = past[0]
    done = run("history", "Hilario Cantoral", "--config", config)
    assert done.refused("no entity of this store ever had this id", "linker lookup")
    assert "Hilario" not in done.err
    assert run("history", "p0000000000000", "--config", config).refused("ever had this id")
    assert run("history", "--config", config).refused("ENTITY", "linker history --help")
    new = write_world(tmp_path / "new")
    assert run("history", "p0", "--config", new).refused("nothing has been published yet")


def exported(config: Path, name: str, day: str, out: Path) -> pl.DataFrame:
    done = run("export", "--config", config, "--table", name, "--as-of", day, "--out", out)
    assert done.code == 0, done.err
    return pl.read_parquet(out)


def test_entities_as_they_were(past: Any, tmp_path: Path) -> None:
    """On a day between two generations those of the first, and today those of the last."""
    config, before, _ = past
    out = tmp_path / "x.parquet"
    then = exported(config, "entities", "2026-03-31", out)
    assert dict(then.select("record_id", "entity_id").rows()) == before
    assert exported(config, "entities", "2990-01-01", out).equals(table(config, "entities"))
    ledger = exported(config, "ledger", "2026-03-01", out)
    assert set(ledger["generation"]) == {1}
    assert ledger.height == len(set(before.values()))


def test_other_tables_as_they_were_need_their_generation(past: Any, tmp_path: Path) -> None:
    """They are read from it where it is on disk, and refused in one line where it is not."""
    config, out = past[0], tmp_path / "x.parquet"
    pairs = exported(config, "pairs", "2026-03-31", out)
    assert pairs.height > 0
    assert not pairs.equals(table(config, "pairs"))
    own = tmp_path / "own"
    shutil.copytree(config.parent, own)
    shutil.rmtree(own / "store" / "generations" / "000001")
    words = ("export", "--config", own / config.name, "--as-of", "2026-03-31", "--out", out)
    for name in ("pairs", "investigations"):
        assert run(*words, "--table", name).refused("has been deleted", "entities and ledger")
    assert run(*words, "--table", "entities").code == 0


def test_a_day_before_the_first_generation_is_refused(past: Any, tmp_path: Path) -> None:
    """And so is what is no day."""
    words = ("export", "--config", past[0], "--table", "entities", "--out", tmp_path / "x.csv")
    early = run(*words, "--as-of", "2026-02-28")
    assert early.refused("nothing had been published by then", "2026-03-01")
    assert run(*words, "--as-of", "then").refused("--as-of", "not a date")
    assert list(tmp_path.iterdir()) == []


def test_a_lookup_tells_the_entities_of_then(past: Any) -> None:
    """Of today's records; and says which generation's entities they are."""
    config, before, after = past
    words = ("lookup", "--config", config, "--name", "Hilario Cantoral Meza")
    words = (*words, "--birth-date", "1968-07-19")
    now = run(*words, "--json").json
    assert [hit["entity_id"] for hit in now["hits"]] == [after["k11"]]
    assert (now["generation"], now["entities_of"]) == (2, 2)
    then = run(*words, "--as-of", "2026-03-31", "--json").json
    assert {hit["entity_id"] for hit in then["hits"]} == {before["k10"], before["k11"]}
    assert (then["generation"], then["entities_of"]) == (2, 1)
    text = run(*words, "--as-of", "2026-03-31").out
    assert "entities as they were in generation 1; records as they are now" in text
    assert run(*words, "--as-of", "2026-02-28").refused("nothing had been published by then")
