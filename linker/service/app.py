"""What a worker runs: opens the service, answers, follows what is published, closes."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path

from starlette.types import Receive, Scope, Send

from linker.config import Config, load_config
from linker.service.door.front import Front
from linker.service.door.logs import log, log_error
from linker.service.handed import CONFIG_VARIABLE, SHARED_VARIABLE
from linker.service.opened import Opened, open_service


class Worker:
    """The ASGI application of one worker."""

    def __init__(self, config: Config, shared: Path) -> None:
        """Say what to serve; nothing is opened before the server starts it.

        Args:
            config: Names the store and the log, and holds the bounds.
            shared: The directory that workers share.
        """
        self._config, self._shared = config, shared
        self._front: Front | None = None
        self._parent = os.getppid()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or live from the start of the server to its end."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and self._front is not None:
            await self._front(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        loop = asyncio.get_running_loop()
        try:
            opened = await loop.run_in_executor(None, open_service, self._config, self._shared)
            self._front = _front(opened)
        except Exception as error:  # noqa: BLE001 - told in one line; the server ends the worker
            log_error("the service cannot start", error)
            await send({"type": "lifespan.startup.failed"})
            return
        following = loop.create_task(self._follow(opened))
        number = opened.desks.current.generation.number
        log("ready", process=os.getpid(), generation=number)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        await opened.finish()
        opened.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _follow(self, opened: Opened) -> None:
        """Look for what is published, and whether the process that started this one still lives."""
        while True:
            await asyncio.sleep(self._config.service.reload_seconds)
            await opened.refresh()
            if os.getppid() != self._parent:
                log("the service's first process is gone; this worker ends")
                shutil.rmtree(self._shared, ignore_errors=True)  # as that one would have
                signal.raise_signal(signal.SIGTERM)
                return


def create() -> Worker:
    """Return the application of a worker that was started by `linker.service.server`.

    Raises:
        ConfigError: The configuration cannot be used.
    """
    config = load_config(Path(os.environ[CONFIG_VARIABLE]))
    return Worker(config, Path(os.environ[SHARED_VARIABLE]))


def _front(opened: Opened) -> Front:
    from linker.service.api import make_api
    from linker.service.pages.door import DoorOfPages

    return Front(make_api(opened), opened, DoorOfPages(opened.config))
