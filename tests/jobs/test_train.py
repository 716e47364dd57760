"""Training by command: what it refuses, in one line, and that a model it wrote links."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.jobs.running import everything, run
from tests.jobs.world import CASE_COLUMNS, CONFIG, csv_text, usual_rows, write_world

FEW = "\n[person.training]\nmin_records = 20\nsessions = []\nfallback_sessions = []\n"


def train(config: Path, *words: str) -> tuple[str | Path, ...]:
    return ("train", "--config", config, "--entity", "person", *words)


def test_a_model_that_was_trained_is_used_once_it_is_named(tmp_path: Path) -> None:
    """Training writes the next version beside the configuration; a link with it says so."""
    config = write_world(tmp_path, config=CONFIG + FEW)
    trained = run(*train(config, "--json")).json
    assert (trained["entity_type"], trained["version"], trained["records"]) == ("person", "1", 42)
    directory = tmp_path / "models" / "person" / "1"
    assert Path(trained["directory"]) == directory
    files = {"model.json", "splink.json", "report.html", "manifest.json", "training.json"}
    assert files <= {path.name for path in directory.iterdir()}
    assert trained["notes"]
    assert trained["origin"] == "all 42 records of the sources"  # nothing was linked so far
    said = run(*train(config, "--version", "again")).out
    assert said.startswith("trained person/again on all 42 records of the sources in ")
    assert said.endswith(f"linker promote {tmp_path / 'models/person/again'} --entity person\n")
    config.write_text(f'{CONFIG}\n[person]\nmodel = "models/person/1"\n')
    linked = run("link", "--config", config, "--json").json
    assert linked["models"]["person"].startswith("person/1@")
    used = tmp_path / "store" / "generations" / "000001" / "models" / "person" / "model.json"
    assert used.read_bytes() == (directory / "model.json").read_bytes()


@pytest.mark.parametrize(
    ("words", "added", "said"),
    [
        ([], "", ["42 records are too few", "training.min_records = 500", "shipped model"]),
        (["--version", "../../x"], FEW, ["version '../../x'", "letters, digits"]),
        (["--version", ".hidden"], FEW, ["version '.hidden'"]),
        (["--entity", "persons"], FEW, ["'persons'", "'person'", "see linker train --help"]),
        (["--out", "linker.toml"], FEW, ["linker.toml", "cannot be written"]),
        (["--out", "/proc"], FEW, ["/proc", "cannot be written"]),
    ],
    ids=["too few", "path in version", "hidden version", "entity", "out is a file", "out"],
)
def test_training_that_cannot_be(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    added: str,
    said: list[str],
) -> None:
    """What stops a training is said in one line; no model is written."""
    config = write_world(tmp_path, config=CONFIG + added)
    monkeypatch.chdir(tmp_path)
    before = everything(tmp_path)
    assert run(*train(config, *words)).refused(*said)
    assert everything(tmp_path) == before


def test_training_for_an_entity_type_without_sources(tmp_path: Path) -> None:
    """Organizations are not trained where every source holds people."""
    people = CONFIG.split('[[source]]\nname = "firms"', maxsplit=1)[0]
    config = write_world(tmp_path, config=people)
    done = run("train", "--config", config, "--entity", "organization")
    assert done.refused("no source of the configuration holds organization mentions")


def test_training_on_fields_that_are_all_empty(tmp_path: Path) -> None:
    """Where no comparison has data the line says to map more fields."""
    head, _, _ = CONFIG.partition("full_name")
    config = write_world(tmp_path, config=f'{head}aliases = "name"\naddress = "street"\n{FEW}')
    rows = [{"id": row["id"], "name": row["name"]} for row in usual_rows()["cases"]]
    config.with_name("cases.csv").write_text(csv_text(rows, CASE_COLUMNS))
    assert run(*train(config)).refused("person: no comparison has data", "map more fields")


def test_a_version_is_never_overwritten(tmp_path: Path) -> None:
    """A version that exists is refused before anything is read."""
    config = write_world(tmp_path, config=CONFIG + FEW)
    taken = tmp_path / "models" / "person" / "best"
    taken.mkdir(parents=True)
    (tmp_path / "cases.csv").unlink()
    assert run(*train(config, "--version", "best")).refused(str(taken), "exists", "name another")
