"""An entity: its records, its investigations, and what happened to it."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path
from pydantic import BaseModel, TypeAdapter
from starlette.responses import Response

from linker.schemas import EntityType
from linker.service import examples
from linker.service.routes.depends import NEEDS_TOKEN, AnAskingFor, described, json_answer


class Entity(BaseModel):
    """An entity as the asker may see it."""

    entity_id: str
    entity_type: EntityType
    records_in_all: int
    records: list[dict[str, Any]]
    investigations: list[dict[str, Any]]
    generation: int
    as_of: str


class History(BaseModel):
    """What happened to an entity, as far as the asker may know."""

    entity_id: str
    entity_type: EntityType
    now: str | None
    events: list[dict[str, Any]]
    records: list[dict[str, Any]]
    generation: int


EntityId = Annotated[str, Path(min_length=1, max_length=64, description="As in a hit.")]

router: Final = APIRouter(tags=["entities"], dependencies=[NEEDS_TOKEN])
_VALUES: Final[TypeAdapter[dict[str, Any]]] = TypeAdapter(dict[str, Any])


@router.get(
    "/v1/entities/{entity_id}",
    summary="Show an entity",
    responses=described(
        404,
        answer=Entity,
        examples={"entity": {"summary": "An entity", "value": examples.ENTITY}},
    ),
)
async def entity(asking: AnAskingFor, entity_id: EntityId) -> Response:
    """Return the records and investigations of an entity."""
    return json_answer(_VALUES.dump_json(await asking.entity(entity_id)))


@router.get(
    "/v1/entities/{entity_id}/history",
    summary="Show what happened to an entity",
    responses=described(
        404,
        answer=History,
        examples={"history": {"summary": "A history", "value": examples.HISTORY}},
    ),
)
async def history(asking: AnAskingFor, entity_id: EntityId) -> Response:
    """Return the ledger of an entity, and which records it had when."""
    return json_answer(_VALUES.dump_json(await asking.history(entity_id)))
