"""One line of JSON for each request and each thing that went wrong; no names, no values, no paths.

An error's own text is written only where it is one of ours, whose texts hold no data; of any other
its type and place.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from typing import Any, Final

from linker.errors import LinkerError

LOGGER: Final = logging.getLogger("linker.service")

CONFIG: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "linker.service.door.logs.JsonLines"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "stream": "ext://sys.stderr",
        }
    },
    "loggers": {
        "linker.service": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "uvicorn.error": {"level": "ERROR"},
        "uvicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
"""For `logging.config.dictConfig`, in each process."""


class JsonLines(logging.Formatter):
    """Writes a record as JSON: its time, level, message, and the fields it was given."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(
                "T", "milliseconds"
            ),
            "level": record.levelname.lower(),
            "message": " ".join(record.getMessage().split()),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            told |= told_of(record.exc_info[1])
        return json.dumps(told)


def told_of(error: BaseException) -> dict[str, str]:
    """Return what may be logged of an error: ours whole, of others the type and the place."""
    told = {"error": type(error).__name__, "place": _place(error)}
    if isinstance(error, LinkerError):
        told["text"] = " ".join(str(error).split())
    return told


def log(message: str, **fields: Any) -> None:  # noqa: ANN401 - any JSON value
    """Log that something happened."""
    LOGGER.info(message, extra={"fields": fields})


def log_error(message: str, error: BaseException, **fields: Any) -> None:  # noqa: ANN401
    """Log that something went wrong, without a traceback."""
    LOGGER.error(message, extra={"fields": {**fields, **told_of(error)}})


def _place(error: BaseException) -> str:
    """Return module and line of the innermost frame, and of the innermost one of ours."""
    ours, last, trace = "?", "?", error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "?")
        last = f"{name}:{trace.tb_lineno}"
        if name.startswith("linker"):
            ours = last
        trace = trace.tb_next
    return ours if ours == last else f"{ours}, {last}"
