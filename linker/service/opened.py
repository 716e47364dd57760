"""What a worker holds open while it serves: a desk, the log, who may ask, threads, counts."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from linker.access import Gatekeeper, Identity, Refusal
from linker.audit import AuditLog, Event, open_audit
from linker.config import Config
from linker.errors import AuditError, LinkerError
from linker.lookup.answer import Alert
from linker.lookup.desk import Desks
from linker.service.door.logs import log, log_error
from linker.service.door.metrics import Metrics
from linker.service.door.rates import Rates
from linker.service.handed import RATES, TURN
from linker.service.remembering import Remembering

T = TypeVar("T")

THINKING: Final = 4
"""Threads that look things up: kernels run without the interpreter's lock, the rest takes turns."""
READING: Final = 4
"""Threads that read the log, for owners and auditors."""
IDENTIFYING: Final = 4
ALERT_PACE: Final = 0.05
"""Seconds between two alerts: each takes the log for a moment, which many in a row would tell."""
ALERT_PAUSES: Final = (0.5, 2.0, 5.0, 10.0)
"""Where owners cannot be told, it is tried again after so many seconds."""
DENIALS_PER_MINUTE: Final = 30
"""Of one address so many refused tokens are written down; a flood would fill the disk."""
CHECKED_SECONDS: Final = 1.0
"""Whether the log can be written is tried no more often than so."""


@dataclass
class Opened:
    """What the requests of one worker share.

    Attributes:
        config: Holds the bounds.
        desks: Of the published generation.
        gatekeeper: Knows the tokens.
        audit: The log, to be read.
        remembering: The log, to be written.
        rates: How often each asker came.
        denials: How often each address brought a token that is not in force.
        metrics: What is counted.
    """

    config: Config
    desks: Desks
    gatekeeper: Gatekeeper
    audit: AuditLog
    remembering: Remembering
    rates: Rates
    denials: Rates
    metrics: Metrics
    _thinking: ThreadPoolExecutor
    _reading: ThreadPoolExecutor
    _identifying: ThreadPoolExecutor
    _bulks: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(THINKING // 2))
    _alerts: deque[tuple[Event, Sequence[Alert]]] = field(default_factory=deque)
    _alerting: asyncio.Task[None] | None = None
    _finishing: asyncio.Event = field(default_factory=asyncio.Event)
    _checked: tuple[float, bool] = (float("-inf"), False)
    _checking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def think(self, work: Callable[[], T]) -> T:
        """Do work of the processor in a thread, so that the loop goes on."""
        return await asyncio.get_running_loop().run_in_executor(self._thinking, work)

    async def think_in_bulk(self, work: Callable[[], T]) -> T:
        """Do one part of much work: all such parts together leave threads to single questions."""
        async with self._bulks:
            return await self.think(work)

    async def read(self, work: Callable[[], T]) -> T:
        """Do what reads the log in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, work)

    async def identify(self, bearer: str, client: str | None) -> Identity:
        """Return whose a token is; write down that one was refused.

        Args:
            bearer: The token.
            client: The address it came from.

        Raises:
            AccessError: It is unknown, expired or withdrawn.
            AuditError: The tokens cannot be read, or the log not be written.
        """
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._identifying, self.gatekeeper.identify, bearer)
        except Refusal as refusal:
            if not self.denials.wait(f"denied {client}", time.monotonic()):
                denied = Event("denied", client=client, detail=f"token: {refusal.reason}")
                await self.remembering.record([denied])
            raise

    def alert_soon(self, asked: Event, met: Sequence[Alert]) -> None:
        """Tell the owners of silent investigations, in a moment and one after the other.

        Nobody waits for it, so that no answer takes longer for it, nor does a later one by more
        than one short write.
        """
        if met:
            self._alerts.append((asked, met))
        if self._alerts and self._alerting is None:
            self._alerting = asyncio.get_running_loop().create_task(self._alert())

    async def finish(self) -> None:
        """Wait until every owner is told."""
        self._finishing.set()
        if self._alerting is not None:
            await self._alerting

    async def is_writable(self) -> bool:
        """Tell whether the log can be written, as of a moment ago at most."""
        async with self._checking:
            at, found = self._checked
            if time.monotonic() - at > CHECKED_SECONDS:
                found = await self.remembering.do(self._try_the_log)
                self._checked = time.monotonic(), found
            return found

    async def refresh(self) -> None:
        """Open what was published since; where that fails the old one goes on answering."""
        try:
            is_new = await asyncio.get_running_loop().run_in_executor(None, self.desks.refresh)
        except Exception as error:  # noqa: BLE001 - the old generation must go on whatever it is
            log_error("the newly published generation cannot be opened", error)
            self.metrics.reloaded("failed")
            return
        if is_new:
            number = self.desks.current.generation.number
            log("reloaded", generation=number)
            self.metrics.reloaded("opened")
            self.metrics.generation(number)

    def close(self) -> None:
        """Let go of everything, when nobody is answered any more."""
        for pool in (self._thinking, self._reading, self._identifying):
            pool.shutdown(wait=False, cancel_futures=True)
        self.remembering.close()
        self.rates.close()
        self.denials.close()
        self.audit.close()

    async def _alert(self) -> None:
        while self._alerts:
            asked, met = self._alerts.popleft()
            await self._alert_of(asked, met)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._finishing.wait(), ALERT_PACE)
        self._alerting = None

    async def _alert_of(self, asked: Event, met: Sequence[Alert]) -> None:
        for pause in ALERT_PAUSES:
            try:
                await self.remembering.do(lambda: self.audit.raise_alerts(asked, met))
            except LinkerError as error:
                log_error("an owner could not be told of a meeting yet", error)
                await asyncio.sleep(pause)
            else:
                return
        log("owners were not told of meetings", alerts=len(met))

    def _try_the_log(self) -> bool:
        try:
            with self.audit.transaction():
                return True
        except AuditError as error:
            log_error("the audit log cannot be written", error)
            return False


def open_service(config: Config, shared: Path) -> Opened:
    """Open what a worker needs.

    Args:
        config: Names the store and the log, and holds the bounds.
        shared: The directory that workers share.

    Raises:
        StoreError: Nothing has been published yet, or it cannot be read.
        ModelError: The published model is damaged.
        AuditError: The log cannot be opened.
        ConfigError: The log or the identity provider cannot be used as configured.
    """
    bounds = config.service
    audit = open_audit(config)
    try:
        desks = Desks(config)
        gatekeeper = Gatekeeper(config, audit)
    except BaseException:
        audit.close()
        raise
    metrics = Metrics()
    metrics.generation(desks.current.generation.number)
    return Opened(
        config=config,
        desks=desks,
        gatekeeper=gatekeeper,
        audit=audit,
        remembering=Remembering(audit, shared / TURN),
        rates=Rates(shared / RATES, per_minute=bounds.requests_per_minute, burst=bounds.burst),
        denials=Rates(shared / RATES, per_minute=DENIALS_PER_MINUTE, burst=DENIALS_PER_MINUTE),
        metrics=metrics,
        _thinking=ThreadPoolExecutor(THINKING, thread_name_prefix="think"),
        _reading=ThreadPoolExecutor(READING, thread_name_prefix="read"),
        _identifying=ThreadPoolExecutor(IDENTIFYING, thread_name_prefix="identify"),
    )
