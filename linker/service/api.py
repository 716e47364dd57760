"""The application with its routes, and its description for machines."""

from __future__ import annotations

import json
from typing import Final, NoReturn, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from linker import __version__
from linker.service.invalid import invalid
from linker.service.opened import Opened
from linker.service.pages import auditing, search, signing, views
from linker.service.pages import review as review_pages
from linker.service.problems import ProblemBody, of_status
from linker.service.routes import (
    alerts,
    audit,
    entities,
    explanations,
    lookups,
    review,
    status,
)
from linker.service.routes.depends import json_answer

ROUTERS: Final = (
    *(lookups.router, entities.router, explanations.router, status.router, alerts.router),
    *(review.router, audit.router),
    *(signing.router, search.router, views.router, review_pages.router, auditing.router),
)
DESCRIPTION: Final = """\
Has this person or organization been investigated before, or is another unit on it right now?

Every request under /v1 brings a token: `Authorization: Bearer TOKEN`. Every question says what it
is asked for and for which case, and is kept in the audit log. What is shown depends on the role of
the token. Errors are problem details (RFC 9457) with one line that repeats no value of the request.
"""


def make_api(opened: Opened) -> FastAPI:
    """Return the application.

    Args:
        opened: What its routes work with.
    """
    api = FastAPI(
        title="Linker",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,  # it would be fetched from elsewhere
        redoc_url=None,
        openapi_url=None,  # it is made once; see `description_of`
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    api.state.opened = opened
    for router in ROUTERS:
        api.include_router(router)
    description = description_of(api)

    @api.get("/openapi.json", include_in_schema=False)
    async def described() -> Response:
        return json_answer(description)

    api.add_exception_handler(HTTPException, _refuse)
    api.add_exception_handler(RequestValidationError, _refuse_invalid)
    return api


def description_of(api: FastAPI) -> bytes:
    """Return the application's description for machines: OpenAPI as JSON."""
    found = api.openapi()
    found["components"]["schemas"]["Problem"] = ProblemBody.model_json_schema()
    return json.dumps(found).encode()


def _refuse(_: Request, error: Exception) -> NoReturn:
    """Turn what routing refuses into a problem, which the door answers with."""
    refused = cast("HTTPException", error)
    raise of_status(refused.status_code, refused.headers) from None


def _refuse_invalid(_: Request, error: Exception) -> NoReturn:
    """Turn a request that does not fit its description into a problem."""
    raise invalid(cast("RequestValidationError", error).errors()) from None
