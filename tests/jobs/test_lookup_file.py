"""A file of targets in, a file of hits out: every row has its answer, and none is lost."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from linker.schemas import HITS
from tests.jobs.running import ROOT, Done, command, everything, run, run_apart
from tests.jobs.world import POINTED, SHARED, SHY, TARGET

ROWS: list[dict[str, str]] = [
    {"id": "t1", "full_name": TARGET["name"], "birth_date": TARGET["dob"], "phones": ""},
    {"id": "t2", "full_name": SHY["name"], "birth_date": SHY["dob"], "phones": ""},
    {"id": "t3", "full_name": "Ruta Sakalauskas", "birth_date": "", "phones": SHARED["phone"]},
    {"id": "t4", "full_name": "Xochitl Vandersteen", "birth_date": "1999-09-09", "phones": ""},
    {"id": "t5", "full_name": "Wanda Kowalczyk", "birth_date": "soon", "phones": ""},
    {"id": "", "full_name": "", "birth_date": "", "phones": ""},
    {"id": "t7", "full_name": POINTED["name"], "birth_date": POINTED["dob"], "phones": ""},
    {"id": "t7", "full_name": "x" * 2_000, "birth_date": "", "phones": ""},
]
OUTCOMES = ["HIT", "NO_HIT", "SHARED_IDENTIFIER", "NO_HIT", *["NOT_ASKED"] * 2, "HIT", "NOT_ASKED"]


def text_of(rows: Sequence[Mapping[str, str]], delimiter: str = ",") -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def written(path: Path, rows: Sequence[Mapping[str, str]] = ROWS) -> Path:
    """Write a file of targets in the way its ending says."""
    if path.suffix == ".parquet":
        pl.DataFrame(rows).write_parquet(path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    else:
        path.write_text(text_of(rows), encoding="utf-8")
    return path


def ask(config: Path, file: Path, out: Path, *words: str) -> Done:
    return run("lookup", "--config", config, "--file", file, "--out", out, *words)


def first_rows(table: pl.DataFrame) -> pl.DataFrame:
    return table.unique("row", keep="first", maintain_order=True)


@pytest.fixture(scope="module")
def hits(world: Path, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """What the targets of `ROWS` are answered."""
    directory = tmp_path_factory.mktemp("targets")
    out = directory / "hits.parquet"
    assert ask(world, written(directory / "targets.csv"), out).code == 0
    return pl.read_parquet(out)


def test_every_target_has_its_answer(hits: pl.DataFrame) -> None:
    """Rows are in the order of the file, and the first of each target says what became of it."""
    assert dict(hits.schema) == dict(HITS)
    assert hits["row"].is_sorted()
    first = first_rows(hits)
    assert first["outcome"].to_list() == OUTCOMES
    assert first["target"].to_list() == ["t1", "t2", "t3", "t4", "t5", "6", "t7", "t7"]
    assert first["reason"].to_list()[4:] == [
        "the query's birth date cannot be read: not a date",
        "the query is empty: give a name, a number, a phone or a plate",
        None,
        "the query's full name is longer than 1,000 characters",
    ]
    assert set(hits["generation"]) == {1}
    assert hits["model"].null_count() == hits["as_of"].null_count() == 0


@pytest.mark.parametrize("number", range(len(ROWS)), ids=lambda number: f"row {number + 1}")
def test_the_answer_is_that_of_a_lookup(world: Path, hits: pl.DataFrame, number: int) -> None:
    """Each row tells of an entity what a lookup of the target alone tells."""
    row = ROWS[number]
    options = {"--name": "full_name", "--birth-date": "birth_date", "--phone": "phones"}
    words = [word for option, name in options.items() if row[name] for word in (option, row[name])]
    found = hits.filter(row=number + 1).to_dicts()
    done = run("lookup", "--config", world, "--json", *words)
    if done.code != 0:
        (only,) = found
        assert only["outcome"] == "NOT_ASKED"
        assert done.told == [f"linker: {only['reason']}"]
        return
    answer: dict[str, Any] = done.json
    told = [*answer["hits"], *answer["shared"]] or [{}]
    assert answer["outcome"] == found[0]["outcome"]
    assert [one["entity_id"] for one in found] == [one.get("entity_id") for one in told]
    for one, other in zip(found, told, strict=True):
        for name in ("tier", "match_weight", "match_probability", "records"):
            assert one[name] == other.get(name), name
        pressing = other.get("investigations", [])
        assert one["investigations"] == (len(pressing) if "entity_id" in other else None)
        for name in ("class", "agency", "unit", "case_id", "contact_name", "status"):
            assert one[name] == (pressing[0][name] if pressing else None), name
        opened = pressing[0]["opened"] if pressing else None
        assert (one["opened"].isoformat() if one["opened"] else None) == opened
        on = "matched_on" if "tier" in other else "shared_on"
        assert one[on] == other.get("matched_on")
    missed = answer["missed"]["probability"] if answer["missed"] else None
    assert {one["missed_probability"] for one in found} == {missed}


def test_a_silent_case_is_as_if_it_were_not_there(hits: pl.DataFrame) -> None:
    """A silent case's target has the row of one who is nowhere; a pointer says whom to call."""
    silent, absent = (
        hits.filter(row=row).drop("target", "row", "missed_probability").row(0) for row in (2, 4)
    )
    assert silent == absent
    pointed = hits.filter(row=7).row(0, named=True)
    assert (pointed["case_id"], pointed["status"]) == (None, None)
    assert pointed["contact_name"]


def test_entities_that_only_share_come_last(world: Path, tmp_path: Path) -> None:
    """Beside a hit, who holds an identifier of the target is told, and not as a hit."""
    file = tmp_path / "targets.csv"
    file.write_text(f"name,phone\nWanda Kowalczyk,{SHARED['phone']}\n")
    assert ask(world, file, tmp_path / "hits.parquet").code == 0
    found = pl.read_parquet(tmp_path / "hits.parquet")
    assert found["outcome"].to_list() == ["HIT", "SHARED_IDENTIFIER"]
    assert found["rank"].to_list() == [1, 2]
    assert found["tier"].to_list()[1] is None
    assert found["shared_on"].to_list() == [None, ["phones"]]


@pytest.mark.parametrize("ending", ["parquet", "jsonl", "tsv", "csv.gz"])
def test_any_kind_of_file(world: Path, hits: pl.DataFrame, tmp_path: Path, ending: str) -> None:
    """The same targets in another kind of file are answered the same."""
    file = tmp_path / f"targets.{ending}"
    if ending == "tsv":
        file.write_text(text_of(ROWS, "\t"), encoding="utf-8")
    elif ending == "csv.gz":
        import gzip

        file.write_bytes(gzip.compress(text_of(ROWS).encode()))
    else:
        written(file)
    assert ask(world, file, tmp_path / "hits.parquet").code == 0
    assert pl.read_parquet(tmp_path / "hits.parquet").equals(hits)


def test_a_csv_of_hits(world: Path, hits: pl.DataFrame, tmp_path: Path) -> None:
    """As CSV the table is the same, its lists joined by semicolons."""
    done = ask(world, written(tmp_path / "targets.csv"), tmp_path / "hits.csv")
    assert done.code == 0
    read = pl.read_csv(tmp_path / "hits.csv", infer_schema=False)
    assert read.columns == hits.columns
    assert read.height == hits.height
    joined = hits["matched_on"].list.join(";").to_list()
    assert read["matched_on"].to_list() == joined


def test_columns_are_called_as_people_call_them(world: Path, tmp_path: Path) -> None:
    """Names may be those of the options, in any case, with spaces or dashes; delimiters differ."""
    file = tmp_path / "targets.txt"
    name = "Esperanza Quintanilla Robledo"
    text = f"ID;Name;Birth Date;A-Number;PLATE\nx1;{name};17/3/1984;;ABC1234 | KTX9041\n"
    file.write_text(text, encoding="utf-16")
    assert ask(world, file, tmp_path / "hits.parquet").code == 0
    found = pl.read_parquet(tmp_path / "hits.parquet")
    assert found["target"].to_list() == ["x1"] * found.height
    assert found["outcome"].to_list()[0] == "HIT"
    assert ["plates"] in found["shared_on"].to_list()


def test_columns_are_mapped_and_ignored(world: Path, tmp_path: Path) -> None:
    """A column of another name is mapped, one that is no field ignored, any may name a target."""
    file = tmp_path / "targets.csv"
    file.write_text(f"wer,geboren,notiz,nr\n{TARGET['name']},{TARGET['dob']},egal,77\n")
    words = ("--map", "wer=name", "--map", "geboren=birth-date", "--ignore", "notiz", "--id", "nr")
    assert ask(world, file, tmp_path / "hits.parquet", *words).code == 0
    (found,) = pl.read_parquet(tmp_path / "hits.parquet").to_dicts()
    assert (found["target"], found["outcome"]) == ("77", "HIT")


def test_organizations(world: Path, tmp_path: Path) -> None:
    """With --organization the targets are organizations."""
    file = tmp_path / "targets.csv"
    file.write_text("name,tax id\nTransportes Quetzal,TQU010101AB1\n")
    assert ask(world, file, tmp_path / "hits.parquet", "--organization").code == 0
    (found,) = pl.read_parquet(tmp_path / "hits.parquet").to_dicts()
    assert found["outcome"] == "HIT"
    assert found["entity_id"].startswith("o")


def test_the_summary_counts_targets(world: Path, tmp_path: Path) -> None:
    """Standard output says how many targets came to what, and why some were not asked for."""
    file = written(tmp_path / "targets.csv")
    with file.open("a", encoding="utf-8") as more:
        more.write("t9,too,many,fields,here\n")
    values = ask(world, file, tmp_path / "hits.parquet", "--json").json
    counts = {name: values[name] for name in ("HIT", "SHARED_IDENTIFIER", "NO_HIT", "NOT_ASKED")}
    assert counts == {"HIT": 2, "SHARED_IDENTIFIER": 1, "NO_HIT": 2, "NOT_ASKED": 4}
    assert values["targets"] == 9
    assert values["rows"] == pl.read_parquet(tmp_path / "hits.parquet").height
    assert values["not_asked"]["too many fields"] == 1
    assert values["targets_per_second"] > 0
    out = ask(world, file, tmp_path / "hits.parquet").out
    assert out.startswith("9 targets: 2 HIT, 1 SHARED_IDENTIFIER, 2 NO_HIT, 4 NOT_ASKED")
    assert "targets a second" in out
    assert "Kowalczyk" not in out


def test_a_dry_run_reads_and_counts(untouched: Path, tmp_path: Path) -> None:
    """With --dry-run nothing is asked or written; what cannot be asked for is counted."""
    file = written(tmp_path / "targets.csv")
    done = run("lookup", "--config", untouched, "--file", file, "--dry-run")
    assert done.code == 0
    assert done.out.startswith("8 targets read, 5 of them can be asked for")
    values = run("lookup", "--config", untouched, "--file", file, "--dry-run", "--json").json
    assert (values["targets"], values["NOT_ASKED"], values["out"]) == (8, 3, None)
    assert [path.name for path in tmp_path.iterdir()] == ["targets.csv"]


@pytest.mark.parametrize(
    ("content", "words", "said"),
    [
        ("name,brith_date\nAna,\n", [], ["'brith_date'", "did you mean 'birth_date'?", "--map"]),
        ("name,agency\nAna,x\n", [], ["'agency'", "--ignore agency"]),
        ("name,full name\nAna,Eva\n", [], ["'full name'", "'name'", "both full name", "--ignore"]),
        ("name\nAna\n", ["--ignore", "nmae"], ["has no column 'nmae'"]),
        ("name\nAna\n", ["--map", "name"], ["COLUMN=FIELD"]),
        ("name\nAna\n", ["--map", "name=nmae"], ["--map name=nmae", "no such field"]),
        ("name\nAna\n", ["--id", "number"], ["has no column 'number'"]),
        ("id,x\n1,2\n", ["--ignore", "x"], ["no column of it is a field", "--map"]),
        ("name,tax_id\nAna,1\n", [], ["'tax_id'", "is no field"]),
        ("name\n", [], ["holds no rows"]),
        ("", [], ["is empty"]),
        ('name\n"Ana\n', [], ["quote", "line 2"]),
        ("name,name\nAna,Eva\n", [], ["columns 1 and 2", "same name"]),
    ],
    ids=lambda value: value.replace("\n", "|") if isinstance(value, str) else None,
)
def test_a_file_that_cannot_be_asked(
    untouched: Path, tmp_path: Path, content: str, words: list[str], said: list[str]
) -> None:
    """A column that is nothing, or a damaged file, is refused in one line with the fix."""
    file = tmp_path / "targets.csv"
    file.write_text(content)
    done = ask(untouched, file, tmp_path / "hits.csv", *words)
    assert done.refused("targets.csv" if "--map" not in words else "--map", *said)
    assert "Ana" not in done.err
    assert not (tmp_path / "hits.csv").exists()


def test_a_missing_header_row_shows_nobody(untouched: Path, tmp_path: Path) -> None:
    """Without a header row the first row is data, and no word of it is repeated."""
    file = tmp_path / "targets.csv"
    file.write_text("Esperanza Quintanilla,1984-03-17\nWanda Kowalczyk,1970-01-30\n")
    done = ask(untouched, file, tmp_path / "hits.csv")
    assert done.refused("targets.csv", "is there a header row?")
    assert "Esperanza" not in done.err
    done = ask(untouched, file, tmp_path / "hits.csv", "--id", "Esperansa")
    assert done.refused("has no column 'Esperansa'")
    assert "Esperanza" not in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--file", "t.csv"], ["--file needs --out"]),
        (["--file", "t.csv", "--out", "h.xlsx"], [".parquet or .csv"]),
        (["--file", "t.csv", "--out", "nowhere/h.csv"], ["no such directory"]),
        (["--file", "t.csv", "--out", "t.csv"], ["is the file of targets itself"]),
        (["--file", "missing.csv", "--out", "h.csv"], ["missing.csv", "no such file"]),
        (["--file", "t.doc", "--out", "h.csv"], ["t.doc", "name a file that ends in"]),
        (
            ["--file", "t.csv", "--out", "h.csv", "--name", "Ana", "--phone", "1", "--phone", "2"],
            ["takes its targets from the file", "leave out --name, --phone"],
        ),
        (["--file", "t.csv", "--out", "h.csv", "--explain", "a/1"], ["leave out --explain"]),
        (["--name", "Ana", "--out", "h.csv"], ["--out goes with --file alone"]),
        (["--name", "Ana", "--map", "a=b"], ["--map goes with --file alone"]),
        (["--name", "Ana", "--dry-run"], ["--dry-run goes with --file alone"]),
        (["--file", "t.csv", "--out", "h.csv", "--as-of", "soon"], ["--as-of: not a date"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_words_that_do_not_fit(
    untouched: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    said: list[str],
) -> None:
    """Options that do not go together, and places that are none, are refused in one line."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text("name\nAna\n")
    (tmp_path / "t.doc").write_text("name\nAna\n")
    before = everything(tmp_path)
    assert run("lookup", "--config", untouched, *words).refused(*said)
    assert everything(tmp_path) == before


def test_json_lines_with_keys_that_come_and_go(world: Path, tmp_path: Path) -> None:
    """Keys of any line are columns; a line that is no object is not asked, and told of."""
    file = tmp_path / "targets.jsonl"
    lines = [json.dumps({"name": f"Nobody Number{number}"}) for number in range(20)]
    lines += ["[1]", json.dumps({"phone": [SHARED["phone"], "9565550199"], "id": 7})]
    file.write_text("\n".join(lines))
    assert ask(world, file, tmp_path / "hits.parquet").code == 0
    found = first_rows(pl.read_parquet(tmp_path / "hits.parquet"))
    assert found["outcome"].to_list() == ["NO_HIT"] * 20 + ["NOT_ASKED", "SHARED_IDENTIFIER"]
    assert found["reason"].to_list()[20] == "not a JSON object"
    assert found["target"].to_list()[-1] == "7"
    file.write_text("\n".join([*lines, json.dumps({"brith_date": "1"})]))
    assert ask(world, file, tmp_path / "hits.parquet").refused("'brith_date'")


def test_what_was_written_before_stays(world: Path, tmp_path: Path) -> None:
    """A run that fails half-way leaves the old file of hits as it was, and nothing beside it."""
    out = tmp_path / "hits.csv"
    out.write_text("of yesterday\n")
    file = tmp_path / "targets.csv"
    file.write_text("name\n" + "Nobody Atall\n" * 500 + '"Ana\n')
    assert ask(world, file, out).refused("quote")
    assert out.read_text() == "of yesterday\n"
    assert {path.name for path in tmp_path.iterdir()} == {"hits.csv", "targets.csv"}


def test_a_killed_run_leaves_no_file(world: Path, tmp_path: Path) -> None:
    """Ended in the middle by the system, a run has written nothing, whole or half."""
    file, out = tmp_path / "targets.csv", tmp_path / "hits.parquet"
    file.write_text("name\n" + "Nobody Atall\n" * 200_000)
    words = command("lookup", "--config", world, "--file", file, "--out", out)
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE) as process:
        time.sleep(2)
        assert process.poll() is None
        process.kill()
    assert [path.name for path in tmp_path.iterdir()] == ["targets.csv"]


def test_entities_as_they_were(world: Path, tmp_path: Path) -> None:
    """--as-of goes with a file as it goes with a lookup."""
    file = written(tmp_path / "targets.csv", ROWS[:1])
    assert ask(world, file, tmp_path / "hits.parquet", "--as-of", "2999-01-01").code == 0
    assert ask(world, file, tmp_path / "no.parquet", "--as-of", "1999-01-01").refused()


def test_from_the_shell(world: Path, tmp_path: Path) -> None:
    """In a process of its own the summary is on standard output, and no name in the progress."""
    file, out = written(tmp_path / "targets.csv"), tmp_path / "hits.csv"
    done = run_apart("lookup", "--config", world, "--file", file, "--out", out)
    assert (done.code, done.told) == (0, [])
    assert done.out.startswith("8 targets: ")
    assert "Esperanza" not in done.err


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("cases/k01", ["PROBABLE: record cases/k01", "a lookup comes upon it by:", "prior"]),
        ("cases/k08", ["NO_MATCH: record cases/k08", "no lookup comes upon it", "would change"]),
    ],
)
def test_why_a_record_matches_or_not(world: Path, record: str, said: list[str]) -> None:
    """--explain says of a stated record what speaks for and against, and what would change it."""
    words = ("--name", TARGET["name"], "--birth-date", TARGET["dob"], "--explain", record)
    out = run("lookup", "--config", world, *words).out
    assert [word for word in said if word not in out] == []
    assert TARGET["name"] not in out
    told = run("lookup", "--config", world, *words, "--json").json
    assert f"{told['source']}/{told['record_id']}" == record
    parts = told["prior_weight"] + sum(part["weight"] for part in told["evidence"])
    assert parts == pytest.approx(told["match_weight"], abs=1e-6)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--explain", "k01"], ["SOURCE/RECORD_ID"]),
        (["--explain", "cases/"], ["SOURCE/RECORD_ID"]),
        (["--explain", "cases/nowhere"], ["there is no such record, or you may not see it"]),
        (["--explain", "cases/k04"], ["there is no such record, or you may not see it"]),
        (["--explain", "cases/k01", "--as-of", "2026-01-01"], ["leave out --as-of"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_record_that_cannot_be_explained(
    untouched: Path, words: list[str], said: list[str]
) -> None:
    """A record that is not named or not there is refused, a silent one in the same words."""
    assert run("lookup", "--config", untouched, "--name", SHY["name"], *words).refused(*said)
