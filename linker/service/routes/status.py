"""What is published, and whether the service lives, is ready, and at what."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from fastapi import APIRouter
from pydantic import BaseModel, TypeAdapter
from starlette.responses import Response

from linker.service import examples
from linker.service.problems import unavailable
from linker.service.routes.depends import (
    NEEDS_TOKEN,
    AnAsking,
    AnOpened,
    described,
    json_answer,
    problem_described,
)


class Status(BaseModel):
    """What is published."""

    generation: int
    published: str
    age_hours: float
    as_of: str
    models: dict[str, Any]
    counts: dict[str, Any]
    sources: list[dict[str, Any]]


class Alive(BaseModel):
    """That the process lives."""

    alive: bool


class Ready(BaseModel):
    """That a generation is open and the log can be written."""

    ready: bool
    generation: int


router: Final = APIRouter(tags=["status"])
_VALUES: Final[TypeAdapter[dict[str, Any]]] = TypeAdapter(dict[str, Any])
_OK: Final = {"description": "The answer"}


@router.get(
    "/v1/status",
    summary="Show what is published",
    dependencies=[NEEDS_TOKEN],
    responses=described(
        answer=Status, examples={"status": {"summary": "A status", "value": examples.STATUS}}
    ),
)
async def status(asking: AnAsking) -> Response:
    """Return the published generation, its age, its models and counts."""
    return json_answer(_VALUES.dump_json(await asking.state()))


@router.get("/healthz", summary="Tell whether the process lives", responses={200: _OK})
async def alive() -> Alive:
    """Answer at all."""
    return Alive(alive=True)


@router.get(
    "/readyz",
    summary="Tell whether questions can be answered",
    responses={200: _OK, 503: problem_described(503)},
)
async def ready(opened: AnOpened) -> Ready:
    """Answer well where a generation is open and the log can be written."""
    if not await opened.is_writable():
        raise unavailable()
    return Ready(ready=True, generation=opened.desks.current.generation.number)


@router.get(
    "/metrics",
    summary="Numbers for Prometheus",
    responses={200: {"description": "Numbers", "content": {"text/plain": {"schema": {}}}}},
)
async def metrics(opened: AnOpened) -> Response:
    """Return counts and durations over all workers; they name nobody."""
    text = await asyncio.get_running_loop().run_in_executor(None, opened.metrics.text)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
