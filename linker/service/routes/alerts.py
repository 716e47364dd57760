"""Alerts: silent investigations of the asker's unit that somebody met."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, TypeAdapter
from starlette.responses import Response

from linker.service import examples
from linker.service.owners import LARGEST_ID, alerts_of, see
from linker.service.routes.depends import NEEDS_TOKEN, AnAsking, described, json_answer


class Alerts(BaseModel):
    """Alerts, the latest first."""

    alerts: list[dict[str, Any]]


class Seen(BaseModel):
    """How many alerts were seen now."""

    seen: int


router: Final = APIRouter(tags=["alerts"], dependencies=[NEEDS_TOKEN])
_VALUES: Final[TypeAdapter[dict[str, Any]]] = TypeAdapter(dict[str, Any])


@router.get(
    "/v1/alerts",
    summary="List alerts",
    responses=described(
        answer=Alerts, examples={"one": {"summary": "An alert", "value": examples.ALERTS}}
    ),
)
async def alerts(
    asking: AnAsking,
    seen: Annotated[bool, Query(description="Also those that were seen.")] = False,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """Return who met silent investigations of the asker's unit; a manager has those of all."""
    found = await alerts_of(asking, seen=seen, limit=limit, offset=offset)
    return json_answer(_VALUES.dump_json({"alerts": found}))


@router.post(
    "/v1/alerts/{alert_id}/seen",
    summary="Note that an alert was seen",
    responses=described(
        404, answer=Seen, examples={"one": {"summary": "Seen", "value": {"seen": 1}}}
    ),
)
async def seen(
    asking: AnAsking,
    alert_id: Annotated[int, Path(ge=1, le=LARGEST_ID, description="As in the list.")],
) -> Response:
    """Note that the owner has seen an alert; 0 where it had been seen, or is not theirs."""
    return json_answer(_VALUES.dump_json({"seen": await see(asking, alert_id)}))
