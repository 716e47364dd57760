"""A model at fault: one line that names it and the fix, and the store is as it was."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.jobs.running import ROOT, run
from tests.jobs.world import CONFIG, write_world

Edit = Callable[[dict[str, Any]], object]


def with_model(untouched: Path, directory: Path, model: str) -> Path:
    """Write a configuration that names the linked store and a model of people."""
    text = CONFIG.replace('"store"', f'"{untouched.parent / "store"}"')
    return write_world(directory, config=f'{text}\n[person]\nmodel = "{model}"\n')


def first_trained_level(model: dict[str, Any]) -> dict[str, Any]:
    levels: list[dict[str, Any]] = model["comparisons"][0]["levels"]
    return next(level for level in levels if "m" in level)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda model: model.update(format=9), ["has model format 9", "retrain"]),
        (lambda model: model.pop("format"), ["is not a model file"]),
        (lambda model: first_trained_level(model).pop("m"), ["has no trained weight"]),
        (lambda model: first_trained_level(model).update(u=0), ["has no trained weight"]),
        (lambda model: model.update(prior=2), ["prior", "less than 1"]),
        (lambda model: model.update(comparison=[]), ["comparison", "not permitted"]),
        (
            lambda model: first_trained_level(model)["level"].update(kind="exakt"),
            ["unknown level kind 'exakt'", "mean 'exact'?", "retrain"],
        ),
        (
            lambda model: first_trained_level(model)["level"].update(column="given_nam"),
            ["'given_nam'", "retrain"],
        ),
        (
            lambda model: first_trained_level(model).update(
                level={"kind": "overlap", "column": "given_name"}
            ),
            ["level 'overlap' cannot compare what its columns hold", "retrain"],
        ),
    ],
    ids=[
        *("later format", "no format", "no weight", "impossible weight", "prior", "unknown key"),
        *("unknown kind", "unknown column", "other type"),
    ],
)
def test_a_model_file_at_fault(
    untouched: Path, tmp_path: Path, edit: Edit, words: list[str]
) -> None:
    """What is wrong with a model is said in one line, and nothing is linked with it."""
    config = with_model(untouched, tmp_path, "m")
    shutil.copytree(ROOT / "models/person/1", tmp_path / "m")
    path = tmp_path / "m" / "model.json"
    model = json.loads(path.read_text(encoding="utf-8"))
    edit(model)
    path.write_text(json.dumps(model), encoding="utf-8")
    assert run("link", "--config", config).refused(*words)


@pytest.mark.parametrize("keep", [None, 0, 0.5], ids=["gone", "empty", "half"])
def test_damaged_term_frequencies(untouched: Path, tmp_path: Path, keep: float | None) -> None:
    """A term-frequency file that is gone or damaged is named."""
    config = with_model(untouched, tmp_path, "m")
    shutil.copytree(ROOT / "models/person/1", tmp_path / "m")
    path = tmp_path / "m" / "tf" / "surname.parquet"
    content = path.read_bytes()
    path.unlink()
    if keep is not None:
        path.write_bytes(content[: int(len(content) * keep)])
    assert run("link", "--config", config).refused(str(path), "missing or damaged")


def test_a_damaged_model_file(untouched: Path, tmp_path: Path) -> None:
    """A model file that is no JSON, or no file, is told as that."""
    config = with_model(untouched, tmp_path, "m")
    path = tmp_path / "m" / "model.json"
    path.mkdir(parents=True)
    assert run("link", "--config", config).refused(str(path), "cannot be read")
    path.rmdir()
    path.write_text("{")
    assert run("link", "--config", config).refused(str(path), "is not a model file")


def test_a_model_of_the_other_entity_type(untouched: Path, tmp_path: Path) -> None:
    """A model of organizations does not link people."""
    config = with_model(untouched, tmp_path, "models/organization/1")
    words = ["a model of organization, not of person", "set person.model"]
    assert run("link", "--config", config).refused(*words)


def test_a_model_that_is_not_there(untouched: Path, tmp_path: Path) -> None:
    """A directory without a model is named, and how to get one."""
    config = with_model(untouched, tmp_path, "models/person/none")
    assert run("link", "--config", config).refused("models/person/none", "run linker train")
