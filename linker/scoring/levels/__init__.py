"""Comparison levels as objects: each kind states its columns and its condition once."""

from __future__ import annotations

from linker.config import LevelSettings
from linker.errors import ConfigError
from linker.scoring.levels import basic, dates, identifiers, names, rarity, text
from linker.scoring.levels.base import LEVEL_TYPES, Kind, built

__all__ = [
    "LEVEL_TYPES",
    "Kind",
    "basic",
    "dates",
    "identifiers",
    "kind_of",
    "names",
    "rarity",
    "text",
]


def kind_of(level: LevelSettings, place: str) -> Kind:
    """Return the kind of a configured level, its parameters checked.

    Args:
        level: The level as configured.
        place: Where it stands, for the error, such as ``person: comparison 'surname'``.

    Raises:
        ConfigError: The kind is unknown, or a parameter is unknown, missing or out of range.
    """
    try:
        return built(level)
    except ValueError as error:
        raise ConfigError(f"{place}: {error}") from None
