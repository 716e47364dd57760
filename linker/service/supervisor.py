"""The first process: starts workers on one address, replaces one that dies, ends all of them."""

from __future__ import annotations

import multiprocessing
import resource
import signal
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from types import FrameType
from typing import Final

import uvicorn
from uvicorn.config import STARTUP_FAILURE

LOOKS_EVERY: Final = 0.25
"""Seconds between two looks for a signal; a worker that dies is noticed at once."""
PAUSE: Final = 1.0
"""A worker that lived for less is replaced only after so long, lest it be started without end."""
ENDS_WITHIN: Final = 5.0
"""Seconds more than a worker gives itself to end; then it is ended by force."""
OPEN_FILES: Final = 16_384
"""A worker may have so many open if the system lets it: connections are files too."""
_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True)
class _Place:
    """Where a worker takes connections, and since when, in seconds of the monotonic clock."""

    listening: socket.socket
    since: float


class Supervisor:
    """The workers of a service."""

    def __init__(self, config: uvicorn.Config, listening: Sequence[socket.socket]) -> None:
        """Say what a worker is.

        Args:
            config: What each runs; ``workers`` of them.
            listening: One socket for each worker, or one that they share.
        """
        self._config, self._sockets = config, listening
        self._spawn = multiprocessing.get_context("spawn")
        self._workers: dict[SpawnProcess, _Place] = {}
        self._ending = False

    def run(self) -> bool:
        """Serve until a signal comes; return whether workers could be started at all."""
        with self._signals():
            try:
                for number in range(self._config.workers):
                    self._start(self._sockets[number % len(self._sockets)])
                while not self._ending:
                    wait([worker.sentinel for worker in self._workers], LOOKS_EVERY)
                    if not self._replace_the_dead():
                        return False
            finally:
                self._end()
        return True

    def _start(self, listening: socket.socket) -> None:
        worker = self._spawn.Process(target=work, args=(self._config, listening))
        worker.start()
        self._workers[worker] = _Place(listening, time.monotonic())

    def _replace_the_dead(self) -> bool:
        """Start a worker for each that died; return False where one could not start."""
        for worker, place in list(self._workers.items()):
            if worker.is_alive() or self._ending:
                continue
            del self._workers[worker]
            if worker.exitcode == STARTUP_FAILURE:
                return False
            if time.monotonic() - place.since < PAUSE:
                time.sleep(PAUSE)
            self._start(place.listening)
        return True

    def _end(self) -> None:
        for worker in self._workers:
            worker.terminate()
        graceful = self._config.timeout_graceful_shutdown or 0
        until = time.monotonic() + graceful + ENDS_WITHIN
        for worker in self._workers:
            worker.join(max(0.0, until - time.monotonic()))
            if worker.is_alive():
                worker.kill()
                worker.join()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def end(_number: int, _frame: FrameType | None) -> None:
            self._ending = True

        before = {number: signal.signal(number, end) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def work(config: uvicorn.Config, listening: socket.socket) -> None:
    """Be a worker, until a signal ends it."""
    config.configure_logging()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    with suppress(KeyboardInterrupt):  # which uvicorn raises again when it has ended well
        uvicorn.Server(config).run([listening])
