"""Comparing two models by command: what is shown, what is masked, what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from linker.judging.changes import CHANGED_PAIRS
from tests.jobs.running import Done, everything, run
from tests.jobs.two_models import judged, two_models
from tests.jobs.world import TARGET, write_world

SECRET = ("Esperanza", "esperanza", "1984-03-17", "a01", "k01", "FP44")
"""What no output shows unless values are asked for."""


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration with two models of people, of which the second links more."""
    return two_models(write_world(tmp_path_factory.mktemp("compare") / "own"))


def compare(config: Path, *words: str | Path) -> Done:
    models = () if words[:1] and not str(words[0]).startswith("-") else ("1", "2")
    return run("compare", *models, *words, "--config", config, "--entity", "person")


@pytest.fixture(scope="module")
def found(config: Path) -> dict[str, Any]:
    values: dict[str, Any] = compare(config, "--json").json
    return values


def test_pairs_and_entities_that_change_are_counted(found: dict[str, Any]) -> None:
    """Links that come and go, changes of weight, and entities by size add up."""
    classes = found["pairs"]["classes"]
    assert classes["possible link"]["link"] > 0
    assert classes["link"]["non-link"] == classes["link"]["possible link"] == 0
    pairs = sum(sum(row.values()) for row in classes.values())
    assert sum(step["pairs"] for step in found["pairs"]["weights"]) == pairs
    entities = found["entities"]
    assert entities["before"] > entities["after"]
    assert entities["groups"]["merged"] > 0
    assert entities["groups"]["split"] == entities["groups"]["rearranged"] == 0
    kinds = ("unchanged", "merged", "split", "rearranged")
    for size in entities["sizes"]:
        assert size["before"] == sum(size[kind] for kind in kinds)
    assert sum(size["after"] for size in entities["sizes"]) == entities["after"]
    assert (found["data"]["total"], found["data"]["sampled"]) == (42, 42)


def test_the_way_back_is_the_other_way_round(config: Path, found: dict[str, Any]) -> None:
    """Comparing B with A counts what comparing A with B does, turned over."""
    back = compare(config, "2", "1", "--json").json
    assert (back["before"], back["after"]) == (found["after"], found["before"])
    assert back["entities"]["groups"]["split"] == found["entities"]["groups"]["merged"]
    became = found["pairs"]["classes"]["possible link"]["link"]
    assert back["pairs"]["classes"]["link"]["possible link"] == became
    assert {example["change"] for example in back["examples"]} == {"is a link no more"}


def test_examples_are_masked_unless_asked_for(config: Path, found: dict[str, Any]) -> None:
    """An example tells which fields are equal; values and record ids only with --show-values."""
    assert {example["change"] for example in found["examples"]} == {"becomes a link"}
    assert len(found["examples"]) == 5
    for example in found["examples"]:
        assert {state["state"] for state in example["fields"]} <= {
            *("equal", "different", "missing in one"),
        }
        assert all(set(field) == {"field", "state"} for field in example["fields"])
        assert all(set(side) == {"source"} for side in example["records"])
    done = compare(config, "--examples", "20")
    for word in SECRET:
        assert word not in done.out + done.err + json.dumps(found)
    assert "equal: given name, birth date" in done.out
    shown = compare(config, "--examples", "20", "--show-values")
    for word in ("esperanza | esperanza", TARGET["dob"], "arrests:a01 and cases:k01"):
        assert word in shown.out
    assert "Esperanza" not in shown.err


def test_what_the_comparisons_say_is_told_where_it_differs(config: Path) -> None:
    """Comparisons whose weight changes are named with their levels before and after."""
    other = config.parent / "other"
    if not other.exists():
        other.mkdir()
        source = config.parent / "models/person/2"
        (other / "tf").mkdir()
        text = (source / "model.json").read_text()
        model = json.loads(text)
        for comparison in model["comparisons"]:
            if comparison["name"] == "birth_date":
                comparison["levels"][1]["u"] = 0.01
        (other / "model.json").write_text(json.dumps(model))
        name = "tf/name_key.parquet"
        (other / name).write_bytes((source / name).read_bytes())
    found = compare(config, "1", other, "--json").json
    (said,) = found["examples"][0]["comparisons"]
    assert said["comparison"] == "birth_date"
    assert said["weight_after"] == pytest.approx(said["weight_before"] + 2)
    assert said["level_before"] == said["level_after"]
    assert "birth_date: " in compare(config, "1", other).out


def test_the_pairs_are_written_to_a_file(config: Path, tmp_path: Path) -> None:
    """--out holds every pair whose class changes, by the names of its records."""
    out = tmp_path / "changed.parquet"
    done = compare(config, "--out", out)
    assert str(out) in done.out
    written = pl.read_parquet(out)
    assert written.columns == [
        *("source_l", "record_id_l", "source_r", "record_id_r"),
        *list(CHANGED_PAIRS)[2:],
    ]
    assert not written.filter(pl.col("class_before") == pl.col("class_after")).height
    assert written.height > 5
    assert ("arrests", "a01", "cases", "k01") in written.rows_by_key(
        ["source_l", "record_id_l", "source_r", "record_id_r"]
    )


def test_the_same_is_said_each_time_and_nothing_is_changed(config: Path) -> None:
    """Comparing changes no file, and says the same byte for byte, also of a sample."""
    before = everything(config.parent)
    for words in ((), ("--records", "20", "--seed", "3")):
        assert compare(config, *words).out == compare(config, *words).out
    assert everything(config.parent) == before


def test_a_sample_is_said_to_be_one(config: Path) -> None:
    """Of a sample it is said how many records and pairs it shows."""
    done = compare(config, "--records", "21")
    assert "21 of the 42 records" in done.out
    assert "about 25.00% of all pairs" in done.out
    assert compare(config, "--records", "0", "--json").json["notes"] == []


def test_both_are_judged_by_a_file_of_labels(config: Path, tmp_path: Path) -> None:
    """With --truth both models are judged now, with intervals, and so is their difference."""
    truth = tmp_path / "truth.csv"
    rows = ["source,record_id,true_id"]
    rows += [f"cases,x{number:02},x{number}" for number in range(24)]
    rows += [f"cases,{name},t" for name in ("k01", "k02", "k03")]
    rows += ["arrests,a01,t", "arrests,a03,h", "cases,k11,h", "cases,k12,h"]
    rows += ["cases,k05,c", "cases,k13,c"]
    truth.write_text("\n".join(rows) + "\n")
    metrics = compare(config, "--truth", truth, "--json").json["metrics"]
    assert metrics["judged"] == "now"
    assert metrics["truth"]["name"] == "truth.csv"
    for name in ("pairwise_recall", "b3_f1"):
        before, after, gain = (metrics[when][name] for when in ("before", "after", "difference"))
        assert gain[0] == pytest.approx(after[0] - before[0], abs=1e-8)
        assert gain[1] <= gain[0] <= gain[2]
    assert metrics["difference"]["pairwise_recall"][0] > 0
    assert "judged now by truth.csv:" in compare(config, "--truth", truth).out
    truth.write_text("source,record_id\ncases,k01\n")
    assert compare(config, "--truth", truth).refused("truth.csv", "true_id")


def test_earlier_judgements_are_shown(tmp_path: Path) -> None:
    """Without a truth the models' own judgements are shown: by the same truth if there is one."""
    config = two_models(write_world(tmp_path / "own"))
    assert "neither model was judged" in compare(config).out
    judged(config, "1", 0.9)
    assert "F1                 0.9000 (0.8900 to 0.9100) -> not judged" in compare(config).out
    judged(config, "2", 0.92)
    metrics = compare(config, "--json").json["metrics"]
    assert (metrics["judged"], metrics["notes"]) == ("earlier", [])
    assert metrics["after"]["pairwise_f1"][0] == 0.92
    judged(config, "1", 0.95, digest="t9")
    judged(config, "2", 0.5, digest="t8")
    assert compare(config, "--json").json["metrics"]["before"]["pairwise_f1"][0] == 0.9


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("1", "1"), ["are the same model", "name another"]),
        (("in-use", "1"), ["are the same model"]),
        (("1", "7"), ["no version '7' of person", "there are 1, 2"]),
        (("1",), ["Missing argument 'B'"]),
        (("1", "2", "--out", "x.txt"), ["x.txt", ".parquet or .csv"]),
        (("1", "2", "--out", "nowhere/x.csv"), ["nowhere", "no such directory"]),
        (("1", "2", "--truth", "nowhere.csv"), ["nowhere.csv", "no such file"]),
        (("1", "2", "--records", "-1"), ["--records"]),
    ],
    ids=" ".join,
)
def test_what_cannot_be_compared(config: Path, words: tuple[str, ...], said: list[str]) -> None:
    """A comparison that makes no sense is refused in one line before any work is done."""
    assert compare(config, *words).refused(*said)
