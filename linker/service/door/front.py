"""The door: every request passes it before any route, and every answer on its way out.

In this order: who asks (401), how often (429), the body (413, 415, 408), room (503), the route
within its time (503), the step of time at which the answer leaves, what is counted and logged.
Whoever is not known takes no room; whoever stalls is let go of; nothing that a request holds ends
in anything but an answer of one form.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

from linker.access import Identity
from linker.errors import AccessError, LinkerError
from linker.service.door.logs import log, log_error
from linker.service.door.outgoing import Outgoing
from linker.service.door.padding import leaves_at
from linker.service.door.reading import GoneError, read_body, replayed
from linker.service.door.visit import Visit, begin, route_of
from linker.service.opened import Opened
from linker.service.problems import Problem, busy, defect, problem_of

SMALL: Final = 16_384
"""Bytes of a form, which a person fills in."""
SHARE: Final = 2
"""One asker takes at most one part of so many of a worker's room."""


class Pages(Protocol):
    """What the door asks the pages."""

    def bearer(self, visit: Visit) -> str | None:
        """Return the token that a browser brings."""

    def is_open(self, visit: Visit) -> bool:
        """Tell whether a page is for everybody."""

    def problem(self, visit: Visit, problem: Problem) -> Outgoing:
        """Return a problem as a page, or as the way to the page where one signs in."""


class Front:
    """An ASGI application around another one."""

    def __init__(self, app: ASGIApp, opened: Opened, pages: Pages) -> None:
        """Stand before an application.

        Args:
            app: What has the routes.
            opened: What the worker holds open, and its bounds.
            pages: Tells who a browser is, and how a problem looks there.
        """
        self._app, self._opened, self._pages = app, opened, pages
        self._bounds = opened.config.service
        self._at_work = 0
        self._of_asker: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        loop = asyncio.get_running_loop()
        visit = begin(scope, loop.time())
        try:
            answer = await self._answered(scope, receive, visit)
        except GoneError:
            return
        if visit.is_asked:
            step = self._bounds.answer_milliseconds / 1000
            await asyncio.sleep(leaves_at(visit.arrived, loop.time(), step) - loop.time())
        self._note(visit, route_of(scope), answer.status, loop.time() - visit.arrived)
        await answer.leave(send)

    async def _answered(self, scope: Scope, receive: Receive, visit: Visit) -> Outgoing:
        """Return an answer, whatever happens."""
        try:
            async with asyncio.timeout(self._bounds.request_seconds):
                return await self._pass(scope, receive, visit)
        except TimeoutError:
            if not visit.is_read:
                problem = Problem(408, "slow", "the request was not whole in time")
            else:
                problem = busy("the answer was not ready in time; ask for less, or again")
        except Problem as refused:
            problem = refused
        except LinkerError as error:
            problem = problem_of(error)
            if problem.status >= 500:  # noqa: PLR2004 - what its operator must know of
                log_error("not answered", error, request=visit.request_id, route=route_of(scope))
        except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001 - panics below Python too end here
            problem = defect()
            log_error("defect", error, request=visit.request_id, route=route_of(scope))
        return self._refusal(visit, problem)

    async def _pass(self, scope: Scope, receive: Receive, visit: Visit) -> Outgoing:
        if visit.is_open:
            return await self._work(scope, receive)
        visit.identity = await self._identify(visit)
        asker = visit.identity.who.subject if visit.identity else None
        if asker is None:  # a page for everybody
            body = await read_body(receive, visit, SMALL)
            with self._room():
                return await self._work(scope, replayed(body, receive))
        with self._share_of(asker):
            most = SMALL if visit.is_page else self._bounds.max_body_bytes
            body = await read_body(receive, visit, most)
            with self._room():
                visit.is_asked = True
                return await self._work(scope, replayed(body, receive))

    async def _identify(self, visit: Visit) -> Identity | None:
        """Return who asks; None where a page is for everybody."""
        for_everybody = visit.is_page and self._pages.is_open(visit)
        bearer = self._pages.bearer(visit) if visit.is_page else _bearer(visit)
        if bearer is None:
            if for_everybody:
                return None
            raise no_token("a token is needed: Authorization: Bearer TOKEN")
        try:
            return await self._opened.identify(bearer, visit.client)
        except AccessError as error:
            if for_everybody:
                return None
            raise no_token(str(error)) from None

    @contextmanager
    def _share_of(self, asker: str) -> Iterator[None]:
        """Count a request of an asker, who must neither come too often nor take all the room."""
        seconds = self._opened.rates.wait(asker, time.monotonic())
        most = max(1, self._bounds.concurrent_requests // SHARE)
        if seconds or self._of_asker[asker] >= most:
            detail = f"this asker has come too often; come again in {math.ceil(seconds) or 1} s"
            raise Problem(429, "too-many", detail, {"retry-after": str(math.ceil(seconds) or 1)})
        self._of_asker[asker] += 1
        try:
            yield
        finally:
            self._of_asker[asker] -= 1
            if not self._of_asker[asker]:
                del self._of_asker[asker]

    @contextmanager
    def _room(self) -> Iterator[None]:
        """Take one of the places at which a worker works."""
        if self._at_work >= self._bounds.concurrent_requests:
            raise busy("the service is at work for others; come again in a moment")
        self._at_work += 1
        self._opened.metrics.in_flight(self._at_work)
        try:
            yield
        finally:
            self._at_work -= 1
            self._opened.metrics.in_flight(self._at_work)

    async def _work(self, scope: Scope, receive: Receive) -> Outgoing:
        answer = Outgoing()
        await self._app(scope, receive, answer.take)
        return answer

    def _refusal(self, visit: Visit, problem: Problem) -> Outgoing:
        if visit.is_page:
            answer = self._pages.problem(visit, problem)
        else:
            answer = Outgoing.of_problem(problem, visit.request_id)
        if not visit.is_read:  # what is left of the body is not waited for
            answer.headers.append((b"connection", b"close"))
        return answer

    def _note(self, visit: Visit, route: str, status: int, seconds: float) -> None:
        metrics = self._opened.metrics
        metrics.answered(route, visit.known_method, status, seconds)
        for outcome in visit.told:
            metrics.told(outcome)
        who = visit.identity.who if visit.identity else None
        log(
            "answered",
            request=visit.request_id,
            method=visit.known_method,
            route=route,
            status=status,
            ms=round(1000 * seconds, 1),
            token=who.token_id if who else None,
        )


def no_token(detail: str) -> Problem:
    """Return what is answered to whoever brings no token that is in force."""
    return Problem(401, "no-token", detail, {"www-authenticate": 'Bearer realm="linker"'})


def _bearer(visit: Visit) -> str | None:
    scheme, _, token = visit.headers.get("authorization", "").partition(" ")
    token = token.strip()
    return token if scheme.lower() == "bearer" and token else None
