"""Training on what a store has published, and on decisions: the same files each time, and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from linker.config import load_config
from linker.night.labels import telling_decisions
from tests.jobs.running import copy_of, everything, run
from tests.jobs.training_world import (
    CONFIG,
    linked_training_world,
    training_rows,
    write_training_world,
)

SAMPLED = CONFIG.replace("[person.training]\n", "[person.training]\nmax_records = 1000\n")
HEADER = "entity,source_l,record_id_l,source_r,record_id_r,decision,author,reason,made_at"
FILES = {"model.json", "splink.json", "report.html", "training.json", "profile.json"}

Label = tuple[str, str, str]


def trained(config: Path, out: Path, *words: str) -> dict[str, Any]:
    given = ("--config", config, "--entity", "person", "--out", out, "--json", *words)
    found: dict[str, Any] = run("train", *given).json
    return found


def rehearsed(config: Path, *words: str) -> dict[str, Any]:
    given = ("--config", config, "--entity", "person", "--dry-run", "--json", *words)
    found: dict[str, Any] = run("train", *given).json
    return found


def decide(config: Path, labels: Sequence[Label]) -> None:
    rows = [
        f"person,people,{left},people,{right},{said},r.vega,seen,2026-01-01T00:{place:02}:00"
        for place, (left, right, said) in enumerate(labels)
    ]
    path = config.with_name("decisions.csv")
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    assert run("review", "import", path, "--config", config).code == 0


def account(directory: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((directory / "training.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration of a linked store of records to train on; tests leave it as it is."""
    return linked_training_world(tmp_path_factory.mktemp("training") / "linked")


@pytest.fixture
def config(linked: Path, tmp_path: Path) -> Path:
    """The configuration of a copy of that store."""
    return copy_of(linked, tmp_path / "own")


@pytest.fixture(scope="module")
def model(linked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a model that was trained on that store."""
    out = tmp_path_factory.mktemp("models")
    return Path(trained(linked, out, "--notes", "the first one")["directory"])


def test_the_same_training_writes_the_same_bytes(linked: Path, model: Path, tmp_path: Path) -> None:
    """Trained again on the same store, every file of the model is the same."""
    again = Path(trained(linked, tmp_path, "--notes", "the first one")["directory"])
    assert everything(again) == everything(model)
    assert {path.name for path in again.iterdir()} == FILES | {"manifest.json", "tf"}


def test_sources_in_another_order_give_the_same_model(model: Path, tmp_path: Path) -> None:
    """Read from files whose rows are turned round, without a store, all but the origin is equal."""
    config = write_training_world(tmp_path / "turned", training_rows()[::-1])
    words = ("--from-sources", "--notes", "the first one")
    turned = Path(trained(config, tmp_path / "models", *words)["directory"])
    ours, theirs = everything(model), everything(turned)
    differing = {name for name in ours | theirs if ours.get(name) != theirs.get(name)}
    assert differing - {"report.html"} == {"training.json", "manifest.json"}  # a page may tell it
    store, files = account(model), account(turned)
    assert store["data"].pop("origin") == "all 1,045 records of generation 1"
    assert files["data"].pop("origin") == "all 1,045 records of the sources"
    assert (store["data"].pop("generation"), files["data"].pop("generation")) == (1, None)
    assert store == files


def test_the_account_of_a_training_tells_all_that_is_needed_to_repeat_it(model: Path) -> None:
    """Settings, records, seed, versions, each session's parameters and the trainer's words."""
    found = account(model)
    assert found["about"] == "the first one"
    training = found["config"]["person"]["training"]
    assert (training["seed"], training["min_session_pairs"]) == (20260101, 50)
    assert training["pseudo_pairs"] == 50.0  # a default
    assert [source["name"] for source in found["config"]["source"]] == ["people"]
    assert "path" not in found["config"]["source"][0]
    assert {*found["libraries"]} == {"duckdb", "linker", "numba", "numpy", "polars", "splink"}
    assert (found["data"]["total"], found["data"]["sampled"]) == (1045, 1045)
    assert [session["columns"] for session in found["sessions"]] == [
        ["surname"],
        ["birth_date"],
        ["given_name"],
    ]
    for session in found["sessions"]:
        assert session.keys() >= {"pairs", "match_share", "iterations", "converged", "m"}
    assert found["estimated"]["town"] == 3
    assert found.keys() >= {"disagreements", "interpolated", "witnesses", "notes"}


def test_the_manifest_vouches_for_every_file(model: Path) -> None:
    """It has the digest of each file, of the records and of the settings."""
    manifest = json.loads((model / "manifest.json").read_text(encoding="utf-8"))
    digests = everything(model)
    del digests["manifest.json"]
    assert manifest["files"] == digests
    assert manifest["data"]["digest"] == account(model)["data"]["digest"]
    assert manifest["data"]["sources"].keys() == {"people"}
    settings = json.dumps(account(model)["config"], sort_keys=True).encode()
    assert manifest["config_digest"] == hashlib.sha256(settings).hexdigest()


def test_no_file_of_a_model_but_term_frequencies_holds_a_value(model: Path) -> None:
    """No name or date of a record that is there once or twice is in any text."""
    values = {row["dob"] for row in training_rows()} | {
        row["last"] for row in training_rows() if row["last"].endswith("x")
    }
    for name in FILES | {"manifest.json"}:
        text = (model / name).read_text(encoding="utf-8")
        assert [value for value in values if value in text] == [], name


def test_a_sample_and_labels(config: Path, tmp_path: Path) -> None:
    """A seeded sample is trained on, with the records that labels name, and both are stated."""
    config.write_text(SAMPLED, encoding="utf-8")
    labels = [(f"p{n:04}a", f"p{n:04}b", "match") for n in range(11, 20)]
    labels += [("p0021a", "p0022a", "non_match"), ("p0023a", "p0024a", "non_match")]
    decide(config, labels)
    kept = telling_decisions(load_config(config), "person", "training")
    matches = kept.filter(decision="match").height
    assert 0 < matches < 9  # some are kept for evaluation
    done = run("train", "--config", config, "--entity", "person", "--out", tmp_path / "m", "--json")
    told = done.json
    others = kept.height - matches
    note = f"labels: {matches} matches and {others} non-matches of people's decisions"
    assert note in told["notes"]
    assert told["labels"] == kept.height
    assert told["sessions"]
    data = account(Path(told["directory"]))["data"]
    assert (data["total"], data["sampled"]) == (1045, 1000 + data["added"])
    origin = f"{data['sampled']:,} of the 1,045 records of generation 1, by seed 20260101"
    assert told["origin"].startswith(origin)
    assert f"person: to train on: {told['origin']}" in done.err
    assert account(Path(told["directory"]))["witnesses"]["decisions"]["pairs"] == matches
    model = json.loads((Path(told["directory"]) / "model.json").read_text(encoding="utf-8"))
    assert (model["training"]["records"], model["training"]["records_sampled"]) == (
        1045,
        data["sampled"],
    )


def test_a_rehearsal_tells_what_would_be_trained_on(linked: Path) -> None:
    """Records, sessions with their pairs, comparisons; nothing is written anywhere."""
    before = everything(linked.parent)
    found = rehearsed(linked)
    assert everything(linked.parent) == before
    assert (found["records"], found["total"]) == (1045, 1045)
    assert found["comparisons"] == ["given_name", "surname", "birth_date", "town"]
    pairs = {tuple(session["columns"]): session["pairs"] for session in found["sessions"]}
    assert pairs.keys() == {("surname",), ("birth_date",), ("given_name",)}
    dates = [row["dob"] for row in training_rows()]
    equal = sum(dates.count(date) - 1 for date in dates) // 2
    assert pairs["birth_date",] == equal
    said = run("train", "--config", linked, "--entity", "person", "--dry-run").out
    assert f"{equal:,}" in said
    assert said.endswith("dry run: nothing was written\n")


def test_what_a_rehearsal_says_of_labels(config: Path) -> None:
    """Contradictions and unknown records are told by the numbers of decisions."""
    labels: list[Label] = [("p0001a", "nobody", "match"), ("p0003a", "nobody", "match")]
    for number in range(100, 130, 3):
        one, two, three = (f"p{number + place:04}a" for place in range(3))
        labels += [(one, two, "match"), (two, three, "match"), (one, three, "non_match")]
    decide(config, labels)
    found = rehearsed(config)
    kept = telling_decisions(load_config(config), "person", "training")
    assert found["labels"]["pairs"] < kept.height < len(labels)
    notes = " ".join(found["notes"])
    assert "contradict each other, so that none of them is trained on; withdraw one" in notes
    assert "a record is in no source" in notes
    assert "p0" not in notes


def test_a_source_that_is_configured_otherwise_by_now_is_told(config: Path) -> None:
    """What the store has read otherwise than the configuration now says is a note."""
    other = CONFIG.replace('city = "town"', 'city = "town"\nstate = "town"')
    config.write_text(other, encoding="utf-8")
    note = "source people: generation 1 has not read it as it is configured now"
    assert any(told.startswith(note) for told in rehearsed(config)["notes"])
    assert not any(note in told for told in rehearsed(config, "--from-sources")["notes"])


def test_a_damaged_store_is_told_and_its_sources_serve(config: Path) -> None:
    """A file of the store that is gone is one line; the source files can be read all the same."""
    segments = config.parent / "store" / "generations" / "000001" / "person" / "segments"
    (segments / "000001" / "keys" / "record.keys.npy").unlink()
    assert run("train", "--config", config, "--entity", "person").refused("damaged")
    assert rehearsed(config, "--from-sources")["origin"] == "all 1,045 records of the sources"


def test_a_rehearsal_of_too_few_records_says_so(config: Path) -> None:
    """That training would be refused is told; training itself refuses in one line."""
    few = CONFIG.replace("[person.training]\n", "[person.training]\nmin_records = 2000\n")
    config.write_text(few, encoding="utf-8")
    assert "1,045 records are too few to train on" in rehearsed(config)["notes"][-1]
    done = run("train", "--config", config, "--entity", "person")
    assert done.refused("1,045 records are too few", "training.min_records = 2,000")
