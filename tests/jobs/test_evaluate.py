"""Judging a model by command."""

from __future__ import annotations

import json
import shutil
from itertools import combinations
from pathlib import Path

import pytest

from linker.config import load_config
from linker.jobs.models import shipped_model
from linker.night.labels import labelled
from tests.jobs.running import everything, run
from tests.jobs.world import write_world

ENTITIES = {
    "cases": {"k01": 1, "k02": 1, "k03": 1, "k09": 2, "k11": 3, "k12": 3, "k05": 4, "k13": 4}
    | {f"x{number:02}": 10 + number for number in range(24)},
    "arrests": {"a01": 1, "a02": 2, "a03": 3, "a04": 5},
}
TRUTH = "source,record_id,true_id\n" + "".join(
    f"{source},{record},{target}\n"
    for source, records in ENTITIES.items()
    for record, target in records.items()
)


def evaluate(config: Path, *words: str | Path) -> tuple[str | Path, ...]:
    return ("evaluate", "--config", config, "--entity", "person", *words)


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    path = tmp_path / "truth.csv"
    path.write_text(TRUTH)
    return path


def with_own_model(config: Path) -> Path:
    """Put a copy of the shipped model into the registry beside the configuration."""
    directory = config.parent / "models" / "person" / "1"
    shutil.copytree(shipped_model("person"), directory)
    return directory


def test_a_judgement_is_kept_beside_its_model(own: Path, truth: Path) -> None:
    """Figures are printed, written to metrics.json and shown on the model's page."""
    directory = with_own_model(own)
    before = everything(own.parent / "store")
    done = run(*evaluate(own, "--truth", truth, "--model", "1"))
    assert done.code == 0, done.err
    assert "judged by known entities (truth.csv): 36 records, 11 true pairs" in done.out
    for words in ("pairwise", "B-cubed", "by sources", "blocking finds", "unlinkable", "note: "):
        assert words in done.out
    kept = json.loads((directory / "metrics.json").read_text())["judgements"]
    assert [one["truth"]["name"] for one in kept] == ["truth.csv"]
    assert kept[0]["overall"]["pairwise_recall"][0] > 0.5
    assert 'id="judged-1"' in (directory / "report.html").read_text()
    assert everything(own.parent / "store") == before
    again = run(*evaluate(own, "--truth", truth, "--model", "1", "--json")).json
    assert again["overall"] == kept[0]["overall"]
    assert len(json.loads((directory / "metrics.json").read_text())["judgements"]) == 1


def test_nothing_is_written_unless_wanted(own: Path, truth: Path) -> None:
    """With --no-write, and beside a model that ships, no file changes."""
    directory = with_own_model(own)
    before = everything(own.parent), everything(shipped_model("person"))
    assert run(*evaluate(own, "--truth", truth, "--model", str(directory), "--no-write")).code == 0
    done = run(*evaluate(own, "--truth", truth))
    assert done.code == 0, done.err
    assert "ships with linker: the judgement is printed and not kept" in done.err
    assert (everything(own.parent), everything(shipped_model("person"))) == before


def test_records_of_the_sources(tmp_path: Path, truth: Path) -> None:
    """Where nothing is published the sources are read, and figures are the same."""
    config = write_world(tmp_path / "world")
    found = run(*evaluate(config, "--truth", truth, "--json")).json
    assert found["data"]["origin"] == "all 42 records of the sources"
    linked = run("link", "--config", config)
    assert linked.code == 0, linked.err
    again = run(*evaluate(config, "--truth", truth, "--json")).json
    assert again["overall"] == found["overall"]
    read = run(*evaluate(config, "--truth", truth, "--json", "--from-sources")).json
    assert read["data"] == found["data"]


def test_costs_give_thresholds(untouched: Path, truth: Path) -> None:
    """Each cost of a false pair has its threshold."""
    words = ("--truth", truth, "--false-merge-cost", "2.5, 40", "--json")
    found = run(*evaluate(untouched, *words)).json
    assert [one["false_merge_cost"] for one in found["proposed"]] == [2.5, 40]


def test_decisions_kept_apart(own: Path) -> None:
    """One decided pair in four is kept to judge by, and is the truth of --decisions."""
    entities = {
        (source, record): target
        for source, records in ENTITIES.items()
        for record, target in records.items()
    }
    pairs = [
        (one, other, "match" if entities[one] == entities[other] else "non_match")
        for one, other in combinations(list(entities)[:16], 2)
    ]
    head = "entity,source_l,record_id_l,source_r,record_id_r,decision,author,reason,made_at\n"
    rows = [
        f"person,{one[0]},{one[1]},{other[0]},{other[1]},{decision},clerk,seen,2026-01-01\n"
        for one, other, decision in pairs
    ]
    file = own.parent / "decisions.csv"
    file.write_text(head + "".join(rows))
    done = run("review", "import", file, "--config", own)
    assert done.code == 0, done.err
    found = run(*evaluate(own, "--decisions", "--json")).json
    kept = labelled(load_config(own), "person", "evaluation")
    assert len(pairs) / 8 < kept.height < len(pairs) / 2
    assert found["truth"]["kind"] == "decisions"
    assert found["truth"]["true_pairs"] == kept["is_match"].sum() > 0
    assert found["overall"]["pairwise_precision"][0] == 1
    assert "no model learns from them" in found["notes"][0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], ["give one truth", "--truth FILE, --decisions or --silver FIELD"]),
        (["--decisions", "--silver", "ssn"], ["give one truth"]),
        (["--truth", "gone.csv"], ["gone.csv: no such file"]),
        (["--decisions"], ["kept apart for evaluation: 0"]),
        (["--silver", "fingerprints"], ["did you mean 'fingerprint_id'"]),
        (["--silver", "fingerprint_id"], ["all 2 records are of one entity"]),
        (["--decisions", "--model", "77"], ["'77'"]),
        (["--decisions", "--false-merge-cost", "1,none"], ["numbers above 0"]),
        (["--decisions", "--false-merge-cost", "0"], ["numbers above 0"]),
        (["--decisions", "Esperanza"], ["1 words belong to no option"]),
    ],
)
def test_what_cannot_be_judged(untouched: Path, words: list[str], said: list[str]) -> None:
    """What stops a judgement is said in one line; nothing is written."""
    assert run(*evaluate(untouched, *words)).refused(*said)


def test_no_value_of_the_data_is_told(untouched: Path, truth: Path) -> None:
    """Neither a name nor a record's id nor a number of the data is in what is printed."""
    done = run(*evaluate(untouched, "--truth", truth))
    for value in ("Esperanza", "Quintanilla", "FP44", "k01", "1984"):
        assert value not in done.out + done.err
