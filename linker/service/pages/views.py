"""Pages about one thing: a record explained, an entity, the run report, alerts."""

from __future__ import annotations

import re
from typing import Final, cast

from fastapi import APIRouter
from starlette.responses import Response

from linker.schemas import ORGANIZATION_FIELDS, PERSON_FIELDS, EntityType
from linker.service.bodies import question_of
from linker.service.owners import LARGEST_ID, alerts_of, see
from linker.service.pages.forms import ABrowser, lookup_of, why_of
from linker.service.pages.render import REPORT_POLICY, elsewhere, page
from linker.service.pages.search import explained_chart
from linker.service.pages.session import WHY, cookies, packed
from linker.service.pages.timeline import time_line
from linker.service.past import sees_everything
from linker.service.problems import Problem

router: Final = APIRouter(include_in_schema=False)

_ENTITY: Final = re.compile(r"/entities/[a-z0-9]{1,64}", re.ASCII)
"""Pages that the browser may be sent on to."""
MOST_ALERTS: Final = 200
WRITTEN: Final = {
    "person": {"name_as_given", *PERSON_FIELDS} - {"full_name", "birth_date_precision"},
    "organization": {"name_as_given", *ORGANIZATION_FIELDS} - {"name"},
}
"""What people write; a record's values hold more, which standardising made of it."""


@router.post("/explain")
async def explain(browser: ABrowser) -> Response:
    """Say why a stated record does or does not match what was asked for."""
    given = await browser.form()
    names = {"entity_type", "source", "record_id"}
    wanted = cast("EntityType", given.get("entity_type", ""))
    fields = {name: value for name, value in given.items() if name not in names}
    source, record_id = given.get("source", ""), given.get("record_id", "")
    problem, told = None, None
    try:
        why_of({"purpose": browser.why.purpose, "case_number": browser.why.case_number})
        body = lookup_of(wanted, fields, browser.why)
        told = await browser.asks.explain(question_of(body), source[:1_000], record_id[:1_000])
    except Problem as refused:
        if refused.status not in {400, 422}:
            raise
        problem = refused

    def made() -> Response:
        return page(
            "explained.html",
            browser.reader,
            status=problem.status if problem else 200,
            told=told,
            chart=explained_chart(told) if told else None,
            problem=problem,
            source=source,
            record_id=record_id,
            fields=fields,
            entity_type=wanted,
        )

    return await browser.asking.opened.think(made)


@router.get("/entities/{entity_id}")
async def entity(browser: ABrowser, entity_id: str) -> Response:
    """Show an entity: its records, its investigations in time, what happened to it."""
    if not browser.why.is_given:
        return page("why.html", browser.reader, next=browser.request.url.path, problem=None)
    found = await browser.asks.entity(entity_id)
    history = await browser.asks.history(entity_id)

    def made() -> Response:
        return page(
            "entity.html",
            browser.reader,
            entity=found,
            history=history,
            chart=time_line(found["investigations"], found["as_of"]),
            why=browser.why,
            shown_fields=WRITTEN[found["entity_type"]],
        )

    return await browser.asking.opened.think(made)


@router.post("/why")
async def why(browser: ABrowser) -> Response:
    """Keep what is asked for, and go on to the page that wanted to know."""
    given = await browser.form()
    path = given.get("next", "")
    onward = path if _ENTITY.fullmatch(path) else "/"
    try:
        told = why_of(given)
    except Problem as problem:
        return page("why.html", browser.reader, status=422, next=onward, problem=problem)
    return elsewhere(onward, cookies({WHY: packed(told)}, secure=browser.secure))


@router.get("/status")
async def status(browser: ABrowser) -> Response:
    """Show what is published."""
    state = await browser.asking.state()
    everything = sees_everything(browser.asking.identity.viewer)
    return page("status.html", browser.reader, state=state, sees_everything=everything)


@router.get("/report")
async def report(browser: ABrowser) -> Response:
    """Show the report of the run that made the published generation."""
    made = Response(await browser.asking.run_report(), media_type="text/html")
    made.headers["content-security-policy"] = REPORT_POLICY
    return made


@router.get("/alerts")
async def alerts(browser: ABrowser, all: str = "") -> Response:  # noqa: A002 - as it stands in the address
    """Show who met silent investigations of the unit."""
    found = await alerts_of(browser.asking, seen=bool(all), limit=MOST_ALERTS, offset=0)
    return page("alerts.html", browser.reader, alerts=found, is_all=bool(all), most=MOST_ALERTS)


@router.post("/alerts/{alert_id}/seen")
async def seen(browser: ABrowser, alert_id: str) -> Response:
    """Note that an alert was seen."""
    await browser.form()
    if not alert_id.isascii() or not alert_id.isdecimal() or int(alert_id[:20]) > LARGEST_ID:
        raise Problem(404, "not-found", "there is no such alert")
    await see(browser.asking, int(alert_id))
    return elsewhere("/alerts")
