"""Processes that work through chunks, one a core, and never outlive the run that started them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Final, ParamSpec, Self, TypeVar

from linker.compiled import thread_count
from linker.errors import LinkerError

MOST: Final = 4
"""Processes at most: each holds a chunk in memory."""
_SPAWN: Final = multiprocessing.get_context("spawn")

P = ParamSpec("P")
T = TypeVar("T")


class Workers:
    """A pool of processes, started with the first task and ended with the block.

    Every process waits for the end of a pipe that only this one holds open: however this one ends,
    by a signal that cannot be caught or by an error, the others end with it.
    """

    def __init__(self, count: int | None = None) -> None:
        """Prepare for `count` processes; one a core, `MOST` at most, unless given."""
        self.count = count if count is not None else min(MOST, thread_count(0))
        self._pool: ProcessPoolExecutor | None = None
        self._held: Connection | None = None

    def __enter__(self) -> Self:
        """Start nothing yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the processes; after an error at once, whatever they are at."""
        if self._pool is None or self._held is None:
            return
        if kind is not None:
            self._held.close()
        self._pool.shutdown(cancel_futures=True)
        self._held.close()
        self._pool = None

    def submit(self, task: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a task done by one of the processes, or here if there are to be none.

        Args:
            task: A function of a module; it, its arguments and what it returns are pickled.
            *args: Its arguments.
            **kwargs: Its arguments.
        """
        if self.count < 2:  # noqa: PLR2004 - one process is this one
            return done_here(task, *args, **kwargs)
        if self._pool is None:
            watched, self._held = _SPAWN.Pipe(duplex=False)
            self._pool = ProcessPoolExecutor(
                self.count, mp_context=_SPAWN, initializer=_begin, initargs=(watched,)
            )
        # an interruption is for this process to deal with: the others are to have it blocked
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return self._pool.submit(task, *args, **kwargs)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def done_here(task: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
    """Do a task at once, in this process, and return its result as one of the others would."""
    future: Future[T] = Future()
    try:
        future.set_result(task(*args, **kwargs))
    except Exception as error:  # noqa: BLE001 - raised where the result is asked for
        future.set_exception(error)
    return future


def result_of(future: Future[T]) -> T:
    """Return the result of a task, once it is done.

    Raises:
        LinkerError: The process that worked on it ended.
    """
    try:
        return future.result()
    except BrokenProcessPool:
        raise LinkerError(
            "a process that standardises sources ended before its work was done; "
            "is there enough memory?"
        ) from None


def _begin(watched: Connection) -> None:
    """Prepare a process of the pool: it shares the cores with others, and ends with its parent."""
    os.environ["POLARS_MAX_THREADS"] = "1"
    threading.Thread(target=_end_with_parent, args=(watched,), daemon=True).start()


def _end_with_parent(watched: Connection) -> None:
    watched.poll(None)
    os._exit(1)
