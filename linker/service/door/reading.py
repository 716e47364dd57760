"""Reading a body: so many bytes, nested so deep, within a time, or not at all."""

from __future__ import annotations

from typing import Final

from starlette.types import Message, Receive

from linker.service.door.depth import too_deep
from linker.service.door.visit import Visit
from linker.service.problems import Problem

_BODIED: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
FORM: Final = "application/x-www-form-urlencoded"


class GoneError(Exception):
    """The client has gone away before its request was whole."""


async def read_body(receive: Receive, visit: Visit, most: int) -> bytes:
    """Return a request's body.

    Args:
        receive: The server's.
        visit: The request.
        most: Bytes.

    Raises:
        Problem: It is longer, or nested too deep, or of another media type.
        GoneError: The client went away.
    """
    told = visit.headers.get("content-length", "")
    if told.isdecimal() and int(told[:20]) > most:
        raise _too_large(most)
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise GoneError
        body += message.get("body", b"")
        if len(body) > most:
            raise _too_large(most)
        more = message.get("more_body", False)
    visit.is_read = True
    if visit.method in _BODIED:
        _refuse_other_media(visit, bool(body))
    if not visit.is_page and too_deep(bytes(body)):
        raise Problem(400, "bad-request", "the body is nested too deep")
    return bytes(body)


def replayed(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives a body that was read already, and then what comes after it."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _refuse_other_media(visit: Visit, has_body: bool) -> None:
    given = visit.headers.get("content-type", "").partition(";")[0].strip().lower()
    wanted = FORM if visit.is_page else "application/json"
    if has_body and given != wanted:
        raise Problem(415, "media-type", f"the body must be {wanted}")


def _too_large(most: int) -> Problem:
    return Problem(413, "too-large", f"the body has more than {most:,} bytes")
