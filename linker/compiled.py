"""Compiling functions over arrays to machine code, without the interpreter's lock."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Final, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])

OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
"""How everything is compiled: threads run side by side, a division by zero is no exception."""
KEPT_PACKAGES: Final = "linker_functions_"
"""How the names of packages begin that never change, so that what is kept of them stays good."""


def compiled(function: F) -> F:
    """Compile a function that other compiled functions call; it is compiled into each of them.

    Its machine code is kept where its package is a copy that never changes
    (`linker.scoring.kernel.shared`).
    """
    keep = function.__module__.startswith(KEPT_PACKAGES)
    return cast("F", numba.njit(cache=keep, **OPTIONS)(function))


def compiled_once(function: F) -> F:
    """Compile a function that Python calls, and keep the machine code beside its module.

    Kept code is renewed when the function's own file changes and only then, so the function may
    call compiled functions of its own module alone. Where nothing can be kept (a read-only
    installation, a full disk), or what was kept is damaged, it is compiled anew in each process.
    """
    try:
        kept = numba.njit(cache=True, **OPTIONS)(function)
    except RuntimeError:  # no place to keep it
        return compiled(function)
    ready: list[Any] = []

    @wraps(function)
    def call(*arguments: Any) -> Any:  # noqa: ANN401 - whatever the function takes and gives
        if ready:
            return ready[0](*arguments)
        with interruptions_waiting():
            try:
                found = kept(*arguments)
                ready.append(kept)
            except Exception:  # noqa: BLE001 - damage of any kind; the function's own comes again
                ready.append(compiled(function))
                found = ready[0](*arguments)
        return found

    return cast("F", call)


@contextmanager
def interruptions_waiting() -> Iterator[None]:
    """Let Ctrl-C wait until something is compiled; it would be lost in the compiler's callbacks."""
    usual = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(usual):
        yield
        return
    came: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
    if came:
        signal.raise_signal(signal.SIGINT)


def thread_count(asked: int) -> int:
    """Return how many threads to use: as many as asked, or one a processor we may use if 0."""
    if asked:
        return asked
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
