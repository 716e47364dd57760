"""The page for auditors: the log with filters, and whether it is sound."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any, Final, get_args

from fastapi import APIRouter
from starlette.responses import Response

from linker.audit import Kind, Verified, Wanted
from linker.errors import UsageError
from linker.service.bodies import LONGEST
from linker.service.owners import events_of
from linker.service.pages.forms import ABrowser, Browser
from linker.service.pages.render import page
from linker.service.problems import Problem

router: Final = APIRouter(include_in_schema=False)

ON_A_PAGE: Final = 50
FARTHEST: Final = 1_000_000
FILTERS: Final[Mapping[str, str]] = {
    "who": "Subject, token id or name",
    "since": "From the day",
    "until": "To the day",
    "case_number": "Case number",
    "entity_id": "Entity that was shown",
    "value": "Value that was asked for",
}
_VERIFYING: Final = threading.Lock()
"""A log is read whole to verify it: one reader at a time is enough for a worker."""


@router.get("/audit")
async def log(browser: ABrowser) -> Response:
    """Show the newest events."""
    return await _events(browser, {})


@router.post("/audit")
async def filtered(browser: ABrowser) -> Response:
    """Show the events that meet the filters; they are sent, so that no address holds a value."""
    return await _events(browser, await browser.form())


@router.post("/audit/verify")
async def verify(browser: ABrowser) -> Response:
    """Check every event of the log."""
    await browser.form()
    await browser.asking.may("audit_read")
    await browser.asking.remember(browser.asking.event("audit_read", detail="verified"))
    audit = browser.asking.opened.audit

    def verified() -> Verified:
        if not _VERIFYING.acquire(blocking=False):
            raise Problem(409, "conflict", "the log is being verified already; wait for that")
        try:
            return audit.verify()
        finally:
            _VERIFYING.release()

    found = await browser.asking.opened.read(verified)
    return await _events(browser, {}, verified=found)


async def _events(
    browser: Browser, given: Mapping[str, str], verified: Verified | None = None
) -> Response:
    filters = {name: given[name] for name in (*FILTERS, "kind") if given.get(name)}
    start = given.get("start", "")
    offset = min(int(start), FARTHEST) if start.isascii() and start.isdecimal() else 0
    problem, events, total = None, list[dict[str, Any]](), 0
    try:
        wanted = Wanted(**{name: value[:LONGEST] for name, value in filters.items()})
        events, total = await events_of(browser.asking, wanted, limit=ON_A_PAGE, offset=offset)
    except UsageError as error:
        problem = Problem(422, "invalid", str(error))

    def made() -> Response:
        return page(
            "audit.html",
            browser.reader,
            status=problem.status if problem else 200,
            events=events,
            total=total,
            start=offset,
            step=ON_A_PAGE,
            filters=FILTERS,
            kinds=get_args(Kind),
            given=filters,
            problem=problem,
            verified=verified,
        )

    return await browser.asking.opened.think(made)
