"""Forms that people fill in: what they sent, checked to come from a page of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from pydantic import TypeAdapter, ValidationError

from linker.access import Act, Identity, may
from linker.service.asking import Asking
from linker.service.bodies import CaseNumber, Lookup, OrganizationQuery, PersonQuery, Purpose
from linker.service.door.visit import visit_of
from linker.service.invalid import invalid
from linker.service.pages.render import Reader
from linker.service.pages.session import Session, Why, session_of
from linker.service.problems import Problem
from linker.service.routes.depends import asked_by

MOST_FIELDS: Final = 100
_LOOKUP: Final[TypeAdapter[PersonQuery | OrganizationQuery]] = TypeAdapter(Lookup)
_PURPOSE: Final[TypeAdapter[str]] = TypeAdapter(Purpose)
_CASE: Final[TypeAdapter[str]] = TypeAdapter(CaseNumber)


class Browser:
    """A request of a browser: who it is, what it keeps, and what it sent."""

    def __init__(self, request: Request) -> None:
        """Take a request."""
        self.request = request
        self.asking: Asking = asked_by(request)
        self.secure = self.asking.opened.config.service.reached_by_tls
        header = request.headers.get("cookie", "")
        self.session: Session = session_of(header, secure=self.secure)

    @property
    def identity(self) -> Identity | None:
        """Who is signed in."""
        return visit_of(self.request.scope).identity

    def may(self, act: Act) -> bool:
        """Return whether whoever is signed in may do something."""
        return self.identity is not None and may(self.identity.role, act)

    @property
    def reader(self) -> Reader:
        """Whoever looks at the page."""
        return Reader(self.identity, self.session.form_key, self.request.url.path)

    @property
    def why(self) -> Why:
        """What was last asked for."""
        return self.session.why

    @property
    def asks(self) -> Asking:
        """Who asks, and what for."""
        return self.asking.because(self.why.purpose, self.why.case_number)

    async def form(self) -> dict[str, str]:
        """Return what was filled in, without outer spaces.

        Raises:
            Problem: It is no form, or was not filled in on a page of ours.
        """
        if self.request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
            raise _stale()
        body = (await self.request.body()).decode("utf-8", "replace")
        try:
            pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError:
            raise Problem(400, "bad-request", "the form has too many fields") from None
        given = {name: value.strip() for name, value in pairs}
        if not self.session.is_ours(given.pop("form_key", "")):
            raise _stale()
        return given


async def browser_of(request: Request) -> Browser:
    """Return the browser of a request."""
    return Browser(request)


ABrowser = Annotated[Browser, Depends(browser_of)]


def lookup_of(entity_type: str, given: Mapping[str, str], why: Why) -> Any:  # noqa: ANN401
    """Return the body of a lookup that a form asks for: the same as the route takes.

    Raises:
        Problem: It does not fit.
    """
    names = {"until"}
    fields = {name: value for name, value in given.items() if value and name not in names}
    body: dict[str, Any] = {
        "entity_type": entity_type,
        "fields": fields,
        "purpose": why.purpose,
        "case_number": why.case_number,
    }
    if given.get("until"):
        body["until"] = given["until"]
    try:
        return _LOOKUP.validate_python(body)
    except ValidationError as error:
        raise _refused(error) from None


def why_of(given: Mapping[str, str]) -> Why:
    """Return what a form says that is asked for.

    Raises:
        Problem: It says nothing, or too much.
    """
    try:
        purpose = _PURPOSE.validate_python(given.get("purpose", ""))
        case_number = _CASE.validate_python(given.get("case_number", ""))
    except ValidationError:
        raise Problem(422, "invalid", "say what it is asked for, and for which case") from None
    return Why(purpose, case_number)


def _refused(error: ValidationError) -> Problem:
    errors = [{**found, "loc": ("body", *found["loc"])} for found in error.errors()]
    return invalid(errors)


def _stale() -> Problem:
    return Problem(
        403, "role", "the form is not from a page of this session; open the page again and repeat"
    )
