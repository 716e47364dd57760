"""Reading a configuration file: TOML in, `Config` out, every mistake one line."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from linker.config.settings import Config
from linker.errors import ConfigError
from linker.schemas import ENTITY_TYPES, EntityType


def load_config(path: Path) -> Config:
    """Read and validate a configuration file.

    Sections of an entity type are laid over the defaults that ship with the package: a key that
    the file gives replaces the default whole. Relative paths start at the file's directory, or at
    its parent where the directory is named ``configs``.

    Args:
        path: A TOML file.

    Raises:
        ConfigError: The file cannot be read, is not TOML, or does not fit; one line, the first
            mistake, with its place in the file.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such configuration file") from None
    except IsADirectoryError:
        raise ConfigError(f"{path}: is a directory, not a configuration file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {type(error).__name__}") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None
    for entity_type in ENTITY_TYPES:
        given = raw.get(entity_type, {})
        if isinstance(given, dict):
            raw[entity_type] = _lay_over(default_settings(entity_type), given)
    try:
        config = Config.model_validate(raw)
    except ValidationError as error:
        raise ConfigError(f"{path}: {_first_mistake(error, raw)}") from None
    directory = path.resolve().parent
    return config.based_at(directory.parent if directory.name == "configs" else directory)


def default_settings(entity_type: EntityType) -> dict[str, Any]:
    """Return the settings of an entity type that ship with the package, as TOML values."""
    text = resources.files("linker.config").joinpath(f"defaults/{entity_type}.toml")
    return tomllib.loads(text.read_text(encoding="utf-8"))


def _lay_over(defaults: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    merged = {**defaults, **given}
    if isinstance(given.get("training"), dict):
        merged["training"] = {**defaults.get("training", {}), **given["training"]}
    return merged


def _first_mistake(error: ValidationError, raw: dict[str, Any]) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    place = _place(first["loc"], raw)
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "missing":
        message = "is missing"
    return f"{place}: {message}" if place else message


def _place(location: tuple[int | str, ...], raw: dict[str, Any]) -> str:
    """Write a location as the reader of the file would: ``source 'arrests': record_id``."""
    words: list[str] = []
    value: Any = raw
    for step in location:
        if isinstance(step, int):
            try:
                value = value[step]
            except (IndexError, KeyError, TypeError):
                value = None
            name = value.get("name") if isinstance(value, dict) else None
            words[-1:] = [f"{words[-1]} {name!r}" if name else f"{words[-1]} {step + 1}"]
        else:
            if isinstance(value, dict) and step not in value and words:
                value = None if (value.get(step) is None) else value
            elif isinstance(value, dict):
                value = value.get(step)
            words.append(step)
    return ": ".join(words)
