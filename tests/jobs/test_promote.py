"""Which model is in use: listing, promoting and rolling back by command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from linker.training.registry_log import LOCK, registry_lock
from tests.jobs.running import everything, run
from tests.jobs.two_models import (
    judged,
    listed,
    log,
    named,
    person_model,
    promote,
    roll_back,
    truth_file,
    two_models,
    write_version,
)
from tests.jobs.world import write_world


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration with two models in its registry, the first in use; both judged alike."""
    path = two_models(write_world(tmp_path / "own"))
    judged(path, "1")
    judged(path, "2")
    return path


def test_a_model_that_is_no_worse_is_put_in_use(config: Path) -> None:
    """Promoting names the model in the configuration, logs it, and says what comes next."""
    before = config.read_text()
    config.chmod(0o640)
    done = promote(config, "2", "--author", "r.vega", "--why", "autumn's names")
    assert (done.code, done.err) == (0, "")
    assert "person/2@" in done.out
    assert "the model in use, instead of person/1@" in done.out
    assert 'linker.toml: person.model = "models/person/2"' in done.out
    assert "holds it back" in done.out
    assert "linker publish --force --why TEXT" in done.out
    assert config.read_text() == before.replace(
        'model = "models/person/1"', 'model = "models/person/2"'
    )
    assert "# of spring" in config.read_text()
    assert config.stat().st_mode & 0o777 == 0o640
    (act,) = log(config)
    assert (act["what"], act["who"], act["why"]) == ("promote", "r.vega", "autumn's names")
    assert (act["forced"], act["reasons"]) == (False, [])
    assert act["version"].startswith("person/2@")
    assert act["instead_of"].startswith("person/1@")
    assert act["judged"]["truth"]["name"] == "truth.csv"
    assert act["judged"]["in_use"]["pairwise_f1"][0] == 0.9
    assert {path.name for path in config.parent.iterdir()} == {
        *("cases.csv", "arrests.csv", "firms.csv", "linker.toml", "models", "store"),
    }


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"f1": 0.89}, ["F1 0.8900", "0.0100 below", "models.margin allows 0.005"]),
        ({"precision": 0.9}, ["precision 0.9000", "0.0500 below"]),
        (
            {"cultures": {"arabic": 0.7, "hispanic": 0.95}},
            ["name culture arabic: F1 0.7000", "recall 0.7000", "culture_margin allows 0.02"],
        ),
        ({"digest": "t2"}, ["was not judged by the same truth", "linker evaluate", "--model"]),
        ({"data": "d2"}, ["over the same records"]),
    ],
    ids=["f1", "precision", "culture", "truth", "records"],
)
def test_a_worse_model_is_refused(config: Path, figures: dict[str, Any], words: list[str]) -> None:
    """A model that is worse, or was not judged by the same, is refused; nothing is changed."""
    shutil.rmtree(config.parent / "models/person/2")
    write_version(config, person_model("2", link_threshold=0.6, identity_floor=1.0))
    judged(config, "2", **figures)
    before = config.read_text()
    assert promote(config, "2").refused("person/2@", "is not put in use", "--force", *words)
    assert (config.read_text(), log(config)) == (before, [])


def test_a_worse_model_is_forced_in_and_the_reasons_are_kept(config: Path) -> None:
    """With --force and a reason a worse model goes in, and the log says what spoke against it."""
    judged(config, "2", 0.7)
    before = everything(config.parent)
    assert promote(config, "2", "--force").refused("say why", "--why TEXT")
    dry = promote(config, "2", "--dry-run")
    assert "would be refused" in dry.out
    assert "against it: F1 0.7000" in dry.out
    after = everything(config.parent)
    after.pop(f"models/{LOCK}")
    assert after == before
    done = promote(config, "2", "--force", "--why", "the truth is of last year")
    assert done.code == 0, done.err
    (act,) = log(config)
    assert act["forced"]
    assert act["why"] == "the truth is of last year"
    assert act["reasons"][0].startswith("F1 0.7000")
    assert "(forced)" in run("models", "--config", config).out


def test_margins_are_the_configurations(config: Path) -> None:
    """`[models]` says how much worse a model may be."""
    judged(config, "2", 0.87)
    assert promote(config, "2").refused("F1 0.8700")
    with config.open("a") as handle:
        handle.write("\n[models]\nmargin = 0.05\n")
    assert promote(config, "2").code == 0


def test_a_change_of_thresholds_makes_a_judgement_void(config: Path) -> None:
    """A judgement at other thresholds than those in use says nothing of the model in use."""
    text = config.read_text().replace("[person]\n", "[person]\nlink_threshold = 0.7\n")
    config.write_text(text)
    assert promote(config, "2").refused("at the thresholds in use")


def test_files_that_are_not_those_that_were_trained(config: Path) -> None:
    """A model whose files do not match its manifest is refused by their names."""
    directory = config.parent / "models/person/2"
    manifest = json.loads((directory / "manifest.json").read_text())
    manifest["files"]["model.json"] = "0" * 64
    manifest["files"]["report.html"] = "1" * 64  # written anew by linker evaluate
    (directory / "manifest.json").write_text(json.dumps(manifest))
    assert promote(config, "2").refused("files are not those that training wrote", "model.json")
    (directory / "manifest.json").unlink()
    assert promote(config, "2").refused("no manifest.json")
    assert "damaged: it has no manifest.json" in run("models", "--config", config).out


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("3", ["no version '3' of person", "there are 1, 2"]),
        ("22", ["no version '22' of person", "did you mean '2'?"]),
        ("1", ["person/1@", "is in use already"]),
        ("in-use", ["is in use already"]),
        ("person/3", ["no version '3' of person"]),
        ("person/1", ["person/1@", "is in use already"]),
        ("organization/1", ["is a model of organization, not of person"]),
        ("models/person/9", ["no model there"]),
        ("firms", ["is a model of organization, not of person"]),
        ("broken", ["model.json", "is not a model file"]),
    ],
)
def test_words_that_name_no_model(config: Path, word: str, said: list[str]) -> None:
    """What names no model that could be put in use is refused with the nearest that could."""
    if word == "firms":
        source = run("models", "--config", config, "--json").json["models"][-1]["directory"]
        shutil.copytree(source, config.parent / "models/person/firms")
    if word == "broken":
        (config.parent / "models/person/broken").mkdir()
        (config.parent / "models/person/broken/model.json").write_text("{}")
    before = named(config)
    assert promote(config, word).refused(*said)
    assert named(config) == before


def test_a_directory_and_the_shipped_model_can_be_put_in_use(config: Path, tmp_path: Path) -> None:
    """A directory is named as it lies; for the shipped model the key is taken out."""
    elsewhere = tmp_path / "elsewhere"
    shutil.move(config.parent / "models/person/2", elsewhere)
    assert promote(config, elsewhere).code == 0
    assert named(config) == str(elsewhere)
    done = promote(config, "shipped", "--force", "--why", "back to the start")
    assert done.code == 0, done.err
    assert named(config) is None
    assert "person.model is taken out: the shipped model" in done.out
    assert "linker promote --truth FILE judges both" in promote(config, "1").told[0]
    dry = promote(config, "1", "--dry-run", "--json").json
    assert dry["dry_run"]
    assert any("it does not compare ssn" in note or ", ssn" in note for note in dry["notes"])
    assert promote(config, "shipped").refused("is in use already")


def test_a_file_that_cannot_be_written(config: Path) -> None:
    """A read-only configuration is named in one line, and nothing is logged."""
    config.chmod(0o444)
    assert promote(config, "2").refused("linker.toml", "cannot be written", "by hand")
    assert log(config) == []


def test_two_commands_at_once(config: Path) -> None:
    """While another command changes which model is in use, this one is refused."""
    with registry_lock(config.parent / "models"):
        assert promote(config, "2").refused("another command is changing")
        assert promote(config, "2", "--dry-run").code == 0


def test_a_symbolic_link_stays_one(config: Path, tmp_path: Path) -> None:
    """Where the configuration is a link, the file it leads to is changed."""
    link = tmp_path / "link.toml"
    link.symlink_to(config)
    assert promote(link, "2").code == 0
    assert link.is_symlink()
    assert named(config) == "models/person/2"


def test_both_models_are_judged_on_the_spot(config: Path) -> None:
    """With a truth both models are judged by it now, and the judgements are kept."""
    for version in "12":
        (config.parent / "models/person" / version / "metrics.json").unlink()
    assert promote(config, "2").refused("was not judged by the same truth")
    truth = truth_file(config)
    assert promote(config, "2", "--truth", truth, "--decisions").refused("name one of --truth")
    dry = promote(config, "2", "--truth", truth, "--dry-run", "--json").json
    assert dry["judged"]["truth"]["name"] == "truth.csv"
    assert not (config.parent / "models/person/2/metrics.json").exists()
    done = promote(config, "2", "--truth", truth, "--json").json
    assert (
        done["judged"]["candidate"]["pairwise_recall"] > done["judged"]["in_use"]["pairwise_recall"]
    )
    kept = {it["version"]: it["judged"] for it in listed(config)["models"] if not it["ships"]}
    assert kept["1"]["truth"] == kept["2"]["truth"] == done["judged"]["truth"]
    assert "files are not those" not in run("models", "--config", config).out
    assert roll_back(config).code == 0


def test_what_linker_evaluate_found_is_what_counts(config: Path) -> None:
    """Judgements that linker evaluate kept of both models are what promoting goes by."""
    truth = truth_file(config)
    for version in "12":
        (config.parent / "models/person" / version / "metrics.json").unlink()
        words = ("--entity", "person", "--model", version, "--truth", truth)
        assert run("evaluate", "--config", config, *words).code == 0
    done = promote(config, "2", "--json").json
    assert done["judged"]["truth"]["name"] == "truth.csv"
    assert done["reasons"] == []
    assert promote(config, "1").refused("F1", "models.margin allows")


def test_the_list_of_models(config: Path) -> None:
    """Every version is listed with what it was trained on, its figures, and which is in use."""
    found = listed(config)
    told = {(it["entity_type"], it["version"], it["ships"]): it for it in found["models"]}
    assert {key[:2] for key in told if not key[2]} == {("person", "1"), ("person", "2")}
    assert told["person", "1", True]["setting"] is None
    one = told["person", "1", False]
    assert one["in_use"]
    assert not told["person", "1", True]["in_use"]
    assert told["organization", "1", True]["in_use"]
    assert one["trained"]["records"] == 42
    assert one["judged"]["overall"]["pairwise_f1"] == [0.9, 0.89, 0.91]
    assert one["promoted"] is None
    assert promote(config, "2", "--author", "r.vega").code == 0
    text = run("models", "--config", config).out
    assert "* person/2@" in text
    assert "trained on 42 records, seed 7" in text
    assert "judged 2026-06-30 by truth.csv: precision 0.9500 (0.9400 to 0.9600)" in text
    assert "last promote: " in text
    assert "linker.toml: promote person/2@" in text


def test_the_model_of_the_published_generation_is_told_apart(own: Path) -> None:
    """Until the next link is published, readers see what another model than that in use linked."""
    told = {it["version"]: it for it in listed(own)["models"] if it["entity_type"] == "person"}
    assert told["1"]["ships"]
    assert told["1"]["in_use"]
    assert told["1"]["published"]
    write_version(own, person_model("mine"))
    assert promote(own, "mine", "--force", "--why", "our own").code == 0
    told = {it["version"]: it for it in listed(own)["models"] if it["entity_type"] == "person"}
    assert (told["mine"]["in_use"], told["mine"]["published"]) == (True, False)
    assert (told["1"]["in_use"], told["1"]["published"]) == (False, True)
    assert "ships, linked the published generation" in run("models", "--config", own).out
