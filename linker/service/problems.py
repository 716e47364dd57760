"""What is answered instead of an answer: one line that names the place and repeats no value.

Every error of the service has the form of RFC 9457, ``application/problem+json``. ``instance`` is
the number of the request, which the log has too; a path could hold an id.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel

from linker.errors import (
    AccessError,
    AuditError,
    ConfigError,
    LinkerError,
    ModelError,
    QueryError,
    StoreError,
    UsageError,
)

MEDIA_TYPE: Final = "application/problem+json"
KIND: Final = "urn:linker:problem:"
"""What the types of problems begin with; what follows is stable, the title is for people."""
RETRY_SECONDS: Final = 5
"""When to come again after a 503 that is not one of too much work."""

TITLES: Final[Mapping[str, str]] = {
    "bad-request": "The request cannot be read",
    "query": "The question cannot be answered as it stands",
    "no-token": "No token that is in force",
    "role": "The token's role may not do this",
    "not-found": "There is nothing here",
    "method": "This cannot be done here",
    "slow": "The request came too slowly",
    "conflict": "The request does not fit what is there",
    "too-large": "The request is too large",
    "media-type": "The body is of another media type",
    "invalid": "The request does not fit its description",
    "too-many": "Too many requests",
    "headers": "The headers are too large",
    "busy": "The service is busy",
    "unavailable": "The service cannot answer now",
    "defect": "A defect of the service",
}


class ProblemBody(BaseModel):
    """What is answered instead of an answer: RFC 9457. `instance` is the request's number."""

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None


@dataclass(eq=False)
class Problem(Exception):  # noqa: N818 - as RFC 9457 calls it
    """A request that is not answered.

    Attributes:
        status: The HTTP status.
        kind: A key of `TITLES`.
        detail: One line for a person, without any value of the request.
        headers: Further headers of the answer.
    """

    status: int
    kind: str
    detail: str
    headers: dict[str, str] = field(default_factory=dict)

    def body(self, request_id: str) -> bytes:
        """Return the problem as JSON."""
        return json.dumps(self.to_json(request_id)).encode()

    def part(self) -> bytes:
        """Return the problem of a part of a request as JSON."""
        return json.dumps(self.to_json()).encode()

    def to_json(self, request_id: str | None = None) -> dict[str, Any]:
        """Return the problem as JSON values; of a part of an answer without ``instance``."""
        told: dict[str, Any] = {
            "type": KIND + self.kind,
            "title": TITLES[self.kind],
            "status": self.status,
            "detail": self.detail,
        }
        return told if request_id is None else {**told, "instance": f"urn:uuid:{request_id}"}


def problem_of(error: LinkerError) -> Problem:
    """Return what is answered where an error of ours ends a request.

    What concerns the store or the log is told to its operator, in the log: its message names files.
    """
    if isinstance(error, QueryError):
        return Problem(400, "query", str(error))
    if isinstance(error, UsageError):
        return Problem(400, "query", str(error).replace("--as-of", "until"))
    if isinstance(error, AccessError):
        return Problem(403, "role", str(error))
    if isinstance(error, StoreError | ModelError | AuditError | ConfigError):
        return unavailable()
    return defect()


def unavailable() -> Problem:
    """Return what is answered where the store or the audit log cannot be used."""
    return Problem(
        503,
        "unavailable",
        "the published generation or the audit log cannot be used; the service's log says why",
        {"Retry-After": str(RETRY_SECONDS)},
    )


def not_found() -> Problem:
    """Return what is answered where something is not there, or is as if it were not."""
    return Problem(404, "not-found", "no published entity has this id, or none that may be shown")


def busy(detail: str) -> Problem:
    """Return what is answered where there is more work than is taken on."""
    return Problem(503, "busy", detail, {"Retry-After": "1"})


def defect() -> Problem:
    """Return what is answered where the service failed by itself."""
    return Problem(500, "defect", "the service's log says where, beside the number of the request")


def of_status(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """Return the problem that a bare status stands for, such as those of routing."""
    kind = {
        400: "bad-request",
        401: "no-token",
        403: "role",
        404: "not-found",
        405: "method",
        413: "too-large",
        415: "media-type",
    }.get(status, "invalid" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "defect")
    detail = {
        404: "no such path; /openapi.json lists what there is",
        405: "the path is there and takes another method; see the header Allow",
    }.get(status, TITLES[kind].lower())
    return Problem(status, kind, detail, dict(headers or {}))
