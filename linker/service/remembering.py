"""Writing into the log from many requests and several workers at once.

What the requests of a worker want written while it writes goes together in the next transaction,
in one thread. Workers take turns by a lock on a file, which wakes the next one at once; a database
that is asked again and again whether it is free would keep everybody waiting.
"""

from __future__ import annotations

import asyncio
import fcntl
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

from linker.audit import AuditLog, Event

T = TypeVar("T")

TOGETHER: Final = 256
"""So many events at most go in one transaction."""


class Remembering:
    """The log, as the requests of one worker write it."""

    def __init__(self, audit: AuditLog, turn: Path) -> None:
        """Begin with nothing to write.

        Args:
            audit: The log.
            turn: The file whose lock says which worker writes.
        """
        self._audit = audit
        self._turn = turn.open("ab")
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="remember")
        self._waiting: deque[tuple[Sequence[Event], asyncio.Future[None]]] = deque()
        self._writing: asyncio.Task[None] | None = None

    async def record(self, events: Sequence[Event]) -> None:
        """Write events down; they are on the disk when this returns.

        Raises:
            AuditError: They could not be written.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._waiting.append((events, done))
        if self._writing is None:
            self._writing = loop.create_task(self._write())
        await done

    async def do(self, work: Callable[[], T]) -> T:
        """Do something else with the log when it is this worker's turn.

        Raises:
            AuditError: It could not be done.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._in_turn, work)

    def close(self) -> None:
        """Let go of the thread and the file, when nothing is written any more."""
        self._thread.shutdown(wait=True)
        self._turn.close()

    async def _write(self) -> None:
        while self._waiting:
            taken = [self._waiting.popleft()]
            number = len(taken[0][0])
            while self._waiting and number + len(self._waiting[0][0]) <= TOGETHER:
                taken.append(self._waiting.popleft())
                number += len(taken[-1][0])
            events = [event for some, _ in taken for event in some]
            error = await self._written(events)
            for _, done in taken:
                if done.done():  # whoever waited for it has given up
                    continue
                if error is None:
                    done.set_result(None)
                else:
                    done.set_exception(error)
        self._writing = None

    async def _written(self, events: Sequence[Event]) -> Exception | None:
        """Write events, and return what went wrong: it is for those who wait for them."""
        try:
            await self.do(lambda: self._audit.record_many(events))
        except Exception as error:  # noqa: BLE001 - handed on
            return error
        return None

    def _in_turn(self, work: Callable[[], T]) -> T:
        fcntl.flock(self._turn, fcntl.LOCK_EX)
        try:
            return work()
        finally:
            fcntl.flock(self._turn, fcntl.LOCK_UN)
