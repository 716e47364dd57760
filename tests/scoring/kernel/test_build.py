"""Compiled kernels are kept for the next process, and made anew where they cannot be."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import numba
import pytest

from linker.errors import LinkerError
from linker.scoring.kernel import build as building
from linker.scoring.kernel.build import CACHE_VARIABLE, build, cache_directory, digest

ROOT = Path(__file__).resolve().parents[3]
SOURCE = """
import numba

@numba.njit(cache=KEEP)
def answer(number):
    return 2 * number + {more}
"""
SCORING = """
import numpy as np
from linker.scoring.kernel.build import build
from linker.scoring.scorer import score_pairs, scorer_of
from tests.scoring.models import ORGANIZATIONS, weighed
from tests.scoring.people import organizations

levels = {of: levels for of, levels in ORGANIZATIONS[1].items() if of[0] == "tax_id"}
in_use = weighed(("organization", levels), 0)
packed = scorer_of(in_use).pack(organizations(20, 1))
left, right = (side.astype(np.int32) for side in np.triu_indices(20, 1))
print(score_pairs(packed, left, right).weight.sum())
module = packed.scorer.module
print(sum(module.score_runs.stats.cache_hits.values()), len(module.weigh.signatures))
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache directory of its own, and no module that this process has already."""
    before = dict(sys.modules)
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "deep" / "kernels"))
    yield tmp_path / "deep" / "kernels"
    for name in set(sys.modules) - set(before):
        if name.startswith("linker_kernel_"):
            del sys.modules[name]


def call(module: ModuleType) -> None:
    module.answer(1)


def forget(source: str) -> None:
    """What a new process does not have."""
    del sys.modules[f"linker_kernel_{digest(source)}"]


def files(directory: Path) -> dict[str, int]:
    """Every file and when it was written."""
    return {path.name: path.stat().st_mtime_ns for path in directory.rglob("*") if path.is_file()}


def test_a_module_is_compiled_once(cache: Path) -> None:
    """The first time code is written beside its source, the next time it is loaded."""
    source = SOURCE.format(more=1)
    first = build(source, call)
    assert first.answer(20) == 41
    written = files(cache)
    assert sorted(Path(name).suffix for name in written) == [".nbc", ".nbi", ".py"]
    assert build(source, call) is first
    forget(source)
    again = build(source, call)
    assert again is not first
    assert again.answer(20) == 41
    assert sum(again.answer.stats.cache_hits.values()) == 1
    assert files(cache) == written
    assert cache.stat().st_mode & 0o077 == 0  # no one else may put code there


def test_another_source_is_another_module(cache: Path) -> None:
    """Modules of different sources are kept side by side."""
    one, other = (build(SOURCE.format(more=more), call) for more in (2, 3))
    assert (one.answer(1), other.answer(1)) == (4, 5)
    assert len([name for name in files(cache) if name.endswith(".py")]) == 2


def test_a_digest_is_of_all_that_code_is_made_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """The source, the functions it calls, and the compiler; nothing else."""
    usual = digest("a")
    assert digest("a") == usual != digest("b")
    assert usual.isalnum()
    with monkeypatch.context() as changed:
        changed.setattr(building, "_functions", lambda: b"other functions")
        assert digest("a") != usual
    with monkeypatch.context() as changed:
        changed.setattr(numba, "__version__", "99.0")
        assert digest("a") != usual
    assert digest("a") == usual


def test_every_function_that_a_kernel_calls_is_in_the_digest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A changed byte in any of their files gives another digest."""
    read: list[str] = []
    usual = Path.read_bytes

    def noted(path: Path) -> bytes:
        read.append(path.name)
        return usual(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    building._functions.__wrapped__()
    folder = ROOT / "linker" / "scoring" / "functions"
    assert {path.name for path in folder.glob("*.py")} <= set(read)
    assert {"compiled.py", "drive.py"} <= set(read)


def test_a_new_directory_is_the_users_unless_one_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The variable names another place; an empty one names none."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    assert cache_directory() == tmp_path
    for unset in (
        lambda: monkeypatch.setenv(CACHE_VARIABLE, ""),
        lambda: monkeypatch.delenv(CACHE_VARIABLE),
    ):
        unset()
        assert cache_directory().name == "kernels"
        assert "linker" in cache_directory().parts


Block = Callable[[Path], Path]


def a_file(tmp_path: Path) -> Path:
    (tmp_path / "file").write_text("no directory")
    return tmp_path / "file"


def under_a_file(tmp_path: Path) -> Path:
    return a_file(tmp_path) / "kernels"


def nowhere(_: Path) -> Path:
    return Path("/proc/no/such/place")


@pytest.mark.parametrize("place", [a_file, under_a_file, nowhere])
def test_code_that_cannot_be_kept_is_compiled_all_the_same(
    cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: Block
) -> None:
    """A cache directory that cannot be made costs time, and nothing else."""
    monkeypatch.setenv(CACHE_VARIABLE, str(place(tmp_path)))
    source = SOURCE.format(more=4)
    module = build(source, call)
    assert module.answer(1) == 6
    assert build(source, call) is module
    assert not cache.exists()


def test_a_full_disk_leaves_nothing_behind(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a module is removed, and code is compiled for this process alone."""

    def full(_: Path, __: Path) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert build(SOURCE.format(more=5), call).answer(1) == 7
    assert files(cache) == {}


@pytest.mark.parametrize("damage", [b"", b"\0garbage", b"cut short"])
def test_a_damaged_file_of_code_is_made_anew(cache: Path, damage: bytes) -> None:
    """Kept code that cannot be read is compiled again, with the same answers."""
    source = SOURCE.format(more=6)
    build(source, call)
    kept = list(cache.rglob("*.nb?"))
    assert len(kept) == 2
    for path in kept:
        path.write_bytes(path.read_bytes()[:-9] if damage == b"cut short" else damage)
    for loaded in (0, 0, 1):  # the next process keeps it anew, and the one after it loads it
        forget(source)
        module = build(source, call)
        assert module.answer(1) == 8
        assert sum(module.answer.stats.cache_hits.values()) == loaded


@pytest.mark.parametrize("damage", ["", "def answer(number):\n", "1 / 0\n", "raise OSError\n"])
def test_a_damaged_source_is_made_anew(cache: Path, damage: str) -> None:
    """A kept source that is not what it was does not decide what runs."""
    source = SOURCE.format(more=7)
    build(source, call)
    for path in cache.glob("*.py"):
        path.write_text(damage, encoding="utf-8")
    forget(source)
    assert build(source, call).answer(1) == 9


def test_what_does_not_compile_is_a_defect_in_one_line(cache: Path) -> None:
    """A kernel that the compiler refuses is told of, and not left among the modules."""
    source = SOURCE.format(more="'text'")
    with pytest.raises(LinkerError, match="a defect of linker") as caught:
        build(source, call)
    assert "\n" not in str(caught.value)
    assert f"linker_kernel_{digest(source)}" not in sys.modules
    assert cache.exists()


def score_apart(directory: str) -> list[str]:
    """Score in a process of its own.

    Returns:
        The sum of weights, how many functions were loaded, and for how many types of arguments
        pairs were compiled.
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCORING],
        cwd=ROOT,
        env={**os.environ, CACHE_VARIABLE: directory, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_the_next_process_loads_the_kernel(tmp_path: Path) -> None:
    """It writes no code, and its weights are the same to the last bit; so are those of no cache.

    The largest function of a kernel is compiled once: twice would take twice as long.
    """
    weights, *told = score_apart(str(tmp_path))
    assert told == ["0", "1"]
    written = files(tmp_path)
    assert any(name.endswith(".nbc") for name in written)
    assert score_apart(str(tmp_path)) == [weights, "1", "0"]
    assert files(tmp_path) == written
    assert score_apart("/proc/no/such/place") == [weights, "0", "1"]
