"""Which model a job uses: the configured one, or the one that ships."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Final

from linker.config import Config
from linker.errors import ConfigError, ModelError
from linker.model import ModelInUse, read_model
from linker.schemas import EntityType
from linker.scoring.fit import refuse_missing_columns

SHIPPED: Final = "shipped.json"
"""Beside models that ship, their versions by entity type."""


def model_in_use(config: Config, entity_type: EntityType) -> tuple[ModelInUse, Path]:
    """Return the model of an entity type and its directory.

    Raises:
        ModelError: There is none, or it cannot be used; see `read_model`.
    """
    configured = config.settings_of(entity_type).model
    directory = _found(config, configured) if configured else shipped_model(entity_type)
    in_use = read_model(directory, entity_type)
    try:
        refuse_missing_columns(in_use.model)
    except ConfigError as error:  # a kind of comparison level that this version does not have
        raise ModelError(f"{directory / 'model.json'}: {error}; retrain it") from None
    expected = config.settings_of(entity_type).expected_records
    return in_use.for_records(expected) if expected else in_use, directory


def _found(config: Config, configured: str) -> Path:
    """Return a configured model's directory; a shipped one is found from anywhere."""
    directory = config.resolve(configured)
    if not directory.exists() and not Path(configured).is_absolute():
        for root in _shipped_roots():
            if (root.parent / configured / "model.json").is_file():
                return root.parent / configured
    return directory


def shipped_model(entity_type: EntityType) -> Path:
    """Return the directory of the model that ships for an entity type.

    Others may lie beside it, for a checkout is a registry too: `SHIPPED` says which one it is.

    Raises:
        ModelError: None ships.
    """
    for root in _shipped_roots():
        version = _shipped_versions(root).get(entity_type)
        if version and (root / entity_type / version / "model.json").is_file():
            return root / entity_type / version
    raise ModelError(
        f"no model of {entity_type} ships with this installation; run linker train and set "
        f"{entity_type}.model"
    )


def ships(directory: Path) -> bool:
    """Tell whether a model's directory is one that ships: it was trained on invented records."""
    return any(
        directory.resolve() == (root / entity_type / version).resolve()
        for root in _shipped_roots()
        for entity_type, version in _shipped_versions(root).items()
    )


def _shipped_versions(root: Path) -> dict[str, str]:
    """Return by entity type which version of a directory of models ships; none where none does."""
    try:
        told = json.loads((root / SHIPPED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(entity_type): str(version) for entity_type, version in told.items()}


def _shipped_roots() -> list[Path]:
    """Return where models ship: inside an installed package, or beside it in a checkout."""
    package = Path(str(resources.files("linker")))
    return [package / "models", package.parent / "models"]
