"""Reading a configuration file: TOML in, `Config` out, every mistake one line."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from linker.config.columns import column_mistake
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
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # editors on Windows mark UTF-8
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
    for entity_type in ENTITY_TYPES:
        mistake = column_mistake(config.settings_of(entity_type), entity_type)
        if mistake:
            raise ConfigError(f"{path}: {mistake}")
    directory = path.resolve().parent
    config = config.based_at(directory.parent if directory.name == "configs" else directory)
    _refuse_impossible_paths(config, path)
    return config


def _refuse_impossible_paths(config: Config, path: Path) -> None:
    """Check the paths that are written to or opened whole; sources check their own."""
    paths = {"store: directory": config.store.directory}
    for entity_type in ENTITY_TYPES:
        model = config.settings_of(entity_type).model
        if model:
            paths[f"{entity_type}: model"] = Path(model)
    for place, written in paths.items():
        if "\0" in str(written):
            raise ConfigError(f"{path}: {place}: a path cannot hold a null character")
        try:
            config.resolve(written)
        except RuntimeError:
            raise ConfigError(f"{path}: {place}: no such user's home directory") from None


def default_settings(entity_type: EntityType) -> dict[str, Any]:
    """Return the settings of an entity type that ship with the package, as TOML values."""
    text = resources.files("linker.config").joinpath(f"defaults/{entity_type}.toml")
    return tomllib.loads(text.read_text(encoding="utf-8"))


def _lay_over(defaults: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    merged = {**defaults, **given}
    if isinstance(given.get("training"), dict):
        merged["training"] = {**defaults.get("training", {}), **given["training"]}
    return merged


_TABLES: Final = frozenset({"source", "comparison", "blocking"})
"""Keys that are written as arrays of tables, with double brackets."""
_IN_TOML: Final = {
    "missing": "is missing",
    "model_type": "must be a table",
    "dict_type": "must be a table",
    "list_type": "must be an array",
    "too_short": "must not be empty",
    "string_type": "must be a text",
    "path_type": "must be a text",
}
"""What pydantic says in words of Python, in words of TOML; by the type of its error."""


def _first_mistake(error: ValidationError, raw: dict[str, Any]) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    place = _place(first["loc"], raw)
    message = _IN_TOML.get(first["type"], first["msg"].removeprefix("Value error, "))
    if first["type"] == "list_type" and first["loc"][-1] in _TABLES:
        name = ".".join(str(step) for step in first["loc"])
        message = f"must be an array of tables; write [[{name}]]"
    if first["type"] == "string_type" and first["loc"][-1] == "str":  # first member of a union
        single = "where" in first["loc"]
        message = "must be a single value" if single else "must be a text or an array of texts"
    return f"{place}: {message}" if place else message


def _place(location: tuple[int | str, ...], raw: dict[str, Any]) -> str:
    """Write a location as the reader of the file would: ``source 'arrests': record_id``."""
    words: list[str] = []
    value: Any = raw
    for step in location:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
            name = value.get("name") if isinstance(value, dict) else None
            words[-1:] = [f"{words[-1]} {name!r}" if name else f"{words[-1]} {step + 1}"]
        elif isinstance(value, dict):
            value = value.get(step)
            words.append(step)
        else:  # pydantic names the member of a union that it tried
            break
    return ": ".join(words)
