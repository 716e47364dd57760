"""Versions of a registry while their models are made."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from linker.errors import ModelError
from linker.training.registry import claimed_version

HOLD = """
import sys
from pathlib import Path
from linker.training.registry import claimed_version
with claimed_version(Path(sys.argv[1]), "person") as version:
    print(version, flush=True)
    sys.stdin.read()
"""


def test_two_trainings_at_once_make_two_versions(tmp_path: Path) -> None:
    """Each holds a number of its own, from before its first line until its model is written."""
    with claimed_version(tmp_path, "person") as first, claimed_version(tmp_path, "person") as next_:
        assert (first, next_) == ("1", "2")
        with claimed_version(tmp_path, "organization") as other:
            assert other == "1"
    with claimed_version(tmp_path, "person") as again:
        assert again == "1"
    assert not list(tmp_path.glob("*/.*"))


def test_a_named_version_is_made_by_one_training(tmp_path: Path) -> None:
    """Who names the version that another training makes is told so before any work is done."""
    with (
        claimed_version(tmp_path, "person", "autumn"),
        pytest.raises(ModelError, match="autumn: it is being made; name another"),
        claimed_version(tmp_path, "person", "autumn"),
    ):
        pass


def test_a_version_that_was_written_meanwhile_is_passed_over(tmp_path: Path) -> None:
    """A named version that exists is refused, and the next number is above it."""
    (tmp_path / "person" / "1").mkdir(parents=True)
    with (
        pytest.raises(ModelError, match="this version exists; name another"),
        claimed_version(tmp_path, "person", "1"),
    ):
        pass
    with claimed_version(tmp_path, "person") as version:
        assert version == "2"


def test_a_killed_training_holds_no_version(tmp_path: Path) -> None:
    """The number of a training that was killed is free again, though its mark is still there."""
    words = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "1\n"
        with claimed_version(tmp_path, "person") as meanwhile:
            assert meanwhile == "2"
        holder.kill()
    assert (tmp_path / "person" / ".1.claim").exists()
    with claimed_version(tmp_path, "person") as version:
        assert version == "1"


def test_a_training_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """A registry that was made for it is gone again; one that was there stays."""
    for registry in (tmp_path / "new", tmp_path):
        with suppress(ModelError), claimed_version(registry, "person"):
            raise ModelError("too few records")
        assert list(tmp_path.iterdir()) == []


def test_a_registry_that_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    """The error comes before an hour of training, and names the directory."""
    (tmp_path / "person").write_text("")
    with (
        pytest.raises(ModelError, match="person: cannot be written"),
        claimed_version(tmp_path, "person"),
    ):
        pass
