"""Which model a person means: a version of the registry, the shipped one, or a directory."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from linker.config import Config
from linker.errors import ConfigError, ModelError
from linker.jobs.models import model_in_use, shipped_model, ships
from linker.model import ModelInUse, read_model
from linker.schemas import ENTITY_TYPES, EntityType
from linker.scoring.fit import refuse_missing_columns
from linker.training.versions import unknown_version, versions_in

SHIPPED: Final = "shipped"
"""The word for the newest model that ships."""
IN_USE: Final = "in-use"
"""The word for the model that the configuration names."""


def registry_of(config: Config) -> Path:
    """Return the registry of a configuration: ``models/`` where its paths start."""
    return config.resolve("models")


def directory_named(config: Config, entity_type: EntityType, word: str) -> Path:
    """Return the directory of the model that a word means.

    A version of the registry goes before one that ships under the same number.

    Args:
        config: Its registry is searched.
        entity_type: Whose model.
        word: A version, ``shipped``, ``in-use``, or a directory that holds a model.

    Raises:
        ModelError: There is none; with the nearest version.
    """
    version = word.removeprefix(f"{entity_type}/")
    own = versions_in(registry_of(config), entity_type)
    by_name = {directory.name: directory for directory in own}
    if version in by_name:
        return by_name[version]
    if word == IN_USE:
        return model_in_use(config, entity_type)[1]
    if word == SHIPPED:
        return shipped_model(entity_type)
    for given in (Path(word), config.resolve(word)):
        if (given / "model.json").is_file():
            return given.resolve()
    shipped = versions_in(shipped_model(entity_type).parent.parent, entity_type)
    by_name = {directory.name: directory for directory in shipped}
    if version in by_name:
        return by_name[version]
    _refuse_no_version(entity_type, word, version)
    raise unknown_version(version, entity_type, [*own, *shipped])


def _refuse_no_version(entity_type: EntityType, word: str, version: str) -> None:
    """Refuse what is no version: one of the other entity type, or a directory."""
    other = word.partition("/")[0]
    if other in ENTITY_TYPES and other != entity_type:
        raise ModelError(f"{word} is a model of {other}, not of {entity_type}; name one of these")
    if "/" in version or Path(word).is_dir():
        raise ModelError(f"{word}: no model there (no model.json); name a version or a directory")


def model_named(config: Config, entity_type: EntityType, word: str) -> tuple[ModelInUse, Path]:
    """Return the model that a word means, as a run would use it, and its directory.

    Args:
        config: Scales the prior where it says how many records there will be.
        entity_type: Whose model.
        word: See `directory_named`.

    Raises:
        ModelError: There is none, or it cannot be used; see `linker.model.read_model`.
    """
    directory = directory_named(config, entity_type, word)
    in_use = read_model(directory, entity_type)
    try:
        refuse_missing_columns(in_use.model)
    except ConfigError as error:  # a kind of comparison level that this version does not have
        raise ModelError(f"{directory / 'model.json'}: {error}; retrain it") from None
    expected = config.settings_of(entity_type).expected_records
    return in_use.for_records(expected) if expected else in_use, directory


def setting_of(config: Config, entity_type: EntityType, directory: Path) -> str | None:
    """Return what a configuration says to use a model; None where it need say nothing.

    Args:
        config: Relative paths start at its base.
        entity_type: Whose model.
        directory: The model's.
    """
    base = config.base.resolve()
    within = directory.resolve()
    if registry_of(config).resolve() in within.parents and base in within.parents:
        return within.relative_to(base).as_posix()
    if ships(directory):
        if directory == shipped_model(entity_type):
            return None
        written = f"models/{entity_type}/{directory.name}"
        if not config.resolve(written).exists():  # else it would be the registry's own
            return written
    if base in within.parents:
        return within.relative_to(base).as_posix()
    return str(within)
