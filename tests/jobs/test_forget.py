"""Forgetting records by the command: what goes, what stays, and that nothing comes back."""

from __future__ import annotations

import hmac
import json
import shutil
import stat
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from linker.jobs.models import shipped_model
from linker.store.generation import current_generation
from linker.store.journal import acts, tombstones
from linker.store.layout import open_store
from tests.jobs.running import copy_of, entity_of, everything, exports, linked, run, table
from tests.jobs.world import CONFIG, Row, changed, usual_rows, write_world

WHY = ("--why", "a court's order")
FORGOTTEN = ("k10", "a02")
SAID = ("Zdenka", "HORVAT", "Horvat", "1975-04-12", "H-10")
"""What only record k10 says."""


def forget(config: Path, *words: str, source: str = "cases") -> Any:
    return run("forget", "--config", config, "--source", source, *words)


def store_of(config: Path) -> Path:
    return config.parent / "store"


def texts_of(directory: Path) -> str:
    """Everything that the files below a directory say: tables as tables, the rest as bytes."""
    told = []
    for path in sorted(directory.rglob("*")):
        if path.suffix == ".parquet" and "models" not in path.parts:
            told.append(pl.read_parquet(path).write_json())
        elif path.is_file() and "models" not in path.parts:
            told.append(path.read_bytes().decode("utf-8", errors="replace"))
    return "\n".join(told)


@pytest.fixture(scope="module")
def done(world: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A linked store from which a record was forgotten, and what the command printed."""
    config = copy_of(world, tmp_path_factory.mktemp("forgotten") / "own")
    told = forget(config, "--record", "k10", *WHY, "--verify", "--json").json
    return config, told


def test_a_forgotten_record_is_in_no_table(done: tuple[Path, dict[str, Any]], world: Path) -> None:
    """The record is gone from every table; every other record is where it was."""
    config, _ = done
    before, after = entity_of(world), entity_of(config)
    assert before.pop("k10") not in set(after.values())
    assert after == before
    tables = exports(config)
    assert all(b"k10" not in content for name, content in tables.items() if name.endswith(".csv"))


def test_no_file_of_the_new_generation_has_a_trace(done: tuple[Path, dict[str, Any]]) -> None:
    """Neither the record's id nor what only it said is in any file, however it is read."""
    config, _ = done
    store = store_of(config)
    old, new = (texts_of(store / "generations" / f"00000{number}") for number in (1, 2))
    for value in ("k10", *SAID):
        assert value not in new, value
    assert "k10" in old
    beside = b"".join(path.read_bytes() for path in store.iterdir() if path.is_file())
    assert all(value.encode() not in beside for value in ("k10", *SAID[:3]))


def test_what_verifying_tells(done: tuple[Path, dict[str, Any]]) -> None:
    """It finds no trace but in the old generation, which it lists for deletion."""
    _, told = done
    assert (told["records"], told["known"], told["generation"]) == (1, 0, 2)
    assert told["held"] == {"1": 1}
    assert told["gone"] == {"mentions": 1, "pairs": 0, "entities": 1}
    assert told["verified"]
    assert told["values"] > 5
    assert told["traces_left"] == []
    assert told["listed_for_deletion"] == [1]


def test_the_journal_keeps_a_hash_and_no_name(done: tuple[Path, dict[str, Any]]) -> None:
    """A tombstone is a keyed hash; its key is for its owner alone; the act says who, when, why."""
    config, _ = done
    store = open_store(store_of(config))
    (row,) = tombstones(store).rows(named=True)
    assert (row["kind"], row["place"], row["generation"], len(row["digest"])) == (
        "record",
        "cases",
        2,
        32,
    )
    assert stat.S_IMODE(store.forget_key.stat().st_mode) == 0o600
    (act,) = acts(store).rows(named=True)
    assert (act["what"], act["generation"]) == ("forget", 1)
    assert act["why"] == "1 records: a court's order"


def test_a_forgotten_record_does_not_come_back(
    done: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    """A source that still brings it is read without it, and the report counts the row."""
    config = copy_of(done[0], tmp_path / "own")
    write_world(config.parent, changed("k11", phone="512-555-0123"))
    again = run("link", "--config", config)
    assert again.code == 0
    assert "cases: 38 rows = 37 mentions + 0 quarantined + 0 outside + 1 forgotten" in again.out
    assert "k10" not in entity_of(config)
    report = json.loads((store_of(config) / "generations/000003/report.json").read_text())
    assert {row["name"]: row["forgotten"] for row in report["sources"]}["cases"] == 1
    write_world(config.parent, changed("k10", name="Somebody Else"))
    assert "k10" not in entity_of(linked(config))


def test_a_night_asks_only_about_what_it_does_not_know(
    done: tuple[Path, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once a forgotten record is gone, no record is hashed that the last generation has."""
    config = copy_of(done[0], tmp_path / "own")
    write_world(config.parent, changed("k11", phone="512-555-0123"))
    asked = []
    digest = hmac.digest

    def counted(key: bytes, message: bytes, name: str) -> bytes:
        asked.append(message)
        return digest(key, message, name)

    monkeypatch.setattr("linker.store.tombstones.hmac.digest", counted)
    assert "k10" not in entity_of(linked(config))
    assert len(asked) == 1


def test_what_still_holds_it_cannot_be_published(
    done: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    """Rolling back to a generation that holds forgotten records is refused."""
    config = copy_of(done[0], tmp_path / "own")
    for verb in (["rollback"], ["publish", "--generation", "1"]):
        said = run(verb[0], "--config", config, *verb[1:], "--why", "x")
        assert said.refused("generation 1 still holds records that were forgotten")


def test_deleting_what_still_holds_it(done: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    """On request the old generations go; forgetting again does nothing else, and finds no trace."""
    config = copy_of(done[0], tmp_path / "own")
    told = forget(config, "--record", "k10", "--delete-old", "--json").json
    assert (told["known"], told["generation"], told["deleted"]) == (1, 2, [1])
    assert (told["traces_left"], told["listed_for_deletion"]) == ([], [])
    assert [path.name for path in (store_of(config) / "generations").iterdir()] == ["000002"]
    told = acts(open_store(store_of(config))).select("what", "generation").rows()
    assert told == [("forget", 1), ("delete", 1)]
    text = forget(config, "--record", "k10", "--verify").out
    assert "no trace" in text


def test_a_dry_run_counts_and_changes_nothing(untouched: Path) -> None:
    """It says how many mentions, pairs and entities would go, and no value."""
    done = forget(untouched, "--record", "k11", "--record", "nobody", "--dry-run")
    assert done.code == 0
    assert "2 records would be forgotten, 0 of them already were" in done.out
    assert "1 mentions, 2 pairs, 1 entities" in done.out
    assert "generation 1 has mentions of 1" in done.out
    assert "k11" not in done.out + done.err


def test_its_entity_is_clustered_anew(own: Path) -> None:
    """An entity that a forgotten record belonged to keeps its other records and its id."""
    before = entity_of(own)
    assert forget(own, "--record", "k12", *WHY).code == 0
    after = entity_of(own)
    assert before.pop("k12") == before["k11"]
    assert after == before
    ledger = table(own, "ledger").filter(generation=2)
    assert ledger["event"].to_list() == ["changed"]


def test_a_record_with_a_past_leaves_no_trace(own: Path, tmp_path: Path) -> None:
    """Earlier nights' segments, events, moves and decisions that name a record lose it as well."""
    review = tmp_path / "review.csv"
    review.write_text(
        "entity,source_l,record_id_l,source_r,record_id_r,decision,author,reason,made_at,expires\n"
        "person,cases,k10,cases,k11,match,r.vega,the Macedonian scar,2026-01-01,\n"
        "person,cases,k01,cases,k02,match,r.vega,one case file,2026-01-01,\n"
    )
    assert run("review", "import", review, "--config", own).code == 0
    write_world(own.parent, changed("k10", name="Zdenka Horvatova", phone="512-555-0188"))
    linked(own)
    write_world(own.parent, changed("k10", name="Zdenka Horvatinska", phone="512-555-0199"))
    before = entity_of(linked(own))
    store = store_of(own)
    assert "k10" in texts_of(store / "generations" / "000003" / "ledger")
    assert "k10" in texts_of(store / "generations" / "000003" / "moves_person")
    assert len(list((store / "generations/000003/person/segments").iterdir())) == 3

    told = forget(own, "--record", "k10", *WHY, "--verify", "--json").json
    assert (told["traces_left"], told["listed_for_deletion"]) == ([], [1, 2, 3])
    said = texts_of(store / "generations" / "000004")
    for value in ("k10", "Horvatova", "HORVATOVA", "Horvatinska", "HORVATINSKA", "5125550188"):
        assert value.lower() not in said.lower(), value
    journal = (store / "journal.duckdb").read_bytes()
    assert b"Macedonian" not in journal
    assert run("review", "list", "--config", own).out.count("one case file") == 1
    after = entity_of(own)
    assert before.pop("k10") == before["k11"]
    assert after == before
    assert run("history", before["k11"], "--config", own).code == 0
    write_world(own.parent, changed("k11", phone="512-555-0123"))
    assert entity_of(linked(own)) == before
    told = forget(own, "--record", "k10", "--verify", "--json").json
    assert (told["generation"], told["traces_left"]) == (5, [])


def test_records_listed_in_a_file(own: Path, tmp_path: Path) -> None:
    """A CSV file names records of several sources; each is forgotten once."""
    listed = tmp_path / "list.csv"
    listed.write_text("source,record_id\ncases,k10\narrests,a02\ncases,k10\n")
    done = run("forget", "--config", own, "--file", listed, *WHY, "--json").json
    assert (done["records"], done["gone"]["mentions"]) == (2, 2)
    assert not set(FORGOTTEN) & set(entity_of(own))
    listed.write_text("record_id\nk11\n")
    assert forget(own, "--file", str(listed), *WHY).code == 0
    assert "k11" not in entity_of(own)


def test_records_that_are_due(tmp_path: Path) -> None:
    """Records whose purge_due has come on a date are forgotten, the others stay."""
    rows: dict[str, list[Row]] = usual_rows()
    for row, date in zip(rows["cases"], ("2026-01-01", "02/01/2026", "2026-01-03"), strict=False):
        row["agent_phone"] = date
    config = write_world(
        tmp_path, rows, CONFIG.replace('contact_phone = "agent_phone"', 'purge_due = "agent_phone"')
    )
    linked(config)
    at = ("--due", "--at", "2026-01-01")
    assert run("forget", "--config", config, *at, *WHY, "--json").json["records"] == 1
    assert "k01" not in entity_of(config)
    assert {"k02", "k03", "k04"} <= set(entity_of(config))
    done = run("forget", "--config", config, "--due", *WHY, "--json").json
    assert done["records"] == 2
    assert run("forget", "--config", config, "--due", *WHY, "--json").json["records"] == 0


def test_a_relink_that_fails_leaves_the_tombstone(own: Path) -> None:
    """Where a source cannot be read the line says so; the next run leaves the record out."""
    arrests = own.with_name("arrests.csv").read_bytes()
    own.with_name("arrests.csv").unlink()
    done = forget(own, "--record", "k10", *WHY)
    assert done.code == 2
    assert "arrests" in done.told[-1]
    assert "the records have tombstones and are gone with the next linker link" in done.told[-1]
    assert "k10" in entity_of(own)
    own.with_name("arrests.csv").write_bytes(arrests)
    assert "k10" not in entity_of(linked(own))
    assert tombstones(open_store(store_of(own)))["generation"].to_list() == [2]


def test_a_forgetting_that_is_held_back_says_so(own: Path) -> None:
    """Where the gate holds the run back the line says that the records are not gone yet."""
    rows = usual_rows()
    rows["arrests"] = rows["arrests"][:1]
    write_world(own.parent, rows, CONFIG + "\n[gate]\nleast_change = 1\n")
    done = forget(own, "--record", "k10", *WHY)
    assert done.refused("held back", "have tombstones and are gone once a generation without them")
    assert run("publish", "--config", own, "--force", "--why", "x").code == 0
    assert "k10" not in entity_of(own)
    told = forget(own, "--record", "k10", *WHY, "--verify", "--json").json
    assert told["traces_left"] == []


def test_a_lost_key_stops_the_run(done: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    """Without the key forgotten records would come back, so nothing is linked without it."""
    config = copy_of(done[0], tmp_path / "own")
    (store_of(config) / "forget.key").unlink()
    before = everything(store_of(config) / "generations")
    assert run("link", "--config", config).refused("forget.key", "restore it from a backup")
    assert everything(store_of(config) / "generations") == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], ["name records: --source and --record, --file, or --due"]),
        (["--record", "k10"], ["name the source of the records: --source S"]),
        (["--source", "case", "--record", "k10"], ["no source of that name", "'cases'"]),
        (["--source", "cases", "--record", "k10"], ["--why TEXT"]),
        (["--file", "nowhere.csv"], ["nowhere.csv", "is missing or is no CSV file"]),
        (["--due", "--at", "tomorrow"], ["--at", "linker forget --help"]),
    ],
    ids=" ".join,
)
def test_words_that_name_no_record(untouched: Path, words: list[str], said: list[str]) -> None:
    """What cannot be forgotten is one line, and nothing changes."""
    assert run("forget", "--config", untouched, *words).refused(*said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("record_id\nk10\n", "has no column 'source'"),
        ("source\ncases\n", "has no column 'record_id'"),
        ("source,record_id\ncases,k10\ncases,\n", "record 2 has no record_id"),
        ("", "is missing or is no CSV file"),
    ],
)
def test_a_list_at_fault(world: Path, tmp_path: Path, text: str, said: str) -> None:
    """A list that does not say which records is refused with its place, and no value of it."""
    listed = tmp_path / "list.csv"
    listed.write_text(text)
    done = run("forget", "--config", world, "--file", listed, *WHY)
    assert done.refused(str(listed), said)
    assert "k10" not in done.err


def test_a_rare_name_leaves_the_term_frequencies(own: Path) -> None:
    """The generation's copy of a model of one's own loses what only the forgotten record said."""
    mentions = current_generation(open_store(store_of(own))).read("mentions_person")
    rare, shared = (
        mentions.filter(record_id=record)["surname"].item() for record in ("k10", "k11")
    )
    model = own.parent / "mine" / "1"
    shutil.copytree(shipped_model("person"), model)
    terms = model / "tf" / "surname.parquet"
    told = pl.DataFrame({"surname": [rare, shared], "tf": [0.001, 0.002]})
    pl.concat([pl.read_parquet(terms).filter(~pl.col("surname").is_in([rare, shared])), told]).sort(
        "surname"
    ).write_parquet(terms)
    gate = "[gate]\nnew_model = false\n"
    own.write_text(own.read_text() + f'\n[person]\nmodel = "{model}"\n{gate}')
    linked(own)
    words = ("--record", "k10", *WHY, "--verify", "--json")
    assert forget(own, *words).json["traces_left"] == []
    for number, left in ((2, {rare, shared}), (3, {shared})):
        copied = store_of(own) / f"generations/00000{number}/models/person/tf/surname.parquet"
        assert set(pl.read_parquet(copied)["surname"]) & {rare, shared} == left
    write_world(own.parent, changed("k11", phone="512-555-0123"), own.read_text())
    linked(own)
    copied = store_of(own) / "generations/000004/models/person/tf/surname.parquet"
    assert rare not in set(pl.read_parquet(copied)["surname"])
    assert run("lookup", "--config", own, "--name", "Hilario Cantoral Meza").code == 0
