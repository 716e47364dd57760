"""Putting the model of before in use again, and commands that were killed, by command."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from linker.training.registry_log import RegistryAct, append_act
from tests.jobs.running import run
from tests.jobs.two_models import (
    judged,
    listed,
    log,
    named,
    person_model,
    promote,
    roll_back,
    two_models,
    write_version,
)
from tests.jobs.world import CONFIG, write_world


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration with two models in its registry, the first in use; both judged alike."""
    path = two_models(write_world(tmp_path / "own"))
    judged(path, "1")
    judged(path, "2")
    return path


def test_rolling_back_and_back_again(config: Path) -> None:
    """Rolling back puts the model of before in use, one promotion at a time, and logs it."""
    third = write_version(config, person_model("3", link_threshold=0.8))
    judged(config, third.name)
    text = config.read_text()
    for version in ("2", "3"):
        assert promote(config, version).code == 0
    dry = roll_back(config, "--dry-run")
    assert "person/2@" in dry.out
    assert "would be the model in use" in dry.out
    assert named(config) == "models/person/3"
    done = roll_back(config)
    assert "person/2@" in done.out
    assert "it merged two drivers" in done.out
    assert named(config) == "models/person/2"
    assert roll_back(config, "--why", "and that one too", "--json").json["what"] == "rollback"
    assert config.read_text() == text
    assert [act["what"] for act in log(config)] == ["promote", "promote", "rollback", "rollback"]
    assert roll_back(config).refused("put in use by no linker promote", "linker promote VERSION")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), ["say why"]),
        (("--why", "x", "--to", "1"), ["--to names a generation, --entity a model"]),
        (("--why", "x"), ["put in use by no linker promote"]),
    ],
    ids=["why", "to", "nothing"],
)
def test_rolling_back_that_cannot_be(config: Path, words: tuple[str, ...], said: list[str]) -> None:
    """What cannot be rolled back is said in one line."""
    given = (*words, "--config", config, "--entity", "person")
    assert run("rollback", *given).refused(*said)


def test_the_model_of_before_must_be_what_it_was(config: Path) -> None:
    """A model that was changed or lost since it was replaced is not put in use again."""
    assert promote(config, "2").code == 0
    path = config.parent / "models/person/1/model.json"
    text = path.read_text()
    path.write_text(text.replace('"prior": 0.08', '"prior": 0.09'))
    assert roll_back(config).refused("is not the model that was in use before", "it was person/1@")
    path.unlink()
    assert roll_back(config).refused("no model there")
    path.write_text(text)
    assert roll_back(config).code == 0


def test_the_model_in_use_may_be_lost(config: Path) -> None:
    """Where the model in use cannot be read, one can roll back, or promote by force."""
    assert promote(config, "2").code == 0
    shutil.rmtree(config.parent / "models/person/2")
    assert "the model of person in use" in listed(config)["notes"][0]
    assert promote(config, "1").refused("the model in use cannot be compared with")
    assert roll_back(config).code == 0
    assert named(config) == "models/person/1"


def test_a_command_that_was_killed_between_log_and_configuration(config: Path) -> None:
    """What the log tells of and the configuration does not show is said; it can be done again."""
    assert promote(config, "2").code == 0
    (act,) = log(config)
    third = write_version(config, person_model("3", link_threshold=0.8))
    judged(config, third.name)
    half = {**act, "setting": "models/person/3", "instead_of_setting": "models/person/2"}
    append_act(
        config.parent / "models", "person", RegistryAct.model_validate({**half, "version": "p/3@1"})
    )
    config.with_name("linker.toml.new").write_text("half")
    (note,) = listed(config)["notes"]
    assert "the last promote of the log" in note
    assert "was interrupted" in note
    assert roll_back(config).refused("to p/3@1", "was interrupted", "linker promote VERSION")
    assert named(config) == "models/person/2"
    again = promote(config, "3")
    assert again.code == 0, again.err
    assert "note: the last promote of the log" in again.out
    assert not config.with_name("linker.toml.new").exists()
    assert listed(config)["notes"] == []
    assert roll_back(config).code == 0
    assert named(config) == "models/person/2"


def test_a_configuration_without_a_section_of_people(tmp_path: Path) -> None:
    """The first promotion adds the key, and rolling it back takes it out again."""
    config = write_world(tmp_path / "own", config=CONFIG)
    write_version(config, person_model("1"))
    assert promote(config, "1", "--force", "--why", "the first of our own").code == 0
    assert named(config) == "models/person/1"
    assert config.read_text().startswith(CONFIG)
    assert roll_back(config).code == 0
    assert named(config) is None
    assert config.read_text() == CONFIG


def test_a_command_that_dies_at_the_last_step(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ended after the log and before the rename, a promotion is in the log and not in effect."""
    before = config.read_text()

    def ended(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", ended)
        assert promote(config, "2").code == 130
    assert config.read_text() == before
    assert [act["setting"] for act in log(config)] == ["models/person/2"]
    assert not config.with_name("linker.toml.new").exists()
    assert "was interrupted" in listed(config)["notes"][0]
    assert promote(config, "2").code == 0
    assert roll_back(config).code == 0
    assert config.read_text() == before
