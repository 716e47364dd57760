"""Comparison levels as objects: each kind states its columns and its condition once."""

from __future__ import annotations

from pydantic import ValidationError

from linker.config import LevelSettings
from linker.errors import ConfigError, nearest
from linker.scoring.levels import basic, dates, names, text
from linker.scoring.levels.base import LEVEL_TYPES, Kind

__all__ = ["LEVEL_TYPES", "Kind", "basic", "dates", "kind_of", "names", "text"]


def kind_of(level: LevelSettings, place: str) -> Kind:
    """Return the kind of a configured level, its parameters checked.

    Args:
        level: The level as configured.
        place: Where it stands, for the error, such as ``person: comparison 'surname'``.

    Raises:
        ConfigError: The kind is unknown, or a parameter is unknown, missing or out of range.
    """
    if level.kind not in LEVEL_TYPES:
        raise ConfigError(
            f"{place}: unknown level kind {level.kind!r}{nearest(level.kind, LEVEL_TYPES)}"
        )
    try:
        return LEVEL_TYPES[level.kind](**level.parameters)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise ConfigError(f"{place}: level {level.kind!r}: {where} {message}".rstrip()) from None
