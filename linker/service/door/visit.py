"""One request on its way through the door, and what is known of it so far."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

from linker.access import Identity

_KEY: Final = "visit"
NO_ROUTE: Final = "none"
"""Where a path leads nowhere."""
_METHODS: Final = frozenset({"GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"})


@dataclass
class Visit:
    """A request.

    Attributes:
        method: Of HTTP.
        path: Its path.
        headers: Its headers.
        arrived: When its headers were complete, by the loop's clock.
        client: The address it came from.
        request_id: Its number, in answers and in the log.
        identity: Who asks, once that is known.
        is_read: Whether nothing of its body is left to be read.
        is_asked: Whether a route that needs to know who asks has begun to answer.
        told: What lookups told, for the metrics.
    """

    method: str
    path: str
    headers: Headers
    arrived: float
    client: str | None
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    identity: Identity | None = None
    is_read: bool = False
    is_asked: bool = False
    told: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether it is for what everybody may see: health, counts, the description."""
        return self.path in OPEN or self.path.startswith("/static/")

    @property
    def is_page(self) -> bool:
        """Whether a person looks at the answer."""
        return not self.is_open and self.path != "/v1" and not self.path.startswith("/v1/")

    @property
    def known_method(self) -> str:
        """The method, or a word for all unusual ones."""
        return self.method if self.method in _METHODS else "other"


OPEN: Final = frozenset({"/healthz", "/readyz", "/metrics", "/openapi.json"})


def begin(scope: Scope, arrived: float) -> Visit:
    """Return a new visit, and leave it where `visit_of` finds it."""
    client = scope.get("client")
    headers = Headers(scope=scope)
    has_body = "transfer-encoding" in headers or headers.get("content-length", "0") != "0"
    visit = Visit(
        method=scope["method"],
        path=scope["path"],
        headers=headers,
        arrived=arrived,
        client=client[0] if client else None,
        is_read=not has_body,
    )
    scope.setdefault("state", {})[_KEY] = visit
    return visit


def visit_of(scope: Scope) -> Visit:
    """Return the visit that a request belongs to."""
    found: Visit = scope["state"][_KEY]
    return found


def route_of(scope: Scope) -> str:
    """Return the template of the route that a request took, which holds no id."""
    return str(getattr(scope.get("route"), "path", NO_ROUTE))
