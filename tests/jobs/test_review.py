"""Decisions from a file to the next link: what is recorded, what is refused, what comes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from linker.store.generation import current_generation
from linker.store.layout import open_store
from tests.jobs.running import Done, copy_of, entity_of, linked, run, table
from tests.jobs.world import write_world

HEADER = "entity,source_l,record_id_l,source_r,record_id_r,decision,author,reason,made_at,expires"
JOIN = "person,cases,k10,cases,k11,match,r.vega,one man,2026-01-01,"
PART = "person,cases,k02,arrests,a01,non_match,r.vega,two men,2026-01-02T10:00:00+02:00,"


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration of a linked store with a history; tests take copies of it."""
    return linked(write_world(tmp_path_factory.mktemp("review") / "own"))


@pytest.fixture
def config(past: Path, tmp_path: Path) -> Path:
    """The configuration of a copy of that store."""
    return copy_of(past, tmp_path / "own")


def written(config: Path, *lines: str, header: str = HEADER) -> Path:
    path = config.with_name("decisions.csv")
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def brought_in(config: Path, *lines: str, words: tuple[str, ...] = ()) -> Done:
    return run("review", "import", written(config, *lines), "--config", config, *words)


def listed(config: Path, *words: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = run("review", "list", "--config", config, "--json", *words).json[
        "decisions"
    ]
    return rows


def states(config: Path) -> list[tuple[int, str]]:
    return [(row["decision_id"], row["status"]) for row in listed(config, "--all")]


def test_the_next_link_follows_decisions(config: Path) -> None:
    """Records that links leave apart are joined, others parted, and the ledger names decisions."""
    before = entity_of(config)
    assert before["k10"] != before["k11"]
    assert before["k02"] == before["a01"]
    done = brought_in(config, JOIN, PART)
    assert done.out == "2 rows: 2 recorded, 0 known already, 0 withdrawn, 0 bad\n"
    assert entity_of(config) == before  # until then nothing changes
    after = entity_of(linked(config))
    assert after["k10"] == after["k11"]
    assert after["k02"] != after["a01"]
    assert states(config) == [(1, "in force"), (2, "in force")]
    ledger = table(config, "ledger").filter(generation=2)
    merged = ledger.filter(event="merged").row(0, named=True)
    assert merged["reason"] == "decision 1 of r.vega joins its records to the other entity's"
    assert (merged["decision"], merged["record_id"], merged["other_record_id"]) == (1, "k10", "k11")
    split = ledger.filter(event="split").row(0, named=True)
    assert split["reason"] == "decision 2 of r.vega says that they are not one"
    assert (split["decision"], split["match_weight"] > 0) == (2, True)
    assert ledger.filter(event="cut")["decision"].to_list() == [2]


def test_a_withdrawn_decision_is_followed_no_more(config: Path) -> None:
    """The records go back where links put them; the decision stays on record."""
    before = entity_of(config)
    brought_in(config, JOIN)
    linked(config)
    why = ("--why", "a mix-up", "--author", "j.lund")
    done = run("review", "withdraw", "1", "--config", config, "--json", *why).json
    assert (done["withdrawn_by"], done["withdrawn_why"]) == ("j.lund", "a mix-up")
    after = entity_of(linked(config))
    assert after["k10"] != after["k11"] == before["k11"]
    assert listed(config) == []
    assert states(config) == [(1, "withdrawn")]
    again = run("review", "withdraw", "1", "--config", config, *why)
    assert again.refused("decision 1 was withdrawn already")
    assert run("review", "withdraw", "7", "--config", config, *why).refused("no decision 7", "list")
    empty = run("review", "withdraw", "1", "--config", config, "--why", " ")
    assert empty.refused("--why", "is empty")


def test_a_file_is_recorded_once(config: Path) -> None:
    """A second import of the same file adds nothing, not even what was withdrawn since."""
    untimed = JOIN.replace("2026-01-01", "")
    assert "2 recorded" in brought_in(config, untimed, PART).out
    assert "0 recorded, 2 known" in brought_in(config, untimed, PART).out
    run("review", "withdraw", "2", "--config", config, "--why", "no")
    assert "0 recorded, 2 known" in brought_in(config, untimed, PART).out
    assert "0 recorded, 3 known" in brought_in(config, untimed, PART, PART).out
    assert states(config) == [(1, "in force"), (2, "withdrawn")]


def test_what_an_export_wrote_can_be_imported(config: Path, tmp_path: Path) -> None:
    """Into the same store it adds nothing, into another all but what was withdrawn."""
    brought_in(config, JOIN, PART)
    run("review", "withdraw", "1", "--config", config, "--why", "no")
    out = tmp_path / "decided.csv"
    done = run("review", "export", "--config", config, "--out", out, "--json")
    assert done.json == {"rows": 2, "out": str(out)}
    again = run("review", "import", out, "--config", config, "--json").json
    assert (again["recorded"], again["known"], again["withdrawn"]) == (0, 1, 1)
    other = write_world(tmp_path / "other")
    linked(other)
    assert run("review", "import", out, "--config", other, "--json").json["recorded"] == 1
    assert listed(other)[0]["author"] == "r.vega"
    assert run("review", "export", "--config", config, "--out", tmp_path).refused("name a file")


BAD = (
    ("entity", "persn,cases,k1,cases,k2,match,a,b,,", "person"),
    ("decision", "person,cases,k1,cases,k2,mtach,a,b,,", "did you mean 'match'?"),
    ("record_id_r", "person,cases,k1,cases,k1,match,a,b,,", "the same record"),
    ("record_id_l", "person,cases,,cases,k2,match,a,b,,", "is empty"),
    ("reason", "person,cases,k1,cases,k2,match,a,,,", "is empty"),
    ("author", "person,cases,k1,cases,k2,match,,b,,", "--author"),
    ("made_at", "person,cases,k1,cases,k2,match,a,b,last week,", "2026-03-01"),
    ("made_at", "person,cases,k1,cases,k2,match,a,b,2990-01-01,", "yet to come"),
    ("expires", "person,cases,k1,cases,k2,match,a,b,2026-01-02,2026-01-01", "not after made_at"),
    ("", "person,cases,k1", "as many values as the file has columns"),
)


@pytest.mark.parametrize(("column", "line", "said"), BAD)
def test_a_bad_row_is_named_by_its_line(config: Path, column: str, line: str, said: str) -> None:
    """Nothing is recorded, the line and what to mend are told, and no value is repeated."""
    done = brought_in(config, JOIN, "", line)
    assert done.refused("decisions.csv: line 4:", column, said, "nothing was recorded")
    assert "last week" not in done.err
    assert states(config) == []


def test_good_rows_are_recorded_beside_bad_ones_where_that_is_asked_for(config: Path) -> None:
    """With --keep-good; every bad row is listed with its line, and so it is by --dry-run."""
    rows = (JOIN, BAD[0][1], PART, BAD[1][1])
    assert brought_in(config, *rows).refused("line 3", "2 bad rows in all", "--keep-good")
    tried = brought_in(config, *rows, words=("--dry-run",))
    assert "bad row in line 3: entity: is none of person, organization" in tried.out
    assert "bad row in line 5: decision: is none of match, non_match, unsure" in tried.out
    assert "2 to record" in tried.out
    assert states(config) == []
    kept = brought_in(config, *rows, words=("--keep-good", "--json")).json
    assert [row["line"] for row in kept["bad"]] == [3, 5]
    assert kept["recorded"] == 2
    assert states(config) == [(1, "in force"), (2, "in force")]


def test_an_author_stands_for_rows_that_name_none(config: Path) -> None:
    """A column of the file goes before the option."""
    brought_in(config, JOIN.replace("r.vega", ""), PART, words=("--author", "j.lund"))
    assert [row["author"] for row in listed(config)] == ["j.lund", "r.vega"]
    short = "entity,source_l,record_id_l,source_r,record_id_r,decision,reason"
    path = written(config, "person,cases,k12,cases,k13,unsure,who knows", header=short)
    done = run("review", "import", path, "--config", config, "--author", "j.lund", "--json")
    assert done.json["recorded"] == 1


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("entity,source_l", ["lacks the columns record_id_l", "decision"]),
        (HEADER.replace("reason", "raeson"), ["lacks the columns reason"]),
        (f"{HEADER},weight", ["no such column: 'weight'"]),
        (f"{HEADER},author", ["the column author twice"]),
    ],
)
def test_a_file_of_other_columns_is_refused(config: Path, header: str, said: list[str]) -> None:
    """The columns that lack, or are unknown, are named."""
    path = written(config, header=header)
    assert run("review", "import", path, "--config", config).refused("decisions.csv", *said)


def test_a_file_that_cannot_be_read_is_refused(config: Path, tmp_path: Path) -> None:
    """No such file, a directory, another encoding, an open quote: a line each."""
    words = ("review", "import")
    assert run(*words, tmp_path / "no.csv", "--config", config).refused("no such file")
    assert run(*words, tmp_path, "--config", config).refused("is a directory")
    path = written(config, JOIN.replace("one man", '"one man'))
    assert run(*words, path, "--config", config).refused("line 2", "quote")
    path.write_bytes(HEADER.encode() + "\nperson,cañon".encode("latin-1"))
    assert run(*words, path, "--config", config).refused("UTF-8")


def test_decisions_about_records_that_are_not_there_wait(config: Path) -> None:
    """They are recorded, their lines are told, and they are followed once the record comes."""
    waiting = JOIN.replace("k11", "k99")
    done = brought_in(config, JOIN, waiting)
    assert "1 wait for a record that no source has brought yet: line 3\n" in done.out
    assert states(config) == [(1, "in force"), (2, "waiting")]
    assert entity_of(linked(config))["k10"]
    cases = config.with_name("cases.csv")
    last = cases.read_text().splitlines()[-1]
    cases.write_text(cases.read_text() + last.replace(last.split(",")[0], "k99", 1) + "\n")
    after = entity_of(linked(config))
    assert after["k99"] == after["k10"] == after["k11"]
    assert states(config) == [(1, "in force"), (2, "in force")]


def test_decisions_that_contradict_each_other_are_told_with_their_path(config: Path) -> None:
    """On import, in the list, in the ledger and in the run's warnings; the records stay apart."""
    chain = (
        JOIN,
        "person,cases,k10,cases,k07,match,r.vega,again,2026-02-01,",
        "person,cases,k07,cases,k11,non_match,j.lund,never,2026-01-05,",
    )
    text = "decision 3 parts two records that the decisions 2, 1 join one by one; decision 2, the"
    done = brought_in(config, *chain)
    assert f"conflict: {text}" in done.out
    found = run("review", "list", "--config", config)
    assert f"conflict: {text}" in found.out
    assert states(config) == [(1, "in force"), (2, "not followed"), (3, "in force")]
    linked(config)
    after = entity_of(config)
    assert after["k10"] == after["k11"] != after["k07"]
    cut = table(config, "ledger").filter(event="cut").row(0, named=True)
    assert cut["reason"].startswith(text)
    assert (cut["decision"], cut["record_id"], cut["other_record_id"]) == (2, "k07", "k10")
    report = json.loads((config.parent / "store/generations/000002/report.json").read_text())
    assert any("other decisions contradict it (1)" in warning for warning in report["warnings"])


def test_a_match_that_gave_way_is_followed_once_its_path_is_broken(config: Path) -> None:
    """Though neither it nor its records changed; the cut that told of it is gone."""
    chain = (
        "person,cases,k10,cases,k07,match,r.vega,same,2026-01-01,",
        "person,cases,k07,cases,x00,match,r.vega,same,2026-02-01,",
        "person,cases,k10,cases,x00,non_match,j.lund,never,2026-01-05,",
    )
    brought_in(config, *chain)
    after = entity_of(linked(config))
    assert after["k10"] == after["k07"] != after["x00"]
    generation = current_generation(open_store(config.parent / "store"))
    told = generation.read("cuts_person").filter(cut="conflict")
    assert told["decision"].to_list() == [2]
    run("review", "withdraw", "1", "--config", config, "--why", "two men after all")
    after = entity_of(linked(config))
    assert after["k10"] != after["k07"] == after["x00"]
    generation = current_generation(open_store(config.parent / "store"))
    assert generation.number == 3
    assert generation.manifest["anew"] == []
    assert generation.read("cuts_person").filter(cut="conflict").is_empty()


def test_a_later_decision_supersedes_an_earlier_one(config: Path) -> None:
    """Both stay on record; an expired one is in force no more."""
    later = JOIN.replace("match", "unsure").replace("2026-01-01", "2026-02-01")
    expired = PART.replace("+02:00,", "+02:00,2026-02-01")
    brought_in(config, later, JOIN, expired)
    assert states(config) == [(1, "in force"), (2, "superseded"), (3, "expired")]
    after = entity_of(linked(config))
    assert after["k10"] != after["k11"]
    assert after["k02"] == after["a01"]


def test_decisions_need_a_store(tmp_path: Path) -> None:
    """Before the first link there is nothing to decide about."""
    config = write_world(tmp_path / "new")
    (config.parent / "store" / "store.json").unlink()
    (config.parent / "store").rmdir()
    path = written(config, JOIN)
    assert run("review", "import", path, "--config", config).refused("no store there yet")
    assert run("review", "list", "--config", config).refused("no store there yet")
    assert run("review").refused("name a verb: import, list, withdraw, export")
    assert run("review", "improt").refused("no such verb", "did you mean 'import'?")


def test_a_list_of_nothing_says_so(config: Path) -> None:
    """As text and as JSON."""
    assert run("review", "list", "--config", config).out == "no decisions\n"
    found = run("review", "list", "--config", config, "--json").json
    assert (found["decisions"], found["conflicts"]) == ([], [])
