"""The audit log, for auditors."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from starlette.responses import Response

from linker.audit import Wanted
from linker.service import examples
from linker.service.bodies import LONGEST, NO_NUL
from linker.service.owners import events_of
from linker.service.routes.depends import NEEDS_TOKEN, AnAsking, described, json_answer

Text = Annotated[str | None, Field(max_length=LONGEST, pattern=NO_NUL)]


class Filters(BaseModel):
    """Which events are wanted, and how many of them."""

    model_config = ConfigDict(extra="forbid")

    who: Text = None
    kind: Text = None
    since: Text = None
    until: Text = None
    case_number: Text = None
    entity_id: Text = None
    limit: Annotated[int, Field(ge=1, le=1_000)] = 100
    offset: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0


class Events(BaseModel):
    """Events of the log, the newest first, and how many there are that were asked for."""

    events: list[dict[str, Any]]
    total: int


router: Final = APIRouter(tags=["audit"], dependencies=[NEEDS_TOKEN])
_VALUES: Final[TypeAdapter[dict[str, Any]]] = TypeAdapter(dict[str, Any])


@router.get(
    "/v1/audit",
    summary="Read the audit log",
    responses=described(
        answer=Events, examples={"one": {"summary": "An event", "value": examples.EVENTS}}
    ),
)
async def audit(asking: AnAsking, filters: Annotated[Filters, Query()]) -> Response:
    """Return events by who did it, what, when, for which case, or which entity was shown.

    By a value that was asked for, the log is searched on the page for auditors and by `linker
    audit`: an address should hold no names.
    """
    wanted = Wanted(**filters.model_dump(exclude={"limit", "offset"}))
    events, total = await events_of(asking, wanted, limit=filters.limit, offset=filters.offset)
    return json_answer(_VALUES.dump_json({"events": events, "total": total}))
