"""Functions compiled once: kept beside their module, and compiled anew where they cannot be."""

from __future__ import annotations

import importlib.util
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from linker import compiled as compiling
from linker.compiled import interruptions_waiting, thread_count

SOURCE = '''
import numba
from linker.compiled import compiled, compiled_once

@compiled
def double(number):
    return 2 * number

@compiled_once
def doubled(numbers):
    """Say so."""
    for place in range(len(numbers)):
        numbers[place] = double(numbers[place])
    return 1.0 / (numbers[0] - 2)
'''


def imported(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("doubling", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "doubling.py").write_text(SOURCE, encoding="utf-8")
    return tmp_path / "doubling.py"


def answer(module: ModuleType) -> list[int]:
    numbers = np.array([4, 5])
    assert module.doubled(numbers) == pytest.approx(1 / 6)
    return [int(number) for number in numbers]


def kept(path: Path) -> list[Path]:
    return sorted(path.parent.rglob("*.nb?"))


def test_a_function_is_kept_beside_its_module(path: Path) -> None:
    """The next process writes nothing, and the answers are the same."""
    assert answer(imported(path)) == [8, 10]
    assert [file.suffix for file in kept(path)] == [".nbc", ".nbi"]
    before = [file.stat().st_mtime_ns for file in kept(path)]
    assert answer(imported(path)) == [8, 10]
    assert [file.stat().st_mtime_ns for file in kept(path)] == before


def test_a_division_by_zero_is_no_exception(path: Path) -> None:
    """It is infinity, as in numpy."""
    assert imported(path).doubled(np.array([1])) == np.inf


def test_a_function_keeps_its_name_and_its_words(path: Path) -> None:
    """Whoever reads its help reads what its author wrote."""
    doubled = imported(path).doubled
    assert (doubled.__name__, doubled.__doc__) == ("doubled", "Say so.")


@pytest.mark.parametrize("cut", [0, 5, 60, -1])
def test_damaged_code_is_compiled_anew(path: Path, cut: int) -> None:
    """Files that a lost machine left half written cost time, and change each argument once."""
    assert answer(imported(path)) == [8, 10]
    for file in kept(path):
        file.write_bytes(file.read_bytes()[:cut])
    assert answer(imported(path)) == [8, 10]


def test_a_full_disk_costs_time_only(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be written is compiled for this process."""

    def full(*_: Any, **__: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("numba.core.caching._Cache.save_overload", full, raising=False)
    monkeypatch.setattr("numba.core.caching.IndexDataCacheFile.save", full)
    module = imported(path)
    assert answer(module) == [8, 10]
    assert answer(module) == [8, 10]
    assert kept(path) == []


def test_where_there_is_no_place_to_keep_code(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A read-only installation compiles in each process."""
    usual: Callable[..., Any] = compiling.numba.njit

    def refusing(*arguments: Any, **options: Any) -> Any:
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return usual(*arguments, **options)

    monkeypatch.setattr(compiling.numba, "njit", refusing)
    assert answer(imported(path)) == [8, 10]
    assert kept(path) == []


def test_an_error_of_the_caller_is_seen(path: Path) -> None:
    """Arguments that the function does not take are refused, not hidden."""
    with pytest.raises(TypeError, match="not enough arguments"):
        imported(path).doubled()


def test_an_interruption_waits_until_something_is_compiled() -> None:
    """Ctrl-C while the compiler works ends what runs when it is done, and is never lost."""
    done = []
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - the interruption comes at the end
        with interruptions_waiting():
            signal.raise_signal(signal.SIGINT)
            done.append("compiled")
        done.append("went on")
    assert done == ["compiled"]
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_an_error_of_the_compiler_is_no_interruption() -> None:
    """What goes wrong meanwhile is what is told, and Ctrl-C works as before."""
    usual = signal.getsignal(signal.SIGINT)
    with pytest.raises(ValueError, match="odd"), interruptions_waiting():
        raise ValueError("odd")
    assert signal.getsignal(signal.SIGINT) is usual


def test_only_the_main_thread_holds_interruptions_back() -> None:
    """Signals are Python's main thread's; another one compiles as it is."""
    failed: list[BaseException] = []

    def compile_something() -> None:
        try:
            with interruptions_waiting():
                pass
        except ValueError as error:
            failed.append(error)

    thread = threading.Thread(target=compile_something)
    thread.start()
    thread.join()
    assert failed == []


def test_as_many_threads_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a wish, one for each processor that this process may use."""
    assert thread_count(3) == 3
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 4, 7}, raising=False)
    assert thread_count(0) == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert thread_count(0) == 1
