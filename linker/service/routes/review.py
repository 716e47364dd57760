"""Clerical review: pairs of records that people should look at, and what they say of them."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Path, Query
from pydantic import BaseModel, TypeAdapter
from starlette.responses import Response

from linker.review.item import Decided, Difference, Part, Verdict
from linker.schemas import EntityType
from linker.service import examples_of_review as examples
from linker.service.bodies import ReviewDecision
from linker.service.owners import LARGEST_ID
from linker.service.reviewing import decide, next_pair, pair, queue_of, told_of
from linker.service.routes.depends import NEEDS_TOKEN, AnAsking, described, json_answer


class Queue(BaseModel):
    """How many pairs wait, by entity type; and how far reviewers agree."""

    reviewers: int
    entity_types: dict[str, dict[str, Any]]


class ReviewSide(BaseModel):
    """One of the two records of a pair."""

    source: str
    record_id: str
    values: dict[str, Any]


class Pair(BaseModel):
    """A pair of records; what a model says of it is null until the asker has decided."""

    number: int
    entity_type: EntityType
    left: ReviewSide
    right: ReviewSide
    differences: dict[str, Difference]
    context: dict[str, Any]
    decided_by_me: Verdict | None
    final: Verdict | None
    part: Part | None
    match_weight: float | None
    match_probability: float | None
    prior_weight: float | None
    summary: str | None
    evidence: list[dict[str, Any]] | None


class NextPair(BaseModel):
    """The next pair to decide; null where none is left."""

    pair: Pair | None


Number = Annotated[int, Path(ge=1, le=LARGEST_ID, description="The pair's, in the queue.")]

router: Final = APIRouter(tags=["review"], dependencies=[NEEDS_TOKEN])
_VALUES: Final[TypeAdapter[dict[str, Any]]] = TypeAdapter(dict[str, Any])
_DECIDED: Final = TypeAdapter(Decided)


@router.get(
    "/v1/review",
    summary="Show how many pairs wait for review",
    responses=described(
        answer=Queue, examples={"queue": {"summary": "A queue", "value": examples.QUEUE}}
    ),
)
async def queue(asking: AnAsking) -> Response:
    """Return what is open and what is decided, as far as the asker may see it."""
    return json_answer(_VALUES.dump_json(await queue_of(asking)))


@router.get(
    "/v1/review/next",
    summary="Show the next pair to decide",
    responses=described(404, answer=NextPair, examples=examples.NEXT),
)
async def following(
    asking: AnAsking,
    entity_type: Annotated[EntityType | None, Query(description="Of any, if not given.")] = None,
) -> Response:
    """Return the next pair that the asker may see and has not decided."""
    number = await next_pair(asking, entity_type)
    found = None if number is None else told_of(await pair(asking, number))
    return json_answer(_VALUES.dump_json({"pair": found}))


@router.get(
    "/v1/review/{number}",
    summary="Show a pair",
    responses=described(404, answer=Pair, examples=examples.PAIRS),
)
async def one(asking: AnAsking, number: Number) -> Response:
    """Return a pair: both records, and once the asker has decided what the model says of it."""
    return json_answer(_VALUES.dump_json(told_of(await pair(asking, number))))


@router.post(
    "/v1/review/{number}/decision",
    summary="Decide a pair",
    responses=described(404, answer=Decided, examples=examples.DECISIONS),
)
async def decision(
    asking: AnAsking,
    number: Number,
    body: Annotated[ReviewDecision, Body(openapi_examples=examples.VERDICTS)],
) -> Response:
    """Record what the asker says of a pair; said again, the first verdict stands.

    `final` is what closed the pair: null while another reviewer has to look at it.
    """
    found = await decide(asking, number, body.verdict, body.reason)
    return json_answer(_DECIDED.dump_json(found))
