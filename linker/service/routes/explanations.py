"""Why does a record match a question, or not, and what would change that?"""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Body
from pydantic import BaseModel, TypeAdapter
from starlette.responses import Response

from linker.schemas import EntityType
from linker.service import examples
from linker.service.bodies import Explanation, question_of
from linker.service.routes.depends import NEEDS_TOKEN, AnAsking, described, json_answer


class Explained(BaseModel):
    """Why a record does or does not match."""

    entity_type: EntityType
    source: str
    record_id: str
    verdict: str
    match_weight: float
    match_probability: float
    identity_weight: float
    prior_weight: float
    needed: dict[str, float]
    rules_met: list[str]
    summary: str
    evidence: list[dict[str, Any]]
    would_change: list[dict[str, Any]]
    generation: int
    model: str


router: Final = APIRouter(tags=["explanations"], dependencies=[NEEDS_TOKEN])
_VALUES: Final[TypeAdapter[dict[str, Any]]] = TypeAdapter(dict[str, Any])


@router.post(
    "/v1/explanations",
    summary="Explain a record",
    responses=described(
        answer=Explained,
        examples={"no_match": {"summary": "No match", "value": examples.EXPLAINED}},
    ),
)
async def explain(
    asking: AnAsking, body: Annotated[Explanation, Body(openapi_examples=examples.EXPLANATIONS)]
) -> Response:
    """Say what speaks for and against a stated record, and which other finding would change it."""
    asked = asking.because(body.purpose, body.case_number)
    told = await asked.explain(question_of(body.question), body.source, body.record_id)
    return json_answer(_VALUES.dump_json(told))
