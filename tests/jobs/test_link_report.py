"""What a run says of itself: counts that add up, and nothing of anyone."""

from __future__ import annotations

import json
import random
import string
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from linker.report.run_report import RunReport
from linker.schemas import KEPT_QUARANTINE
from tests.jobs.running import Done, entity_of, everything, linked, run, table
from tests.jobs.world import CASE_COLUMNS, Row, csv_text, usual_rows, write_world

CRITICAL = ("name", "dob", "phone", "plate", "prints", "street")


def generation(config: Path) -> Path:
    store = config.parent / "store"
    return store / "generations" / f"{int((store / 'CURRENT').read_text()):06d}"


def report_of(config: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((generation(config) / "report.json").read_text("utf-8"))
    return values


@pytest.fixture(scope="module")
def flawed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done, list[str]]:
    """A linked store of records full of words that stand nowhere else, some of them bad.

    Returns the configuration, what the run printed, and those words.
    """
    draw = random.Random(4)
    secrets: list[str] = []

    def secret(letters: str, length: int) -> str:
        secrets.append("".join(draw.choices(letters, k=length)))
        return secrets[-1]

    rows = usual_rows()
    for number in range(40):
        row: Row = {"id": f"z{number:02}", "name": "", "case": f"Z-{number}", "agency": "HSI"}
        row["name"] = " ".join(secret("bcdfghjklmnpqrstvwxz", 9).title() for _ in range(3))
        row["dob"] = f"19{draw.randrange(30, 99)}-{draw.randrange(1, 13):02}-17"
        row |= {"phone": f"+1956555{draw.randrange(1000, 9999)}", "prints": secret("ABCDEF", 10)}
        row |= {"plate": secret(string.ascii_uppercase, 8), "street": secret("aeiou", 12)}
        if number % 4 == 0:
            row["dob"] = secret("0123456789", 9)
        if number in (5, 6):
            row["id"] = "z01"
        secrets += [row["dob"], row["phone"]]
        rows["cases"].append(row)
    text = csv_text(rows["cases"], CASE_COLUMNS) + f"z98,{secret('xyz', 9)}\n"
    config = write_world(
        tmp_path_factory.mktemp("flawed"), {"arrests": rows["arrests"], "firms": rows["firms"]}
    )
    config.with_name("cases.csv").write_text(text)
    done = run("link", "--config", config)
    assert done.code == 0, done.err
    return config, done, [*secrets, "Kowalczyk", "Esperanza", "1984-03-17", "KTX9041"]


def test_rows_are_mentions_quarantined_or_outside(flawed: tuple[Path, Done, list[str]]) -> None:
    """The printed counts of every source add up, as do those of the report."""
    config, done, _ = flawed
    line = next(line for line in done.out.splitlines() if line.startswith("cases: "))
    assert line == ("cases: 79 rows = 76 mentions + 3 quarantined + 0 outside; 10 values set aside")
    for source in report_of(config)["sources"]:
        parts = source["mentions"] + source["quarantined"] + source["outside"]
        assert source["rows"] == parts


def test_rows_outside_a_source_are_counted_apart(tmp_path: Path) -> None:
    """Rows that do not meet a source's `where` are neither mentions nor bad."""
    config = write_world(tmp_path)
    text = config.read_text().replace('"cases.csv"', '"cases.csv"\nwhere = { agency = "DEA" }')
    config.write_text(text)
    counted = run("link", "--config", config, "--dry-run", "--json").json
    (cases,) = (source for source in counted["sources"] if source["name"] == "cases")
    found = (cases["rows"], cases["mentions"], cases["quarantined"], cases["outside"])
    agencies = [row.get("agency") for row in usual_rows()["cases"]]
    inside = agencies.count("DEA")
    assert found == (len(agencies), inside, 0, len(agencies) - inside)


def test_the_quarantine_names_the_place_and_not_the_value(
    flawed: tuple[Path, Done, list[str]],
) -> None:
    """What was set aside is told by source, row, column, look and reason, never by its value."""
    config, _, secrets = flawed
    found = pl.read_parquet(generation(config) / "quarantine.parquet")
    assert dict(found.schema) == dict(KEPT_QUARANTINE)
    assert set(found["source"]) == {"cases"}
    dates = found.filter(pl.col("column") == "dob")
    assert dates["row"].to_list() == [39 + number for number in range(0, 40, 4)]
    assert set(dates["value_class"]) == {"9 digits"}
    assert set(dates["outcome"]) == {"value"}
    rows = found.filter(pl.col("outcome") == "row")
    assert rows["row"].to_list() == [44, 45, 79]
    assert rows["reason"].to_list()[-1] == "too few fields"
    assert all("repeats that of row 40" in reason for reason in rows["reason"].to_list()[:2])
    everything_told = found.write_csv()
    assert not [word for word in secrets if word in everything_told]


def test_the_report_is_valid_and_the_page_is_there(flawed: tuple[Path, Done, list[str]]) -> None:
    """report.json has the report's shape and says what is in the tables; its page stands by it."""
    config, done, _ = flawed
    report = RunReport.model_validate(report_of(config))
    entities = table(config, "entities")
    person = report.entity_types["person"]
    assert person.mentions == entities.filter(entity_type="person").height
    assert person.entities == entities.filter(entity_type="person")["entity_id"].n_unique()
    assert report.ledger == {"created": entities["entity_id"].n_unique()}
    rows = sum(count.rows for count in report.investigations.classes)
    assert rows == table(config, "investigations").height
    page = generation(config) / "report.html"
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert done.out.endswith(f"report: {page}\n")


def test_nothing_a_run_says_holds_a_name_a_birth_date_or_an_identifier(
    flawed: tuple[Path, Done, list[str]], tmp_path: Path
) -> None:
    """Output, log, report, page and manifest of a run, and errors over it, hold no one's data."""
    config, done, secrets = flawed
    told = [done.out, done.err, run("status", "--config", config).out]
    pages = ("report.json", "report.html", "manifest.json")
    told += [(generation(config) / name).read_text("utf-8") for name in pages]
    text = config.with_name("cases.csv").read_text()
    lines = text.splitlines()
    shifted = "\n".join(",".join(line.split(",")[1:]) for line in lines)
    faults = (
        text.replace(lines[50], '"' + lines[50]),
        shifted,
        "\n".join(lines[1:]),
        text.replace("\n", ";\n"),
        "\n".join([lines[0], *(f"{line},more" for line in lines[1:])]),
        text.replace("-17", "-99"),
    )
    for number, fault in enumerate(faults):
        other = tmp_path / str(number)
        other.mkdir()
        (other / config.name).write_text(config.read_text())
        for name in ("arrests.csv", "firms.csv"):
            (other / name).write_bytes(config.with_name(name).read_bytes())
        (other / "cases.csv").write_text(fault)
        failed = run("link", "--config", other / config.name)
        assert failed.refused("cases")
        told.append(failed.err)
    found = [word for word in secrets if any(word.casefold() in it.casefold() for it in told)]
    assert not found


def test_a_dry_run_writes_nothing(untouched: Path, tmp_path: Path) -> None:
    """A rehearsal counts rows and pairs, in a store and without one, and leaves no trace."""
    assert "dry run: nothing was written" in run("link", "--config", untouched, "--dry-run").out
    config = write_world(tmp_path)
    (tmp_path / "store" / "store.json").unlink()
    (tmp_path / "store").rmdir()
    before = everything(tmp_path)
    counted = run("link", "--config", config, "--dry-run", "--json").json
    assert everything(tmp_path) == before
    assert not (tmp_path / "store").exists()
    assert [source["mentions"] for source in counted["sources"]] == [4, 38, 3]
    rules = {rule["rule"]: rule["pairs"] for rule in counted["rules"]["person"]}
    assert rules["fingerprint_id"] == 1


def test_what_links_and_what_does_not(world: Path) -> None:
    """One target's records are one entity; strangers, and people and firms, stay apart."""
    entity = entity_of(world)
    assert len({entity[record] for record in ("k01", "k02", "k03", "a01")}) == 1
    assert len({entity[record] for record in ("k11", "k12", "a03")}) == 1
    assert entity["f01"] == entity["f02"]
    assert entity["k09"] == entity["a02"]
    assert len({entity[record] for record in ("k01", "k04", "k06", "k07", "k08", "k10")}) == 6
    people = table(world, "entities").filter(entity_type="person")["entity_id"]
    firms = table(world, "entities").filter(entity_type="organization")["entity_id"]
    assert not set(people) & set(firms)
    assert entity["k14"] in set(people)
    pairs = table(world, "pairs")
    assert pairs.filter(
        (pl.col("source_l") == "firms") != (pl.col("source_r") == "firms")
    ).is_empty()


def test_strangers_who_share_a_telephone_are_told_as_that(world: Path) -> None:
    """A telephone, a plate and an address in common are a shared identifier, not one person."""
    investigations = table(world, "investigations").sort("record_id")
    met = investigations.filter(pl.col("record_id").is_in(["k07", "k08"]))
    assert met.select("record_id", "class", "tier", "other_record_id").rows() == [
        ("k07", "SHARED_IDENTIFIER", "POSSIBLE", "k08"),
        ("k08", "SHARED_IDENTIFIER", "POSSIBLE", "k07"),
    ]
    assert met["matched_on"].to_list() == [["address", "phones", "plates"]] * 2


def test_an_equal_fingerprint_is_confirmed_in_the_investigations(world: Path) -> None:
    """A case that meets an arrest by fingerprints meets it CONFIRMED."""
    met = table(world, "investigations").filter(record_id="k09")
    assert met.select("class", "tier", "other_record_id").rows() == [
        ("PRIOR_CONTACT", "CONFIRMED", "a02")
    ]


def test_a_world_linked_on_another_day_is_judged_at_its_as_of_date(tmp_path: Path) -> None:
    """The as-of date of the configuration decides what is active, not the day of the run."""
    config = write_world(tmp_path)
    config.write_text(config.read_text().replace("2026-06-30", "2023-06-30"))
    investigations = table(linked(config), "investigations")
    met = investigations.filter(pl.col("record_id") == "k05", pl.col("other_record_id") == "k13")
    assert met["class"].to_list() == ["INDETERMINATE"]
    assert met["as_of"].unique().cast(pl.String).to_list() == ["2023-06-30"]
