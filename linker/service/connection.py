"""One connection: bounded headers, bounded pipelining, and no patience for whoever stalls.

uvicorn waits for headers as long as a client cares to send them, takes any number of them, and
waits for a client to read what was written for it. Here each connection has a clock that no byte
winds up again: headers must be complete so long after the connection was made or the last answer
left, and what was written must be read before long.
"""

from __future__ import annotations

import asyncio
import uuid
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from linker.service.problems import MEDIA_TYPE, Problem

FLUSH_SECONDS: Final = 5.0
"""What was written to a connection that is closed must be read within it."""
READ_SECONDS: Final = 30.0
"""And what was written to one that stays, down to what the system takes at once."""
HEADER_BYTES: Final = 32_768
"""Of the request line and all headers together."""
HEADERS: Final = 100
PIPELINED: Final = 16
"""Requests that may wait on one connection while one is answered."""
CONNECTIONS: Final = 2_000
"""Of one worker; past it the one that has idled longest is closed."""

_PHRASES: Final = {400: b"Bad Request", 431: b"Request Header Fields Too Large"}


class Connection(HttpToolsProtocol):
    """A connection that ends by itself where its client stalls or floods.

    From its beginning, or its last answer, to the end of the next request's headers it has
    uvicorn's `timeout_keep_alive`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as uvicorn calls it
        """Take what uvicorn gives."""
        super().__init__(*args, **kwargs)
        self.idle_since: float | None = None
        """When it began to wait for a request's headers, by the loop's clock; None in between."""
        self._in_headers = True
        self._header_bytes = 0
        self._clock: asyncio.TimerHandle | None = None
        self._reading: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start waiting for the first request."""
        super().connection_made(transport)
        self._await_headers()
        if len(self.connections) > CONNECTIONS:
            self._close_the_idlest()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        self._stop_clock()
        if self._reading is not None:
            self._reading.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes, and refuse headers without end, also while an answer is on its way."""
        if self._in_headers:
            self._header_bytes += len(data)
        super().data_received(data)
        if self._in_headers and self._header_bytes > HEADER_BYTES:
            self._refuse(Problem(431, "headers", "a request line and headers are too long"))

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._in_headers, self._header_bytes = True, 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, and refuse very many."""
        super().on_header(name, value)
        if len(self.headers) > HEADERS or len(name) + len(value) > HEADER_BYTES:
            self._refuse(Problem(431, "headers", "there are too many headers, or one is too long"))

    def on_headers_complete(self) -> None:
        """Hand the request on; the service bounds its time from here."""
        self._in_headers = False
        if self.transport.is_closing():
            return
        self._stop_clock()
        super().on_headers_complete()
        if len(self.pipeline) > PIPELINED:
            self._let_go()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._soon_abort()
        elif self.cycle is None or self.cycle.response_complete:
            self._await_headers()

    def pause_writing(self) -> None:
        """Give the client time to read what was written, but not for ever."""
        super().pause_writing()
        self._reading = self.loop.call_later(READ_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: the client reads."""
        super().resume_writing()
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - it says no more than ours
        """Refuse what is no HTTP, in the form that all errors have."""
        self._refuse(Problem(400, "bad-request", "this is not a request of HTTP/1.1"))

    def shutdown(self) -> None:
        """End, now or after the answer that is on its way."""
        super().shutdown()
        if self.transport.is_closing():
            self._soon_abort()

    def _await_headers(self) -> None:
        self._stop_clock()
        self.idle_since = self.loop.time()
        self._clock = self.loop.call_later(self.timeout_keep_alive, self._let_go)

    def _stop_clock(self) -> None:
        self.idle_since = None
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _close_the_idlest(self) -> None:
        waiting = [
            one
            for one in self.connections
            if isinstance(one, Connection) and one.idle_since is not None
        ]
        if waiting:
            min(waiting, key=lambda one: one.idle_since or 0.0).transport.abort()

    def _refuse(self, problem: Problem) -> None:
        if self.transport.is_closing():
            return
        body = problem.body(str(uuid.uuid4()))
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(
                b"HTTP/1.1 %d %s\r\n" % (problem.status, _PHRASES[problem.status])
                + b"content-type: %s\r\n" % MEDIA_TYPE.encode()
                + b"content-length: %d\r\nconnection: close\r\n\r\n" % len(body)
                + body
            )
        self._let_go()

    def _let_go(self) -> None:
        """Close the connection, whether or not its client reads what is left."""
        if not self.transport.is_closing():
            self.transport.close()
        self._soon_abort()

    def _soon_abort(self) -> None:
        self._stop_clock()
        self._clock = self.loop.call_later(FLUSH_SECONDS, self.transport.abort)
