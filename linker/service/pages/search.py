"""The search: a form for a person or an organization, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import Response

from linker.access import may
from linker.evidence.waterfall import waterfall
from linker.lookup.answer import Answer, Hit
from linker.report.waterfall import waterfall_svg
from linker.schemas import LIST_FIELDS, EntityType
from linker.service.bodies import question_of
from linker.service.pages.forms import ABrowser, Browser, lookup_of, why_of
from linker.service.pages.render import elsewhere, page
from linker.service.pages.session import WHY, Why, cookies, packed
from linker.service.problems import Problem

router: Final = APIRouter(include_in_schema=False)

DRAWN: Final = 10
"""So many hits have their evidence drawn; of the others it is told in words."""
PATHS: Final[Mapping[EntityType, str]] = {"person": "/", "organization": "/organization"}


@dataclass(frozen=True)
class Field:
    """A field of the form.

    Attributes:
        name: Canonical.
        label: What people call it.
        hint: How it may be written.
        across: Whether it needs the whole width.
    """

    name: str
    label: str
    hint: str = ""
    across: bool = False

    @property
    def said(self) -> str:
        """The hint, and that there may be several."""
        several = "several apart by\u00a0;" if self.name in LIST_FIELDS else ""
        return "; ".join(part for part in (self.hint, several) if part)


Group = tuple[str, tuple[Field, ...]]
_WILD: Final = "? for one sign, * for any"
FORMS: Final[Mapping[EntityType, tuple[Group, ...]]] = {
    "person": (
        (
            "Name and birth",
            (
                Field(
                    "full_name", "Full name", "in any usual order; initials will do", across=True
                ),
                Field("aliases", "Other names"),
                Field("birth_date", "Birth date", "such as 1980-05-24, or a year"),
                Field("age", "Age", "in years, or a range such as 30-35"),
                Field("sex", "Sex"),
                Field("birth_place", "Birth place"),
            ),
        ),
        (
            "Numbers and documents",
            (
                Field("a_number", "A-number", _WILD),
                Field("fbi_number", "FBI number", _WILD),
                Field("fingerprint_id", "Fingerprint number"),
                Field("ssn", "Social Security number", _WILD),
                Field("passport", "Passport", _WILD),
                Field("national_id", "National identity number", "such as a CURP"),
                Field("driver_license", "Driver license", _WILD),
            ),
        ),
        (
            "Reached at",
            (
                Field("phones", "Telephone"),
                Field("emails", "E-mail"),
                Field("plates", "Number plate", _WILD),
                Field("address", "Street address"),
                Field("city", "City"),
                Field("state", "State"),
                Field("postal_code", "Postal code"),
                Field("country", "Country"),
            ),
        ),
    ),
    "organization": (
        (
            "Name and numbers",
            (
                Field("name", "Name", "with or without its legal form", across=True),
                Field("aliases", "Other names"),
                Field("registration_id", "Registration number", _WILD),
                Field("tax_id", "Tax number", _WILD),
                Field("principals", "Principals"),
            ),
        ),
        (
            "Reached at",
            (
                Field("phones", "Telephone"),
                Field("emails", "E-mail"),
                Field("address", "Street address"),
                Field("city", "City"),
                Field("state", "State"),
                Field("postal_code", "Postal code"),
                Field("country", "Country"),
            ),
        ),
    ),
}


def search_page(
    browser: Browser,
    entity_type: EntityType,
    *,
    given: Mapping[str, str] | None = None,
    problem: Problem | None = None,
) -> Response:
    """Return the form, with what was filled in and why it could not be answered.

    Args:
        browser: Whoever looks at it.
        entity_type: What is looked for.
        given: What was filled in.
        problem: Why it could not be answered.
    """
    filled = dict(given or {})
    filled.setdefault("purpose", browser.why.purpose)
    filled.setdefault("case_number", browser.why.case_number)
    return page(
        "search.html",
        browser.reader,
        status=problem.status if problem else 200,
        entity_type=entity_type,
        kinds=PATHS,
        groups=FORMS[entity_type],
        given=filled,
        problem=problem,
    )


@router.get("/organization")
async def organization(browser: ABrowser) -> Response:
    """Show the form for an organization."""
    if not browser.may("lookup"):
        return elsewhere("/")
    return search_page(browser, "organization")


@router.post("/search")
async def search(browser: ABrowser) -> Response:
    """Answer a question; what it is asked for is kept for the next one."""
    given = await browser.form()
    wanted = given.pop("entity_type", "person")
    entity_type: EntityType = "organization" if wanted == "organization" else "person"
    fields = {
        name: value for name, value in given.items() if name not in {"purpose", "case_number"}
    }
    try:
        why = why_of(given)
        body = lookup_of(entity_type, fields, why)
        answer = await browser.asking.because(why.purpose, why.case_number).look_up(
            question_of(body)
        )
    except Problem as problem:
        if problem.status not in {400, 422}:
            raise
        return search_page(browser, entity_type, given=given, problem=problem)
    kept = cookies({WHY: packed(why)}, secure=browser.secure)
    return await browser.asking.opened.think(
        lambda: _found(browser, answer, fields, why, cookies=kept)
    )


def _found(
    browser: Browser,
    answer: Answer,
    fields: Mapping[str, str],
    why: Why,
    *,
    cookies: list[tuple[str, str]],
) -> Response:
    asked = [
        (field.label, fields[field.name])
        for _, group in FORMS[answer.entity_type]
        for field in group
        if fields.get(field.name)
    ]
    return page(
        "found.html",
        browser.reader,
        cookies=cookies,
        answer=answer,
        charts={hit.entity_id: _chart(hit, place) for place, hit in enumerate(answer.hits[:DRAWN])},
        asked=asked,
        fields=fields,
        why=why,
        back=PATHS[answer.entity_type],
        explains=may(browser.asking.identity.role, "explain"),
    )


def _chart(hit: Hit, place: int) -> Markup:
    """Return the evidence of a hit as SVG, which is made of its numbers and words, escaped."""
    drawn = waterfall(hit.prior_weight, hit.evidence)
    return Markup(waterfall_svg(drawn, f"hit{place}"))  # noqa: S704


def explained_chart(told: Mapping[str, Any]) -> Markup:
    """Return the evidence of an explanation as SVG, with the thresholds."""
    needed = told["needed"]
    drawn = waterfall(told["prior_weight"], told["evidence"], needed["review"], needed["link"])
    return Markup(waterfall_svg(drawn, "why"))  # noqa: S704
