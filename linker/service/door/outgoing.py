"""An answer, whole, before it leaves; and the headers that every answer has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from starlette.types import Message, Send

from linker.service.problems import MEDIA_TYPE, Problem

Header = tuple[bytes, bytes]

ALWAYS: Final[tuple[Header, ...]] = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)
"""What an answer has unless its route gave its own."""


@dataclass
class Outgoing:
    """An answer on its way out.

    Attributes:
        status: Of HTTP.
        headers: Names in lower case, values.
        body: Its bytes.
    """

    status: int = 0
    headers: list[Header] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)

    @classmethod
    def of_problem(cls, problem: Problem, request_id: str) -> Outgoing:
        """Return a problem as an answer."""
        body = problem.body(request_id)
        given = {
            "content-type": MEDIA_TYPE,
            "content-length": str(len(body)),
            **{name.lower(): value for name, value in problem.headers.items()},
        }
        headers = [(name.encode(), value.encode("latin-1")) for name, value in given.items()]
        return cls(problem.status, headers, bytearray(body))

    async def take(self, message: Message) -> None:
        """Take what a route sends, in place of the server."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = [(name.lower(), value) for name, value in message.get("headers", ())]
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    async def leave(self, send: Send) -> None:
        """Send the answer to the client."""
        given = {name for name, _ in self.headers}
        added = [header for header in ALWAYS if header[0] not in given]
        start: dict[str, Any] = {"type": "http.response.start", "status": self.status}
        await send({**start, "headers": [*self.headers, *added]})
        await send({"type": "http.response.body", "body": bytes(self.body)})
