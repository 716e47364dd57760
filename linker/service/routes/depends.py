"""What routes are given: what the worker holds open, who asks, and what the description says."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final, cast

from fastapi import Depends, Header, Request, Security
from fastapi.security import HTTPBearer
from starlette.responses import Response

from linker.service.asking import Asking
from linker.service.bodies import SAYS_SOMETHING
from linker.service.door.visit import visit_of
from linker.service.opened import Opened
from linker.service.problems import MEDIA_TYPE

BEARER: Final = HTTPBearer(
    auto_error=False,  # the door has looked at it already
    description="A token of `linker access`, or of the configured identity provider.",
)
NEEDS_TOKEN: Final = Security(BEARER)


# not plain functions, which FastAPI would call in a thread each


async def opened_of(request: Request) -> Opened:
    """Return what the worker holds open."""
    return cast("Opened", request.app.state.opened)


def asked_by(request: Request) -> Asking:
    """Return who asks by a request."""
    return Asking(cast("Opened", request.app.state.opened), visit_of(request.scope))


async def asking_of(request: Request) -> Asking:
    """Return who asks."""
    return asked_by(request)


async def asking_for(
    request: Request,
    purpose: Annotated[
        str,
        Header(
            alias="Linker-Purpose",
            min_length=1,
            max_length=500,
            pattern=SAYS_SOMETHING,
            description="What it is asked for. Kept in the audit log.",
        ),
    ],
    case_number: Annotated[
        str,
        Header(
            alias="Linker-Case",
            min_length=1,
            max_length=100,
            pattern=SAYS_SOMETHING,
            description="The asker's case. Kept in the audit log.",
        ),
    ],
) -> Asking:
    """Return who asks and, from headers, what for."""
    return asked_by(request).because(_text(purpose), _text(case_number))


AnOpened = Annotated[Opened, Depends(opened_of)]
AnAsking = Annotated[Asking, Depends(asking_of)]
AnAskingFor = Annotated[Asking, Depends(asking_for)]


def json_answer(body: bytes) -> Response:
    """Return JSON that is written already as an answer."""
    return Response(body, media_type="application/json")


def described(
    *problems: int, answer: type | None = None, examples: Mapping[str, Any] | None = None
) -> dict[int | str, dict[str, Any]]:
    """Return what the description says of a route's answers.

    Args:
        problems: Statuses that it may have beside those that every route with a token has.
        answer: The type of a good answer.
        examples: Examples of one, by name.
    """
    good: dict[str, Any] = {"description": "The answer"}
    if answer is not None:
        good["model"] = answer
    if examples:
        good["content"] = {"application/json": {"examples": dict(examples)}}
    found: dict[int | str, dict[str, Any]] = {200: good}
    for status in sorted({400, 401, 403, 408, 413, 415, 422, 429, 431, 500, 503, *problems}):
        found[status] = problem_described(status)
    return found


def problem_described(status: int) -> dict[str, Any]:
    """Return what the description says of a problem."""
    headers = {
        401: {"WWW-Authenticate": "How a token is brought."},
        429: {"Retry-After": "Seconds until it may be tried again."},
        503: {"Retry-After": "Seconds until it may be tried again."},
    }.get(status, {})
    return {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        "headers": {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in headers.items()
        },
    }


def _text(value: str) -> str:
    """Return a header's text: clients send UTF-8, which servers read as Latin-1."""
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value
