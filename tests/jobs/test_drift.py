"""`linker drift`: what it compares, when retraining is due, and when it stays quiet."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import polars as pl
import pytest

from linker.config import load_config
from linker.night.profile import PROFILE_FILE
from tests.jobs.drifting import (
    night_profile,
    people,
    store_of_two,
    told_at_night,
    with_model,
    write_sources,
)
from tests.jobs.running import Done, copy_of, everything, linked, run


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose model was trained on what it holds."""
    return store_of_two(tmp_path_factory.mktemp("drift") / "steady")


@pytest.fixture(scope="module")
def moved(steady: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same store once a third of its cases have lost the birth date, and a source came."""
    config = copy_of(steady, tmp_path_factory.mktemp("drift") / "moved")
    cases = pl.read_csv(config.parent / "cases.csv", infer_schema=False)
    lost = pl.int_range(pl.len()) % 3 == 0
    rows = cases.with_columns(pl.when(~lost).then("born").alias("born")).to_dicts()
    arrests = pl.read_csv(config.parent / "arrests.csv", infer_schema=False).to_dicts()
    write_sources(
        config.parent,
        {"cases": rows, "arrests": arrests, "tips": people(80, 5, phones=0.1)},
    )
    return linked(config)


def drift(config: Path, *words: str | Path) -> Done:
    """Run the command on a store."""
    return run("drift", "--config", config, *words)


def test_what_has_not_changed_is_not_due(steady: Path) -> None:
    """A store that holds what its model was trained on has no line beyond a limit."""
    before = everything(steady.parent)
    done = drift(steady, "--check")
    assert done.code == 0, done.out
    assert "retraining is not due" in done.out
    found = drift(steady, "--json").json
    told = found["entity_types"]["person"]
    assert {line["state"] for line in told["lines"]} == {"as before"}
    assert {"fill", "levels", "weights", "pairs", "links", "records", "unknown values"} <= {
        line["what"] for line in told["lines"]
    }
    assert (found["due"], told["due"], told["reasons"]) == (False, False, [])
    assert everything(steady.parent) == before
    assert not [warning for warning in told_at_night(steady, 2) if "moved away" in warning]


def test_lost_birth_dates_and_a_new_source_make_the_model_due(moved: Path) -> None:
    """The lines say which field moved by how much, which source is new, and --check is 1."""
    done = drift(moved, "--check")
    assert done.code == 1
    assert "records with birth date, birth month" in done.out
    assert "source tips: new, " in done.out
    assert "retraining is due" in done.out
    told = drift(moved, "--json").json["entity_types"]["person"]
    lines = [line for line in told["lines"] if line["state"] == "due"]
    due = [(line["what"], line["name"].split(",")[0]) for line in lines]
    assert due == [("fill", "birth_date"), ("source", "tips"), ("source fill", "cases: birth_date")]
    assert told["reasons"] == [line["text"] for line in lines]
    assert [row["generation"] for row in told["trend"]] == [1, 2, 3]
    assert told["trend"][-1]["beyond_limits"] > told["trend"][-2]["beyond_limits"] == 0
    assert drift(moved).code == 0


def test_a_run_says_that_its_model_is_due(moved: Path) -> None:
    """The report of the night on which the data moved has a warning, with the command to run."""
    said = [warning for warning in told_at_night(moved, 3) if "moved away" in warning]
    assert len(said) == 1
    assert "linker drift" in said[0]


def test_limits_are_those_of_the_configuration(moved: Path, tmp_path: Path) -> None:
    """What the configuration allows is not due; --all lists it."""
    config = copy_of(moved, tmp_path / "own")
    limits = "fill_change = 1.0\nlevel_shift = 9.0\nweight_shift = 9.0\npairs_change = 9.0\n"
    limits += "links_change = 9.0\nsource_share = 1.0\nunknown_gain = 1.0\n"
    text = config.read_text("utf-8")
    config.write_text(text.replace("[gate]\n", f"[drift]\n{limits}\n[gate]\n"), encoding="utf-8")
    done = drift(config, "--check", "--all")
    assert done.code == 0, done.out
    assert "as before  levels of name" in done.out


def test_what_was_found_is_kept_on_the_models_page(moved: Path, tmp_path: Path) -> None:
    """With --write the drift is beside the model, on its page and in its manifest."""
    config = copy_of(moved, tmp_path / "own")
    model = config.parent / "models/person/1"
    before = (model / "model.json").read_bytes()
    assert drift(config, "--write").code == 0
    page = (model / "report.html").read_text("utf-8")
    assert "source tips: new, " in page
    assert "Retraining is due." in page
    listed = json.loads((model / "manifest.json").read_text("utf-8"))["files"]
    for name in ("drift.json", "report.html"):
        assert listed[name] == hashlib.sha256((model / name).read_bytes()).hexdigest()
    assert (model / "model.json").read_bytes() == before
    assert drift(config, "--write", "--since", "2").refused("--write", "--since")


def test_since_a_generation(moved: Path) -> None:
    """Compared with an earlier generation, what came after it is told, and nothing else."""
    told = drift(moved, "--since", "2", "--json").json["entity_types"]["person"]
    assert told["against"] == "generation 2"
    assert ("source", "tips") in {(line["what"], line["name"]) for line in told["lines"]}
    told = drift(moved, "--since", "3", "--json").json["entity_types"]["person"]
    assert {line["state"] for line in told["lines"]} == {"as before"}


def test_a_model_without_a_profile_is_compared_by_what_it_expects(
    steady: Path, tmp_path: Path
) -> None:
    """It is said that there is none and how to get one; levels are compared all the same."""
    config = copy_of(steady, tmp_path / "own")
    (config.parent / "models/person/1" / PROFILE_FILE).unlink()
    told = drift(config, "--json").json["entity_types"]["person"]
    assert PROFILE_FILE in told["notes"][0]
    assert "linker train" in told["notes"][0]
    assert {line["what"] for line in told["lines"]} == {"levels", "records"}
    assert "expects of its links" in drift(config).out


def test_another_model_than_that_of_the_generation_is_told(steady: Path, tmp_path: Path) -> None:
    """Weights and unknown values are not compared where another model scored the generation."""
    config = copy_of(steady, tmp_path / "own")
    model = config.parent / "models/person/1/model.json"
    model.write_text(model.read_text("utf-8") + "\n", encoding="utf-8")
    told = drift(config, "--json").json["entity_types"]["person"]
    assert "run linker link" in told["notes"][0]
    kinds = {line["what"] for line in told["lines"]}
    assert "fill" in kinds
    assert not kinds & {"weights", "unknown values"}


def test_expected_records_set_another_prior(steady: Path, tmp_path: Path) -> None:
    """Weights are not compared where the configuration scales the prior, and it is said."""
    config = copy_of(steady, tmp_path / "own")
    text = config.read_text("utf-8").replace("[person]\n", "[person]\nexpected_records = 2000\n")
    config.write_text(text, encoding="utf-8")
    told = drift(config, "--json").json["entity_types"]["person"]
    assert "expected_records" in told["notes"][0]
    assert "weights" not in {line["what"] for line in told["lines"]}


def test_few_records_cry_no_wolf(own: Path) -> None:
    """Where there are too few records to train on, retraining is not due, and it is said why."""
    done = drift(own, "--check")
    assert done.code == 0, done.out
    assert "too few to train on" in done.out


def test_a_generation_without_a_profile_is_told_of(steady: Path, tmp_path: Path) -> None:
    """A generation of an earlier version cannot be compared; the error says what makes one."""
    config = copy_of(steady, tmp_path / "own")
    night_profile(config, 2).unlink()
    assert drift(config).refused("generation 2 has no profile of person", "linker link --full")
    night_profile(config, 2).write_text("{}", encoding="utf-8")
    assert drift(config).refused("profile_person.json", "is no profile")


def test_mistakes_are_one_line(steady: Path, tmp_path: Path) -> None:
    """A generation or entity type that is not there, and a store that holds nothing yet."""
    assert drift(steady, "--since", "9").refused("9")
    assert drift(steady, "--entity", "organization").refused("organization")
    empty = write_sources(tmp_path / "empty", {"cases": people(3, 1)})
    assert drift(empty).refused("store")
    with_model(load_config(empty), profiled=False)
    limits = empty.read_text("utf-8").replace("[person]", "[drift]\nlevel_shft = 1\n[person]")
    empty.write_text(limits, encoding="utf-8")
    assert drift(empty).refused("level_shft", "level_shift")
