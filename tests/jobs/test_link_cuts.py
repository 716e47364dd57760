"""What is cut, and what the ledger and the report say of it."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from linker.entities.hold import REASONS
from tests.jobs.running import entity_of, linked, run, table

TARGETS = ("k01", "k02", "k03", "a01")
"""Records of one target: three of the cases, one of the arrests."""


def without_duplicates(config: Path) -> Path:
    """Declare the cases free of duplicates."""
    text = config.read_text()
    config.write_text(text.replace('"cases.csv"', '"cases.csv"\nduplicates = false', 1))
    return config


def cuts(config: Path, generation: int) -> pl.DataFrame:
    return table(config, "ledger").filter(event="cut", generation=generation)


def test_a_source_without_duplicates_gives_an_entity_one_record(own: Path) -> None:
    """Its records part, the arrest stays with one of them, and the ledger says why."""
    before = entity_of(own)
    assert len({before[record] for record in TARGETS}) == 1
    after = entity_of(linked(without_duplicates(own)))
    cases = [after[record] for record in TARGETS[:3]]
    assert len(set(cases)) == 3
    assert after["a01"] in cases
    found = cuts(own, 2)
    reason = REASONS["duplicates"]
    assert set(found["reason"]) == {reason}
    named = [
        tuple(sorted((row["record_id"], row["other_record_id"])))
        for row in found.iter_rows(named=True)
    ]
    assert {("k02", "k03"), ("a01", "k02")} & set(named)
    entities = table(own, "entities").select("source", "record_id", "entity_id")
    checked = found.join(entities, on=["source", "record_id", "entity_id"], how="semi")
    assert checked.height == found.height
    assert found["model"].null_count() == 0
    split = table(own, "ledger").filter(event="split", generation=2)
    parts = {after[record] for record in TARGETS} - {before["k01"]}
    assert set(split.filter(pl.col("entity_id").is_in(list(parts)))["reason"]) == {reason}


def test_a_cut_is_told_when_it_first_comes_about(own: Path) -> None:
    """On a first run cuts are in the ledger; a second run with the same cuts adds nothing."""
    linked(without_duplicates(own))
    assert cuts(own, 2).height > 0
    before = table(own, "ledger")
    linked(own)
    assert table(own, "ledger").equals(before)


def test_the_report_counts_cuts_by_reason(own: Path) -> None:
    """Report, page and summary name the reason and how often it was met."""
    done = run("link", "--config", without_duplicates(own))
    directory = own.parent / "store" / "generations" / "000002"
    report = json.loads((directory / "report.json").read_text("utf-8"))
    (counted,) = report["entity_types"]["person"]["cuts"]
    assert counted["reason"] == REASONS["duplicates"]
    assert counted["cuts"] == cuts(own, 2).filter(entity_type="person").height
    assert report["ledger"]["cut"] >= counted["cuts"]
    assert REASONS["duplicates"] in (directory / "report.html").read_text("utf-8")
    assert f"{REASONS['duplicates']} ({counted['cuts']:,})" in done.out


def test_an_entity_has_no_more_records_than_it_may(own: Path) -> None:
    """Beyond max_entity_records links are cut, and the run says which key to raise."""
    own.write_text(own.read_text() + "\n[person]\nmax_entity_records = 2\n")
    done = run("link", "--config", own)
    assert done.code == 0, done.err
    sizes = table(own, "entities").group_by("entity_id").len()["len"]
    assert sizes.max() == 2
    assert set(cuts(own, 2)["reason"]) == {REASONS["size"]}
    assert "person.max_entity_records" in done.out
