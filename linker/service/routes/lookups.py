"""Has this person or organization been investigated before? One, or many."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Body
from pydantic import BaseModel, TypeAdapter
from starlette.responses import Response

from linker.lookup.answer import Answer
from linker.service import examples
from linker.service.bodies import BulkLookup, Lookup, question_of
from linker.service.problems import Problem, ProblemBody
from linker.service.routes.depends import (
    NEEDS_TOKEN,
    AnAsking,
    described,
    json_answer,
)


class BulkResult(BaseModel):
    """What became of one query of a bulk: an answer, or a problem."""

    answer: Answer | None
    problem: ProblemBody | None


class BulkAnswer(BaseModel):
    """What became of each query, in their order."""

    results: list[BulkResult]


router: Final = APIRouter(tags=["lookups"], dependencies=[NEEDS_TOKEN])
_ANSWER: Final = TypeAdapter(Answer)


@router.post(
    "/v1/lookups",
    summary="Look for one target",
    responses=described(answer=Answer, examples=examples.ANSWERS),
)
async def look_up(
    asking: AnAsking, body: Annotated[Lookup, Body(openapi_examples=examples.LOOKUPS)]
) -> Response:
    """Find the entities that match what is known of a target, as the asker may see them.

    NO_HIT says that there is no matching record in these sources as of this time, never "clear".
    """
    asked = asking.because(body.purpose, body.case_number)
    answer = await asked.look_up(question_of(body))
    return json_answer(_ANSWER.dump_json(answer))


@router.post(
    "/v1/lookups/bulk",
    summary="Look for several targets",
    responses=described(
        answer=BulkAnswer, examples={"two": {"summary": "Two targets", "value": examples.BULK}}
    ),
)
async def look_up_many(
    asking: AnAsking, body: Annotated[BulkLookup, Body(openapi_examples=examples.BULKS)]
) -> Response:
    """Look for several targets for one purpose; each gets its answer or its problem."""
    most = asking.opened.config.service.max_bulk_queries
    if len(body.queries) > most:
        raise Problem(422, "invalid", f"the body's queries are more than {most:,}")
    asked = asking.because(body.purpose, body.case_number)
    found = await asked.look_up_many([question_of(query) for query in body.queries])
    parts = [
        b'{"answer":null,"problem":' + each.part() + b"}"
        if isinstance(each, Problem)
        else b'{"answer":' + _ANSWER.dump_json(each) + b',"problem":null}'
        for each in found
    ]
    return json_answer(b'{"results":[' + b",".join(parts) + b"]}")
