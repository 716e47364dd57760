"""Pages for reviewers: how many pairs wait, one pair side by side, and what was said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final, get_args

from fastapi import APIRouter
from markupsafe import Markup
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from linker.evidence.waterfall import waterfall
from linker.report.waterfall import waterfall_svg
from linker.review.item import Difference, ReviewItem
from linker.schemas import EntityType
from linker.service.bodies import LONGEST_REASON, ReviewDecision
from linker.service.invalid import invalid
from linker.service.owners import LARGEST_ID
from linker.service.pages.forms import ABrowser, Browser
from linker.service.pages.render import elsewhere, page
from linker.service.problems import Problem
from linker.service.reviewing import (
    decide,
    evidence_of,
    next_pair,
    no_such_pair,
    pair,
    queue_of,
)

router: Final = APIRouter(include_in_schema=False)

_DECISION: Final[TypeAdapter[ReviewDecision]] = TypeAdapter(ReviewDecision)
_ENTITY_TYPES: Final[tuple[EntityType, ...]] = get_args(EntityType)
MARKS: Final[Mapping[Difference, tuple[str, str]]] = {
    "equal": ("=", "the same"),
    "alike": ("≈", "alike"),
    "different": ("≠", "different"),
    "one_missing": ("\u2013", "in one only"),
}
"""How a difference is marked: by a sign and by words, so that no colour is needed."""

_PARTS_OF_DAY: Final = frozenset({"birth_date_precision", "birth_year", "birth_month"})
LONGEST_MARKED: Final = 500
"""Characters of a value of which it is marked where the other differs; it takes their square."""


@dataclass(frozen=True)
class Piece:
    """A part of a value; `is_apart` where the other record has something else there."""

    text: str
    is_apart: bool = False


@dataclass(frozen=True)
class Row:
    """One field of both records.

    Attributes:
        name: Canonical.
        difference: How the two compare.
        left: The first record's value in pieces; nothing where it has none.
        right: The second's.
    """

    name: str
    difference: Difference
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]

    @property
    def sign(self) -> str:
        """The sign of the difference."""
        return MARKS[self.difference][0]

    @property
    def words(self) -> str:
        """The difference in words."""
        return MARKS[self.difference][1]


def rows_of(item: ReviewItem) -> list[Row]:
    """Return the fields of a pair beside each other, in the order of the item.

    Parts of a birth date are left out where both records give the day.
    """
    both = [item.left.values, item.right.values]
    said = _PARTS_OF_DAY if all("birth_date" in values for values in both) else frozenset[str]()
    found = []
    for name, difference in item.differences.items():
        if name in said:
            continue
        values = [text_of(values.get(name)) for values in both]
        is_marked = difference == "alike" and max(map(len, values)) <= LONGEST_MARKED
        left, right = pieces(*values) if is_marked else map(whole, values)
        found.append(Row(name, difference, left, right))
    return found


def text_of(value: Any) -> str:  # noqa: ANN401 - any JSON value of a record
    """Return a value as it is read: of a list each part."""
    if value is None:
        return ""
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def whole(text: str) -> tuple[Piece, ...]:
    """Return a text as one piece; none of an empty one."""
    return (Piece(text),) if text else ()


def pieces(left: str, right: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return two texts in pieces that say which parts only one of them has.

    Args:
        left: The one.
        right: The other.
    """
    folded = left.casefold(), right.casefold()
    if tuple(map(len, folded)) != (len(left), len(right)):  # such as ß, which becomes ss
        folded = left, right
    matcher = SequenceMatcher(None, *folded, autojunk=False)
    ones, others = [], []
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        ones.append(Piece(left[start:end], kind != "equal"))
        others.append(Piece(right[other_start:other_end], kind != "equal"))
    return (
        tuple(piece for piece in ones if piece.text),
        tuple(piece for piece in others if piece.text),
    )


@router.get("/review")
async def queue(browser: ABrowser) -> Response:
    """Show how many pairs wait."""
    found = await queue_of(browser.asking)
    return page("review_queue.html", browser.reader, queue=found)


@router.get("/review/next")
async def following(browser: ABrowser, entity_type: str = "") -> Response:
    """Lead to the next pair, or say that none is left."""
    wanted = next((known for known in _ENTITY_TYPES if known == entity_type), None)
    number = await next_pair(browser.asking, wanted)
    if number is None:
        return page("review_done.html", browser.reader, entity_type=wanted)
    return elsewhere(f"/review/{number}")


@router.get("/review/{number}")
async def one(browser: ABrowser, number: str, again: str = "") -> Response:
    """Show a pair side by side; once it is decided, what the model says of it too."""
    return await _shown(browser, _number(number), was_again=bool(again))


@router.post("/review/{number}")
async def decided(browser: ABrowser, number: str) -> Response:
    """Record a verdict, and go on to what is known of the pair then."""
    given = await browser.form()
    wanted = _number(number)
    fields = {name: given[name] for name in ("verdict", "reason") if name in given}
    try:
        body = _DECISION.validate_python(fields)
    except ValidationError as error:
        errors = [{**found, "loc": ("body", *found["loc"])} for found in error.errors()]
        await browser.asking.may("review")
        return await _shown(browser, wanted, problem=invalid(errors), reason=fields.get("reason"))
    found = await decide(browser.asking, wanted, body.verdict, body.reason)
    return elsewhere(f"/review/{wanted}" + ("" if found.recorded else "?again=1"))


async def _shown(
    browser: Browser,
    number: int,
    *,
    problem: Problem | None = None,
    reason: str | None = None,
    was_again: bool = False,
) -> Response:
    item = await pair(browser.asking, number)
    evidence = evidence_of(item) or []

    def made() -> Response:
        return page(
            "review.html",
            browser.reader,
            status=problem.status if problem else 200,
            item=item,
            rows=rows_of(item),
            dates=dict.fromkeys(name for dates in item.context["dates"] for name in dates),
            evidence=evidence,
            chart=_chart(item, evidence) if item.decided_by_me else None,
            problem=problem,
            reason=(reason or "")[:LONGEST_REASON],
            longest=LONGEST_REASON,
            was_again=was_again and item.decided_by_me is not None,
        )

    return await browser.asking.opened.think(made)


def _chart(item: ReviewItem, evidence: Sequence[Mapping[str, Any]]) -> Markup:
    """Return the evidence as SVG, which is made of its numbers and words, escaped."""
    drawn = waterfall((item.waterfall or {})["prior"], evidence)
    return Markup(waterfall_svg(drawn, "pair"))  # noqa: S704


def _number(text: str) -> int:
    """Return the number of a pair that a path holds.

    Raises:
        Problem: It is none.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST_ID))):
        raise no_such_pair()
    number = int(text)
    if not 1 <= number <= LARGEST_ID:
        raise no_such_pair()
    return number
