"""The account of a training, ``training.json``: everything that is needed to do it again.

What a model was made of and how: the configuration in full, which records, the versions of the
libraries, each session's parameters, and what there is to say of them. Paths and times are not in
it, so that the same data, configuration and seed give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from linker.config import Config
from linker.schemas import EntityType
from linker.training.estimate import Estimate
from linker.training.registry import libraries
from linker.training.smooth import rounded

TRAINING_FILE: Final = "training.json"
"""The name of the file in a model's directory."""
TRAINING_FORMAT: Final = 1
_WHERE: Final = frozenset({"path"})
"""Settings of a source that say where it lies, and not what it is."""
_IN_USE: Final = frozenset({"model"})
"""Settings of an entity type that say what is used, and not how it is trained."""


def effective_config(config: Config, entity_type: EntityType) -> dict[str, Any]:
    """Return the settings that a model of an entity type is trained by, defaults included.

    Args:
        config: The whole configuration.
        entity_type: Whose model.

    Returns:
        JSON values: the entity type's section by its name, and ``source``, sorted by name. Neither
        the model in use nor the paths of sources are in it.
    """
    section = config.settings_of(entity_type)
    sources = [
        source.model_dump(mode="json", by_alias=True, exclude=set(_WHERE))
        for source in sorted(config.sources, key=lambda source: source.name)
        if source.entity == entity_type
    ]
    return {
        entity_type: section.model_dump(mode="json", by_alias=True, exclude=set(_IN_USE)),
        "source": sources,
    }


def account_of(
    estimated: Estimate,
    config: Mapping[str, Any],
    data: Mapping[str, Any],
    notes: Sequence[str],
    about: str | None,
) -> dict[str, Any]:
    """Return the account of a training as JSON values, numbers to nine digits.

    Args:
        estimated: What came of it.
        config: The settings, as `effective_config` gives them.
        data: Which records: ``digest``, ``origin``, ``generation``, ``total``, ``sampled``,
            ``added``, ``seed``.
        notes: What there is to say of the model, a sentence each.
        about: What the trainer had to say.
    """
    told = {
        "format": TRAINING_FORMAT,
        "entity_type": estimated.model.entity_type,
        "version": estimated.model.version,
        "about": about,
        "config": dict(config),
        "data": dict(data),
        "libraries": libraries(),
        "prior": estimated.model.prior,
        "prior_by_rules": estimated.model.training.get("prior_by_rules"),
        **estimated.summary(),
        "notes": list(notes),
    }
    found: dict[str, Any] = plain(told)
    return found


def plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return JSON values with numbers to nine digits: beyond these, threads add up by chance."""
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return rounded(value) if isinstance(value, float) else value


def digest_of(value: Any) -> str:  # noqa: ANN401 - JSON
    """Return the SHA-256 of JSON values, whatever the order of their names."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def text_of(value: Any) -> str:  # noqa: ANN401 - JSON
    """Return JSON values as the text of a file."""
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
