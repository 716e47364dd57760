"""Signing in with a token, and out; what all pages are dressed in."""

from __future__ import annotations

import re
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from linker.access import may
from linker.audit import Event
from linker.errors import AccessError
from linker.service.pages.forms import ABrowser, Browser
from linker.service.pages.render import elsewhere, icon, page, style
from linker.service.pages.search import search_page
from linker.service.pages.session import (
    HOURS,
    LONGEST_TOKEN,
    SECRET,
    TOKEN,
    WHY,
    cookies,
)

router: Final = APIRouter(include_in_schema=False)

_COOKIE_SAFE: Final = re.compile(r"[A-Za-z0-9._~+/=-]+", re.ASCII)
WRONG: Final = "This token is not valid. Ask whoever runs Linker for another one."
ENDED: Final = "You are signed out: the token you came with is not in force any more."


@router.get("/")
async def beginning(browser: ABrowser) -> Response:
    """Show the search, or where one signs in."""
    identity = browser.identity
    if identity is None:
        return _sign_in(browser, ENDED if browser.session.token else "")
    if not may(identity.role, "lookup"):
        return elsewhere("/audit" if may(identity.role, "audit_read") else "/status")
    return search_page(browser, "person")


@router.post("/sign-in")
async def sign_in(browser: ABrowser) -> Response:
    """Sign in with a token."""
    given = await browser.form()
    token, opened = given.get("token", ""), browser.asking.opened
    client = browser.asking.visit.client
    if len(token) > LONGEST_TOKEN or not _COOKIE_SAFE.fullmatch(token):
        return _sign_in(browser, WRONG, status=401)
    try:
        identity = await opened.identify(token, client)
    except AccessError:
        return _sign_in(browser, WRONG, status=401)
    event = Event("signed_in", identity.who, client=client)
    await opened.remembering.record([event])
    return elsewhere("/", cookies({TOKEN: token, WHY: None}, secure=browser.secure))


@router.post("/sign-out")
async def sign_out(browser: ABrowser) -> Response:
    """Sign out: the browser forgets the token."""
    await browser.form()
    await browser.asking.remember(browser.asking.event("signed_out"))
    gone = {TOKEN: None, WHY: None, SECRET: None}
    return elsewhere("/", cookies(gone, secure=browser.secure))


@router.get("/static/style.css")
async def stylesheet() -> Response:
    """Return the style of all pages."""
    return Response(style(), media_type="text/css", headers={"cache-control": "max-age=3600"})


@router.get("/static/icon.svg")
async def picture() -> Response:
    """Return the icon."""
    return Response(icon(), media_type="image/svg+xml", headers={"cache-control": "max-age=3600"})


def _sign_in(browser: Browser, wrong: str = "", status: int = 200) -> Response:
    fresh = cookies({SECRET: browser.session.secret}, secure=browser.secure)
    return page(
        "sign_in.html",
        browser.reader,
        status=status,
        cookies=fresh,
        wrong=wrong,
        hours=HOURS,
        longest=LONGEST_TOKEN,
    )
