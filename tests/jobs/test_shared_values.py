"""A fingerprint id that strangers hold chains nobody, from the link to the lookup and training."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from linker.report.text import run_text
from tests.jobs.running import entity_of, linked, run, table
from tests.jobs.world import CONFIG, OPEN, usual_rows, write_world

STOLEN = "FP77001"
HOLDERS = (
    ("Agnieszka Brzozowska", "1931-03-04"),
    ("Cuauhtemoc Xicotencatl", "1941-05-06"),
    ("Djibril Ndiaye", "1951-07-08"),
    ("Eetu Virtanen", "1961-09-10"),
    ("Giulia Lombardi", "1971-11-12"),
    ("Hiroshi Watanabe", "1981-02-03"),
    ("Oluwaseun Adebayo", "1991-04-05"),
)
RECORDS = [
    {"id": f"s{n}", "name": name, "dob": born, "prints": STOLEN, "case": f"Z-{n}", **OPEN}
    for n, (name, born) in enumerate(HOLDERS)
]


@pytest.fixture(scope="module")
def stolen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = usual_rows()
    rows["cases"] += RECORDS
    return linked(write_world(tmp_path_factory.mktemp("stolen"), rows))


def test_strangers_with_one_fingerprint_id_stay_apart(stolen: Path) -> None:
    """They are as many entities as people; the two records that one id rightly joins still are."""
    entity = entity_of(stolen)
    assert len({entity[record["id"]] for record in RECORDS}) == len(HOLDERS)
    assert entity["k09"] == entity["a02"]


def test_they_are_told_to_share_an_identifier(stolen: Path) -> None:
    """Deconfliction tells each of their investigations of the others'."""
    found = table(stolen, "investigations").filter(
        pl.col("record_id").is_in([record["id"] for record in RECORDS])
    )
    shared = found.filter(pl.col("class") == "SHARED_IDENTIFIER")
    assert shared["record_id"].n_unique() == len(HOLDERS)
    assert set(shared["matched_on"].explode()) == {"fingerprint_id"}
    assert "CONFIRMED" not in found["tier"].to_list()


def test_the_report_counts_them_without_the_value(stolen: Path) -> None:
    """Column, number of values and of records; the value lies in the generation alone."""
    directory = stolen.parent / "store" / "generations" / "000001"
    report = json.loads((directory / "report.json").read_text(encoding="utf-8"))
    assert report["demoted"] == [
        {
            "entity_type": "person",
            "identifier": "fingerprint_id",
            "values": 1,
            "records": len(HOLDERS),
        }
    ]
    page = (directory / "report.html").read_text(encoding="utf-8")
    assert "linked nobody" in page
    assert STOLEN not in page
    said = run_text(report, directory / "report.html")
    assert f"person: fingerprint id: 1 values that {len(HOLDERS)} records" in said
    assert STOLEN not in json.dumps(report)
    kept = pl.read_parquet(directory / "person" / "demoted.parquet")
    assert kept.rows() == [("fingerprint_id", STOLEN, len(HOLDERS))]


def test_a_lookup_treats_the_value_as_the_link_did(stolen: Path) -> None:
    """The number alone confirms nobody and tells who holds it; a name still finds its holder."""
    alone = run("lookup", "--config", stolen, "--fingerprint-id", STOLEN, "--json").json
    assert alone["outcome"] == "SHARED_IDENTIFIER"
    assert alone["sharing_entities"] == len(HOLDERS)
    name, born = HOLDERS[0]
    words = ("--name", name, "--birth-date", born, "--fingerprint-id", STOLEN)
    named = run("lookup", "--config", stolen, *words, "--json").json
    assert named["outcome"] == "HIT"
    assert {hit["tier"] for hit in named["hits"]} <= {"PROBABLE", "POSSIBLE"}
    assert named["hits"][0]["best_record_id"] == "s0"


def test_the_limit_is_the_configurations(tmp_path: Path) -> None:
    """With room for all its holders the value is evidence, and joins them."""
    rows = usual_rows()
    rows["cases"] += RECORDS
    wide = f"{CONFIG}\n[person]\nshared_value_limit = 7\n"
    entity = entity_of(linked(write_world(tmp_path, rows, wide)))
    assert len({entity[record["id"]] for record in RECORDS}) == 1


def test_training_leaves_the_value_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is estimated has never seen the value in its column."""
    few = "\n[person.training]\nmin_records = 20\nsessions = []\nfallback_sessions = []\n"
    rows = usual_rows()
    rows["cases"] += RECORDS
    config = write_world(tmp_path, rows, CONFIG + few)
    seen: list[pl.Series] = []
    from linker.jobs import train

    estimate = train.estimate

    def watched(mentions: pl.DataFrame, *more: object) -> object:
        seen.append(mentions["fingerprint_id"])
        return estimate(mentions, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(train, "estimate", watched)
    assert run("train", "--config", config, "--entity", "person", "--json").code == 0
    assert seen[0].drop_nulls().to_list().count("FP44") == 2
    assert STOLEN not in seen[0].to_list()
