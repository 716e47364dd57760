"""Compiled kernels are kept for the next process, and made anew where they cannot be."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType

import numba
import pytest

from linker.errors import LinkerError
from linker.scoring.kernel import build as building
from linker.scoring.kernel.build import CACHE_VARIABLE, build, cache_directory, digest
from linker.scoring.kernel.shared import alone

ROOT = Path(__file__).resolve().parents[3]
COPY = "linker_functions_"
SOURCE = """
import numba

@numba.njit(cache=KEEP)
def answer(number):
    return 2 * number + {more}
"""
CALLING = """
import numba

@numba.njit(cache=KEEP)
def answer(number):
    return near(number, 40, 2) + {more}
"""
ASKING = """
import sys
from linker.scoring.kernel.build import build

number = int(sys.argv[2])
module = build(sys.argv[1], lambda module: module.answer(number))
print(module.answer(number), sum(module.answer.stats.cache_hits.values()))
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
    """A cache directory of its own, and no copy of functions that this process has already."""
    before = dict(sys.modules)
    for name in [name for name in sys.modules if name.startswith(COPY)]:
        del sys.modules[name]
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "deep" / "kernels"))
    yield tmp_path / "deep" / "kernels"
    for name in [name for name in sys.modules if name.startswith(("linker_kernel_", COPY))]:
        del sys.modules[name]
    sys.modules.update({name: before[name] for name in before if name not in sys.modules})


def call(module: ModuleType) -> None:
    module.answer(1)


def forget(source: str) -> None:
    """What a new process does not have."""
    del sys.modules[f"linker_kernel_{digest(source)}"]


def files(directory: Path) -> dict[str, int]:
    """Every file of a kernel and when it was written."""
    return {
        path.name: path.stat().st_mtime_ns
        for path in directory.rglob("*linker_kernel_*")
        if path.is_file()
    }


def copied(directory: Path) -> list[Path]:
    """The machine code of functions that kernels call."""
    return sorted(directory.glob(f"{COPY}*/__pycache__/*.nb?"))


def new_process() -> None:
    """What a new process does not have."""
    for name in [name for name in sys.modules if name.startswith(("linker_kernel_", COPY))]:
        del sys.modules[name]


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


def process_that_answers(
    source: str, number: int, settings: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    """A process that tells the answer to a number, and how many functions it has loaded."""
    words = [sys.executable, "-W", "error", "-c", ASKING, source, str(number)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **(settings or {})}
    return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True)


def answer_apart(source: str, number: int, settings: Mapping[str, str]) -> str:
    return process_that_answers(source, number, settings).communicate()[0].strip()


def test_what_kernels_call_is_compiled_once(cache: Path) -> None:
    """The second kernel loads the functions that the first one called; who loads one has none."""
    assert build(CALLING.format(more=1), call).answer(41) == 2
    first = {path: path.stat().st_mtime_ns for path in copied(cache)}
    assert any("near" in path.name for path in first)
    new_process()
    module = build(CALLING.format(more=2), call)
    assert module.answer(41) == 3
    assert sum(module.near.stats.cache_hits.values()) == 1
    assert {path: path.stat().st_mtime_ns for path in copied(cache)} == first
    new_process()
    module = build(CALLING.format(more=2), call)
    assert module.answer(41) == 3
    assert not hasattr(module, "near")


def test_code_kept_by_another_machine_is_compiled_anew(cache: Path) -> None:
    """Where the directory is shared with a machine of another kind, each finds its own code."""
    source = CALLING.format(more=3)
    told = [
        answer_apart(source, 41, {"NUMBA_CPU_NAME": kind} if kind else {})
        for kind in ("", "generic", "", "generic")
    ]
    assert told == ["4 0", "4 0", "4 1", "4 1"]
    assert cache.exists()


@pytest.mark.parametrize("damage", [b"", b"\0garbage", b"cut short"])
def test_damaged_functions_are_made_anew(cache: Path, damage: bytes) -> None:
    """Where what is kept of the functions cannot be read the answers are the same."""
    build(CALLING.format(more=4), call)
    for path in copied(cache):
        path.write_bytes(path.read_bytes()[:-9] if damage == b"cut short" else damage)
    for more in (5, 6, 7):
        new_process()
        assert build(CALLING.format(more=more), call).answer(41) == more + 1
    new_process()
    module = build(CALLING.format(more=8), call)
    assert sum(module.near.stats.cache_hits.values()) == 1


@pytest.mark.parametrize("damage", ["", "1 / 0\n", "raise OSError\n", "def near(a, b, c):\n"])
def test_damaged_sources_of_functions_are_made_anew(cache: Path, damage: str) -> None:
    """A copy of a function that is not what it was does not decide what runs."""
    build(CALLING.format(more=9), call)
    for path in cache.glob(f"{COPY}*/*.py"):
        path.write_text(damage, encoding="utf-8")
    new_process()
    assert build(CALLING.format(more=10), call).answer(41) == 11


def test_kernels_that_processes_compile_at_once(cache: Path) -> None:
    """All of them are right, and so is what is kept of them."""
    source = CALLING.replace("40, 2", "40, {at_most}")
    asked = [(source.format(at_most=most, more=0), of) for most in (2, 2.5) for of in (41, 43)]
    for _ in range(2):
        running = [process_that_answers(*question) for question in asked]
        told = [process.communicate()[0].split()[0] for process in running]
        assert told == ["1", "0", "1", "0"]
    assert copied(cache)


def test_who_compiles_waits_and_who_loads_does_not(cache: Path) -> None:
    """The compiler's index of what it keeps has no place for two writers; readers are welcome."""
    kept, other = CALLING.format(more=11), CALLING.format(more=12)
    build(kept, call)
    new_process()
    built: list[ModuleType] = []
    with alone(cache):
        assert build(kept, call).answer(41) == 12
        waiting = threading.Thread(target=lambda: built.append(build(other, call)), daemon=True)
        waiting.start()
        waiting.join(3)
        assert waiting.is_alive()
        assert not list(cache.rglob(f"linker_kernel_{digest(other)}*.nb?"))
    waiting.join()
    assert built[0].answer(41) == 13


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
