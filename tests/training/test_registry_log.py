"""The registry's log: what it keeps, what it says of a configuration, and the lock."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from linker.errors import ModelError
from linker.training.registry_log import (
    LOG,
    RegistryAct,
    append_act,
    read_acts,
    registry_lock,
    state_of,
)


def act(setting: str | None, before: str | None = None, **more: Any) -> RegistryAct:
    values = {
        "at": "2026-06-30T00:00:00+00:00",
        "who": "r.vega",
        "what": "promote",
        "version": f"person/{setting}@1",
        "instead_of": f"person/{before}@1",
        "why": "",
        "forced": False,
        "reasons": (),
        "config": "c.toml",
        "setting": setting,
        "instead_of_setting": before,
    }
    return RegistryAct(**{**values, **more})


def back(setting: str | None, before: str) -> RegistryAct:
    return act(setting, before, what="rollback")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Each act is a line of JSON, the oldest first; of each entity type there is a log."""
    acts = [act("a"), act("b", "a", forced=True, reasons=("worse",), judged={"truth": 1})]
    for one in acts:
        append_act(tmp_path, "person", one)
    assert read_acts(tmp_path, "person") == acts
    assert read_acts(tmp_path, "organization") == []
    lines = (tmp_path / "person" / LOG).read_text().splitlines()
    assert [json.loads(line)["setting"] for line in lines] == ["a", "b"]
    needed = {"at", "who", "what", "version", "instead_of", "why", "forced", "reasons"}
    assert needed <= json.loads(lines[0]).keys()


def test_a_line_that_a_killed_command_left_is_no_act(tmp_path: Path) -> None:
    """An unfinished line is passed over, and the next act has a line of its own."""
    append_act(tmp_path, "person", act("a"))
    path = tmp_path / "person" / LOG
    path.write_text(path.read_text() + path.read_text()[:50])
    assert read_acts(tmp_path, "person") == [act("a")]
    append_act(tmp_path, "person", act("b", "a"))
    assert read_acts(tmp_path, "person") == [act("a"), act("b", "a")]


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    """A line that is whole and no act is an error with its number."""
    append_act(tmp_path, "person", act("a"))
    with (tmp_path / "person" / LOG).open("a") as handle:
        handle.write('{"at": 1}\n')
    with pytest.raises(ModelError, match="line 2 is damaged"):
        read_acts(tmp_path, "person")


@pytest.mark.parametrize(
    ("acts", "setting", "by", "undone"),
    [
        ([], None, None, None),
        ([act("a")], "a", 0, None),
        ([act("a"), act("b", "a")], "b", 1, None),
        ([act("a"), act("b", "a"), back("a", "b")], "a", 0, None),
        ([act("a"), act("b", "a"), back("a", "b"), back(None, "a")], None, None, None),
        ([act("a"), act("b", "a"), back("a", "b"), act("c", "a")], "c", 3, None),
        # killed between the log and the configuration
        ([act("a")], None, None, 0),
        ([act("a"), act("b", "a")], "a", 0, 1),
        ([act("a"), act("b", "a"), act("b", "a")], "b", 2, None),
        ([act("a"), act("b", "a"), back("a", "b"), back("a", "b")], "a", 0, None),
        ([act("a"), act("b", "a"), back("a", "b")], "b", 1, 2),
        # changed by hand
        ([act("a")], "z", None, 0),
        ([act("a"), act("b", "z")], "b", 1, None),
        ([act("a"), act("b", "z"), back("z", "b")], "z", None, None),
        # of another configuration
        ([act("a"), act("b", "a", config="d.toml")], "a", 0, None),
    ],
)
def test_what_a_log_says_of_a_configuration(
    acts: list[RegistryAct], setting: str | None, by: int | None, undone: int | None
) -> None:
    """A log tells by which act a model is in use, and whether its last act was ever done."""
    state = state_of(acts, "c.toml", setting)
    assert state.promoted == (None if by is None else acts[by])
    assert state.undone == (None if undone is None else acts[undone])


def test_one_command_at_a_time(tmp_path: Path) -> None:
    """While one command holds the registry, another is refused, and free to try again."""
    registry = tmp_path / "models"
    with (
        registry_lock(registry),
        pytest.raises(ModelError, match="another command is changing which model"),
        registry_lock(registry),
    ):
        pass
    with registry_lock(registry):
        assert registry.is_dir()


def test_a_registry_that_cannot_be_written(tmp_path: Path) -> None:
    """A log or a lock in the place of which something else lies is named."""
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(ModelError, match=r"file.*cannot be written"),
        registry_lock(tmp_path / "file"),
    ):
        pass
    (tmp_path / "person" / LOG).mkdir(parents=True)
    with pytest.raises(ModelError, match=r"log\.jsonl: cannot be written.*nothing was changed"):
        append_act(tmp_path, "person", act("a"))
