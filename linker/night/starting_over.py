"""Digests of what decides a result besides the records: a run that differs in one starts over."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from linker import __version__
from linker.blocking.hashing import HASH_VERSION
from linker.config import Config
from linker.model import ModelInUse
from linker.schemas import MENTIONS, EntityType
from linker.scoring.features.pack import FEATURES_VERSION
from linker.standardise.mentions import READING_VERSION
from linker.store.generation import LAYOUT


def settings_digests(config: Config, in_use: ModelInUse) -> dict[str, str]:
    """Return a digest of each thing that decides how an entity type is linked, by its name.

    Args:
        config: What to link, and how.
        in_use: The model of the entity type.
    """
    entity = in_use.model.entity_type
    settings = config.settings_of(entity)
    once = sorted(config.once)
    parts = {
        "the version of linker": [
            *(__version__, LAYOUT, HASH_VERSION, FEATURES_VERSION, READING_VERSION),
            *MENTIONS[entity],  # what an earlier version did not keep of a mention
        ],
        "the model": in_use.digest,
        f"[{entity}]": settings.model_dump(mode="json", exclude={"model", "training"}),
        "which sources hold no duplicates": once,
    }
    return {name: digest(value) for name, value in parts.items()}


def changed_settings(config: Config, in_use: ModelInUse, before: dict[str, Any]) -> list[str]:
    """Return what is not as it was in a generation, by name.

    Args:
        config: What to link, and how.
        in_use: The model of an entity type.
        before: The generation's manifest.
    """
    entity: EntityType = in_use.model.entity_type
    then = before["settings"].get(entity, {})
    now = settings_digests(config, in_use)
    return [name for name, found in now.items() if then.get(name) != found]


def digest(value: Any) -> str:  # noqa: ANN401 - whatever JSON can hold
    """Return a digest of a value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
